"""The benchmark measures what it says it measures; how fast that is no test can know."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from packgen.benchmark.programs import PeakMemory, kilobytes
from packgen.benchmark.report import Scale, measure
from packgen.cli.app import app
from packgen.engine.engine import Engine
from tests.humanizer.loops import DATA

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
{}
if os.fork() == 0:
    {}
    print("ready", flush=True)
sys.stdin.read()
"""
FILLED = "filled = os.urandom(1000) * 200_000"


def occupied(parent: str, child: str) -> float:
    """What a program and the child that it forks occupy, each having run a statement of its own."""
    with subprocess.Popen(
        [sys.executable, "-c", FORKED.format(parent, child)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        found = kilobytes(process.pid)
        process.stdin.close()
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="proportional set sizes are Linux's")
def test_memory_of_a_family_is_counted_once() -> None:
    """A child that is forked after memory was filled shares it; one that fills its own adds as much again."""
    empty = occupied("pass", "pass")
    shared = occupied(FILLED, "pass") - empty
    added = occupied(FILLED, FILLED) - empty
    assert shared > empty, "what was filled is most of it"
    assert added / shared == pytest.approx(2, rel=0.2)


def test_the_peak_is_watched_until_the_block_ends() -> None:
    with PeakMemory(os.getpid()) as memory:
        pass
    assert math.isnan(memory.megabytes) if sys.platform != "linux" else memory.megabytes > 0


def test_songs_are_measured_alone_and_a_refused_one_says_why(tiny_model: Path, tmp_path: Path) -> None:
    loop, broken = DATA / "loop.mid", tmp_path / "broken.mid"
    broken.write_bytes(b"no MIDI")
    words = ["bench", "--songs", str(loop), "--songs", str(broken), "--model", str(tiny_model), "--json"]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    whole, refused = json.loads(done.stdout)["songs"]
    assert whole["song"] == "loop.mid" and whole["music_seconds"] > 0 and whole["real_time_factor"] > 0
    assert refused["song"] == "broken.mid" and "broken.mid" in refused["refused"]
