"""A reporter for tests: it keeps what it is told."""

from __future__ import annotations

from collections.abc import Callable

from packgen.training.reports import Moment


class Said:
    """Keeps lines, work and moments, and passes lines on."""

    def __init__(self, echo: Callable[[str], None] = lambda line: None) -> None:
        self.lines: list[str] = []
        self.work: list[tuple[str, int, int]] = []
        self.moments: list[Moment] = []
        self._echo = echo

    def say(self, line: str) -> None:
        self.lines.append(line)
        self._echo(line)

    def at_work(self, what: str, done: int = 0, total: int = 0) -> None:
        self.work.append((what, done, total))

    def stepped(self, moment: Moment) -> None:
        self.moments.append(moment)
