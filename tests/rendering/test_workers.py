"""Rendering many entries at a time: in order, bounded, let go when nobody listens; and the processes that do it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from packgen.engine.engine import Engine
from packgen.errors import RecipeError, WorkerError
from packgen.planning.plan import Entry, plan
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound
from packgen.rendering.workers import AHEAD, CAN_FORK, Finish, Local, forked, in_order

RECIPE = Recipe((("kick", 20), ("clap", 10)), seed=3, takes=2, strict=0.0)


processes = pytest.mark.skipif(not CAN_FORK, reason="processes are only forked on Linux")


def key(sound: RenderedSound) -> tuple[str, int, bytes]:
    return sound.drum, sound.index, b"".join(take.samples.tobytes() for take in sound.takes)


@pytest.mark.parametrize("workers", [1, 3])
def test_results_come_in_the_plan_s_order_and_are_what_one_process_gives(
    tiny_engine: Engine, workers: int
) -> None:
    expected = [key(render_sound(tiny_engine, RECIPE, entry)) for entry in plan(RECIPE)]
    with in_order(Local(tiny_engine, RECIPE, workers), key, plan(RECIPE)) as results:
        assert list(results) == expected


def test_entries_are_taken_only_a_few_ahead(tiny_engine: Engine) -> None:
    taken = 0

    def entries() -> Iterator[Entry]:
        nonlocal taken
        for entry in plan(RECIPE):
            taken += 1
            yield entry

    with in_order(Local(tiny_engine, RECIPE, 2), key, entries()) as results:
        for given, _ in enumerate(results):
            assert taken - given <= 3 * AHEAD  # two processes, and one entry that waits for them


class Held:
    """A backend that gives no sound but the first before it is left, as a cluster does that waits for its workers."""

    workers = 2

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.left = threading.Event()

    @contextmanager
    def working(self, finish: Finish) -> Iterator[Callable[[Entry], Any]]:
        def work(entry: Entry) -> Any:
            if entry.index:
                self.left.wait()
            return finish(render_sound(self.engine, RECIPE, entry))

        try:
            yield work
        finally:
            self.left.set()


def test_leaving_early_leaves_the_backend_before_its_threads_are_waited_for(tiny_engine: Engine) -> None:
    backend = Held(tiny_engine)
    with in_order(backend, key, list(plan(RECIPE))[: 2 * AHEAD + 1]) as results:
        assert next(results)[:2] == ("kick", 0)
    assert backend.left.is_set()
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]


def test_what_goes_wrong_in_a_thread_is_said_to_the_caller(tiny_engine: Engine) -> None:
    backend = Held(tiny_engine)
    with (
        pytest.raises(OSError, match="no room for kick 0"),
        in_order(backend, refuse, plan(RECIPE)) as results,
    ):
        list(results)
    assert backend.left.is_set()


def refuse(sound: RenderedSound) -> None:
    raise OSError(f"no room for {sound.drum} {sound.index}")


@processes
def test_what_goes_wrong_in_a_process_is_said_to_the_caller_and_the_others_end(tiny_engine: Engine) -> None:
    backend = Local(tiny_engine, RECIPE, 2)
    with (
        pytest.raises(OSError, match="no room for kick 0"),
        in_order(backend, refuse, plan(RECIPE)) as results,
    ):
        list(results)
    assert not multiprocessing.active_children()


@processes
def test_a_function_that_cannot_be_pickled_runs_in_other_processes() -> None:
    offset = 40

    def add(number: int) -> tuple[int, int]:
        return number + offset, os.getpid()

    with forked(add, 2) as call:
        results = [call(number) for number in range(4)]
    assert [value for value, _ in results] == [40, 41, 42, 43]
    assert os.getpid() not in {pid for _, pid in results}


def test_one_worker_needs_no_process() -> None:
    with forked(lambda _: os.getpid(), 1) as call:
        assert call(None) == os.getpid()


@processes
def test_our_own_errors_come_through() -> None:
    def fail(what: str) -> None:
        raise RecipeError(f"no {what} came out")

    with forked(fail, 2) as call, pytest.raises(RecipeError, match="no kick came out"):
        call("kick")


@processes
def test_a_killed_process_is_said_in_one_line() -> None:
    def end(number: int) -> None:
        os.kill(os.getpid(), number)

    with forked(end, 2) as call, pytest.raises(WorkerError, match="was killed"):
        call(signal.SIGKILL)


PARENT = """
import multiprocessing, time
from packgen.rendering.workers import forked
with forked(lambda _: time.sleep(60), 2) as call:
    print(*[process.pid for process in multiprocessing.active_children()], flush=True)
    call(None)
"""


@processes
def test_processes_end_with_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "processes outlive their parent"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody waits for does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
