"""The codec: round trips, another implementation, bytes seen on the wire, damage."""

from __future__ import annotations

import math
import re
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import packgen.server
from packgen.server.osc import MAX_DEPTH, MAX_MESSAGES, Argument, Message, OscError, decode, encode

text = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))
arguments = st.lists(
    st.one_of(
        st.integers(-(2**63), 2**63 - 1),
        st.floats(width=32, allow_nan=False),
        text,
        st.binary(max_size=9),
        st.booleans(),
        st.none(),
    ),
    max_size=8,
)


def bundle(*packets: bytes) -> bytes:
    return b"#bundle\0" + b"\xff" * 8 + b"".join(struct.pack(">i", len(p)) + p for p in packets)


@given(text, arguments)
def test_what_is_encoded_is_decoded(address: str, values: list[Argument]) -> None:
    message = Message(f"/{address}", tuple(values))
    packet = encode(message)
    assert len(packet) % 4 == 0
    assert decode(packet) == (message,)


@given(st.binary(max_size=64))
def test_any_bytes_are_messages_or_an_osc_error(packet: bytes) -> None:
    try:
        messages = decode(packet)
    except OscError:
        return
    assert all(message.address.startswith("/") for message in messages)


@given(st.lists(st.one_of(st.integers(1 - 2**31, 2**31 - 1), st.text("abc/ ", max_size=9)), max_size=6))
def test_agrees_with_another_implementation(values: list[int | str]) -> None:
    builder = pytest.importorskip("pythonosc.osc_message_builder").OscMessageBuilder("/packgen/generate")
    for value in values:
        builder.add_arg(value)
    other = builder.build()
    assert encode(Message("/packgen/generate", tuple(values))) == other.dgram
    assert decode(other.dgram) == (Message("/packgen/generate", tuple(values)),)


@pytest.mark.parametrize(
    ("packet", "message"),
    [
        (b"hello\0\0\0,s\0\0world\0\0\0", Message("/hello", ("world",))),  # Max: no slash
        (b"/a\0\0", Message("/a")),  # no type tags
        (  # Pure Data: all numbers are floats
            b"/packgen/generate\0\0\0,sfff\0\0\0kick\0\0\0\0\x3f\0\0\0\xbf\xa0\0\0\x40\0\0\0",
            Message("/packgen/generate", ("kick", 0.5, -1.25, 2.0)),
        ),
    ],
)
def test_bytes_seen_on_the_wire(packet: bytes, message: Message) -> None:
    assert decode(packet) == (message,)


def test_the_documented_bytes_are_right() -> None:
    readme = (Path(packgen.server.__file__).parent / "README.md").read_text()
    blocks = re.findall(r"```\n((?:[0-9a-f]{2}.*\n)+)```", readme)
    packets = []
    for block in blocks:
        hexes = "".join(line.split("  ")[0].replace(" ", "") for line in block.splitlines())
        packets.append(bytes.fromhex(hexes))
    expected = (
        Message("/packgen/generate", (1, "kick", 0.5, -1.25, 2.0)),
        Message("/packgen/ping"),
        Message("/packgen/superseded", (1,)),
    )
    assert tuple(message for packet in packets for message in decode(packet)) == expected
    for packet in packets:
        assert f"{len(packet)} bytes" in readme


def test_bundles_are_their_messages_in_order_whatever_the_time_tag() -> None:
    one, two, three = (encode(Message(f"/{n}", (n,))) for n in range(3))
    assert [m.address for m in decode(bundle(one, bundle(two), three))] == ["/0", "/1", "/2"]


def test_not_a_number_passes_the_codec() -> None:
    (message,) = decode(encode(Message("/a", (math.nan,))))
    value = message.arguments[0]
    assert isinstance(value, float) and math.isnan(value)


def nested(depth: int) -> bytes:
    packet = encode(Message("/a"))
    for _ in range(depth):
        packet = bundle(packet)
    return packet


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (b"", "empty"),
        (b"\0\0\0\0", "without an address"),
        (b"/abc", "without its end"),
        (b"/ab\0abc\0", "without type tags"),
        (b"/ab\0,i\0\0", "ends within a number"),
        (b"/ab\0,i\0\0\0\0\0\1\0\0\0\0", "left over"),
        (b"/ab\0,x\0\0", "argument of type 'x'"),
        (b"/ab\0,b\0\0\x7f\xff\xff\xff", "blob"),
        (b"/ab\0,b\0\0\xff\xff\xff\xff", "blob"),
        (b"/ab\0,s\0\0\xff\xfe\0\0", "UTF-8"),
        (b"#bundle\0\0\0", "time tag"),
        (b"#bundle\0" + b"\0" * 8 + b"\0\0\0\x40", "does not fit"),
        (b"#bundle\0" + b"\0" * 8 + b"\0\0\0\0", "does not fit"),
        (nested(MAX_DEPTH + 1), "deep"),
        (bundle(*[encode(Message("/a"))] * (MAX_MESSAGES + 1)), "more than"),
    ],
)
def test_damaged_packets_say_why(packet: bytes, why: str) -> None:
    with pytest.raises(OscError, match=why):
        decode(packet)


def test_the_limits_themselves_are_allowed() -> None:
    assert len(decode(nested(MAX_DEPTH))) == 1
    assert len(decode(bundle(*[encode(Message("/a"))] * MAX_MESSAGES))) == MAX_MESSAGES
