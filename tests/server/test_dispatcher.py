"""The dispatcher: newest wins, every request answered, limits, and any bytes survived."""

from __future__ import annotations

import asyncio
import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from packgen.server import ReplyTo, sessions
from packgen.server.dispatcher import MAX_PACKET, Dispatcher
from packgen.server.files import Folder
from packgen.server.osc import Argument, Message, decode, encode
from packgen.server.service import HANDLERS, Service
from packgen.server.sessions import Address
from tests.fakes import FakeEngine

A: Address = ("127.0.0.1", 50001)
B: Address = ("127.0.0.1", 50002)


class Post:
    """Collects what a dispatcher sends."""

    def __init__(self) -> None:
        self.sent: list[tuple[Address, Message]] = []

    def __call__(self, packet: bytes, address: Address) -> None:
        (message,) = decode(packet)
        self.sent.append((address, message))

    def of(self, address: Address) -> list[Message]:
        return [message for to, message in self.sent if to == address]


def packet(address: str, *arguments: Argument) -> bytes:
    return encode(Message(address, arguments))


def dispatcher(tmp_path: Path, post: Post, **options: int | ReplyTo) -> Dispatcher:
    options = {"reply_to": ReplyTo.SOURCE, **options}
    return Dispatcher(Service(FakeEngine()), Folder(tmp_path), post, **options)  # type: ignore[arg-type]


async def until_quiet(dispatcher: Dispatcher) -> None:
    """Render all that waits."""
    with ThreadPoolExecutor(1) as worker:
        work = asyncio.create_task(dispatcher.work(worker))
        await dispatcher.idle()
        work.cancel()


def test_a_burst_is_answered_one_by_one_and_the_newest_gets_its_sound(tmp_path: Path) -> None:
    post = Post()

    async def run() -> None:
        server = dispatcher(tmp_path, post)
        for number in range(100):
            for address in (A, B):
                server.datagram(packet("/packgen/generate", number, "kick", number / 50, 0, 0), address)
        await until_quiet(server)

    asyncio.run(run())
    for address in (A, B):
        answers = post.of(address)
        assert sorted(int(str(m.arguments[0])) for m in answers) == list(range(100))
        assert Counter(m.address for m in answers) == {"/packgen/superseded": 99, "/packgen/loaded": 1}
        assert answers[-1].address == "/packgen/loaded" and answers[-1].arguments[0] == 99


class Held(FakeEngine):
    """Renderings that say when they begin and wait until a test lets them go on."""

    def __init__(self) -> None:
        super().__init__(begun=self.wait)
        self.waiting, self.let_go = threading.Semaphore(0), threading.Semaphore(0)

    def wait(self) -> None:
        self.waiting.release()
        assert self.let_go.acquire(timeout=60)


def test_what_comes_during_a_rendering_waits_and_only_the_newest_of_it(tmp_path: Path) -> None:
    post, held = Post(), Held()

    async def run() -> None:
        server = Dispatcher(Service(held), Folder(tmp_path), post, ReplyTo.SOURCE)
        with ThreadPoolExecutor(1) as worker:
            work = asyncio.create_task(server.work(worker))
            server.datagram(packet("/packgen/generate", 0, "kick", 0, 0, 0), A)
            await asyncio.to_thread(held.waiting.acquire)
            for number in (1, 2, 3):
                server.datagram(packet("/packgen/generate", number, "kick", 0, 0, 0), A)
            server.datagram(packet("/packgen/ping"), A)  # answered at once, while the sound is being made
            assert [m.address for m in post.of(A)] == ["/packgen/superseded"] * 2 + ["/packgen/pong"]
            held.let_go.release(2)
            await server.idle()
            work.cancel()

    asyncio.run(run())
    assert [m.arguments[0] for m in post.of(A) if m.address == "/packgen/loaded"] == [0, 3]


def test_clients_take_turns(tmp_path: Path) -> None:
    post, held = Post(), Held()

    async def run() -> None:
        server = Dispatcher(Service(held), Folder(tmp_path), post, ReplyTo.SOURCE)
        with ThreadPoolExecutor(1) as worker:
            work = asyncio.create_task(server.work(worker))
            server.datagram(packet("/packgen/generate", 0, "kick", 0, 0, 0), A)
            await asyncio.to_thread(held.waiting.acquire)
            server.datagram(packet("/packgen/generate", 1, "kick", 0, 0, 0), A)
            server.datagram(packet("/packgen/generate", 2, "kick", 0, 0, 0), B)
            held.let_go.release(3)
            await server.idle()
            work.cancel()

    asyncio.run(run())
    assert [m.arguments[0] for _, m in post.sent] == [0, 2, 1]


def test_those_who_wait_when_the_server_stops_are_told(tmp_path: Path) -> None:
    post = Post()
    server = dispatcher(tmp_path, post)
    server.datagram(packet("/packgen/generate", 8, "kick", 0, 0, 0), A)
    server.close()
    assert post.of(A) == [Message("/packgen/error", (8, "the server stops"))]


@pytest.mark.parametrize(
    ("reply_to", "ports"),
    [(ReplyTo.SOURCE, [A[1]]), (ReplyTo.PORT, [9101]), (ReplyTo.BOTH, [A[1], 9101])],
)
def test_answers_go_where_they_should(tmp_path: Path, reply_to: ReplyTo, ports: list[int]) -> None:
    post = Post()
    dispatcher(tmp_path, post, reply_to=reply_to, reply_port=9101).datagram(packet("/packgen/ping"), A)
    assert [address[1] for address, _ in post.sent] == ports


def test_a_client_s_own_reply_port_holds_for_it_alone(tmp_path: Path) -> None:
    post = Post()
    server = dispatcher(tmp_path, post, reply_to=ReplyTo.PORT, reply_port=9101)
    server.datagram(packet("/packgen/ping", 9200), A)
    server.datagram(packet("/packgen/ping"), A)
    server.datagram(packet("/packgen/ping"), B)
    assert [address[1] for address, _ in post.sent] == [9200, 9200, 9101]


def test_the_server_never_writes_to_itself(tmp_path: Path) -> None:
    post = Post()
    server = dispatcher(tmp_path, post, reply_to=ReplyTo.BOTH, reply_port=9100, own_port=9100)
    server.datagram(b"rubbish", ("127.0.0.1", 9100))
    assert post.sent == []


def test_oversize_packets_are_refused(tmp_path: Path) -> None:
    post = Post()
    dispatcher(tmp_path, post).datagram(b"/a" + b"\0" * MAX_PACKET, A)
    (reply,) = post.of(A)
    assert reply.address == "/packgen/error" and str(MAX_PACKET) in str(reply.arguments[1])


def test_a_flood_is_told_once_a_second_and_dropped(tmp_path: Path) -> None:
    post, now = Post(), 0.0
    server = Dispatcher(Service(FakeEngine()), Folder(tmp_path), post, ReplyTo.SOURCE, clock=lambda: now)
    for _ in range(int(sessions.BURST) * 2):
        server.datagram(packet("/packgen/ping"), A)
    server.datagram(packet("/packgen/ping"), B)
    assert Counter(m.address for m in post.of(A)) == {"/packgen/pong": sessions.BURST, "/packgen/error": 1}
    assert post.of(B)[0].address == "/packgen/pong"
    now = 0.5  # half a second later, half of a second's requests are free again
    post.sent.clear()
    for _ in range(int(sessions.REQUESTS_PER_SECOND)):
        server.datagram(packet("/packgen/ping"), A)
    assert Counter(m.address for m in post.of(A)) == {"/packgen/pong": sessions.REQUESTS_PER_SECOND / 2}


def test_a_bundle_is_no_way_around_the_limit(tmp_path: Path) -> None:
    post = Post()
    server = Dispatcher(Service(FakeEngine()), Folder(tmp_path), post, ReplyTo.SOURCE, clock=lambda: 0.0)
    ping = packet("/packgen/ping")
    bundle = b"#bundle\0" + b"\0" * 8 + (len(ping).to_bytes(4, "big") + ping) * 64
    for _ in range(1000):
        server.datagram(bundle, A)
    assert len(post.sent) <= sessions.BURST + 64


def test_many_senders_do_not_fill_the_memory(tmp_path: Path) -> None:
    server = dispatcher(tmp_path, Post())
    for port in range(1, 5000):
        server.datagram(packet("/packgen/generate", 1, "kick", 0, 0, 0), ("127.0.0.1", port))
    assert len(server.clients) == sessions.MAX_CLIENTS


def fuzz(rng: random.Random) -> bytes:
    """Random bytes, or a request that was damaged."""
    if rng.random() < 0.2:
        return rng.randbytes(rng.randrange(0, 80))
    values: list[Argument] = [
        1,
        0,
        "kick",
        0.5,
        -1.5,
        "",
        "x" * 70,
        float("nan"),
        float("inf"),
        2**40,
        None,
        b"b",
    ]
    address = rng.choice([*HANDLERS, "packgen/ping", "/packgen/loaded", "/", "/packgen/generate"])
    data = bytearray(packet(address, *(rng.choice(values) for _ in range(rng.randrange(0, 8)))))
    if rng.random() < 0.2:
        data = bytearray(packet("/packgen/generate", 1, "kick", rng.uniform(-9, 9), 0.5, 0))
    if rng.random() < 0.2:
        data = bytearray(b"#bundle\0" + rng.randbytes(8) + len(data).to_bytes(4, "big")) + data
    for _ in range(rng.choice([0, 0, 1, 1, 2, 5])):
        match rng.randrange(3):
            case 0:
                data[rng.randrange(len(data))] = rng.randrange(256)
            case 1:
                del data[rng.randrange(len(data)) :]
            case _:
                data += rng.randbytes(rng.randrange(1, 9))
        if not data:
            break
    return bytes(data)


@pytest.mark.parametrize("count", [5_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_any_datagrams_are_survived_and_the_next_ping_answered(tmp_path: Path, count: int) -> None:
    rng = random.Random(1)
    post = Post()

    async def run() -> None:
        server = dispatcher(tmp_path, post)
        with ThreadPoolExecutor(1) as worker:
            work = asyncio.create_task(server.work(worker))
            for number in range(count):
                server.datagram(fuzz(rng), ("127.0.0.1", 1 + rng.randrange(200)))
                if number % 100 == 0:
                    await asyncio.sleep(0)
            idle = asyncio.create_task(server.idle())
            await asyncio.wait({work, idle}, return_when=asyncio.FIRST_COMPLETED)
            assert idle.done() and not work.done()
            server.datagram(packet("/packgen/ping"), A)
            work.cancel()

    asyncio.run(run())
    assert post.of(A)[-1].address == "/packgen/pong"
    kinds = Counter(message.address for _, message in post.sent)
    assert {"/packgen/error", "/packgen/loaded", "/packgen/pong", "/packgen/clamped"} <= kinds.keys()
