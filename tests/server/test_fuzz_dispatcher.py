"""Requests with arguments of every type, hostile values among them: each is answered, and the server lives."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from packgen.server.osc import OscError, decode
from packgen.server.service import HANDLERS
from tests.fuzz import EDITS, Edit, damaged, examples, law
from tests.server.test_dispatcher import A, Post, dispatcher, packet, until_quiet

DOUBLES = st.floats() | st.sampled_from([1e300, -1e39, 3.5e38, 1e-320])
WHOLE = st.sampled_from([0, 1, -1, 2**24 + 1, 2**53 + 1, 2**63 - 1, -(2**63)]) | st.integers(
    -(2**63), 2**63 - 1
)
WORDS = st.sampled_from(["kick", "snap", "gong", "", "x" * 70]) | st.text(
    st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=9
)


def padded(text: str) -> bytes:
    data = text.encode()
    return data + b"\0" * (4 - len(data) % 4)


# (type tag, bytes) of an argument, doubles and whole numbers of 64 bits included, which our encoder does not write.
ARGUMENT = st.one_of(
    st.floats(width=32).map(lambda value: ("f", struct.pack(">f", value))),
    DOUBLES.map(lambda value: ("d", struct.pack(">d", value))),
    WHOLE.map(lambda value: ("h", struct.pack(">q", value))),
    st.integers(-(2**31), 2**31 - 1).map(lambda value: ("i", struct.pack(">i", value))),
    WORDS.map(lambda value: ("s", padded(value))),
    st.sampled_from([("T", b""), ("F", b""), ("N", b""), ("b", b"\0\0\0\2ab\0\0")]),
)
LIKELY = st.tuples(
    ARGUMENT, st.just(("s", padded("kick"))), *[DOUBLES.map(lambda v: ("d", struct.pack(">d", v)))] * 3
)


def request(address: str, arguments: tuple[tuple[str, bytes], ...]) -> bytes:
    tags = "," + "".join(tag for tag, _ in arguments)
    return padded(address) + padded(tags) + b"".join(data for _, data in arguments)


REQUEST = st.builds(
    request,
    st.sampled_from([*HANDLERS, "packgen/ping", "/packgen/loaded", "/other"]),
    st.lists(ARGUMENT, max_size=7).map(tuple) | LIKELY,
)


@examples(150)
@given(st.lists(REQUEST | st.builds(damaged, REQUEST, EDITS), min_size=1, max_size=12))
def test_whatever_comes_is_answered_and_the_next_ping_too(tmp_path: Path, packets: list[bytes]) -> None:
    post = Post()

    async def run() -> None:
        server = dispatcher(tmp_path, post)
        for number, data in enumerate(packets):
            server.datagram(data, A)
            if number % 4 == 3:
                await until_quiet(server)
        await until_quiet(server)
        server.datagram(packet("/packgen/ping"), A)
        server.clients.of(A, 0.0).ring.clear()

    with law():
        asyncio.run(run())
    assert post.of(A)[-1].address == "/packgen/pong"
    for message in post.of(A):  # the first argument may be the request's own id, as it came
        assert all("\n" not in str(argument) for argument in message.arguments[1:])


@examples(300)
@given(REQUEST, EDITS)
def test_damaged_requests_are_messages_or_an_osc_error(data: bytes, edits: list[Edit]) -> None:
    try:
        messages = decode(damaged(data, edits))
    except OscError:
        return
    assert all(message.address.startswith("/") for message in messages)
