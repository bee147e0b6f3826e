"""A line to a server: a socket that asks and waits for answers, and servers in processes of their own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from packgen.server.osc import Argument, Message, decode, encode

PACKGEN = ("-c", "from packgen.cli.main import main; main()")  # the program, whether it is installed or not


class Line:
    """A UDP client of its own."""

    def __init__(self, port: int, timeout: float = 60.0) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(timeout)
        self.server = ("127.0.0.1", port)

    @property
    def port(self) -> int:
        number: int = self.socket.getsockname()[1]
        return number

    def send(self, address: str, *arguments: Argument) -> None:
        self.socket.sendto(encode(Message(address, arguments)), self.server)

    def receive(self) -> Message:
        (message,) = decode(self.socket.recv(65536))
        return message

    def ask(self, address: str, *arguments: Argument) -> Message:
        self.send(address, *arguments)
        return self.receive()

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


@dataclass
class Running:
    process: subprocess.Popen[str]
    port: int
    folder: Path

    def end(self) -> str:
        """Wait for the end; what it wrote to stderr."""
        _, errors = self.process.communicate(timeout=60)
        return errors


@contextmanager
def running(*options: str, program: tuple[str, ...] = ("-m", "tests.server.program")) -> Iterator[Running]:
    """A server in its own process, stopped at the end of the block."""
    process = subprocess.Popen(
        [sys.executable, *program, *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the server did not start: {process.communicate()[1]}"
        ready = json.loads(line)
        yield Running(process, ready["port"], Path(ready["folder"]))
    finally:
        if process.poll() is None:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(timeout=60)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
