"""Standard MIDI Files as bytes: chunks, delta times, running status (Standard MIDI Files 1.0, MMA RP-001).

mido reads files too, but does not give back what it read: it turns F7 packets into F0 messages, cuts meta
events of unusual length and refuses unknown chunks and keys. A humanised file must keep every event that is
no drum hit, so events stay bytes here, and `packgen.humanizer.midi` asks mido only for the meaning of single messages.
"""

from __future__ import annotations

from dataclasses import dataclass

from packgen.errors import MidiError

MAX_DELTA = 0x0FFFFFFF  # four bytes of seven bits
META, SYSEX, ESCAPE = 0xFF, 0xF0, 0xF7
DATA_BYTES = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}  # by status, channel messages


@dataclass(frozen=True)
class Event:
    """One event of a track.

    Attributes:
        tick: absolute time.
        data: status byte and everything after it, as in the file.
        running: whether the file left the status byte out.
    """

    tick: int
    data: bytes
    running: bool = False

    @property
    def status(self) -> int:
        """First byte."""
        return self.data[0]


@dataclass(frozen=True)
class Track:
    """An MTrk chunk; `raw` is its content in the file, and what is written unless an event was changed."""

    events: tuple[Event, ...]
    raw: bytes | None = None


@dataclass(frozen=True)
class OtherChunk:
    """A chunk of another kind: kept, never looked into."""

    kind: bytes
    raw: bytes


@dataclass(frozen=True)
class File:
    """A Standard MIDI File.

    Attributes:
        header: content of the MThd chunk.
        chunks: what follows it, in order.
    """

    header: bytes
    chunks: tuple[Track | OtherChunk, ...]

    @property
    def format(self) -> int:
        """0, 1 or 2."""
        return int.from_bytes(self.header[:2], "big")

    @property
    def division(self) -> int:
        """Ticks per quarter note, or with the top bit set SMPTE frames and ticks per frame."""
        return int.from_bytes(self.header[4:6], "big")

    @property
    def tracks(self) -> tuple[Track, ...]:
        """The MTrk chunks."""
        return tuple(chunk for chunk in self.chunks if isinstance(chunk, Track))


def read(data: bytes) -> File:
    """Bytes to chunks and events.

    Raises:
        MidiError: if it is no MIDI file, or cut short, or holds bytes that are no event.
    """
    if data[:4] != b"MThd" or len(data) < 14 or int.from_bytes(data[4:8], "big") < 6:
        raise MidiError("not a Standard MIDI File (no MThd header)")
    position = 8 + int.from_bytes(data[4:8], "big")
    header, chunks = data[8:position], list[Track | OtherChunk]()
    while position + 8 <= len(data):
        kind, size = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "big")
        raw = data[position + 8 : position + 8 + size]
        if len(raw) < size:
            raise MidiError(f"truncated: a chunk of {size} bytes has {len(raw)}; export or download it again")
        number = sum(isinstance(chunk, Track) for chunk in chunks)
        chunks.append(Track(_events(raw, number), raw) if kind == b"MTrk" else OtherChunk(kind, raw))
        position += 8 + size
    file = File(header, tuple(chunks))
    promised = int.from_bytes(header[2:4], "big")
    if len(file.tracks) < promised:
        raise MidiError(
            f"truncated: {len(file.tracks)} of its {promised} tracks are there; export or download it again"
        )
    return file


def write(file: File) -> bytes:
    """Inverse of `read`: an unchanged file gives the same bytes, less what stood after its last chunk."""
    parts = [_chunk(b"MThd", file.header)]
    for chunk in file.chunks:
        if isinstance(chunk, OtherChunk):
            parts.append(_chunk(chunk.kind, chunk.raw))
        else:
            parts.append(_chunk(b"MTrk", _encode(chunk.events) if chunk.raw is None else chunk.raw))
    return b"".join(parts)


def variable(value: int) -> bytes:
    """A number in groups of seven bits, all but the last with the top bit set.

    >>> variable(0).hex(), variable(128).hex(), variable(MAX_DELTA).hex()
    ('00', '8100', 'ffffff7f')
    """
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "big") + content


def _variable_at(raw: bytes, position: int) -> tuple[int, int]:
    """The number at a position, and the position after it."""
    value = 0
    for taken in range(4):
        byte = raw[position + taken]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, position + taken + 1
    raise ValueError("a delta time or length is longer than four bytes")


def _events(raw: bytes, number: int) -> tuple[Event, ...]:
    """The content of an MTrk chunk to events."""
    events: list[Event] = []
    tick = position = 0
    running: int | None = None
    try:
        while position < len(raw):
            delta, position = _variable_at(raw, position)
            tick += delta
            status = raw[position]
            implied = status < 0x80
            if implied:
                if running is None:
                    raise ValueError("data without a status byte")
                status, start = running, position
            else:
                start = position + 1
            if status in (META, SYSEX, ESCAPE):
                size, after = _variable_at(raw, start + (status == META))
                end = after + size
                if end > len(raw):
                    raise ValueError("an event is longer than its track")
            elif status & 0xF0 in DATA_BYTES:
                running = status  # not cleared by meta events: many writers go on as if nothing had been
                end = start + DATA_BYTES[status & 0xF0]
                if end > len(raw) or any(byte > 0x7F for byte in raw[start:end]):
                    raise ValueError("a message has wrong data bytes")
            else:
                raise ValueError(f"status byte {status:#04x} cannot stand in a file")
            events.append(Event(tick, bytes([status]) + raw[start:end], implied))
            position = end
    except IndexError as error:
        raise MidiError(f"track {number} ends in the middle of an event: export it again") from error
    except ValueError as error:
        raise MidiError(f"track {number} is damaged at byte {position}: {error}; export it again") from error
    return tuple(events)


def _encode(events: tuple[Event, ...]) -> bytes:
    """Events, ascending in time, to the content of an MTrk chunk."""
    content = bytearray()
    tick, running = 0, -1
    for event in events:
        content += variable(event.tick - tick)
        content += event.data[1:] if event.running and event.status == running else event.data
        tick = event.tick
        running = event.status if event.status < SYSEX else -1
    return bytes(content)
