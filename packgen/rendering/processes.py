"""A crew of processes, one a core: Python runs one thread at a time, and a sound's thousand small steps need many.

The processes are forked from this one once its model is loaded, so they share its memory and start at once. Where
forking is not safe (macOS) or not there (Windows), threads do the work.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from packgen.errors import OutputError
from packgen.planning.planner import Entry, Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound, Studio

if TYPE_CHECKING:
    from packgen.engine import Engine

AVAILABLE = sys.platform == "linux"

_work: tuple[Engine, Recipe, Studio] | None = None  # of a worker process


class Processes:
    """Renders in forked processes. Make it before anything starts a thread: a fork keeps only the one it is in."""

    def __init__(self, engine: Engine, studio: Studio, recipe: Recipe, hands: int) -> None:
        self.hands = hands
        context = multiprocessing.get_context("fork")
        self._pool = ProcessPoolExecutor(hands, context, _begin, (engine, recipe, studio))
        self._pool.submit(os.getpid).result()  # the first task forks them all

    def render(self, entry: Entry) -> RenderedSound:
        """Have an entry rendered, and wait for its sound.

        Raises:
            RecipeError: if nothing comes out of the entry (`packgen.rendering.renderer.render_sound`).
            OutputError: if a process was killed, by the system for want of memory, say.
        """
        try:
            return self._pool.submit(_render, entry).result()
        except BrokenProcessPool as error:
            raise OutputError(
                f"a rendering process was killed at {entry.drum} {entry.index + 1} (memory?); "
                "--resume goes on, with --workers 1 in this process alone"
            ) from error

    def close(self) -> None:
        """Let the processes end; sounds not yet begun are dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _begin(engine: Engine, recipe: Recipe, studio: Studio) -> None:
    """Start of a worker process, which inherits its arguments: nothing is copied."""
    global _work
    _work = engine, recipe, studio
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of us; the parent says what happens
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A parent that is killed tells nobody, and its children would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _render(entry: Entry) -> RenderedSound:
    assert _work is not None, "the pool begins its processes"
    engine, recipe, studio = _work
    return render_sound(engine, recipe, entry, studio)
