"""The program as users run it, in processes of its own that start at once.

A server process imports what takes seconds (torch) and forks for every run: each is the real command line in a
process that can be killed, limited and watched, without the wait.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["tests.promises.preloaded"])

KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Ended:
    """A run that is over: exit code (negative for a signal), stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def line(self) -> str:
        """The one line on stderr of a run that ended with an error."""
        assert self.code == 1, self
        assert self.err.startswith("packgen: ") and self.err.count("\n") == 1, self.err
        return self.err


def nothing() -> None:
    """What most runs do before they start."""


@dataclass(frozen=True)
class Run:
    """A run that goes on."""

    process: BaseProcess
    out: Connection
    err: Connection

    def end(self) -> Ended:
        """Wait for its end."""
        texts = [_rest(self.out), _rest(self.err)]
        self.process.join()
        code = self.process.exitcode
        assert code is not None
        return Ended(code, *texts)


def start(cwd: Path, *words: str | Path, before: Callable[[], None] = nothing) -> Run:
    """Start `packgen` with these words in a folder.

    Args:
        cwd: folder to run in.
        words: arguments.
        before: called in the new process, before the program.
    """
    (out, out_end), (err, err_end) = _SERVER.Pipe(duplex=False), _SERVER.Pipe(duplex=False)
    process = _SERVER.Process(target=_main, args=(cwd, [str(w) for w in words], before, out_end, err_end))
    process.start()
    out_end.close()
    err_end.close()
    return Run(process, out, err)


def packgen(cwd: Path, *words: str | Path, before: Callable[[], None] = nothing) -> Ended:
    """Run `packgen` to its end; arguments as `start`."""
    return start(cwd, *words, before=before).end()


def _rest(pipe: Connection) -> str:
    """What comes through a pipe until its other end closes; our programs say less than fits into one."""
    data = b""
    while part := os.read(pipe.fileno(), 1 << 16):
        data += part
    pipe.close()
    return data.decode()


def _main(cwd: Path, words: list[str], before: Callable[[], None], out: Connection, err: Connection) -> None:
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    out.close()
    err.close()
    os.chdir(cwd)
    sys.argv = ["packgen", *words]
    from packgen.cli.main import main

    before()
    main()
