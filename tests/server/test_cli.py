"""`packgen serve` and `packgen max4live` as a user starts them, with the tiny model of the real classes."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from packgen.errors import WeightsError
from packgen.files.resources import model_folder
from packgen.max4live import FILES, FOLDER, INSTALLATION
from tests.server.line import PACKGEN, Line, running

ROOT = Path(__file__).parents[2]
SERVE = ("serve", "--port", "0", "--json")


def packgen(*words: str, stdin: int | None = subprocess.DEVNULL) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *PACKGEN, *words], capture_output=True, text=True, timeout=120, cwd=ROOT, stdin=stdin
    )


def test_it_serves_the_model_and_stops_with_zero(tiny_model: Path) -> None:
    with running(*SERVE, "--model", str(tiny_model), program=PACKGEN) as server, Line(server.port) as line:
        answer = line.ask("/packgen/generate", 1, "snare", 0.5, -0.5, 0)
        assert answer.address == "/packgen/loaded"
        info = soundfile.info(str(answer.arguments[1]))
        assert (info.samplerate, info.subtype, info.frames) == (44100, "PCM_24", answer.arguments[2])
        assert line.ask("/packgen/random", 2, "kick").address == "/packgen/loaded"
        assert "quitting is not allowed" in str(line.ask("/packgen/quit").arguments[1])
        server.process.send_signal(signal.SIGINT)
        lacks, ready = server.end().splitlines()
        assert "has no texture network" in lacks
        assert ready == f"packgen serve: ready on 127.0.0.1, UDP port {server.port}"
        assert server.process.returncode == 0
        assert not server.folder.exists()


def test_the_same_request_gives_the_same_bytes_in_another_process(tiny_model: Path) -> None:
    sounds = []
    for _ in range(2):
        with (
            running(*SERVE, "--model", str(tiny_model), program=PACKGEN) as server,
            Line(server.port) as line,
        ):
            answer = line.ask("/packgen/random", 1, "tom", 77)
            sounds.append(Path(str(answer.arguments[1])).read_bytes())
            server.process.terminate()
            server.end()
    assert sounds[0] == sounds[1]


def test_an_open_server_says_what_that_means(tiny_model: Path) -> None:
    options = ("--host", "0.0.0.0", "--allow-quit", "--attached", "--no-warmup")
    with running(*SERVE, "--model", str(tiny_model), *options, program=PACKGEN) as server:
        with Line(server.port) as line:
            assert line.ask("/packgen/quit").address == "/packgen/bye"
        errors = " ".join(server.end().split())
        assert "0.0.0.0 is not this machine alone" in errors and "written to this machine's disk" in errors


def test_a_port_in_use_is_one_line_before_the_model_is_loaded() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        done = packgen("serve", "--port", port, "--model", str(ROOT / "tests"))
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"packgen: port {port} on 127.0.0.1 is in use")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--model", "no-such-model"), "no model 'no-such-model'"),
        (("--host", "no.such.host.invalid"), "cannot listen on no.such.host.invalid"),
        (("--host", "192.0.2.1"), "cannot listen on 192.0.2.1"),
    ],
)
def test_what_cannot_start_says_why_in_one_line(words: tuple[str, ...], why: str) -> None:
    done = packgen("serve", "--port", "0", *words)
    assert done.returncode == 1 and done.stdout == ""
    assert why in done.stderr and done.stderr.count("\n") == 1


def test_equal_ports_and_a_missing_folder_are_said(tiny_model: Path, tmp_path: Path) -> None:
    with Line(0) as line:
        port = str(line.port)
    done = packgen("serve", "--port", port, "--reply-port", port, "--model", str(tiny_model))
    assert done.returncode == 1 and "also the reply port" in done.stderr
    done = packgen("serve", "--port", "0", "--folder", str(tmp_path / "none"), "--model", str(tiny_model))
    assert done.returncode == 1 and "cannot make a folder" in done.stderr


def test_a_terminal_gets_a_status_line(tiny_model: Path) -> None:
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, *PACKGEN, *SERVE, "--model", str(tiny_model)],
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(terminal)
    assert process.stdout is not None
    port = json.loads(process.stdout.readline())["port"]
    seen = ""
    with Line(port) as line:
        line.ask("/packgen/generate", 1, "kick", 0, 0, 0)
        while "1 sounds" not in seen:
            seen += os.read(controller, 4096).decode()
    assert "requests/s" in seen and "p99" in seen
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    process.stdout.close()
    os.close(controller)


def test_the_device_is_copied_with_a_launcher_that_finds_this_installation(tmp_path: Path) -> None:
    out = tmp_path / "a folder" / "PackGen"
    done = packgen("max4live", "--out", str(out), "--json")
    assert done.returncode == 0 and done.stderr == ""
    assert [Path(path).name for path in json.loads(done.stdout)] == [*FILES, INSTALLATION]
    for name in FILES:
        assert (out / name).read_bytes() == (FOLDER / name).read_bytes()
    command = json.loads((out / INSTALLATION).read_text())["command"]
    version = subprocess.run([*command, "--version"], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert version.stdout.startswith("packgen ")

    again = packgen("max4live", "--out", str(out))
    assert again.returncode == 1 and "--force" in again.stderr
    assert packgen("max4live", "--out", str(out), "--force").returncode == 0


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = packgen("max4live", "--out", str(tmp_path / "file" / "x"))
    assert done.returncode == 1 and "choose another --out" in done.stderr


@pytest.mark.parametrize("command", ["serve", "max4live"])
def test_help_has_an_example_and_loads_nothing_heavy(command: str) -> None:
    code = (
        "import sys; sys.argv = ['packgen', *sys.argv[1:]]\nfrom packgen.cli.app import app\n"
        "app(standalone_mode=False)\n"
        "assert not {'torch', 'numpy', 'soundfile'} & sys.modules.keys(), 'too much'"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, command, "--help"], capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert f"packgen {command}" in done.stdout


def real_model() -> Path | None:
    try:
        folder = model_folder()
    except WeightsError:
        return None
    return folder if (folder / "cwae.safetensors").exists() else None


@pytest.mark.skipif(real_model() is None, reason="needs the trained weights in models/")
def test_the_real_model_answers_for_every_class() -> None:
    with running(*SERVE, "--attached", program=PACKGEN) as server, Line(server.port) as line:
        for number, name in enumerate(line.ask("/packgen/classes").arguments):
            answer = line.ask("/packgen/generate", number, name, 0, 0, 0)
            assert answer.address == "/packgen/loaded", answer
            assert soundfile.info(str(answer.arguments[1])).frames == answer.arguments[2]
