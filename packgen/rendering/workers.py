"""A crew renders a plan's entries, many at a time; who it is made of, nobody above needs to know.

Rendering is a pure map from entries to sounds, so processes and threads here and the workers of a cluster
(`packgen.rendering.dask`) give the same pack. `in_order` keeps a crew busy and memory bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Protocol, TypeVar

from packgen.engine.protocol import SoundEngine
from packgen.planning.plan import Entry
from packgen.planning.recipe import Recipe
from packgen.rendering.forks import forked
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound

T = TypeVar("T")
AHEAD = 4  # finished entries a hand that may wait for one that takes long

Finish = Callable[[RenderedSound], Any]  # what is done with each sound, say writing it


class Crew(Protocol):
    """Renders entries and finishes their sounds. `hands` entries at a time keep it busy."""

    hands: int

    def begin(self, finish: Finish) -> None:
        """Get ready; called once, before anything else, and before any thread is started."""

    def complete(self, entry: Entry) -> Any:
        """Render an entry, finish its sound, and give what that gives; called from `hands` threads at once."""

    def close(self) -> None:
        """Let go: whoever still waits for a sound gets an error at once. May be called twice."""


class Local:
    """Renders on this machine, in `hands` processes, or threads where processes cannot be forked.

    What `finish` returns must be picklable.
    """

    def __init__(self, engine: SoundEngine, recipe: Recipe, hands: int) -> None:
        self.engine, self.recipe = engine, recipe
        self.hands = hands
        self._stack = ExitStack()

    def begin(self, finish: Finish) -> None:
        """Fork the processes."""

        def work(entry: Entry) -> Any:
            return finish(render_sound(self.engine, self.recipe, entry))

        self._work = self._stack.enter_context(forked(work, self.hands))
        if self._work is not work:
            self.hands += 1  # one entry waits at the door, so that no process is ever idle

    def complete(self, entry: Entry) -> Any:
        """Render and finish an entry, here or in a process."""
        return self._work(entry)

    def close(self) -> None:
        """Wait for the sounds at hand: they take a fraction of a second, and may be half written."""
        self._stack.close()


def in_order(
    crew: Crew, finish: Callable[[RenderedSound], T], entries: Iterable[Entry]
) -> Generator[T, None, None]:
    """Render entries and finish their sounds side by side; yields the results in the entries' order.

    At most `Crew.hands` sounds and `AHEAD` times as many results are in memory, however long the list. The crew
    begins at once, and is closed at the end; close crew and iterator where one leaves early, so that nothing
    renders on.

    Args:
        finish: called with each sound where the crew renders, say to write it.
    """
    crew.begin(finish)
    return _in_order(crew, entries)


def _in_order(crew: Crew, entries: Iterable[Entry]) -> Generator[Any, None, None]:
    pool = ThreadPoolExecutor(crew.hands)
    pending: deque[Future[Any]] = deque()
    try:
        for entry in entries:
            pending.append(pool.submit(crew.complete, entry))
            if len(pending) == AHEAD * crew.hands:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        crew.close()  # before the threads are waited for: they may wait for sounds that no longer matter
        pool.shutdown()
