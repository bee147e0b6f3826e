"""Where a plan's entries are rendered, many at a time: in processes or threads here, or on other machines.

Rendering is a pure map from entries to sounds, so processes and threads here and the workers of a cluster
(`packgen.rendering.dask`) give the same pack. `in_order` keeps a backend busy and memory bounded.

Processes are forked from this one, with everything that their function holds, so they share the model's memory and
start at once; only arguments and results travel. Python runs one thread at a time, and a sound takes a thousand
steps: two processes render a pack 1.7 times as fast as two threads. Where forking is not safe (macOS) or not there
(Windows), threads do the work.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from multiprocessing.connection import wait
from typing import Any, Protocol, TypeVar

from packgen.engine.protocol import SoundEngine
from packgen.errors import WorkerError
from packgen.planning.plan import Entry
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound

A = TypeVar("A")
B = TypeVar("B")
T = TypeVar("T")
AHEAD = 4  # finished entries for each worker that may wait for one that takes long
CAN_FORK = sys.platform == "linux"

Finish = Callable[[RenderedSound], Any]  # what is done with each sound, say writing it


class Backend(Protocol):
    """Renders entries and finishes their sounds.

    Attributes:
        workers: how many entries at a time keep it busy.
    """

    workers: int

    def working(self, finish: Finish) -> AbstractContextManager[Callable[[Entry], Any]]:
        """A function that renders an entry, finishes its sound, and returns what `finish` returns.

        It may be called from `workers` threads at once. The block is entered before any thread is started; when it
        is left, whoever still waits for a sound gets an error at once.
        """


class Local:
    """Renders on this machine, in processes, or in threads where processes cannot be forked.

    What `finish` returns must be picklable.
    """

    def __init__(self, engine: SoundEngine, recipe: Recipe, workers: int) -> None:
        self.engine, self.recipe = engine, recipe
        self._processes = workers
        # One entry more than there are processes, so that none of them waits for its next.
        self.workers = workers + 1 if _forks(workers) else workers

    @contextmanager
    def working(self, finish: Finish) -> Iterator[Callable[[Entry], Any]]:
        """The processes live as long as the block, which waits for the sounds at hand: they may be half written."""

        def work(entry: Entry) -> Any:
            return finish(render_sound(self.engine, self.recipe, entry))

        with forked(work, self._processes) as call:
            yield call


@contextmanager
def in_order(
    backend: Backend, finish: Callable[[RenderedSound], T], entries: Iterable[Entry]
) -> Iterator[Iterator[T]]:
    """Render entries and finish their sounds side by side; the block gets the results in the entries' order.

    At most `Backend.workers` sounds and `AHEAD` times as many results are in memory, however long the list. When the
    block is left, early or not, nothing renders on.

    Args:
        backend: where entries are rendered.
        finish: called with each sound where the backend renders, say to write it.
        entries: what is rendered; taken a few ahead of the results.
    """
    # Left in turn: entries in wait are dropped, the backend lets go of those at hand, and only then are the threads
    # waited for, which may wait for sounds that no longer matter.
    with ThreadPoolExecutor(backend.workers) as pool, backend.working(finish) as work:
        try:
            yield _results(pool, work, entries, AHEAD * backend.workers)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _results(
    pool: ThreadPoolExecutor, work: Callable[[Entry], T], entries: Iterable[Entry], most: int
) -> Iterator[T]:
    pending: deque[Future[T]] = deque()
    for entry in entries:
        pending.append(pool.submit(work, entry))
        if len(pending) == most:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


def _forks(workers: int) -> bool:
    """Whether so many workers are processes of their own: one alone is no faster than this process."""
    return CAN_FORK and workers > 1


@contextmanager
def forked(function: Callable[[A], B], workers: int) -> Iterator[Callable[[A], B]]:
    """The function, called in so many processes where that is possible and worth while, and as it is elsewhere.

    Arguments and results must be picklable, the function need not be. Calls block and may come from many threads;
    the block waits for those at hand when it is left.

    Raises:
        WorkerError: from a call, if a process was killed.
    """
    if not _forks(workers):
        yield function
        return
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"), _begin, (function,))
    pool.submit(os.getpid).result()  # the first task forks them all, now and not in some thread

    def call(argument: A) -> B:
        try:
            result: B = pool.submit(_call, argument).result()
        except BrokenProcessPool as error:
            raise WorkerError("a rendering process was killed, perhaps for want of memory") from error
        return result

    try:
        yield call
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_function: Callable[[Any], Any] | None = None  # of a forked process


def _begin(function: Callable[[Any], Any]) -> None:
    """Start of a forked process, which inherits its argument: nothing is copied."""
    global _function
    _function = function
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of us; the parent says what happens
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process with its parent: one that is killed tells nobody, and we would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _call(argument: Any) -> Any:
    assert _function is not None, "the pool begins its processes"
    return _function(argument)
