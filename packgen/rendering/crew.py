"""A crew renders a plan's entries, many at a time; who it is made of, nobody above needs to know.

Rendering is a pure map from entries to sounds, so threads here and the workers of a cluster
(`packgen.rendering.cluster`) give the same pack. `in_order` keeps a crew busy and memory bounded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

from packgen.planning.planner import Entry, Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound, Studio

if TYPE_CHECKING:
    from packgen.engine import Engine

T = TypeVar("T")
AHEAD = 4  # finished entries a hand that may wait for one that takes long


class Crew(Protocol):
    """Renders entries. `hands` entries at a time keep it busy."""

    hands: int

    def render(self, entry: Entry) -> RenderedSound:
        """Render an entry; called from `hands` threads at once, each of which waits for its sound."""

    def close(self) -> None:
        """Let go: whoever still waits for a sound gets an error at once. May be called twice."""


class Threads:
    """Renders where it is called: the threads of `in_order` do the work themselves."""

    def __init__(self, engine: Engine, studio: Studio, recipe: Recipe, hands: int) -> None:
        self.engine, self.studio, self.recipe, self.hands = engine, studio, recipe, hands

    def render(self, entry: Entry) -> RenderedSound:
        """Render an entry in the calling thread."""
        return render_sound(self.engine, self.recipe, entry, self.studio)

    def close(self) -> None:
        """Nothing to let go: a sound takes a fraction of a second, and is waited for."""


def in_order(
    crew: Crew, finish: Callable[[RenderedSound], T], entries: Iterable[Entry]
) -> Generator[T, None, None]:
    """Render entries and finish their sounds side by side; yields the results in the entries' order.

    At most `Crew.hands` sounds and `AHEAD` times as many results are in memory, however long the list. The crew
    is closed at the end; close the iterator where it is left early, so that nothing renders on.

    Args:
        finish: called in a thread of this process with each sound, say to write it.
    """
    pool = ThreadPoolExecutor(crew.hands)
    pending: deque[Future[T]] = deque()
    try:
        for entry in entries:
            pending.append(pool.submit(lambda one: finish(crew.render(one)), entry))
            if len(pending) == AHEAD * crew.hands:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        crew.close()  # before the threads are waited for: they may wait for sounds that no longer matter
        pool.shutdown()
