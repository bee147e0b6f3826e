"""Pure Data itself opens the patch, asks a server, and reads the sounds that come."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from packgen.max4live import FOLDER, PURE_DATA
from packgen.max4live.pure_data import BOXES, LINES
from tests.fakes import FakeEngine
from tests.server.line import running

PD = ("pd", "-nogui", "-noaudio", "-nomidi", "-stderr")
needs_pd = pytest.mark.skipif(shutil.which("pd") is None, reason="needs puredata-core")


def test_every_line_joins_objects_that_exist_and_none_lies_idle() -> None:
    ends = {end.partition(":")[0] for line in LINES for end in line.split()}
    idle = {name for name in BOXES if BOXES[name][2].startswith(("text", "table"))} | {"status"}
    assert ends == BOXES.keys() - idle
    assert len(set(LINES)) == len(LINES)


@needs_pd
def test_it_opens_without_a_complaint(tmp_path: Path) -> None:
    quit_ = tmp_path / "quit.pd"
    quit_.write_text(
        "#N canvas 0 0 450 300 12;\n#X obj 10 10 packgen;\n#X obj 10 40 loadbang;\n"
        "#X obj 10 70 delay 300;\n#X msg 10 100 \\; pd quit;\n#X connect 1 0 2 0;\n#X connect 2 0 3 0;\n"
    )
    done = subprocess.run(
        [*PD, "-path", str(FOLDER), "-open", str(quit_)], capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 0
    bad = [
        line for line in done.stderr.splitlines() if re.search(r"error|couldn't|no such|no method|bad", line)
    ]
    assert bad == []


def driver(port: int, steps: list[str]) -> str:
    """A patch that holds the client, sends it one message every 300 ms, and prints what was loaded."""
    objects = [
        "#X obj 10 10 packgen",
        "#X obj 10 40 r packgen-loaded", "#X obj 10 70 print loaded",
        "#X obj 200 40 r packgen-frames", "#X obj 200 70 print frames",
        "#X obj 300 40 r packgen-status", "#X obj 300 70 print status",
        "#X obj 10 100 loadbang",
    ]  # fmt: skip
    lines = ["1 0 2 0", "3 0 4 0", "5 0 6 0"]
    for number, step in enumerate([f"packgen-connect connect 127.0.0.1 {port}", *steps, "pd quit"]):
        objects += [f"#X obj 10 {130 + 60 * number} delay {300 * (number + 1)}"]
        objects += [f"#X msg 10 {160 + 60 * number} \\; {step}"]
        delay = 8 + 2 * number
        lines += [f"7 0 {delay} 0", f"{delay} 0 {delay + 1} 0"]
    connects = [f"#X connect {line}" for line in lines]
    return "".join(f"{line};\n" for line in ["#N canvas 0 0 450 300 12", *objects, *connects])


@needs_pd
@pytest.mark.parametrize("blank", ["", "a folder"])
def test_it_asks_hears_and_loads(tmp_path: Path, blank: str) -> None:
    folder = tmp_path / blank
    folder.mkdir(exist_ok=True)
    steps = [
        "packgen-class 2",
        "packgen-p1 0.5",
        "packgen-range 3",
        "packgen-random bang",
        "packgen-vary bang",
        "packgen-class 10",  # the one that never sounds
        "packgen-play bang",
        "packgen-recall 0",
    ]
    with running("--reply", "both", "--folder", str(folder)) as server:
        (tmp_path / "driver.pd").write_text(driver(server.port, steps))
        done = subprocess.run(
            [*PD, "-path", str(FOLDER), "-open", str(tmp_path / "driver.pd")],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    loaded = [float(word) for word in re.findall(r"^loaded: (\S+)", done.stderr, re.MULTILINE)]
    frames = [float(word) for word in re.findall(r"^frames: (\S+)", done.stderr, re.MULTILINE)]
    assert 1e6 in loaded and 2e6 in loaded and 3e6 in loaded  # random, vary and recall
    assert sum(name < 1e6 for name in loaded) >= 3  # class, P1, range
    assert frames == [44_100 * FakeEngine().seconds] * len(loaded)  # soundfiler read every one of them
    assert "no sound at this point of snap" in done.stderr.replace("\\", "")
    assert "symbol ready" in done.stderr
    assert PURE_DATA == "packgen.pd"
