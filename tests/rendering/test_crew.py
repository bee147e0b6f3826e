"""Rendering many entries at a time: in order, bounded, and let go when nobody listens any more."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from packgen.engine import Engine
from packgen.planning.planner import Entry, Recipe, plan
from packgen.rendering.crew import AHEAD, Threads, in_order
from packgen.rendering.renderer import render_sound
from packgen.rendering.studio import open_studio
from packgen.rendering.takes import RenderedSound

RECIPE = Recipe((("kick", 20), ("clap", 10)), seed=3, takes=2, strict=0.0)


def threads(engine: Engine, hands: int) -> Threads:
    return Threads(engine, open_studio(engine, RECIPE), RECIPE, hands)


def key(sound: RenderedSound) -> tuple[str, int, bytes]:
    return sound.drum, sound.index, b"".join(take.samples.tobytes() for take in sound.takes)


@pytest.mark.parametrize("hands", [1, 3])
def test_results_come_in_the_plan_s_order_and_are_what_one_thread_gives(
    tiny_engine: Engine, hands: int
) -> None:
    studio = open_studio(tiny_engine, RECIPE)
    expected = [key(render_sound(tiny_engine, RECIPE, entry, studio)) for entry in plan(RECIPE)]
    assert list(in_order(threads(tiny_engine, hands), key, plan(RECIPE))) == expected


def test_entries_are_taken_only_a_few_ahead(tiny_engine: Engine) -> None:
    taken = 0

    def entries() -> Iterator[Entry]:
        nonlocal taken
        for entry in plan(RECIPE):
            taken += 1
            yield entry

    for given, _ in enumerate(in_order(threads(tiny_engine, 2), key, entries())):
        assert taken - given <= 2 * AHEAD


class Held(Threads):
    """A crew that gives no sound before it is closed, as a cluster does that waits for its workers."""

    def __init__(self, engine: Engine, hands: int) -> None:
        super().__init__(engine, open_studio(engine, RECIPE), RECIPE, hands)
        self.closed = threading.Event()

    def render(self, entry: Entry) -> RenderedSound:
        if entry.index:
            self.closed.wait()
        return super().render(entry)

    def close(self) -> None:
        self.closed.set()


def test_leaving_early_closes_the_crew_before_its_threads_are_waited_for(tiny_engine: Engine) -> None:
    crew = Held(tiny_engine, 2)
    sounds = in_order(crew, key, list(plan(RECIPE))[: 2 * AHEAD + 1])
    assert next(sounds)[:2] == ("kick", 0)
    sounds.close()
    assert crew.closed.is_set()
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]


def test_what_goes_wrong_in_a_thread_is_said_to_the_caller(tiny_engine: Engine) -> None:
    def refuse(sound: RenderedSound) -> None:
        raise OSError(f"no room for {sound.drum} {sound.index}")

    crew = Held(tiny_engine, 2)
    with pytest.raises(OSError, match="no room for kick 0"):
        list(in_order(crew, refuse, plan(RECIPE)))
    assert crew.closed.is_set()
