"""How long a request takes: from the datagram sent to the answer received, with the WAV complete on disk.

`python -m tests.server.latency [--model NAME] [--count 500]` starts a server in a process of its own, asks it
one request after another, and prints percentiles in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from tests.server.line import PACKGEN, Line, running


@dataclass(frozen=True)
class Latency:
    """Percentiles in milliseconds over `count` requests."""

    count: int
    p50: float
    p95: float
    p99: float
    worst: float


def is_whole(path: Path) -> bool:
    """Whether a WAV is as long as its header says."""
    data = path.read_bytes()
    size: int = struct.unpack_from("<I", data, 4)[0]
    return data[:4] == b"RIFF" and len(data) >= size + 8 > 44


def measure(port: int, count: int) -> Latency:
    """Ask for `count` sounds, one after another, all over the pads of all classes."""
    rng = np.random.default_rng(1)
    times = []
    with Line(port, timeout=30.0) as line:
        classes = line.ask("/packgen/ping").arguments[1]
        assert isinstance(classes, int)
        for number in range(count):
            where = [float(value) for value in rng.uniform(-2, 2, 3)]
            start = time.perf_counter()
            line.send("/packgen/generate", number, number % classes, *where)
            answer = line.receive()
            times.append(1000 * (time.perf_counter() - start))
            if answer.address == "/packgen/loaded":
                assert is_whole(Path(str(answer.arguments[1])))
            else:
                assert "no sound" in str(answer.arguments[1]), answer
    p50, p95, p99 = (float(value) for value in np.percentile(times, [50, 95, 99]))
    return Latency(count, p50, p95, p99, max(times))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model")
    parser.add_argument("--count", type=int, default=500)
    given = parser.parse_args()
    options = ["--model", given.model] if given.model else []
    with running("serve", "--port", "0", "--json", "--attached", *options, program=PACKGEN) as server:
        sys.stdout.write(json.dumps(asdict(measure(server.port, given.count))) + "\n")


if __name__ == "__main__":
    main()
