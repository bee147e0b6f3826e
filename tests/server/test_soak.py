"""A server under load for long: memory, handles, threads and files stay as they were once it is warm.

PACKGEN_SOAK gives the seconds after the warm-up: 1800 in full, 20 where nothing is said. Linux tells what a
process holds; elsewhere this is skipped.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from packgen.classes import CLASS_NAMES
from packgen.server.files import KEEP, MIN_AGE
from packgen.server.sessions import MAX_CLIENTS
from tests.server.line import PACKGEN, Line, Running, running
from tests.server.test_dispatcher import fuzz

SECONDS = float(os.environ.get("PACKGEN_SOAK", "20"))
MEBIBYTES = 12.0  # that resident memory may rise: in half an hour a leak of some 100 bytes a request shows
FILES = 1  # handles that may come and go: the sound that is being written
EVERY = 0.5  # seconds between two looks


@dataclass(frozen=True)
class Look:
    """What a process holds."""

    mebibytes: float  # resident
    handles: int
    threads: int
    sounds: int  # files in its folder
    allowed: int  # of them, by the ring's own rule


def look(server: Running, allowed: int) -> Look:
    process = Path(f"/proc/{server.process.pid}")
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return Look(
        int(status["VmRSS"].split()[0]) / 1024,
        len(list((process / "fd").iterdir())),
        int(status["Threads"]),
        len(list(server.folder.glob("*.wav"))),
        allowed,
    )


class Load:
    """Clients that come, ask, send rubbish and go, and one that stays and gives every sound a new name."""

    def __init__(self, server: Running, steady: Line) -> None:
        self.server, self.steady, self.rng = server, steady, random.Random(1)
        self.clients = self.asked = 0
        self.recent: deque[float] = deque()  # when sounds came, as far back as a ring must keep them

    def turn(self) -> None:
        """What one client does, and a few sounds of the one that stays."""
        self.clients += 1
        with Line(self.server.port) as line:
            for _ in range(3):
                self._sound(line, "/packgen/random", self.asked, self.rng.choice(CLASS_NAMES))
            line.ask("/packgen/recall", 0, "none")
            line.ask("/packgen/range", "kick")
            for _ in range(5):
                line.socket.sendto(fuzz(self.rng) or b"\0", line.server)
        for word in ("/packgen/generate", "/packgen/generate", "/packgen/vary"):
            where = [self.rng.uniform(-4, 4) for _ in range(3)]
            if word == "/packgen/vary":
                self._sound(self.steady, word, self.asked, 0.5)
            else:
                self._sound(self.steady, word, self.asked, self.rng.choice(CLASS_NAMES), *where)

    def _sound(self, line: Line, address: str, *values: int | float | str) -> None:
        self.asked += 1
        answer = line.ask(address, *values)
        assert answer.address in ("/packgen/loaded", "/packgen/error"), answer
        self.recent.append(time.monotonic())

    def allowed(self) -> int:
        """Files that may be there: what is young, and the newest of every client."""
        while self.recent and time.monotonic() - self.recent[0] > MIN_AGE + 1:
            self.recent.popleft()
        return len(self.recent) + (MAX_CLIENTS + 1) * KEEP

    def looks(self, seconds: float, clients: int = 0) -> Iterator[Look]:
        """Load for so long, and until so many clients have come; a look at the server now and then."""
        end, due = time.monotonic() + seconds, 0.0
        while time.monotonic() < end or self.clients < clients:
            self.turn()
            if time.monotonic() >= due:
                due = time.monotonic() + EVERY
                yield look(self.server, self.allowed())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what a process holds in /proc")
def test_a_server_holds_no_more_after_hours_than_when_it_was_warm(tiny_model: Path) -> None:
    with (
        running("serve", "--port", "0", "--json", "--model", str(tiny_model), program=PACKGEN) as server,
        Line(server.port) as steady,
    ):
        load = Load(server, steady)
        list(load.looks(MIN_AGE + 2, clients=2 * MAX_CLIENTS))  # rings are full, clients are being forgotten
        looks = list(load.looks(SECONDS))
        part = max(1, len(looks) // 5)
        warm, end = looks[:part], looks[-part:]
        before, after = (statistics.median(each.mebibytes for each in some) for some in (warm, end))
        handles = [each.handles for each in looks]
        figures = (
            f"{load.asked} sounds for {load.clients} clients: {before:.1f} MiB when warm, {after:.1f} at the end; "
            f"{min(handles)}-{max(handles)} handles, {warm[0].threads} and {end[-1].threads} threads, "
            f"{max(each.sounds for each in warm)} and {max(each.sounds for each in end)} files"
        )
        sys.stderr.write(f"{figures}\n")  # seen with pytest -s
        assert after - before <= MEBIBYTES, figures
        assert max(handles) - min(handles) <= FILES, figures
        assert max(each.threads for each in end) <= max(each.threads for each in warm), figures
        assert all(each.sounds <= each.allowed for each in looks), figures
        server.process.terminate()
        server.process.wait(timeout=600)
        assert not server.folder.exists()
