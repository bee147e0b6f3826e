"""The clients of a server, what is kept of each and for how many; and the counts that the status line tells."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field

import numpy as np

from packgen.server.files import Folder, Ring
from packgen.server.service import ClientState, Job

Address = tuple[str, int]

MAX_CLIENTS = 64  # the longest silent one is forgotten for a new one: source addresses can be forged
REQUESTS_PER_SECOND = 1000.0  # that a client may send for long
BURST = 2000.0  # requests it may send at once
WINDOW = 5.0  # seconds over which the status line takes the rate of requests


@dataclass
class Client:
    """One sender: an address and port.

    Attributes:
        address: where its datagrams come from.
        ring: the files of its sounds.
        reply_port: where it wants its replies, None for the server's default.
        state: what the service remembers of it.
        waiting: its newest request for a sound, with the second it came, until it is rendered.
        busy: a sound of it is being rendered.
    """

    address: Address
    ring: Ring
    reply_port: int | None = None
    state: ClientState = field(default_factory=ClientState)
    waiting: tuple[Job, float] | None = None
    busy: bool = False
    allowance: float = BURST
    seen: float = 0.0  # seconds, monotonic
    warned_at: float = float("-inf")  # when it was last told that it sends too much

    def may_send(self, now: float) -> bool:
        """Whether one more datagram is within the limits (a token bucket)."""
        self.allowance = min(BURST, self.allowance + (now - self.seen) * REQUESTS_PER_SECOND)
        self.seen = now
        if self.allowance < 1.0:
            return False
        self.allowance -= 1.0
        return True


class Clients:
    """The clients heard from last, `MAX_CLIENTS` of them."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._clients: OrderedDict[Address, Client] = OrderedDict()

    def __len__(self) -> int:
        return len(self._clients)

    def of(self, address: Address, now: float) -> Client:
        """The client at an address, new or known."""
        client = self._clients.get(address)
        if client is None:
            self._forget_silent()
            client = self._clients[address] = Client(address, Ring(self.folder), seen=now)
        self._clients.move_to_end(address)
        return client

    def _forget_silent(self) -> None:
        while len(self._clients) >= MAX_CLIENTS:
            idle = (a for a, c in self._clients.items() if c.waiting is None and not c.busy)
            address = next(idle, None)
            if address is None:
                # All wait for a sound. Forged senders could do that; the oldest of them loses.
                address = next(iter(self._clients))
            self._clients.pop(address).ring.clear()


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
        """One sound was sent, so many seconds after its request."""
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
