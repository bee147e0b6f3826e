"""A function called in many processes at once: Python runs one thread at a time, and a sound takes a thousand steps.

The processes are forked from this one, with everything that the function holds, so they share the model's memory
and start at once; only arguments and results travel. Two of them render a pack 1.7 times as fast as two threads.
Where forking is not safe (macOS) or not there (Windows), threads do the work.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

from packgen.errors import OutputError

A = TypeVar("A")
B = TypeVar("B")

AVAILABLE = sys.platform == "linux"

_function: Callable[[Any], Any] | None = None  # of a forked process


class Forks(Generic[A, B]):
    """Calls `function` in `hands` processes; arguments and results must be picklable, the function need not be."""

    def __init__(self, function: Callable[[A], B], hands: int) -> None:
        context = multiprocessing.get_context("fork")
        self._pool = ProcessPoolExecutor(hands, context, _begin, (function,))
        self._pool.submit(os.getpid).result()  # the first task forks them all, now and not in some thread

    def __call__(self, argument: A) -> B:
        """Call the function, and wait for its result or error.

        Raises:
            OutputError: if a process was killed, by the system for want of memory, say.
        """
        try:
            result: B = self._pool.submit(_call, argument).result()
        except BrokenProcessPool as error:
            raise OutputError(
                "a rendering process was killed (for want of memory?): run again with --workers 1"
            ) from error
        return result

    def close(self) -> None:
        """Wait for what is being done; what has not begun is dropped. May be called twice."""
        self._pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def forked(function: Callable[[A], B], hands: int) -> Iterator[Callable[[A], B]]:
    """The function in `hands` processes where that is possible and worth while, else as it is."""
    if hands < 2 or not AVAILABLE:
        yield function
        return
    with closing(Forks(function, hands)) as forks:
        yield forks


def _begin(function: Callable[[Any], Any]) -> None:
    """Start of a forked process, which inherits its argument: nothing is copied."""
    global _function
    _function = function
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of us; the parent says what happens
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that is killed tells nobody, and its children would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _call(argument: Any) -> Any:
    assert _function is not None, "the pool begins its processes"
    return _function(argument)
