"""Measures of sounds obey the laws that their names promise."""

from __future__ import annotations

import numpy as np
import pytest

from packgen.audio.mel import SignalConfig
from packgen.audio.samples import Samples
from packgen.audio.shaping import pad
from packgen.evaluation import metrics

SIGNAL = SignalConfig()
RATE = SIGNAL.sample_rate


def noise(seed: int, num_samples: int = SIGNAL.num_samples) -> Samples:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, num_samples).astype(np.float32)


def hit(seed: int = 0, at: int = 0) -> Samples:
    """Decaying noise from sample `at` on."""
    decay = np.exp(-np.arange(8000) / 1500).astype(np.float32)
    return pad(np.concatenate([np.zeros(at, np.float32), noise(seed, 8000) * decay]), SIGNAL.num_samples)


def test_equal_sounds_are_at_no_distance() -> None:
    assert metrics.mel_sc(hit(), hit(), SIGNAL) < -120
    assert metrics.mss(hit(), hit()) == 0.0
    assert metrics.onset_error(hit(), hit()) == 0.0


@pytest.mark.parametrize("gain", [0.1, 3.0])
def test_level_counts_for_mss_only(gain: float) -> None:
    louder = (hit() * np.float32(gain)).astype(np.float32)
    assert metrics.mel_sc(hit(), louder, SIGNAL) < -90
    assert metrics.onset_error(hit(), louder) < 1e-4
    assert metrics.mss(hit(), louder) > 0.5


def test_silence_misses_everything() -> None:
    silence = np.zeros(10, np.float32)
    assert metrics.mel_sc(hit(), silence, SIGNAL) == pytest.approx(0.0, abs=1e-6)
    assert metrics.mss(hit(), silence) > 1.0  # convergence 1, and the logarithms on top


def test_mel_sc_knows_the_share_of_foreign_energy() -> None:
    """A second, unrelated tone a tenth as strong lies 20 dB below the first in the mel spectrogram."""
    t = np.arange(SIGNAL.num_samples) / RATE
    low, high = (np.sin(2 * np.pi * hertz * t) for hertz in (1500.0, 1800.0))
    both = (low + 0.1 * high).astype(np.float32)
    assert metrics.mel_sc(low.astype(np.float32), both, SIGNAL) == pytest.approx(-20.0, abs=1.0)


def test_more_noise_is_further_away() -> None:
    disturbed = [(hit() + level * noise(1)).astype(np.float32) for level in (0.01, 0.1, 0.5)]
    for distances in (
        [metrics.mel_sc(hit(), y, SIGNAL) for y in disturbed],
        [metrics.mss(hit(), y) for y in disturbed],
    ):
        assert distances[0] < distances[1] < distances[2]


def test_a_smeared_attack_is_an_onset_error_and_noise_elsewhere_hardly() -> None:
    click = pad(np.ones(8, np.float32), SIGNAL.num_samples)
    late = pad(np.concatenate([np.zeros(1000, np.float32), click]), SIGNAL.num_samples)
    smeared = pad(np.hanning(1024).astype(np.float32) * noise(2, 1024), SIGNAL.num_samples)
    hiss = click + 1e-4 * noise(3)
    assert metrics.onset_error(click, hiss) < 0.2 * metrics.onset_error(click, smeared)
    assert metrics.onset_error(click, hiss) < 0.2 * metrics.onset_error(click, late)


def test_tail_is_what_sounds_after_the_end() -> None:
    sound = pad(np.array([0.0, 0.5, -1.0, 0.25, 0.25], np.float32), 8)
    assert metrics.tail_level(sound, 5) == 0.0
    assert metrics.tail_level(sound[:5], 3) == pytest.approx(0.25)
    assert metrics.tail_level(sound, 8) == 0.0
    assert metrics.power_mean([0.0, 0.0]) == -240.0
    assert metrics.power_mean([1.0, 0.0]) == pytest.approx(-3.01, abs=0.01)


@pytest.mark.parametrize("colour", [0, 1])
def test_noise_has_no_stripes(colour: int) -> None:
    """White, and brown: a slope is no stripe."""
    white = [noise(seed).astype(np.float64) for seed in range(40)]
    sounds = [(np.cumsum(x) if colour else x).astype(np.float32) for x in white]
    assert np.exp(np.mean([metrics.stripes(x, SIGNAL) for x in sounds])) == pytest.approx(1.0, abs=0.1)


def test_a_comb_at_the_frame_rate_is_all_stripes_and_another_is_not() -> None:
    def comb(period: int) -> Samples:
        sound = noise(4) * np.float32(0.01)
        sound[::period] += 1.0
        return sound

    assert metrics.stripe_ratio([comb(SIGNAL.hop)], [noise(5)], SIGNAL) > 30
    assert metrics.stripe_ratio([comb(SIGNAL.hop // 3)], [noise(5)], SIGNAL) < 3
    assert metrics.stripe_ratio([noise(6)] * 3, [noise(6)], SIGNAL) == pytest.approx(1.0)


def test_stripes_do_not_depend_on_level_and_stand_short_sounds() -> None:
    assert metrics.stripes(noise(7) * np.float32(0.01), SIGNAL) == pytest.approx(
        metrics.stripes(noise(7), SIGNAL), abs=1e-3
    )
    assert np.isfinite(metrics.stripes(noise(8, 300), SIGNAL))
    assert metrics.stripes(np.zeros(300, np.float32), SIGNAL) == 0.0


def test_a_tone_is_in_its_band() -> None:
    tone = np.sin(2 * np.pi * 60 * np.arange(RATE) / RATE).astype(np.float32)
    assert metrics.band_level(tone, RATE, 40, 80) == pytest.approx(0.0, abs=0.1)
    assert metrics.band_level(tone, RATE, 200, 400) < -40
    assert metrics.band_level(noise(9, RATE), RATE, 0, RATE / 4) == pytest.approx(-3.0, abs=0.2)
    assert metrics.band_level(np.zeros(10, np.float32), RATE, 40, 80) == -240.0


def test_measuring_leaves_the_sounds_alone() -> None:
    x, y = hit(), hit(1)
    before = x.copy(), y.copy()
    metrics.mel_sc(x, y, SIGNAL), metrics.mss(x, y), metrics.onset_error(x, y), metrics.stripes(x, SIGNAL)
    assert (x == before[0]).all() and (y == before[1]).all()
