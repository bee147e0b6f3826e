"""Rendering many entries at a time: in order, bounded, and let go when nobody listens any more."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from packgen.engine.engine import Engine
from packgen.planning.plan import Entry, plan
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound
from packgen.rendering.workers import AHEAD, Finish, Local, in_order

RECIPE = Recipe((("kick", 20), ("clap", 10)), seed=3, takes=2, strict=0.0)


def local(engine: Engine, hands: int) -> Local:
    return Local(engine, RECIPE, hands)


def key(sound: RenderedSound) -> tuple[str, int, bytes]:
    return sound.drum, sound.index, b"".join(take.samples.tobytes() for take in sound.takes)


@pytest.mark.parametrize("hands", [1, 3])
def test_results_come_in_the_plan_s_order_and_are_what_one_process_gives(
    tiny_engine: Engine, hands: int
) -> None:
    expected = [key(render_sound(tiny_engine, RECIPE, entry)) for entry in plan(RECIPE)]
    assert list(in_order(local(tiny_engine, hands), key, plan(RECIPE))) == expected


def test_entries_are_taken_only_a_few_ahead(tiny_engine: Engine) -> None:
    taken = 0

    def entries() -> Iterator[Entry]:
        nonlocal taken
        for entry in plan(RECIPE):
            taken += 1
            yield entry

    for given, _ in enumerate(in_order(local(tiny_engine, 2), key, entries())):
        assert taken - given <= 3 * AHEAD  # two hands, and one entry at their door


class Held:
    """A crew that gives no sound before it is closed, as a cluster does that waits for its workers."""

    hands = 2

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.closed = threading.Event()

    def begin(self, finish: Finish) -> None:
        self.finish = finish

    def complete(self, entry: Entry) -> Any:
        if entry.index:
            self.closed.wait()
        return self.finish(render_sound(self.engine, RECIPE, entry))

    def close(self) -> None:
        self.closed.set()


def test_leaving_early_closes_the_crew_before_its_threads_are_waited_for(tiny_engine: Engine) -> None:
    crew = Held(tiny_engine)
    sounds = in_order(crew, key, list(plan(RECIPE))[: 2 * AHEAD + 1])
    assert next(sounds)[:2] == ("kick", 0)
    sounds.close()
    assert crew.closed.is_set()
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]


def test_what_goes_wrong_in_a_thread_is_said_to_the_caller(tiny_engine: Engine) -> None:
    crew = Held(tiny_engine)
    with pytest.raises(OSError, match="no room for kick 0"):
        list(in_order(crew, refuse, plan(RECIPE)))
    assert crew.closed.is_set()


def refuse(sound: RenderedSound) -> None:
    raise OSError(f"no room for {sound.drum} {sound.index}")


def test_what_goes_wrong_in_a_process_is_said_to_the_caller_and_the_others_end(tiny_engine: Engine) -> None:
    crew = local(tiny_engine, 2)
    with pytest.raises(OSError, match="no room for kick 0"):
        list(in_order(crew, refuse, plan(RECIPE)))
    assert not multiprocessing.active_children()
