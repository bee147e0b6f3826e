"""What happens to a run: it is killed or stopped, its disk is full, its folder goes, what it may not do is watched.

Each is for `before` of `tests.promises.program.start`, and works in that run alone. Moments are counted in
changes to the file system, which Python tells its audit hooks (PEP 578) just before it makes them.
"""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir")
# What would reach out of the process, or run code that a file holds.
FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg", "urllib.Request",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "pickle.find_class",
)  # fmt: skip


def at_change(number: int, act: Callable[[], None]) -> None:
    """Do something just before the run changes the file system for the `number`-th time, from 0."""
    changes = itertools.count()  # counts for all threads

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if _changes(event, arguments) and next(changes) == number:
            act()

    sys.addaudithook(hook)


def log_changes(path: Path) -> None:
    """Write a line for every change that the run makes."""
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if _changes(event, arguments):
            os.write(log, f"{event} {arguments[0]}\n".encode())

    sys.addaudithook(hook)


def _changes(event: str, arguments: tuple[object, ...]) -> bool:
    if event == "open":
        return isinstance(arguments[1], str) and arguments[1][0] in "xaw"
    return event in CHANGES


def kill() -> None:
    """As `kill -9` does: at once, and nothing is tidied."""
    os.kill(os.getpid(), signal.SIGKILL)


def stop() -> None:
    """Stand still until SIGCONT."""
    os.kill(os.getpid(), signal.SIGSTOP)


def fill_disk() -> None:
    """From here on no file grows, as on a full disk; C code finds the same."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def remove(folder: Path) -> None:
    """Remove a folder under the run's feet: in one step, or its threads would fill it again meanwhile."""
    gone = folder.with_name("gone")
    folder.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def forbid_reaching_out() -> None:
    """End the run with code 99 where it opens a connection, starts a program or loads a pickle."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in FORBIDDEN:
            os.write(2, f"{event} {arguments}\n".encode())
            os._exit(99)

    sys.addaudithook(hook)
