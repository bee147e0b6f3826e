"""Whole programs from outside: start-up, packs, songs and the server, with wall time and peak memory."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from packgen.errors import ServerError
from packgen.server.osc import Message, decode, encode

PROGRAM = [sys.executable, "-c", "from packgen.cli.main import main; main()"]
PATIENCE = 60.0  # seconds to wait for a server's answer
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


@dataclass(frozen=True)
class Run:
    """A finished program: wall time, and peak memory of it and its processes together."""

    seconds: float
    peak_mb: float


def run(*words: str) -> Run:
    """Run a packgen command to its end.

    Raises:
        ServerError: if it fails, with the last line it wrote.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        [*PROGRAM, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    with PeakMemory(process.pid) as memory:
        _, said = process.communicate()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise ServerError(f"packgen {' '.join(words)} failed: {said.strip().splitlines()[-1:]}")
    return Run(seconds, memory.megabytes)


def _of(model: str | None) -> list[str]:
    """The option that names a model; none for the shipped one."""
    return ["--model", model] if model else []


def pack(
    model: str | None, sounds_per_class: int, classes: str, takes: int, formats: str = ""
) -> tuple[Run, int]:
    """Render a pack into a folder that is thrown away; what it cost, and the number of files."""
    with tempfile.TemporaryDirectory(prefix="packgen-bench-") as folder:
        out = Path(folder) / "pack"
        words = ["kit", "--classes", classes, "--variations", str(sounds_per_class), "--takes", str(takes)]
        words += ["--seed", "1", "--out", str(out), "--quiet", *_of(model)]
        words += ["--formats", formats] if formats else []
        cost = run(*words)
        return cost, sum(1 for _ in out.rglob("*.wav"))


def humanize(model: str | None, song: Path) -> tuple[Run, float]:
    """Humanise a MIDI file into a folder that is thrown away; what it cost, and the seconds of music.

    Raises:
        ServerError: if it cannot be humanised.
    """
    with tempfile.TemporaryDirectory(prefix="packgen-bench-") as folder:
        out = Path(folder) / "song"
        words = ["humanize", str(song), "--seed", "1", "--out", str(out), "--quiet"]
        cost = run(*words, *_of(model))
        return cost, json.loads((out / "humanize.json").read_text())["seconds"]


def song(model: str | None, path: Path) -> dict[str, Any]:
    """What humanising a MIDI file costs: seconds of music and of work, their ratio, and peak memory.

    A file that is refused says why instead.
    """
    try:
        cost, music = humanize(model, path)
    except ServerError as error:
        return {"song": path.name, "refused": str(error)}
    return {
        "song": path.name,
        "music_seconds": music,
        "seconds": round(cost.seconds, 2),
        "real_time_factor": round(music / cost.seconds, 2),
        "peak_mb": round(cost.peak_mb, 1),
    }


@contextlib.contextmanager
def server(model: str | None) -> Iterator[tuple[int, float]]:
    """A server of its own; its port, and the seconds until it was ready."""
    start = time.perf_counter()
    words = ["serve", "--port", "0", "--json", "--attached", "--quiet", *_of(model)]
    process = subprocess.Popen([*PROGRAM, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None and process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line:
            raise ServerError("the server did not start; packgen serve says why")
        yield json.loads(line)["port"], time.perf_counter() - start
    finally:
        process.stdin.close()
        process.wait(timeout=PATIENCE)
        process.stdout.close()


def latencies(port: int, count: int, classes: int) -> list[float]:
    """Seconds from a request's datagram to its answer, one after another, all over the pads of all classes.

    The answer comes when the WAV is whole on disk.
    """
    rng = np.random.default_rng(1)
    times = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(PATIENCE)
        for number in range(count):
            place = tuple(float(value) for value in rng.uniform(-2, 2, 3))
            start = time.perf_counter()
            line.sendto(
                encode(Message("/packgen/generate", (number, number % classes, *place))), ("127.0.0.1", port)
            )
            (answer,) = decode(line.recv(65536))
            times.append(time.perf_counter() - start)
            if answer.address == "/packgen/loaded" and not Path(path := str(answer.arguments[1])).is_file():
                raise ServerError(f"the server named {path}, which is not there")
    return times
