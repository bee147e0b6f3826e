"""A server in its own process, over real sockets."""

from __future__ import annotations

import random
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest
import soundfile

from packgen.server.osc import Message, decode
from tests.server.line import Line, running
from tests.server.test_dispatcher import fuzz


def test_the_file_is_whole_when_the_answer_comes() -> None:
    with running() as server, Line(server.port) as line:
        for number in range(50):
            reply = line.ask("/packgen/generate", number, "kick", number / 50, 0, 0)
            assert reply.address == "/packgen/loaded" and reply.arguments[0] == number
            path = Path(str(reply.arguments[1]))
            assert soundfile.info(path).frames == reply.arguments[2]
            assert path.parent == server.folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_stop_it_cleanly(number: signal.Signals) -> None:
    with running() as server, Line(server.port) as line:
        line.ask("/packgen/generate", 1, "kick", 0, 0, 0)
        assert any(server.folder.iterdir())
        server.process.send_signal(number)
        assert server.end() == ""
        assert server.process.returncode == 0
        assert not server.folder.exists()


def test_a_signal_during_a_rendering_answers_those_who_wait(tmp_path: Path) -> None:
    end_of_rendering = tmp_path / "end"
    with running("--hold", str(end_of_rendering)) as server, Line(server.port) as line:
        line.send("/packgen/generate", 1, "kick", 0, 0, 0)
        assert server.process.stdout is not None
        assert server.process.stdout.readline() == "rendering\n"
        line.send("/packgen/generate", 2, "kick", 0, 0, 0)
        assert line.ask("/packgen/ping").address == "/packgen/pong"  # so the request before it was taken
        server.process.send_signal(signal.SIGTERM)
        answers = {line.receive() for _ in range(2)}
        assert answers == {Message("/packgen/error", (name, "the server stops")) for name in (1, 2)}
        end_of_rendering.touch()
        assert server.end() == ""
        assert not server.folder.exists()


def test_it_stops_with_the_program_that_started_it() -> None:
    with running() as server:
        assert server.process.stdin is not None
        server.process.stdin.close()
        server.process.wait(timeout=60)
        assert server.process.returncode == 0
        assert not server.folder.exists()


def test_quit_stops_it() -> None:
    with running("--allow-quit") as server, Line(server.port) as line:
        assert line.ask("/packgen/quit").address == "/packgen/bye"
        assert server.end() == ""
        assert server.process.returncode == 0


def test_a_port_in_use_is_said_in_one_line() -> None:
    with running() as server:
        second = subprocess.run(
            [sys.executable, "-m", "tests.server.program", "--port", str(server.port)],
            capture_output=True,
            text=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
        )
        assert second.returncode != 0
        last = second.stderr.splitlines()[-1]
        assert f"port {server.port} on 127.0.0.1 is in use" in last


def test_replies_reach_a_port_of_the_client_s_choice() -> None:
    with running("--reply", "port") as server, Line(server.port) as sender, Line(server.port) as listener:
        sender.send("/packgen/ping", listener.port)
        assert listener.receive().address == "/packgen/pong"
        sender.send("/packgen/generate", 1, "kick", 0, 0, 0)
        assert listener.receive().address == "/packgen/loaded"


def test_a_vanished_folder_and_oversize_packets_are_survived() -> None:
    with running() as server, Line(server.port) as line:
        shutil.rmtree(server.folder)
        reply = line.ask("/packgen/generate", 1, "kick", 0, 0, 0)
        assert Path(str(reply.arguments[1])).is_file()
        line.socket.sendto(b"/a\0\0" * 10000, line.server)
        assert "5096 bytes" in str(line.receive().arguments[1])
        assert line.ask("/packgen/ping").address == "/packgen/pong"


def test_a_client_that_never_reads_harms_nobody() -> None:
    with running() as server, Line(server.port) as line, Line(server.port) as deaf:
        for _ in range(1900):
            deaf.send("/packgen/classes")
        assert line.ask("/packgen/ping").address == "/packgen/pong"


@pytest.mark.parametrize("count", [2_000, pytest.param(20_000, marks=pytest.mark.slow)])
def test_random_datagrams_over_the_socket(count: int) -> None:
    rng = random.Random(2)
    with running() as server, Line(server.port) as line:
        lines = [Line(server.port) for _ in range(20)]
        for number in range(count):
            line_ = lines[number % len(lines)]
            line_.socket.sendto(fuzz(rng) or b"\0", line.server)
            if number % 200 == 0:  # no more under way than a kernel's buffer holds
                assert line.ask("/packgen/ping").address == "/packgen/pong"
        assert line.ask("/packgen/ping").address == "/packgen/pong"
        for other in lines:
            other.socket.close()
        server.process.send_signal(signal.SIGTERM)
        assert server.end() == ""  # no traceback


def memory_of(process: int) -> int:
    """Resident bytes."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc to measure memory")
def test_a_burst_of_2000_requests_from_4_clients_is_answered() -> None:
    each = 500
    with running("--delay", "0.005") as server, ThreadPoolExecutor(4) as readers:
        lines = [Line(server.port) for _ in range(4)]
        after: list[int] = []
        for _ in range(3):
            # A machine that is busy elsewhere may not run the server for a while: no more requests are under
            # way than any kernel's receive buffer holds, or UDP would drop what nobody fetched.
            under_way = threading.Semaphore(120)

            def read(line: Line, under_way: threading.Semaphore = under_way) -> list[Message]:
                answers = []
                for _ in range(each):
                    answers.append(line.receive())
                    under_way.release()
                return answers

            waiting = [readers.submit(read, line) for line in lines]
            for number in range(each):
                for line in lines:
                    assert under_way.acquire(timeout=60)
                    line.send("/packgen/generate", number, "kick", number / each, 0, 0)
            for future in waiting:
                answers = future.result()
                assert sorted(int(str(m.arguments[0])) for m in answers) == list(range(each))
                kinds = Counter(m.address for m in answers)
                assert set(kinds) <= {"/packgen/superseded", "/packgen/loaded"}
                sounds = [int(str(m.arguments[0])) for m in answers if m.address == "/packgen/loaded"]
                assert sounds[-1] == each - 1 and sounds == sorted(sounds)
            after.append(memory_of(server.process.pid))
        assert after[-1] < 1.1 * after[0]
        for line in lines:
            line.socket.close()


def oscsend(port: int, *words: str) -> None:
    subprocess.run(["oscsend", "127.0.0.1", str(port), *words], check=True, timeout=60)


@pytest.mark.skipif(shutil.which("oscsend") is None, reason="needs liblo-tools")
def test_oscsend_asks_and_oscdump_hears() -> None:
    with Line(0) as free:
        reply_port = free.port
    with running("--reply", "port", "--reply-port", str(reply_port)) as server:
        dump = subprocess.Popen(["oscdump", "-L", str(reply_port)], stdout=subprocess.PIPE, text=True)
        try:
            assert dump.stdout is not None
            while not select.select([dump.stdout], [], [], 0.1)[0]:
                oscsend(reply_port, "/heard")  # until it listens
            oscsend(server.port, "/packgen/generate", "isfffi", "7", "kick", "0.5", "-1.25", "9", "3")
            oscsend(server.port, "/packgen/generate", "hidddh", "8", "2", "0.5", "-1.25", "0", "3")
            oscsend(server.port, "/packgen/ping")
            oscsend(server.port, "/packgen/nothing", "TFNI")
            heard = (line.split(" ", 1)[1] for line in dump.stdout)
            lines = list(islice((line for line in heard if not line.startswith("/heard")), 5))
        finally:
            dump.kill()
            dump.communicate()
    by_address = {line.split()[0]: line for line in lines}
    assert by_address["/packgen/clamped"].split()[1:] == ["ifff", "7", "0.500000", "-1.250000", "4.000000"]
    assert any(str(server.folder) in line and "isiifsfffi 7" in line for line in lines)
    assert any(str(server.folder) in line and "isiifsfffi 8" in line for line in lines)
    assert "pong sis" in by_address["/packgen/pong"]
    assert "type 'I'" in by_address["/packgen/error"]


def test_the_answer_is_one_message(tmp_path: Path) -> None:
    with running("--folder", str(tmp_path)) as server, Line(server.port) as line:
        assert server.folder.parent == tmp_path.resolve()
        line.send("/packgen/classes")
        assert len(decode(line.socket.recv(65536))) == 1
