"""Preparation: whatever stands before, under and behind a hit, the hit comes out the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from packgen.audio.mel import SignalConfig, full_band
from packgen.audio.preparation import find_onset, prepare, remove_offset
from packgen.audio.samples import Samples
from packgen.audio.shaping import amplitude, peak, trim_onset
from packgen.errors import AudioError

SIGNAL = full_band()
RATE = SIGNAL.sample_rate
PREROLL = round(0.001 * RATE)


def seconds(length: float) -> np.ndarray:
    return np.arange(round(length * RATE)) / RATE


def kick(length: float = 0.8, hertz: float = 45.0) -> Samples:
    """A falling tone, longer in its first half wave than in any other: its own mean is not zero."""
    time = seconds(length)
    sweep = np.sin(2 * np.pi * (hertz * time + 4 * (1 - np.exp(-30 * time))))
    return np.asarray(0.4 * sweep * np.exp(-8 * time), np.float32)


def hat(length: float = 0.15) -> Samples:
    time = seconds(length)
    noise = np.random.default_rng(1).uniform(-1, 1, len(time))
    return np.asarray(0.2 * np.diff(noise, prepend=0) * np.exp(-30 * time), np.float32)


def shaker(attack: float = 0.03) -> Samples:
    time = seconds(0.2)
    noise = np.random.default_rng(2).uniform(-1, 1, len(time))
    envelope = np.minimum(time / attack, 1) * np.exp(-20 * time)
    return np.asarray(0.4 * noise * envelope, np.float32)


HITS = {"kick": kick(), "low kick": kick(1.5, 32.0), "hat": hat(), "shaker": shaker()}
hits = pytest.mark.parametrize("hit", HITS.values(), ids=HITS)


def noise(kind: str, length: float) -> np.ndarray:
    """Noise or hum of RMS 1."""
    time = seconds(length)
    white = np.random.default_rng(3).standard_normal(len(time))
    shapes = {
        "white": white,
        "low": np.convolve(white, np.hanning(200), "same"),
        "hum": np.sin(2 * np.pi * 50 * time) + 0.3 * np.sin(2 * np.pi * 150 * time) + 0.1 * white,
    }
    found = shapes[kind]
    return np.asarray(found / np.sqrt((found**2).mean()))


@hits
@pytest.mark.parametrize("percent", [0.5, 2, 5, 10, 50, -5])
def test_an_offset_leaves_no_trace(hit: Samples, percent: float) -> None:
    clean = prepare(hit, SIGNAL)
    found = prepare(hit + np.float32(percent / 100), SIGNAL)
    both = min(len(clean), len(found))
    assert abs(float(found.mean() - clean.mean())) < 2e-3
    np.testing.assert_allclose(found[: both - 500], clean[: both - 500], atol=5e-3)
    assert abs(len(found) - len(clean)) < 0.02 * RATE


@hits
def test_an_offset_is_no_sound_before_the_hit(hit: Samples) -> None:
    recording = np.concatenate([np.zeros(RATE // 4, np.float32), hit])
    found, clean = prepare(recording + np.float32(0.05), SIGNAL), prepare(recording, SIGNAL)
    np.testing.assert_allclose(found[:2000], clean[:2000], atol=5e-3)


@hits
def test_padding_without_the_offset_is_no_sound(hit: Samples) -> None:
    """A file with an offset, faded and set between zeros in another program."""
    silence = np.zeros(RATE // 4, np.float32)
    recording = np.concatenate([silence, hit + np.float32(0.05), silence])
    np.testing.assert_allclose(prepare(recording, SIGNAL)[:2000], prepare(hit, SIGNAL)[:2000], atol=5e-3)


@pytest.mark.parametrize("length", [0.06, 0.1, 0.15, 0.3, 1.0])
@pytest.mark.parametrize("hertz", [28.0, 35.0, 50.0])
def test_kicks_without_an_offset_stay_as_they_are(length: float, hertz: float) -> None:
    """Cut off in the middle or not."""
    sound = kick(length, hertz)[1:]
    found = remove_offset(sound, RATE)
    assert len(found) == len(sound) and np.abs(found - sound).max() < 0.004 * peak(sound)


@pytest.mark.parametrize("percent", [0, 5, 50])
def test_an_offset_alone_is_silence(percent: float) -> None:
    for length in (50, 3000, RATE):
        with pytest.raises(AudioError, match="silent"):
            prepare(np.full(length, percent / 100, np.float32), SIGNAL)


@hits
@pytest.mark.parametrize("kind", ["white", "low", "hum"])
@pytest.mark.parametrize("level_db", [-60, -50, -45])
def test_noise_before_a_hit_is_left_out(hit: Samples, kind: str, level_db: float) -> None:
    """0.8 s of noise, at a level relative to the hit's peak."""
    lead = round(0.8 * RATE)
    under = peak(hit) * amplitude(level_db) * noise(kind, 0.8 + len(hit) / RATE)
    recording = (under + np.pad(hit, (lead, len(under) - lead - len(hit)))).astype(np.float32)
    own = find_onset(hit, RATE) + lead
    assert -PREROLL <= find_onset(recording, RATE) - own <= 0.004 * RATE
    assert np.abs(prepare(recording, SIGNAL)[: round(0.02 * RATE)]).max() > 0.2


def test_a_crackle_before_a_silence_is_left_out() -> None:
    recording = np.concatenate([np.zeros(RATE // 2, np.float32), kick()])
    recording[1000:1010] = peak(kick()) * amplitude(-36)
    assert find_onset(recording, RATE) >= RATE // 2 - PREROLL


def test_a_soft_stroke_before_the_hit_belongs_to_it() -> None:
    flam = np.concatenate([np.zeros(1000, np.float32), 0.1 * hat(0.03), hat()])
    assert abs(find_onset(flam, RATE) - 1000) <= PREROLL
    dragged = np.concatenate([np.zeros(1000, np.float32), 0.3 * hat(0.12), hat()])
    assert abs(find_onset(dragged, RATE) - 1000) <= PREROLL


@pytest.mark.parametrize("length", [0.05, 0.2, 0.5, 1.0])
def test_swells_are_kept_from_their_start(length: float) -> None:
    time = seconds(length)
    white = np.random.default_rng(4).uniform(-1, 1, len(time))
    swell = (0.5 * white * amplitude(-50) ** (1 - time / length)).astype(np.float32)
    assert find_onset(swell, RATE) == len(swell) - len(trim_onset(swell, RATE))


@hits
def test_hits_with_nothing_before_them_start_where_they_did(hit: Samples) -> None:
    for lead in (0, 5, 1000):
        recording = np.concatenate([np.zeros(lead, np.float32), hit])
        assert find_onset(recording, RATE) == len(recording) - len(trim_onset(recording, RATE))


def test_so_many_samples_are_kept() -> None:
    long = np.tile(hat(1.0) + 0.1 * kick(1.0), 5)
    assert len(prepare(long, SIGNAL)) == SIGNAL.num_samples
    for longest in (1000, 3 * RATE):
        found = prepare(long, SIGNAL, longest)
        assert len(found) == longest and found[-1] == 0 and peak(found) == pytest.approx(1.0)


@pytest.mark.parametrize("length", [10, 100, 700])
def test_clicks_are_too_short(length: int) -> None:
    with pytest.raises(AudioError, match="shorter than 20 ms"):
        prepare(np.full(length, 0.5, np.float32) * np.hanning(length + 2)[1:-1].astype(np.float32), SIGNAL)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_twenty_milliseconds_are_enough_at_every_rate(rate: int) -> None:
    signal = SignalConfig(sample_rate=rate, num_samples=rate)
    time = np.arange(round(0.04 * rate)) / rate
    sound = (np.sin(2 * np.pi * 1500 * time) * np.exp(-time / 0.003) * (time < 0.019)).astype(np.float32)
    assert len(prepare(sound, signal)) == 4 * round(0.005 * rate)


@settings(max_examples=100, deadline=None)
@given(
    arrays(np.float32, st.integers(0, 3000), elements=st.floats(-1, 1, width=32)),
    st.integers(1, 40),
    st.sampled_from([8_000, 22_050, 44_100]),
)
def test_any_samples_are_prepared_or_refused(samples: Samples, repeats: int, rate: int) -> None:
    recording = np.repeat(samples, repeats)
    before = recording.copy()
    try:
        found = prepare(recording, SignalConfig(sample_rate=rate, num_samples=5000))
    except AudioError:
        return
    finally:
        np.testing.assert_array_equal(recording, before)
    assert np.isfinite(found).all() and peak(found) == pytest.approx(1.0, abs=1e-5)
    assert found.dtype == np.float32 and len(found) <= 5000
