"""The benchmark measures what it says it measures; how fast that is no test can know."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from packgen.benchmark.memory import PeakMemory
from packgen.benchmark.report import Scale, measure
from packgen.engine import Engine

LEAST = Scale(singles=2, bulk=2, packs=(1, 3), large=1, requests=5)


def test_a_whole_run(tiny_model: Path) -> None:
    said: list[str] = []
    figures = measure(Engine.load(tiny_model), str(tiny_model), LEAST, said.append)
    figures = json.loads(json.dumps(figures))  # it is JSON
    assert [row["files"] for row in figures["packs"]] == [1, 3]
    assert (figures["small_pack"]["files"], figures["large_pack"]["files"]) == (2 * 16 * 4, 2 * 1 * 4)
    assert all(value > 0 for value in figures["ratios"].values())
    for row in figures["single_ms"].values():
        assert 0 < row["p50"] <= row["p95"] <= row["p99"]
    assert figures["server_ms"]["p50"] > 0
    assert any("server" in line for line in said)


@pytest.mark.skipif(sys.platform != "linux", reason="proportional set sizes are Linux's")
def test_memory_of_a_family_is_counted_once() -> None:
    """A child that is forked after 200 MB were filled shares them; one that fills its own adds them."""
    program = (
        "import os, time\nfilled = bytearray(os.urandom(1)) * 200_000_000\nif os.fork() == 0: {}\n"
        "time.sleep(0.6); os._exit(0)"
    )
    peaks = []
    for child in ("pass", "filled = bytearray(os.urandom(1)) * 200_000_000"):
        process = subprocess.Popen([sys.executable, "-c", program.format(child)])
        with PeakMemory(process.pid) as memory:
            process.wait()
        peaks.append(memory.megabytes)
    assert not math.isnan(peaks[0])
    assert 190 < peaks[0] < 300
    assert peaks[1] > peaks[0] + 150
