"""What happens to a run: it is killed or stopped, its disk is full, its folder goes, what it may not do is watched.

Each is for `before` of `tests.promises.program.start`, and works in that run alone, the processes that it forks
included. Moments are counted in changes to the file system, which Python tells its audit hooks (PEP 578) just
before it makes them.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

CHANGES = ("os.mkdir", "os.rename", "os.remove", "os.rmdir")
# What would reach out of the process, or run code that a file holds.
FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.sendmsg", "urllib.Request",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "pickle.find_class",
)  # fmt: skip

_run = 0  # process of the run, in it and in those that it forks


def at_change(number: int, act: Callable[[], None]) -> None:
    """Do something just before the run changes the file system for the `number`-th time, from 0."""
    global _run
    _run = os.getpid()
    changes = multiprocessing.get_context("fork").Value("i", 0)  # counts for all threads and processes

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if _changes(event, arguments):
            with changes.get_lock():
                now = changes.value
                changes.value += 1
            if now == number:
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
    os.kill(_run, signal.SIGKILL)
    time.sleep(60)  # a process that it has forked must notice


def stop() -> None:
    """Stand still until SIGCONT."""
    os.kill(_run, signal.SIGSTOP)


def fill_disk() -> None:
    """From here on no file grows, as on a full disk; C code finds the same."""
    children = Path(f"/proc/{_run}/task/{_run}/children").read_text().split()
    for pid in (_run, *map(int, children)):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


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
