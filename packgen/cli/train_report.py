"""How `packgen train` tells what it does: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import typer

from packgen.training.reports import Moment, Reporter, Silent, duration

if TYPE_CHECKING:
    from rich.table import Table

HEARTBEAT = 60.0  # seconds without a line after which a log gets one
BAR = 20  # columns


def leads() -> bool:
    """Whether this is the first of the processes that torchrun started: known before torch is imported."""
    return os.environ.get("RANK", "0") == "0"


@contextmanager
def reporting(name: str) -> Iterator[Reporter]:
    """Tell on stderr what happens in the block; of several processes that train together only the first does."""
    if not leads():
        yield Silent()
        return
    # Not rich's own guess: it takes a log for a terminal where FORCE_COLOR is set, as in many a CI.
    is_terminal = sys.stderr.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")
    with Bar(name) if is_terminal else Lines(name) as reporter:
        yield reporter


@dataclass(frozen=True)
class Work:
    """Work between training steps; a total of 0 is not known."""

    what: str
    since: float  # seconds of `time.monotonic`
    done: int = 0
    total: int = 0


class Status:
    """What training does just now, in words and as a share; any thread may ask."""

    def __init__(self) -> None:
        self._now: Work | Moment = Work("loading", time.monotonic())
        self._first_step: float | None = None  # when it was taken

    def at_work(self, what: str, done: int = 0, total: int = 0) -> None:
        """Work between training steps."""
        now = self._now
        since = now.since if isinstance(now, Work) and now.what == what else time.monotonic()
        self._now = Work(what, since, done, total)

    def stepped(self, moment: Moment) -> None:
        """A training step."""
        if self._first_step is None:
            self._first_step = time.monotonic()
        self._now = moment

    def words(self) -> str:
        """What goes on, in one line."""
        now, time_now = self._now, time.monotonic()
        if isinstance(now, Work):
            return (
                f"{now.what}: {now.done:,} of {now.total:,}"
                if now.total
                else f"{now.what} for {duration(time_now - now.since)}"
            )
        return (
            f"step {now.step:,}  loss {now.loss:.4g}  {duration(now.ends - time_now)} left  "
            f"validation in {duration(now.validates - time_now)}"
        )

    def share(self) -> float | None:
        """How much of it is done, 0 … 1; None if nobody knows."""
        now = self._now
        if isinstance(now, Work):
            return now.done / now.total if now.total else None
        first = self._first_step or now.ends
        return min(1.0, (time.monotonic() - first) / (now.ends - first)) if first < now.ends else 1.0


class Lines:
    """Plain lines, for logs: each that is said, and one for each minute without."""

    def __init__(self, name: str, seconds: float = HEARTBEAT) -> None:
        self._name, self._seconds = name, seconds
        self._status, self._lock, self._over = Status(), threading.Lock(), threading.Event()
        self.at_work, self.stepped = self._status.at_work, self._status.stepped
        self._spoken = time.monotonic()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def say(self, line: str) -> None:
        """Write a line now."""
        with self._lock:
            typer.echo(line, err=True)
            self._spoken = time.monotonic()

    def _beat(self) -> None:
        while not self._over.wait(max(0.0, self._spoken + self._seconds - time.monotonic())):
            if time.monotonic() >= self._spoken + self._seconds:
                self.say(f"{self._name}: {self._status.words()}")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


class Bar:
    """A terminal's progress bar, and above it all that is said."""

    def __init__(self, name: str) -> None:
        from rich.console import Console
        from rich.live import Live

        self._name, self._status = name, Status()
        self.at_work, self.stepped = self._status.at_work, self._status.stepped
        self._console = Console(stderr=True, highlight=False)
        self._live = Live(
            get_renderable=self._line, console=self._console, transient=True, refresh_per_second=4
        )

    def say(self, line: str) -> None:
        """Write a line above the bar."""
        self._console.print(line, markup=False, soft_wrap=True)

    def _line(self) -> Table:
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        share = self._status.share()
        bar = ProgressBar(total=1.0, completed=share or 0.0, width=BAR, pulse=share is None)
        line = Table.grid(padding=(0, 1))
        line.add_row(
            Text(self._name, style="bold"), bar, Text(self._status.words(), no_wrap=True, overflow="ellipsis")
        )
        return line

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()
