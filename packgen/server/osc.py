"""OSC: messages <-> bytes (Open Sound Control 1.0, https://opensoundcontrol.stanford.edu/spec-1_0.html).

Our own codec, because what is on the wire is not always what the specification says: Max sends addresses
without a leading slash, which python-osc refuses, and Pure Data sends every number as a float. Bundles are bounded in
depth and number, and their time tags are ignored: a bundle is its messages, at once.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from packgen.errors import ServerError
from packgen.files.documents import shown

Argument = int | float | str | bytes | bool | None

MAX_DEPTH = 8  # bundles in bundles
MAX_MESSAGES = 64  # in one packet
BUNDLE = b"#bundle\0"


class OscError(ServerError):
    """A packet that is no OSC."""


@dataclass(frozen=True)
class Message:
    """One OSC message.

    Attributes:
        address: as it is written ("/packgen/ping"); `decode` adds a missing leading slash.
        arguments: int, float, str, bytes, bool or None.
    """

    address: str
    arguments: tuple[Argument, ...] = ()


def encode(message: Message) -> bytes:
    """A message as one packet.

    Integers that do not fit 32 bits travel as 64; floats always as 32, the only ones Max and Pure Data read.

    >>> encode(Message("/packgen/ping", (1, "a")))
    b'/packgen/ping\\x00\\x00\\x00,is\\x00\\x00\\x00\\x00\\x01a\\x00\\x00\\x00'
    """
    parts = [_encode_argument(argument) for argument in message.arguments]
    tags = "".join(tag for tag, _ in parts)
    return _pad(message.address.encode()) + _pad(f",{tags}".encode()) + b"".join(data for _, data in parts)


def _encode_argument(argument: Argument) -> tuple[str, bytes]:
    match argument:
        case None:
            return "N", b""
        case bool():
            return ("T" if argument else "F"), b""
        case int():
            small = -(2**31) <= argument < 2**31
            return ("i", struct.pack(">i", argument)) if small else ("h", struct.pack(">q", argument))
        case float():
            return "f", struct.pack(">f", argument)
        case str():
            return "s", _pad(argument.replace("\0", "").encode("utf-8", "replace"))
        case bytes():
            return "b", struct.pack(">i", len(argument)) + argument + b"\0" * (-len(argument) % 4)


def _pad(text: bytes) -> bytes:
    """At least one zero byte, up to a multiple of four."""
    return text + b"\0" * (4 - len(text) % 4)


def decode(packet: bytes) -> tuple[Message, ...]:
    """The messages of a packet; those of a bundle keep their order.

    Raises:
        OscError: if the packet is damaged, or larger in depth or number than anyone needs.

    >>> decode(b"hello\\0\\0\\0,\\0\\0\\0")
    (Message(address='/hello', arguments=()),)
    """
    messages: list[Message] = []
    for message in _decode(packet, depth=0):
        if len(messages) == MAX_MESSAGES:
            raise OscError(f"a bundle of more than {MAX_MESSAGES} messages: send them in several packets")
        messages.append(message)
    return tuple(messages)


def _decode(packet: bytes, depth: int) -> Iterator[Message]:
    if not packet.startswith(BUNDLE):
        yield _decode_message(packet)
        return
    if depth == MAX_DEPTH:
        raise OscError(f"bundles in bundles, more than {MAX_DEPTH} deep")
    at = len(BUNDLE) + 8  # the time tag is ignored
    if len(packet) < at:
        raise OscError("a bundle without its time tag")
    while at < len(packet):
        size, at = _number(packet, at, ">i")
        if size <= 0 or size % 4 or at + size > len(packet):
            raise OscError("a bundle's element has a size that does not fit the packet")
        yield from _decode(packet[at : at + size], depth + 1)
        at += size


def _decode_message(packet: bytes) -> Message:
    if not packet:
        raise OscError("an empty packet")
    address, at = _string(packet, 0)
    if not address:
        raise OscError("a message without an address")
    address = address if address.startswith("/") else f"/{address}"
    if at == len(packet):  # old senders leave out the type tags of a message without arguments
        return Message(address)
    tags, at = _string(packet, at)
    if not tags.startswith(","):
        raise OscError("a message without type tags")
    arguments: list[Argument] = []
    for tag in tags[1:]:
        if tag not in _READERS:
            raise OscError(f"an argument of type {tag!a}: this server reads {''.join(_READERS)}")
        argument, at = _READERS[tag](packet, at)
        arguments.append(argument)
    if at != len(packet):
        raise OscError("bytes left over after the arguments")
    return Message(address, tuple(arguments))


def _string(packet: bytes, at: int) -> tuple[str, int]:
    end = packet.find(b"\0", at)
    if end < 0:
        raise OscError("a string without its end")
    after = end + 4 - (end - at) % 4
    if after > len(packet):
        raise OscError("a string that is not padded to four bytes")
    try:
        return packet[at:end].decode("utf-8"), after
    except UnicodeDecodeError as error:
        raise OscError("a string that is neither ASCII nor UTF-8") from error


def _number(packet: bytes, at: int, form: str) -> tuple[int, int]:
    size = struct.calcsize(form)
    if at + size > len(packet):
        raise OscError("a packet that ends within a number")
    return struct.unpack_from(form, packet, at)[0], at + size


def _blob(packet: bytes, at: int) -> tuple[bytes, int]:
    size, at = _number(packet, at, ">i")
    after = at + size + -size % 4
    if size < 0 or after > len(packet):
        raise OscError("a blob with a size that does not fit the packet")
    return packet[at : at + size], after


# Type tag -> reader of (packet, position) -> (value, position after it).
_READERS: dict[str, Callable[[bytes, int], tuple[Argument, int]]] = {
    "i": lambda packet, at: _number(packet, at, ">i"),
    "f": lambda packet, at: _number(packet, at, ">f"),
    "s": _string,
    "S": _string,
    "b": _blob,
    "h": lambda packet, at: _number(packet, at, ">q"),
    "d": lambda packet, at: _number(packet, at, ">d"),
    "T": lambda _, at: (True, at),
    "F": lambda _, at: (False, at),
    "N": lambda _, at: (None, at),
}


def count(arguments: tuple[Argument, ...], least: int, most: int, what: str) -> None:
    """Refuse a wrong number of arguments."""
    if not least <= len(arguments) <= most:
        raise ServerError(f"this request takes {what}, not {len(arguments)} arguments")


def finite(value: Argument, what: str) -> float:
    """A finite number, sent as an integer or as a float."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ServerError(f"{what} is {shown(value)}: give a finite number")
    return float(value)


def whole(value: Argument, what: str, least: int, most: int) -> int:
    """A whole number in a range, inclusive; Pure Data sends it as a float."""
    number = finite(value, what)
    if number != int(number) or not least <= number <= most:
        raise ServerError(f"{what} is {shown(value)}: give a whole number from {least} to {most}")
    return int(value) if isinstance(value, int) else int(number)
