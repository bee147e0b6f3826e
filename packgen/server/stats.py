"""What the status line tells: requests, their rate, and how long sounds took."""

from __future__ import annotations

import time
from collections import deque

import numpy as np

WINDOW = 5.0  # seconds over which the rate is taken


class Stats:
    """Counts of a running server."""

    def __init__(self) -> None:
        self.requests = self.sounds = self.superseded = self.errors = 0
        self._arrivals: deque[float] = deque(maxlen=10_000)
        self._latencies: deque[float] = deque(maxlen=1000)  # seconds

    def request(self) -> None:
        """One request came."""
        self.requests += 1
        self._arrivals.append(time.monotonic())

    def sound(self, seconds: float) -> None:
        """One sound was sent, so long after its request."""
        self.sounds += 1
        self._latencies.append(seconds)

    def line(self) -> str:
        """One line for people."""
        now = time.monotonic()
        rate = sum(now - then <= WINDOW for then in self._arrivals) / WINDOW
        parts = [f"{rate:.1f} requests/s", f"{self.sounds} sounds"]
        if self._latencies:
            median, slow = np.percentile(np.array(self._latencies) * 1000, [50, 99])
            parts.append(f"p50 {median:.1f} ms, p99 {slow:.1f} ms")
        if self.superseded:
            parts.append(f"{self.superseded} superseded")
        if self.errors:
            parts.append(f"{self.errors} errors")
        return " · ".join(parts)
