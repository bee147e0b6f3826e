"""`packgen explore` as a user starts it: addresses, ports, a real socket, and a graceful stop."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from packgen.errors import ServerError
from packgen.explore import serving

ROOT = Path(__file__).parents[2]
PACKGEN = (sys.executable, "-c", "from packgen.cli.main import main; main()")


def packgen(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PACKGEN, *words], capture_output=True, text=True, timeout=120, cwd=ROOT)


@contextmanager
def running(*words: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    process = subprocess.Popen(
        [*PACKGEN, "explore", "--port", "0", "--no-browser", "--json", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.communicate()[1]
        yield process, int(json.loads(line)["url"].rstrip("/").rsplit(":", 1)[1])
    finally:
        process.kill()
        process.communicate(timeout=60)


def get(port: int, path: str, headers: dict[str, str]) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_the_model_and_stops_with_zero(
    tiny_model: Path, tmp_path: Path, how: signal.Signals
) -> None:
    with running("--model", str(tiny_model), "--out", str(tmp_path / "packs")) as (process, port):
        status, page = get(port, "/", {})
        assert status == 200 and b"packgen explore" in page
        status, wav = get(port, "/api/sound/kick?at=0,0,0", {})
        assert status == 200 and wav[:4] == b"RIFF"
        assert get(port, "/api/about", {"Host": f"evil.example:{port}"})[0] == 403
        assert get(port, "/api/about", {"Origin": "http://evil.example"})[0] == 403
        idle = socket.create_connection(("127.0.0.1", port))  # a browser's open connection holds nothing up
        process.send_signal(how)
        output, errors = process.communicate(timeout=60)
        idle.close()
        assert (process.returncode, output) == (0, "")
        assert errors.count("\n") == 1 and "has no texture network" in errors
    assert not (tmp_path / "packs").exists()  # made with the first pack


def test_a_port_in_use_is_one_line_before_the_model_is_loaded() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = packgen("explore", "--port", port, "--no-browser", "--model", str(ROOT / "tests"))
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"packgen: port {port} on 127.0.0.1 is in use")
    assert done.stderr.endswith("; stop that or choose another --port\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--model", "no-such-model"), "no model 'no-such-model'"),
        (("--host", "no.such.host.invalid"), "cannot listen on no.such.host.invalid"),
        (("--host", "192.0.2.1"), "cannot listen on 192.0.2.1"),
        (("--host", "0.0.0.0"), "give this machine's own"),
        (("--again", "no-such-folder/manifest.json"), "no manifest.json"),
    ],
)
def test_what_cannot_start_says_why_in_one_line(tiny_model: Path, words: tuple[str, ...], why: str) -> None:
    model = () if "--model" in words else ("--model", str(tiny_model))
    done = packgen("explore", "--port", "0", "--no-browser", *words, *model)
    assert done.returncode == 1 and done.stdout == ""
    assert why in done.stderr and done.stderr.count("\n") == 1


def test_a_missing_server_package_is_one_line(tiny_model: Path) -> None:
    script = (
        "import sys; sys.modules['uvicorn'] = None\nfrom packgen.cli.main import main\n"
        f"sys.argv = ['packgen', 'explore', '--port', '0', '--model', {str(tiny_model)!r}]\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, cwd=ROOT
    )
    assert done.returncode == 1 and "pip install starlette uvicorn" in done.stderr
    assert done.stderr.count("\n") == 1


def test_local_names_mean_one_server() -> None:
    with serving.listening("localhost", 0) as server:
        port = server.getsockname()[1]
        assert serving.hosts("localhost", server) == {
            f"127.0.0.1:{port}",
            f"localhost:{port}",
            f"[::1]:{port}",
        }
        assert serving.address("localhost", server) == f"localhost:{port}"


@pytest.mark.parametrize("host", ["0.0.0.0", ""])
def test_every_address_at_once_is_none(host: str) -> None:
    with pytest.raises(ServerError), serving.listening(host, 0):
        pass


def test_help_has_an_example_and_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['packgen', 'explore', '--help']\nfrom packgen.cli.app import app\n"
        "app(standalone_mode=False)\n"
        "assert not {'torch', 'numpy', 'starlette', 'uvicorn'} & sys.modules.keys(), 'too much'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "packgen explore --port" in done.stdout
