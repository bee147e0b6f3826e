"""The launcher under a real Node, with a stand-in for the one module that only Max has."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from packgen.max4live import FOLDER, INSTALLATION, LAUNCHER
from tests.server.line import Line, running

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs nodejs")
ROOT = Path(__file__).parents[2]

MAX_API = """
const write = (kind) => (...words) => console.log(JSON.stringify([kind, ...words]));
module.exports = { outlet: write("outlet"), post: write("post") };
"""


class Launcher:
    """The launcher of one device, in a folder as `packgen max4live` leaves it."""

    def __init__(self, folder: Path, port: int, command: list[str]) -> None:
        (folder / "node_modules" / "max-api").mkdir(parents=True)
        (folder / "node_modules" / "max-api" / "index.js").write_text(MAX_API)
        (folder / LAUNCHER).write_bytes((FOLDER / LAUNCHER).read_bytes())
        (folder / INSTALLATION).write_text(json.dumps({"command": command}))
        self.process = subprocess.Popen(
            ["node", str(folder / LAUNCHER)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PACKGEN_PORT": str(port)},
        )

    def says(self) -> list[str | int]:
        assert self.process.stdout is not None
        message: list[str | int] = json.loads(self.process.stdout.readline())
        return message

    def says_until(self, what: str) -> list[str | int]:
        for _ in range(50):
            message = self.says()
            if what in str(message):
                return message
        raise AssertionError(f"never said {what}")

    def end(self) -> None:
        self.process.terminate()
        self.process.communicate(timeout=60)


def free_port() -> int:
    with Line(0) as line:
        return line.port


def answers(port: int, seconds: float = 60.0) -> bool:
    """Whether a server answers pings within some time."""
    until = time.monotonic() + seconds
    with Line(port, timeout=0.2) as line:
        while time.monotonic() < until:
            line.send("/packgen/ping")
            try:
                return line.receive().address == "/packgen/pong"
            except OSError:
                time.sleep(0.1)
    return False


def test_it_starts_a_server_and_stops_it_with_the_device(tmp_path: Path) -> None:
    port = free_port()
    launcher = Launcher(tmp_path, port, [sys.executable, "-m", "tests.server.sine"])
    try:
        kind, name, number = launcher.says_until("port")
        assert (kind, name) == ("outlet", "port") and 1024 < int(number) < 65536
        assert launcher.says_until("status") == ["outlet", "status", "starting the server"]
        assert answers(port)
    finally:
        launcher.end()
    time.sleep(0.5)
    assert not answers(port, seconds=1.0)


def test_even_a_killed_device_leaves_no_server_behind(tmp_path: Path) -> None:
    port = free_port()
    launcher = Launcher(tmp_path, port, [sys.executable, "-m", "tests.server.sine"])
    try:
        assert answers(port)
        launcher.process.kill()
        time.sleep(1.0)
        assert not answers(port, seconds=1.0)
    finally:
        launcher.end()


def test_a_server_that_runs_is_used(tmp_path: Path) -> None:
    with running() as server:
        launcher = Launcher(tmp_path, server.port, [sys.executable, "-c", "raise SystemExit('not needed')"])
        time.sleep(1.5)
        launcher.end()
        assert answers(server.port)


def test_a_command_that_is_not_there_is_said(tmp_path: Path) -> None:
    launcher = Launcher(tmp_path, free_port(), [str(tmp_path / "none")])
    try:
        assert "run packgen max4live" in str(launcher.says_until("not found"))
    finally:
        launcher.end()


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    launcher = Launcher(
        tmp_path, free_port(), [sys.executable, "-c", "raise SystemExit('packgen: no model')"]
    )
    try:
        assert launcher.says_until("no model")[0] in ("post", "outlet")
    finally:
        launcher.end()
