"""Drum loops of our own making: the files in tests/humanizer/data are what `LOOPS` gives, and a test holds them to it.

To write them again: ``python -m tests.humanizer.loops``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import mido

DATA = Path(__file__).parent / "data"
KICK, SNARE, CLAP, CLOSED, OPEN, CRASH, BLOCK = 36, 38, 39, 42, 46, 49, 76
SIXTEENTH = 120  # ticks, at 480 a quarter


def midi_bytes(
    tracks: Iterable[Iterable[tuple[int, mido.Message]]], kind: int = 1, division: int = 480
) -> bytes:
    """Tracks of (tick, message), in any order, to the bytes of a MIDI file."""
    file = mido.MidiFile(type=kind, ticks_per_beat=division)
    for events in tracks:
        track, now = mido.MidiTrack(), 0
        for tick, message in sorted(events, key=lambda event: event[0]):
            track.append(message.copy(time=tick - now))
            now = tick
        file.tracks.append(track)
    data = io.BytesIO()
    file.save(file=data)
    return data.getvalue()


def hit(
    tick: int, note: int, velocity: int = 100, length: int = 60, channel: int = 10
) -> list[tuple[int, mido.Message]]:
    """A note-on and its note-off."""
    on = mido.Message("note_on", channel=channel - 1, note=note, velocity=velocity)
    off = mido.Message("note_off", channel=channel - 1, note=note, velocity=64)
    return [(tick, on), (tick + length, off)]


def house() -> bytes:
    """Two bars at 124 a minute: kick, claps, hats that choke, a flam, a crash, a wood block and a bass line."""
    drums, bass = [(0, mido.MetaMessage("track_name", name="Drums"))], []
    for step in range(32):
        tick = step * SIXTEENTH
        if step % 4 == 0:
            drums += hit(tick, KICK, 112)
            bass += hit(tick + 2 * SIXTEENTH, 33, 90, 100, channel=2)
        if step % 8 == 4:
            drums += hit(tick, CLAP, 98) + hit(tick, SNARE, 84)
        drums += hit(tick, OPEN, 92) if step % 4 == 2 else hit(tick, CLOSED, (96, 58, 80, 52)[step % 4])
    drums += hit(0, CRASH, 90, 480) + hit(15 * SIXTEENTH, BLOCK, 70) + hit(30 * SIXTEENTH + 90, SNARE, 46, 20)
    clock = [
        (0, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(124))),
        (0, mido.MetaMessage("time_signature", numerator=4, denominator=4)),
        (2 * 1920, mido.MetaMessage("end_of_track")),
    ]
    return midi_bytes([clock, [*drums, (2 * 1920, mido.MetaMessage("end_of_track"))], bass])


def fills() -> bytes:
    """Four bars in one track (type 0) that slow down: hand drums, shaker and a snare roll into tom fills."""
    events = [
        (0, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(96))),
        (5760, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(84))),
        (7680, mido.MetaMessage("end_of_track")),
    ]
    for step in range(48):
        tick = step * SIXTEENTH
        events += hit(tick, 70, 70 if step % 2 else 96)
        events += hit(tick, (63, 64, 62)[step // 2 % 3], 88) if step % 3 == 0 else []
        events += hit(tick, (60, 61)[step // 4 % 2], 76) if step % 4 == 2 else []
        events += hit(tick, 54, 64) if step % 8 == 4 else []
    for step in range(32):
        events += hit(5760 + step * 30, 38, 40 + 2 * step, 20)
    for step in range(8):
        events += hit(6720 + step * SIXTEENTH, (50, 48, 47, 45, 43, 43, 41, 41)[step], 104)
    return midi_bytes([events], kind=0)


LOOPS: dict[str, Callable[[], bytes]] = {"loop.mid": house, "fills.mid": fills}

if __name__ == "__main__":
    for name, make in LOOPS.items():
        (DATA / name).write_bytes(make())
