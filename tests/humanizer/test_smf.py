"""The container: bytes come back as they were, damage is one clear line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packgen.errors import MidiError
from packgen.humanizer import smf
from tests.humanizer.loops import LOOPS
from tests.humanizer.openmsx import openmsx_files

HEADER = bytes.fromhex("4d546864 00000006 0000 0001 0060")


def track(content: str) -> bytes:
    raw = bytes.fromhex(content)
    return HEADER + b"MTrk" + len(raw).to_bytes(4, "big") + raw


def re_encoded(file: smf.File) -> bytes:
    """Written from its events alone, without the bytes they were read from."""
    chunks = tuple(smf.Track(c.events) if isinstance(c, smf.Track) else c for c in file.chunks)
    return smf.write(smf.File(file.header, chunks))


@pytest.mark.parametrize(
    "content",
    [
        "00 90 24 64 10 24 00 00 ff 2f 00",  # running status: note-off as velocity 0
        "00 f0 03 43 12 00 05 f7 02 13 f7 00 ff 2f 00",  # a system exclusive message in two packets
        "00 ff 58 02 04 02 00 ff 59 02 63 00 00 ff 7f 02 00 41",  # odd meta events
        "81 00 c9 00 00 d9 10 00 ff 2f 00",  # one data byte; a long delta
        "",
    ],
)
def test_events_come_back_to_the_byte(content: str) -> None:
    data = track(content)
    file = smf.read(data)
    assert smf.write(file) == data
    assert re_encoded(file) == data


def test_ticks_are_absolute_and_running_status_is_resolved() -> None:
    events = smf.read(track("05 90 24 64 10 24 00 00 ff 2f 00")).tracks[0].events
    assert [(event.tick, event.data.hex()) for event in events] == [
        (5, "902464"),
        (21, "902400"),
        (21, "ff2f00"),
    ]


def test_running_status_across_a_text_is_read_but_not_written() -> None:
    data = track("00 90 24 64 00 ff 01 03 61 62 63 10 24 00")
    again = re_encoded(smf.read(data))
    assert again == track("00 90 24 64 00 ff 01 03 61 62 63 10 90 24 00")
    assert smf.write(smf.read(data)) == data  # unless nothing in the track has changed


def test_unknown_chunks_stay() -> None:
    data = HEADER + b"XFIH" + (4).to_bytes(4, "big") + b"\0\1\2\3" + track("00 ff 2f 00")[len(HEADER) :]
    assert smf.write(smf.read(data)) == data


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a Standard MIDI File"),
        (b"RIFF\0\0\0\0WAVEfmt ", "not a Standard MIDI File"),
        (HEADER[:12], "not a Standard MIDI File"),
        (HEADER, "truncated: 0 of its 1 tracks"),
        (track("00 90 24 64")[:-1], "truncated: a chunk of 4 bytes has 3"),
        (track("00 90 24"), "track 0 is damaged"),
        (track("00"), "ends in the middle of an event"),
        (track("00 24 64"), "data without a status byte"),
        (track("00 90 24 90"), "wrong data bytes"),
        (track("00 f8"), "status byte 0xf8"),
        (track("ff ff ff ff 00 90 24 64"), "longer than four bytes"),
        (track("00 ff 01 7f 61"), "longer than its track"),
    ],
)
def test_damage_is_named(data: bytes, message: str) -> None:
    with pytest.raises(MidiError, match=message):
        smf.read(data)


@given(st.integers(0, smf.MAX_DELTA))
def test_variable_lengths_come_back(value: int) -> None:
    events = smf.read(track(f"{smf.variable(value).hex()} 90 24 64")).tracks[0].events
    assert events[0].tick == value


@pytest.mark.parametrize("make", LOOPS.values(), ids=LOOPS)
def test_our_loops_come_back(make: object) -> None:
    assert callable(make)
    data = make()
    assert smf.write(smf.read(data)) == re_encoded(smf.read(data)) == data


def test_real_files_come_back_to_the_byte() -> None:
    files = openmsx_files()
    assert len(files) == 31
    for path in files:
        data = path.read_bytes()
        assert smf.write(smf.read(data)) == re_encoded(smf.read(data)) == data, path.name
