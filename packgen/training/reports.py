"""What the training loop tells while it runs, and to whom; how it is shown is the command line's business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Moment:
    """Where training stands after a step. Times are seconds of `time.monotonic`."""

    step: int
    loss: float  # smoothed over some fifty steps
    ends: float  # when the run's time or its steps are used up
    validates: float  # when the weights are measured next


class Reporter(Protocol):
    """Whoever is told what happens."""

    def say(self, line: str) -> None:
        """A line to keep: what begins, what a validation measured, what came out."""

    def at_work(self, what: str, done: int = 0, total: int = 0) -> None:
        """Work between training steps: so many parts of it are done; a total of 0 is not known."""

    def stepped(self, moment: Moment) -> None:
        """A training step has been taken."""


class Silent:
    """Tells nobody: for all processes but the first of those that train together."""

    def say(self, line: str) -> None:
        """Nothing."""

    def at_work(self, what: str, done: int = 0, total: int = 0) -> None:
        """Nothing."""

    def stepped(self, moment: Moment) -> None:
        """Nothing."""


def duration(seconds: float) -> str:
    """A time span in words, as exact as its length asks for.

    >>> duration(7.3), duration(640), duration(7500), duration(-1)
    ('7 s', '11 min', '2 h 05 min', '0 s')
    """
    if seconds < 59.5:
        return f"{max(0, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02d} min"
