"""The benchmark measures what it says it measures; how fast that is no test can know."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from packgen.benchmark.memory import PeakMemory, kilobytes
from packgen.benchmark.report import Scale, measure
from packgen.engine.engine import Engine

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


FORKED = """
import os, sys
filled = os.urandom(1000) * 200_000
if os.fork() == 0:
    {}
    print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="proportional set sizes are Linux's")
def test_memory_of_a_family_is_counted_once() -> None:
    """A child that is forked after 200 MB were filled shares them; one that fills its own adds them."""
    megabytes = []
    for child in ("pass", "mine = os.urandom(1000) * 200_000"):
        with subprocess.Popen(
            [sys.executable, "-c", FORKED.format(child)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdin is not None and process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            megabytes.append(kilobytes(process.pid) / 1024)
            process.stdin.close()
    assert 190 < megabytes[0] < 300
    assert megabytes[1] > megabytes[0] + 150


def test_the_peak_is_watched_until_the_block_ends() -> None:
    with PeakMemory(os.getpid()) as memory:
        pass
    assert math.isnan(memory.megabytes) if sys.platform != "linux" else memory.megabytes > 10
