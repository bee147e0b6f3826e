"""The clients of a server: what is kept of each, and for how many."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from packgen.server.files import Folder, Ring
from packgen.server.service import Job, Memory

Address = tuple[str, int]

MAX_CLIENTS = 64  # the longest silent one is forgotten for a new one: source addresses can be forged
RATE = 1000.0  # requests per second a client may send for long
BURST = 2000.0  # requests it may send at once


@dataclass
class Client:
    """One sender: an address and port.

    Attributes:
        address: where its datagrams come from.
        ring: the files of its sounds.
        reply_port: where it wants its replies, None for the server's default.
        memory: what the service remembers of it.
        waiting: its newest request for a sound, with the second it came, until it is rendered.
        busy: a sound of it is being rendered.
    """

    address: Address
    ring: Ring
    reply_port: int | None = None
    memory: Memory = field(default_factory=Memory)
    waiting: tuple[Job, float] | None = None
    busy: bool = False
    allowance: float = BURST
    seen: float = 0.0  # seconds, monotonic
    scolded: float = float("-inf")  # when it was last told that it sends too much

    def may_send(self, now: float) -> bool:
        """Whether one more datagram is within the limits (a token bucket)."""
        self.allowance = min(BURST, self.allowance + (now - self.seen) * RATE)
        self.seen = now
        if self.allowance < 1.0:
            return False
        self.allowance -= 1.0
        return True


class Clients:
    """The clients heard from last, at most `MAX_CLIENTS` idle ones."""

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
