"""Peak memory of a program and of the processes it makes, without counting twice what they share."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Self

PROC = Path("/proc")
EVERY = 0.5  # seconds between looks: each walks the page tables, and holds up who is watched


class PeakMemory:
    """Watches a process and its descendants while the block runs.

    On Linux a page that n processes share counts 1/n for each (the proportional set size); elsewhere nothing is
    measured, and `megabytes` is nan.
    """

    def __init__(self, pid: int) -> None:
        self._pid, self._peak, self._done = pid, 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def megabytes(self) -> float:
        """The largest sum that was seen."""
        return self._peak / 1024 if self._peak else float("nan")

    def _watch(self) -> None:
        while True:
            self._peak = max(self._peak, kilobytes(self._pid))
            if self._done.wait(EVERY):
                return


def kilobytes(pid: int) -> int:
    """What a process and its descendants occupy together; 0 where it cannot be told."""
    return sum(map(_proportional, _family(pid)))


def _family(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError, ValueError):
            for thread in (PROC / str(each) / "task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found


def _proportional(pid: int) -> int:
    with contextlib.suppress(OSError, ValueError):
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0
