"""Songs: times, notes, and a rewrite that leaves alone what is no drum hit. mido is the second opinion."""

from __future__ import annotations

import dataclasses
import io
from collections import Counter
from pathlib import Path

import mido
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packgen.errors import MidiError, PackgenError
from packgen.humanizer import midi, notemaps
from packgen.humanizer.events import Hit, Lane, Note, Stroke
from packgen.humanizer.groove import Feel, play
from tests.humanizer.loops import BLOCK, DATA, KICK, LOOPS, SNARE, hit, midi_bytes
from tests.humanizer.openmsx import openmsx_files

Raw = tuple[int, bytes]  # tick, message


def notes_of(data: bytes) -> tuple[Note, ...]:
    return midi.drum_notes(midi.parse(data), notemaps.GENERAL, {10})[0]


def as_is(note: Note, **changes: int) -> Hit:
    return Hit(
        note,
        changes.get("tick", note.tick),
        note.time,
        changes.get("velocity", note.velocity),
        Stroke(note.lane, 0, 0, note.velocity),
    )


def mido_tracks(data: bytes) -> list[list[Raw]]:
    """What mido reads: (tick, message) per track."""
    tracks = []
    for track in mido.MidiFile(file=io.BytesIO(data)).tracks:
        tick, events = 0, []
        for message in track:
            tick += message.time
            events.append((tick, bytes(message.bytes())))
        tracks.append(events)
    return tracks


def is_drum(message: bytes, channel: int = 10) -> bool:
    return message[0] in (0x8F + channel, 0x7F + channel) and message[1] in notemaps.GENERAL


def test_the_files_are_what_their_makers_give() -> None:
    for name, make in LOOPS.items():
        assert (DATA / name).read_bytes() == make()


def test_times_agree_with_mido() -> None:
    for name in LOOPS:
        song = midi.load(DATA / name)
        now, times = 0.0, []
        for message in mido.MidiFile(DATA / name):
            now += message.time
            if message.type == "note_on" and message.channel == 9 and message.note in notemaps.GENERAL:
                times.append(now)
        ours = [note.time for note in midi.drum_notes(song, notemaps.GENERAL, {10})[0]]
        np.testing.assert_allclose(ours, times, atol=1e-6)


@given(
    st.lists(st.tuples(st.integers(1, 5000), st.integers(1, 0xFFFFFF)), max_size=8), st.integers(1, 0x7FFF)
)
def test_ticks_and_seconds_are_inverse(tempos: list[tuple[int, int]], division: int) -> None:
    track = [(tick, mido.MetaMessage("set_tempo", tempo=tempo)) for tick, tempo in tempos]
    try:
        clock = midi.parse(midi_bytes([track], division=division)).tempo
    except MidiError:
        return  # longer than can be rendered
    ticks = np.arange(0, 6000, 37)
    seconds = clock.to_seconds(ticks)
    assert (np.diff(seconds) > 0).all()
    np.testing.assert_allclose(clock.to_ticks(seconds), ticks, atol=1e-4)


@pytest.mark.parametrize(("rate", "per_second"), [(24, 24), (25, 25), (29, 30 / 1.001), (30, 30)])
def test_smpte_time_has_seconds_without_tempo(rate: int, per_second: float) -> None:
    data = bytearray(midi_bytes([[(0, mido.MetaMessage("set_tempo", tempo=1)), *hit(80, KICK)]]))
    data[12:14] = bytes([256 - rate, 40])
    note = notes_of(bytes(data))[0]
    assert note.time == pytest.approx(2 / per_second)
    with pytest.raises(MidiError, match="has no bars"):
        midi.parse(bytes(data)).bar_after(1)


def test_overlapping_zero_length_and_endless_notes() -> None:
    on = mido.Message("note_on", channel=9, note=KICK, velocity=90)
    off = mido.Message("note_off", channel=9, note=KICK)
    track = [(0, on), (10, on), (20, off), (30, off), (40, on), (40, off), (50, on)]
    song = midi.parse(midi_bytes([track]))
    notes, _ = midi.drum_notes(song, notemaps.GENERAL, {10})
    assert [(note.event, note.off) for note in notes] == [(0, 2), (1, 3), (4, 5), (6, None)]


def test_bars_follow_time_signatures() -> None:
    signature = mido.MetaMessage("time_signature", numerator=3, denominator=8)
    song = midi.parse(midi_bytes([[(1920, signature), *hit(4000, KICK)]]))
    assert [song.bar_after(tick) for tick in (0, 1, 1920, 1921, 2641)] == [0, 1920, 1920, 2640, 3360]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (midi_bytes([hit(0, KICK)], kind=2), "type 2 holds independent patterns"),
        (
            midi_bytes([[(9, mido.MetaMessage("set_tempo", tempo=0)), *hit(0, KICK)]]),
            "tempo of zero at tick 9",
        ),
        (midi_bytes([hit(0, KICK)], division=0), "zero ticks per beat"),
        (midi_bytes([hit(0, KICK)], division=-7), "neither beats nor an SMPTE rate"),
        (midi_bytes([hit(2**27, KICK)]), "lasts 38.8 hours"),
        (midi_bytes([[]]), "holds no notes at all"),
        (midi_bytes([hit(0, 60, channel=3) + hit(9, 61, channel=3)]), r"notes are on channel 3 \(2 notes\)"),
        (midi_bytes([hit(0, BLOCK)]), r"76 \(Hi Wood Block\) 1 times belong to no class"),
    ],
)
def test_what_cannot_be_played_is_named(data: bytes, message: str) -> None:
    with pytest.raises(MidiError, match=message):
        notes_of(data)


def test_a_missing_track_or_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(MidiError, match="there is no track 9: this file has 0 to 2"):
        midi.drum_notes(midi.load(DATA / "loop.mid"), notemaps.GENERAL, None, 9)
    with pytest.raises(MidiError, match=r"nothing\.mid: cannot be read"):
        midi.load(tmp_path / "nothing.mid")
    with pytest.raises(MidiError, match="cannot be read"):
        midi.load(tmp_path)


def test_channels_and_tracks_choose_notes() -> None:
    data = midi_bytes([hit(0, KICK, channel=1) + hit(5, SNARE, channel=10), hit(9, KICK, channel=10)])
    song = midi.parse(data)

    def ticks(channels: set[int] | None, track: int | None = None) -> list[int]:
        return [note.tick for note in midi.drum_notes(song, notemaps.GENERAL, channels, track)[0]]

    assert ticks({10}) == [5, 9]
    assert ticks(None) == [0, 5, 9]
    assert ticks(None, 0) == [0, 5]
    assert ticks({10}, 0) == [5]


def test_a_rewrite_without_changes_is_the_file() -> None:
    for make in LOOPS.values():
        data = make()
        assert midi.rewrite(midi.parse(data), [as_is(note) for note in notes_of(data)]) == data


def test_a_note_off_moves_with_its_hit_but_not_past_the_next() -> None:
    data = midi_bytes([hit(100, KICK, length=50) + hit(150, KICK, length=0) + hit(400, SNARE, length=90)])
    first, second, third = notes_of(data)
    moved = [as_is(first, tick=120), as_is(second, tick=145), as_is(third, tick=390, velocity=1)]
    events = mido_tracks(midi.rewrite(midi.parse(data), moved))[0]
    ons = [(tick, message[1], message[2]) for tick, message in events if message[0] == 0x99]
    offs = [tick for tick, message in events if message[0] == 0x89]
    assert ons == [(120, KICK, 100), (145, KICK, 100), (390, SNARE, 1)]
    assert offs == [145, 145, 480]


def test_keys_move_notes_and_their_ends_together() -> None:
    data = LOOPS["loop.mid"]()
    notes = notes_of(data)
    keys = {note.lane: 100 + index for index, note in enumerate({n.lane: n for n in notes}.values())}
    again = midi.rewrite(midi.parse(data), [as_is(note) for note in notes], keys)
    before, after = (
        Counter(message[1] for _, message in mido_tracks(d)[1] if message[0] == 0x89) for d in (data, again)
    )
    assert {keys[lane]: before[lane.note] for lane in keys} == {key: after[key] for key in keys.values()}
    assert after[BLOCK] == before[BLOCK] > 0  # which has no class


def others(track: list[Raw]) -> list[Raw]:
    return [(tick, message) for tick, message in track if not is_drum(message)]


def drum_counts(track: list[Raw]) -> Counter[bytes]:
    """Note-ons and note-offs of each drum, however they are timed."""
    return Counter(message[:2] for _, message in track if is_drum(message))


def check_untouched(data: bytes) -> None:
    song = midi.parse(data)
    notes, _ = midi.drum_notes(song, notemaps.GENERAL, {10})
    hits = play(notes, song.tempo, Feel(timing=0.02, velocity=20, swing=0.6), seed=1)
    again = midi.rewrite(song, hits)
    before, after = mido_tracks(data), mido_tracks(again)
    assert [others(track) for track in before] == [others(track) for track in after]
    assert [drum_counts(track) for track in before] == [drum_counts(track) for track in after]
    back = midi.drum_notes(midi.parse(again), notemaps.GENERAL, {10})[0]
    assert Counter((h.tick, h.source.note, h.velocity) for h in hits) == Counter(
        (note.tick, note.note, note.velocity) for note in back
    )


def test_every_other_event_is_untouched() -> None:
    for make in LOOPS.values():
        check_untouched(make())


def test_real_files_are_played_or_refused_and_otherwise_untouched() -> None:
    hits, classes, refused = 0, Counter[str](), []
    for path in openmsx_files():
        song = midi.load(path)
        try:
            notes, others = midi.drum_notes(song, notemaps.GENERAL, {10})
        except MidiError as error:
            refused.append(str(error))
            continue
        hits += len(notes) + others.total()
        classes.update(note.drum for note in notes)
        check_untouched(path.read_bytes())
    assert hits == 29_681
    assert len(classes) >= 9
    assert len(refused) == 1
    assert "notes are on channel" in refused[0]


def survives(data: bytes) -> None:
    """Mutated bytes are played or refused; nothing but a PackgenError may come out."""
    try:
        song = midi.parse(data)
        notes, _ = midi.drum_notes(song, notemaps.MAPS["roland"], None)
        again = midi.rewrite(song, play(notes, song.tempo, Feel(swing=0.5), seed=2))
        midi.parse(again)
    except PackgenError as error:
        assert "\n" not in str(error)


MUTATIONS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["set", "cut", "insert"]),
        st.binary(min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


def mutate(data: bytes, mutations: list[tuple[float, str, bytes]]) -> bytes:
    for place, kind, new in mutations:
        at = int(place * len(data))
        keep = at + (0 if kind == "insert" else len(new))
        data = data[:at] + (b"" if kind == "cut" else new) + data[keep:]
        if not data:
            break
    return data


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(LOOPS)), MUTATIONS)
def test_damaged_loops_never_raise_anything_else(
    name: str, mutations: list[tuple[float, str, bytes]]
) -> None:
    survives(mutate(LOOPS[name](), mutations))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), MUTATIONS)
def test_damaged_real_files_never_raise_anything_else(
    index: int, mutations: list[tuple[float, str, bytes]]
) -> None:
    survives(mutate(openmsx_files()[index].read_bytes(), mutations))


@given(st.binary(max_size=200))
def test_noise_behind_a_header_never_raises_anything_else(noise: bytes) -> None:
    head = midi_bytes([[]])[:14]
    survives(head + b"MTrk" + len(noise).to_bytes(4, "big") + noise)


def test_maps_know_their_dialects(tmp_path: Path) -> None:
    assert {name: notes.get(26) for name, notes in notemaps.MAPS.items()} == {
        "gm": "snap", "gs": "snap", "xg": None, "roland": "open_hat",
    }  # fmt: skip
    own = tmp_path / "own.toml"
    own.write_text('base = "gm"\n[notes]\n49 = "open hats"\n36 = "tom"\n')
    notes = notemaps.load(str(own))
    assert (notes[49], notes[36], notes[38]) == ("open_hat", "tom", "snare")


@pytest.mark.parametrize("name", notemaps.MAPS)
def test_cymbals_rims_and_cowbells_are_on_their_notes_in_every_map(name: str) -> None:
    notes = notemaps.load(name)
    assert {notes[note] for note in (49, 57, 55, 52)} == {"crash"}
    assert {notes[note] for note in (51, 59, 53)} == {"ride"}
    assert {notes[note] for note in (56, 67, 68)} == {"cowbell"}
    assert notes[37] == "rim"


def test_a_model_of_fewer_classes_plays_what_it_knows(tmp_path: Path) -> None:
    known = ("kick", "snare", "closed_hat")
    notes = notemaps.load("roland", known)
    assert (notes[36], notes[22]) == ("kick", "closed_hat")
    assert notes[37] == "snare"  # what stands in for a rim
    assert not {26, 39, 49, 51, 56} & notes.keys()
    own = tmp_path / "own.toml"
    own.write_text('base = "gm"\n[notes]\n49 = "crash"\n')
    mine = notemaps.load(str(own), known)
    assert (
        mine[49] == "crash" and 51 not in mine
    )  # what a user writes is kept, and refused where it is played


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[notes]\n36 = "banjo"', "note 36: unknown drum class 'banjo'"),
        ('[notes]\n128 = "kick"', "'128' is no MIDI note"),
        ('[notes]\nC1 = "kick"', "'C1' is no MIDI note"),
        ("[notes]\n36 = 1", "must name a class in quotes"),
        ('[note]\n36 = "kick"', "unknown key 'note'"),
        ('base = "alesis"', "is no note map"),
        ('base = ["gm"]', "is no note map"),
        ("", "write a table"),
        ("notes = 3", "write a table"),
        ("[notes", "not a note map that can be read"),
    ],
)
def test_wrong_maps_name_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(MidiError, match=message) as caught:
        notemaps.load(str(path))
    assert str(path) in str(caught.value)


def test_unknown_map_names_the_known() -> None:
    with pytest.raises(MidiError, match="there are gm, gs, xg, roland"):
        notemaps.load("gmm")


def test_low_notes_are_low_drums() -> None:
    assert sorted([60, 61], key=lambda note: notemaps.height("bongo", note)) == [61, 60]
    assert sorted([67, 56, 68], key=lambda note: notemaps.height("cowbell", note)) == [56, 68, 67]
    assert sorted([47, 41, 50, 45], key=lambda note: notemaps.height("tom", note)) == [41, 45, 47, 50]
    assert dataclasses.astuple(Lane("tom", 41)) == ("tom", 41)


def test_beats_are_those_of_the_tempo_map_and_never_too_many() -> None:
    tempos = [(960, mido.MetaMessage("set_tempo", tempo=250_000)), *hit(1920, KICK)]
    assert midi.parse(midi_bytes([tempos])).beats(0, 1.5) == [0, 0.5, 1, 1.25, 1.5]
    blur = [(0, mido.MetaMessage("set_tempo", tempo=1)), *hit(0, KICK)]
    assert midi.parse(midi_bytes([blur])).beats(0, 16) == []
