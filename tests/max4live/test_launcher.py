"""The launcher under a real Node, with a stand-in for the one module that only Max has."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from packgen.max4live import FOLDER, INSTALLATION, LAUNCHER
from packgen.server.osc import Message, encode
from tests.server.line import Line

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


def until_free(port: int, seconds: float = 60.0) -> None:
    """Wait until no server holds a port any more."""
    until = time.monotonic() + seconds
    while True:
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                probe.bind(("127.0.0.1", port))
            return
        except OSError:
            assert time.monotonic() < until, "the server did not stop"
            time.sleep(0.05)


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
    launcher = Launcher(tmp_path, port, [sys.executable, "-m", "tests.server.program"])
    try:
        kind, name, number = launcher.says_until("port")
        assert (kind, name) == ("outlet", "port") and 1024 < int(number) < 65536
        assert launcher.says_until("status") == ["outlet", "status", "starting the server"]
        assert answers(port)
    finally:
        launcher.end()
    until_free(port)


def test_even_a_killed_device_leaves_no_server_behind(tmp_path: Path) -> None:
    port = free_port()
    launcher = Launcher(tmp_path, port, [sys.executable, "-m", "tests.server.program"])
    try:
        assert answers(port)
        launcher.process.kill()
        until_free(port)
    finally:
        launcher.end()


def test_a_server_that_runs_is_used(tmp_path: Path) -> None:
    with Line(0) as server:  # answers as one does
        launcher = Launcher(tmp_path, server.port, [sys.executable, "-c", "raise SystemExit('not needed')"])
        try:
            _, device = server.socket.recvfrom(65536)
            server.socket.sendto(encode(Message("/packgen/pong")), device)
            server.socket.recvfrom(65536)  # at this ping it has decided whether to start a server
        finally:
            launcher.process.terminate()
        said, _ = launcher.process.communicate(timeout=60)
    assert '"port"' in said and "starting" not in said


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
