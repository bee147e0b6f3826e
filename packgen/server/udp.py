"""The socket: a UDP server on asyncio that stops cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packgen.errors import ServerError
from packgen.server import ReplyTo
from packgen.server.dispatcher import MAX_PACKET, Dispatcher
from packgen.server.files import Folder
from packgen.server.service import Service
from packgen.server.sessions import Stats
from packgen.server.sockets import bind

RECEIVE_BUFFER = 4 << 20  # bytes asked of the kernel: a burst must wait there while a sound is rendered
AT_ONCE = 64  # datagrams taken before others of the loop get their turn
SWITCH_INTERVAL = 0.0005  # seconds after which the rendering thread lets the loop answer


@dataclass(frozen=True)
class Options:
    """How to serve.

    Attributes:
        host, port: where to listen; port 0 takes a free one.
        reply_to, reply_port: where answers go.
        folder: parent of the private folder of sounds, None for the system's temporary one.
        attached: stop when standard input closes.
    """

    host: str = "127.0.0.1"
    port: int = 9100
    reply_to: ReplyTo = ReplyTo.BOTH
    reply_port: int = 9101
    folder: Path | None = None
    attached: bool = False


@dataclass(frozen=True)
class Running:
    """A server that is ready: its address, the folder of its sounds, and its counts."""

    host: str
    port: int
    folder: Path
    stats: Stats


def serve(service: Service, options: Options, ready: Callable[[Running], None]) -> None:
    """Answer requests until SIGINT, SIGTERM or /packgen/quit.

    Args:
        service: answers messages.
        options: how to serve.
        ready: called once the socket listens.

    Raises:
        ServerError: if the address cannot be had.
        WriteError: if no folder can be made.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        asyncio.run(_serve(service, options, ready))
    finally:
        sys.setswitchinterval(before)


async def _serve(service: Service, options: Options, ready: Callable[[Running], None]) -> None:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(listening(options.host, options.port))
        host, port = server.getsockname()[:2]
        if options.reply_to is not ReplyTo.SOURCE and port == options.reply_port:
            raise ServerError(f"port {port} is also the reply port: choose two that differ")
        folder = Folder(options.folder)
        stack.callback(folder.remove)

        def send(packet: bytes, address: tuple[str, int]) -> None:
            # A full send buffer or an unreachable client loses this answer, as UDP may; the server lives.
            with contextlib.suppress(OSError):
                server.sendto(packet, address)

        dispatcher = Dispatcher(service, folder, send, options.reply_to, options.reply_port, port)
        stack.enter_context(_stopped_by_signals(dispatcher.stopped))
        if options.attached:
            _stop_at_end_of_input(dispatcher.stopped)
        # One thread: torch renders one sound at a time, and the loop answers meanwhile.
        worker = stack.enter_context(ThreadPoolExecutor(1, "render"))
        tasks = [
            asyncio.create_task(_listen(server, dispatcher)),
            asyncio.create_task(dispatcher.work(worker)),
        ]
        ready(Running(host, port, folder.path, dispatcher.stats))
        stop = asyncio.create_task(dispatcher.stopped.wait())
        done, _ = await asyncio.wait([*tasks, stop], return_when=asyncio.FIRST_COMPLETED)
        for task in (*tasks, stop):
            task.cancel()
        await asyncio.wait([*tasks, stop])
        dispatcher.close()
        for task in done - {stop}:
            task.result()  # a bug of ours ended it: let it be seen


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A UDP socket that never blocks.

    Raises:
        ServerError: if the address is unknown, in use or not allowed.
    """
    with bind(host, port, socket.SOCK_DGRAM, "packgen serve") as server:
        server.setblocking(False)
        with contextlib.suppress(OSError):
            server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        yield server


async def _listen(server: socket.socket, dispatcher: Dispatcher) -> None:
    loop = asyncio.get_running_loop()
    while True:
        for _ in range(AT_ONCE):  # returns at once while datagrams wait
            try:
                packet, address = await loop.sock_recvfrom(server, MAX_PACKET + 1)
            except OSError:
                # Windows reports here that an earlier answer found no listener, or that a packet was cut.
                await asyncio.sleep(0)
                continue
            dispatcher.datagram(packet, address)
        await asyncio.sleep(0)


@contextlib.contextmanager
def _stopped_by_signals(stopped: asyncio.Event) -> Iterator[None]:
    """SIGINT and SIGTERM stop the server; a second one ends the program as usual."""
    loop = asyncio.get_running_loop()
    before: dict[int, Any] = {}

    def stop(number: int, _: object) -> None:
        signal.signal(number, before[number])
        loop.call_soon_threadsafe(stopped.set)

    if threading.current_thread() is threading.main_thread():  # Python allows handlers nowhere else
        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop_at_end_of_input(stopped: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()

    def wait() -> None:
        # Not sys.stdin.read: a thread that holds its lock when the interpreter ends is fatal.
        while os.read(sys.stdin.fileno(), 1024):
            pass
        with contextlib.suppress(RuntimeError):  # the loop may have ended meanwhile
            loop.call_soon_threadsafe(stopped.set)

    threading.Thread(target=wait, daemon=True).start()
