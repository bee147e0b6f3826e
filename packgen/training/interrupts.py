"""Ctrl-C and SIGTERM in a program whose state must stay whole."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts:
    """A block in which either signal raises KeyboardInterrupt, but not before a piece of `whole` work is done.

    The second signal of a kind does what it did before the block, so that nobody has to wait.

    Attributes:
        heard: whether a signal came.
        cut: whether a second one ended a piece of work that was to be whole.
    """

    def __init__(self, raises: bool = True) -> None:
        """With `raises` false a signal is only heard: who asks for it has others to tell first."""
        self.heard = self.cut = False
        self._held = 0 if raises else 1
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():  # Python allows handlers nowhere else
            self._before = {number: signal.signal(number, self._hear) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """A piece of work that a signal waits for."""
        self._held += 1
        try:
            yield
        except KeyboardInterrupt:
            self.cut = True
            raise
        finally:
            self._held -= 1
        if self.heard and not self._held:
            raise KeyboardInterrupt

    def _hear(self, number: int, _: FrameType | None) -> None:
        signal.signal(number, self._before[number])
        self.heard = True
        if not self._held:
            raise KeyboardInterrupt
