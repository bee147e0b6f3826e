"""Laws of the performance model: order, bounds, seeds, and how successive sounds differ."""

from __future__ import annotations

import dataclasses
import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from packgen.errors import RecipeError
from packgen.humanizer import groove, midi, notemaps
from packgen.humanizer.events import ROLL_SECONDS, Hit, Lane, Note, Stroke
from packgen.humanizer.groove import BaseSound, Feel, play
from tests.fakes import DIMENSIONS, space
from tests.humanizer.loops import CLOSED, KICK, SNARE, fills, hit, house, midi_bytes

FEELS = st.builds(
    Feel,
    amount=st.floats(0, 1),
    timing=st.floats(0, 0.1),
    velocity=st.floats(0, 64),
    swing=st.floats(0.5, 0.75),
    renders=st.integers(16, 600),
)
RHYTHMS = st.lists(
    st.tuples(st.integers(0, 4000), st.sampled_from([KICK, SNARE, CLOSED]), st.integers(1, 127)),
    min_size=1,
    max_size=60,
)


def song_of(rhythm: list[tuple[int, int, int]], division: int = 480) -> tuple[midi.Song, tuple[Note, ...]]:
    events = [event for tick, note, velocity in rhythm for event in hit(tick, note, velocity)]
    song = midi.parse(midi_bytes([events], division=division))
    return song, midi.drum_notes(song, notemaps.GENERAL, {10})[0]


def steady(count: int, ticks: int = 120, note: int = KICK) -> tuple[midi.Song, tuple[Note, ...]]:
    return song_of([(index * ticks, note, 100) for index in range(count)])


def displacements(hits: tuple[Hit, ...], feel: Feel, seed: int) -> NDArray[np.float64]:
    """Of every hit's sound (n, P), in deviations of the class."""
    shape = space(0)
    bases = {h.stroke.lane: BaseSound(shape.mean, np.zeros(DIMENSIONS, np.float32)) for h in hits}
    spaces = dict.fromkeys((lane.drum for lane in bases), shape)
    codes = groove.codes((h.stroke for h in hits), bases, spaces, feel, seed)
    offsets = np.stack([codes[h.stroke] - shape.mean for h in hits])
    return np.asarray(offsets @ shape.axes.T / shape.deviations)


@settings(max_examples=200, deadline=None)
@given(RHYTHMS, FEELS, st.sampled_from([24, 96, 480, 15360]), st.integers(0, 2**63))
def test_order_is_kept_and_nothing_is_early_or_loud_beyond_bounds(
    rhythm: list[tuple[int, int, int]], feel: Feel, division: int, seed: int
) -> None:
    song, notes = song_of(rhythm, division)
    hits = play(notes, song.tempo, feel, seed)
    assert [h.source for h in hits] == list(notes)
    assert all(1 <= h.velocity <= 127 for h in hits)
    assert all(abs(h.velocity - h.source.velocity) <= round(feel.velocity) for h in hits)
    assert all(0 <= h.tick <= h.source.last for h in hits)
    for before, after in itertools.pairwise(hits):
        assert before.tick <= after.tick or before.source.tick == after.source.tick


@settings(max_examples=100, deadline=None)
@given(RHYTHMS, FEELS, st.integers(0, 99))
def test_simultaneous_hits_stay_together_and_timing_stays_within_its_bound(
    rhythm: list[tuple[int, int, int]], feel: Feel, seed: int
) -> None:
    feel = dataclasses.replace(feel, swing=0.5)
    song, notes = song_of(rhythm)
    hits = play(notes, song.tempo, feel, seed)
    tick = 60 / 120 / 480
    groups = defaultdict(list)
    for h in hits:
        groups[h.source.tick].append(h.time)
        assert abs(h.time - h.source.time) <= feel.timing * feel.amount + tick
    assert all(max(times) - min(times) <= 0.003 for times in groups.values())


@given(RHYTHMS, st.integers(0, 99))
def test_amount_0_is_what_was_programmed(rhythm: list[tuple[int, int, int]], seed: int) -> None:
    song, notes = song_of(rhythm)
    hits = play(notes, song.tempo, Feel(amount=0), seed)
    assert [(h.tick, h.time, h.velocity) for h in hits] == [(n.tick, n.time, n.velocity) for n in notes]
    assert len({h.stroke for h in hits}) == len({n.lane for n in notes})
    assert np.abs(displacements(hits, Feel(amount=0), seed)).max() < 1e-5


def test_a_seed_is_a_performance() -> None:
    song, notes = song_of([(step * 60, KICK, 90) for step in range(50)])
    assert play(notes, song.tempo, Feel(), 5) == play(notes, song.tempo, Feel(), 5)
    assert play(notes, song.tempo, Feel(), 5) != play(notes, song.tempo, Feel(), 6)


@settings(max_examples=60, deadline=None)
@given(RHYTHMS, st.floats(0.05, 1), st.integers(16, 200), st.integers(0, 9))
def test_no_drum_plays_the_same_sound_twice_in_a_row(
    rhythm: list[tuple[int, int, int]], amount: float, renders: int, seed: int
) -> None:
    song, notes = song_of(rhythm)
    last: dict[Lane, object] = {}
    for h in play(notes, song.tempo, Feel(amount=amount, renders=renders), seed):
        sound = (h.stroke.take, h.stroke.variant)  # whatever the velocity
        assert last.get(h.stroke.lane) != sound
        last[h.stroke.lane] = sound


def test_successive_sounds_are_correlated_as_promised() -> None:
    feel = Feel(spread=0.2, renders=100_000)
    song, notes = steady(3000)
    moved = displacements(play(notes, song.tempo, feel, 1), feel, 1)
    assert np.std(moved) == pytest.approx(0.2, rel=0.03)
    for lag in (1, 2, 3):
        measured = (moved[lag:] * moved[:-lag]).mean() / (moved**2).mean()
        assert measured == pytest.approx(groove.CORRELATION**lag, abs=0.03)


def test_a_shared_walk_is_the_same_process() -> None:
    """Many more hits than renders: spread and correlation stay, and the sounds are few."""
    feel = Feel(spread=0.2, renders=400)
    song, notes = steady(6000)
    hits = play(notes, song.tempo, feel, 1)
    moved = displacements(hits, feel, 1)
    assert len({h.stroke for h in hits}) <= feel.renders
    assert np.std(moved) == pytest.approx(0.2, rel=0.15)
    assert (moved[1:] * moved[:-1]).mean() / (moved**2).mean() == pytest.approx(groove.CORRELATION, abs=0.1)


def test_rolls_vary_less() -> None:
    feel = Feel()
    apart, close = steady(200, 120), steady(200, 24)  # 125 ms, 25 ms
    changes = []
    for song, notes in (apart, close):
        moved = displacements(play(notes, song.tempo, feel, 3), feel, 3)
        changes.append(np.linalg.norm(np.diff(moved, axis=0), axis=1).mean())
    assert notes[1].time - notes[0].time < ROLL_SECONDS
    assert 0 < changes[1] < 0.6 * changes[0]


def test_velocity_moves_a_sound_along_its_loudness() -> None:
    shape = space(0)
    lane = Lane("kick", KICK)
    direction = np.eye(DIMENSIONS, dtype=np.float32)[1]
    strokes = [Stroke(lane, 0, 0, velocity) for velocity in (1, 64, 127)]
    codes = groove.codes(strokes, {lane: BaseSound(shape.mean, direction)}, {"kick": shape}, Feel(), 1)
    places = [(codes[stroke] - shape.mean) @ shape.axes[1] / shape.deviations[1] for stroke in strokes]
    assert places[2] - places[0] == pytest.approx(126 / 127 * groove.REACH, abs=1e-3)
    assert places[0] < places[1] < places[2]


def test_a_long_song_has_no_more_sounds_than_it_may() -> None:
    rng = np.random.default_rng(0)
    rhythm = [(int(t), int(n), int(v)) for t, n, v in zip(
        np.sort(rng.integers(0, 10**6, 5000)), rng.choice([35, 36, 38, 42, 44, 46, 60, 61], 5000),
        rng.integers(1, 128, 5000), strict=True)]  # fmt: skip
    song, notes = song_of(rhythm)
    hits = play(notes, song.tempo, Feel(renders=512), 1)
    assert len({h.stroke for h in hits}) <= 512


def test_ten_thousand_hits_in_a_second() -> None:
    song, notes = song_of([(index, KICK, 100) for index in range(10_000)], division=20_000)
    assert notes[-1].time < 1
    hits = play(notes, song.tempo, Feel(), 1)
    assert len(hits) == 10_000
    assert all(before.stroke != after.stroke for before, after in itertools.pairwise(hits))


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=40), st.floats(0.5, 0.75))
def test_swing_keeps_beats_and_order(ticks: list[int], share: float) -> None:
    programmed = np.unique(ticks)
    moved = groove.swing(programmed, 480, share)
    assert (np.diff(moved) >= 0).all()
    assert (moved >= programmed).all()
    on_beat = programmed % 240 == 0
    assert (moved[on_beat] == programmed[on_beat]).all()


def test_swing_needs_beats() -> None:
    with pytest.raises(RecipeError, match="it has no beats"):
        groove.swing(np.array([0, 1]), 0, 0.6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": 1.1},
        {"spread": -1},
        {"timing": 1},
        {"velocity": 200},
        {"swing": 0.4},
        {"renders": 2},
        {"amount": float("nan")},
    ],
)
def test_wrong_feels_are_named(wrong: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match=f"{next(iter(wrong))} must lie between"):
        Feel(**wrong)  # type: ignore[arg-type]


def test_our_loops_move_but_little() -> None:
    for make in (house, fills):
        song = midi.parse(make())
        notes, _ = midi.drum_notes(song, notemaps.GENERAL, {10})
        hits = play(notes, song.tempo, Feel(), 4)
        late = np.array([h.time - h.source.time for h in hits])
        assert 0.0005 < np.std(late) < 0.004
        assert len({h.stroke for h in hits}) == len(hits)
