"""Mixing: to the sample, in blocks, without clipping, and stems that add up."""

from __future__ import annotations

import dataclasses
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from packgen.classes import CLASS_NAMES
from packgen.errors import OutputError
from packgen.humanizer import mixing
from packgen.humanizer.mixing import RATE, Mix, Placement, blocks, choke, wrap

ONES = np.ones(1000, np.float32)
NOISE = np.random.default_rng(1).uniform(-1, 1, 30_000).astype(np.float32)
STEMS = (("kick", "kick"), ("shaker", "shaker"))


def rendered(mix: Mix) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """All blocks of all stems: (S, N, C)."""
    return np.concatenate([np.stack(parts) for parts in blocks(mix)], axis=1)


def test_sounds_stand_where_they_are_placed() -> None:
    mix = Mix(STEMS, [ONES], (Placement(0, 0, -10, 1.0), Placement(1, 0, 5000, 0.5)), 8000, mono=True)
    heard = rendered(mix)
    assert np.flatnonzero(heard[0]).tolist() == list(range(990))
    assert np.flatnonzero(heard[1]).tolist() == list(range(5000, 6000))
    np.testing.assert_allclose(heard[1][5000:6000], 0.5 * mixing.stage("shaker")[2], rtol=1e-6)


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    starts = np.sort(rng.integers(-500, 90_000, 60))
    cuts = [None if rng.random() < 0.5 else int(start) + 7000 for start in starts]
    placements = tuple(
        Placement(i % 2, 0, int(s), 1.0, c) for i, (s, c) in enumerate(zip(starts, cuts, strict=True))
    )
    mix = Mix(STEMS, [NOISE], placements, 130_000)
    whole = rendered(mix)
    monkeypatch.setattr(mixing, "BLOCK", 4096)
    np.testing.assert_allclose(rendered(mix), whole, atol=1e-6)


def test_equal_power_at_every_place() -> None:
    assert mixing.STAGE.keys() == set(CLASS_NAMES)
    for drum in mixing.STAGE:
        left, right, _ = mixing.stage(drum)
        assert left**2 + right**2 == pytest.approx(1)
    left, right, _ = mixing.stage("shaker")
    assert left > right


def test_a_choke_fades_and_ends() -> None:
    fade = round(mixing.CHOKE_FADE * RATE)
    long = np.ones(20_000, np.float32)
    placements = [Placement(0, 0, 0, 1.0), Placement(0, 0, 4000, 1.0)]
    first, second = choke(placements, [0, 4000], [1, 1])
    assert (first.cut, second.cut) == (4000, None)
    heard = rendered(Mix(STEMS, [long], (first,), 20_000, mono=True))[0][:, 0]
    assert (heard[:4001] == heard[0]).all()
    assert (np.diff(heard[4000 : 4000 + fade]) < 0).all()
    assert not heard[4000 + fade :].any()


def test_only_a_group_chokes_and_one_beat_rings() -> None:
    placements = [Placement(0, 0, time, 1.0) for time in (0, 50, 1000, 2000)]
    cuts = [p.cut for p in choke(placements, [0, 50, 1000, 2000], [1, 1, 0, 2])]
    assert cuts == [None, None, None, None]
    cuts = [p.cut for p in choke(placements, [0, 50, 1000, 2000], [1, 1, 1, 2], loop=4000)]
    assert cuts == [1000, 1000, 4000, 6000]


def test_a_loop_repeats_as_if_it_had_always_played() -> None:
    loop = 10_000
    placements = (Placement(0, 0, -100, 1.0), Placement(1, 0, 9000, 0.7, 12_000))
    mix = Mix(STEMS, [NOISE], placements, 50_000, mono=True)
    once = rendered(wrap(mix, loop))
    many = tuple(
        dataclasses.replace(p, start=p.start + k * loop, cut=None if p.cut is None else p.cut + k * loop)
        for k in range(9)
        for p in placements
    )
    ordered = tuple(sorted(many, key=lambda p: p.start))
    steady = rendered(dataclasses.replace(mix, placements=ordered, num_samples=9 * loop))
    assert once.shape == (2, loop, 1)
    np.testing.assert_allclose(once, steady[:, 6 * loop : 7 * loop], atol=1e-5)


def test_stems_add_up_and_nothing_clips(tmp_path: Path) -> None:
    placements = tuple(Placement(i % 2, 0, 700 * i, 2.0) for i in range(200))
    mix = Mix(STEMS, [NOISE], placements, 170_000)
    told: list[float] = []
    gain = mixing.write(
        mix, tmp_path / "mix.wav", {0: tmp_path / "a.wav", 1: tmp_path / "b.wav"}, told.append
    )
    whole, rate = soundfile.read(tmp_path / "mix.wav")
    parts = [soundfile.read(tmp_path / name)[0] for name in ("a.wav", "b.wav")]
    assert (rate, whole.shape) == (RATE, (170_000, 2))
    np.testing.assert_allclose(sum(parts), whole, atol=3 * 2**-23)  # a step each
    loudest = max(np.abs(x).max() for x in (whole, *parts))
    assert loudest == pytest.approx(10 ** (-1 / 20), abs=1e-5)
    assert gain < 1
    assert soundfile.info(tmp_path / "mix.wav").subtype == "PCM_24"
    assert sum(told) == pytest.approx(1, abs=0.6)


def test_silence_stays_silence(tmp_path: Path) -> None:
    mixing.write(Mix(STEMS, [ONES], (), 1000), tmp_path / "mix.wav", {})
    assert not soundfile.read(tmp_path / "mix.wav")[0].any()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"cannot write .*mix\.wav"):
        mixing.write(Mix(STEMS, [ONES], (), 1000), tmp_path / "no" / "mix.wav", {})


def test_an_hour_fits_in_little_memory() -> None:
    """29,000 hits over an hour: what is held does not grow with the song."""
    length = 3600 * RATE
    starts = np.linspace(0, length - 40_000, 29_000).astype(int).tolist()
    placements = tuple(Placement(i % 2, 0, start, 1.0) for i, start in enumerate(starts))
    mix = Mix(STEMS, [NOISE[:5000]], placements, length, mono=True)
    tracemalloc.start()
    try:
        energy = sum(float(np.abs(parts[0]).max()) for parts in blocks(mix))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert energy > 0
    assert peak < 16 * 2**20


def test_onsets_are_found_at_the_first_loud_sample() -> None:
    sound = np.concatenate([np.full(30, 1e-3), np.full(10, 0.5)]).astype(np.float32)
    assert mixing.onset(sound) == 30
