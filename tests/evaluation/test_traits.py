"""Texture, modulation, modes, attack and air: signals made to have them, and signals made not to."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from packgen.audio import modes
from packgen.audio.griffin_lim import griffin_lim, random_phase
from packgen.audio.mel import full_band
from packgen.audio.samples import Samples
from packgen.evaluation import air, attack, modulation, texture
from packgen.evaluation.traits import mean_of, traits

SIGNAL = full_band()
RATE = SIGNAL.sample_rate


def noise(seed: int, seconds: float = 0.5) -> Samples:
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE)).astype(np.float32)


def sine(hertz: float, seconds: float = 0.5) -> Samples:
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE).astype(np.float32)


def pulses(period: int, seconds: float = 0.5) -> Samples:
    sound = np.zeros(round(seconds * RATE), np.float32)
    sound[::period] = 1.0
    return sound


def decaying(sound: Samples, seconds: float = 0.1) -> Samples:
    return np.asarray(sound * np.exp(-np.arange(len(sound)) / RATE / seconds), np.float32)


def test_white_noise_has_the_texture_of_the_books() -> None:
    found = [texture.deviation(noise(seed), RATE) for seed in range(4)]
    assert np.mean(found) == pytest.approx(5.6, abs=0.1)
    assert texture.deviation(np.float32(0.01) * noise(0), RATE) == pytest.approx(found[0], abs=1e-3)


def test_a_smooth_spectrogram_made_audible_has_less_and_pulses_at_the_hop_rate() -> None:
    """What Griffin-Lim makes of a decoder's mean of noise."""
    frames = 1 + round(0.5 * RATE) // SIGNAL.hop
    smooth = torch.full((SIGNAL.bins, frames), 10.0)
    start = random_phase(smooth, torch.Generator().manual_seed(0))
    sound = griffin_lim(smooth, start, 30, (frames - 1) * SIGNAL.hop, SIGNAL).numpy()
    assert texture.deviation(sound, RATE) < 3.5
    buzz = modulation.hop_level(sound, RATE, SIGNAL.hop)
    assert buzz is not None and buzz > 3


def test_silence_has_no_texture_and_a_short_sound_some() -> None:
    assert texture.deviation(np.zeros(5000, np.float32), RATE) == 0.0
    assert np.isfinite(texture.deviation(noise(1, 0.02), RATE))


def test_pulses_at_the_hop_rate_are_found_and_noise_has_none() -> None:
    def level(sound: Samples) -> float:
        found = modulation.hop_level(sound, RATE, SIGNAL.hop)
        assert found is not None
        return found

    assert level(pulses(SIGNAL.hop)) > 20
    assert level(decaying(pulses(SIGNAL.hop) + np.float32(0.02) * noise(0))) > 6
    assert np.mean([level(decaying(noise(seed))) for seed in range(12)]) == pytest.approx(0.0, abs=1.0)
    assert level(pulses(SIGNAL.hop * 3 // 4)) < 6  # another rate
    assert modulation.hop_level(noise(0, 0.05), RATE, SIGNAL.hop) is None
    assert modulation.hop_level(np.zeros(22_050, np.float32), RATE, SIGNAL.hop) is None


def test_a_sine_is_one_mode_and_noise_beside_it_takes_its_share() -> None:
    def share(sound: Samples) -> float:
        found = modes.strongest_share(sound, RATE)
        assert found is not None
        return found

    assert share(sine(200)) == pytest.approx(0.0, abs=0.05)
    assert share((sine(200) + sine(500)).astype(np.float32)) == pytest.approx(-3.0, abs=0.2)
    with_noise = [
        share((sine(200) + np.float32(level) * noise(2)).astype(np.float32)) for level in (0.1, 1, 4)
    ]
    assert with_noise == sorted(with_noise, reverse=True) and with_noise[2] < -3
    assert share(noise(3)) < -8
    assert modes.strongest_share(sine(200, 0.05), RATE) is None
    assert modes.strongest_share(np.zeros(22_050, np.float32), RATE) is None


def test_the_attack_is_a_share_of_the_sound_from_its_onset() -> None:
    flat = np.ones(RATE // 10, np.float32)  # 100 ms: 2 of them are a fiftieth
    np.testing.assert_allclose(attack.levels(flat, RATE), 10 * np.log10([0.02, 0.05, 0.1]), atol=0.1)
    late = np.concatenate([np.zeros(500, np.float32), np.float32(0.3) * flat])
    assert attack.errors(flat, late, RATE) == pytest.approx(0.0, abs=1e-3)
    soft = flat * np.linspace(0.02, 1, len(flat), dtype=np.float32)
    assert attack.errors(flat, soft, RATE)[0] > attack.errors(flat, soft, RATE)[2] > 3
    assert (attack.levels(np.zeros(100, np.float32), RATE) == attack.QUIETEST_DB).all()


def test_air_is_what_lies_above_eleven_kilohertz() -> None:
    assert air.level(sine(15_000), RATE) == pytest.approx(0.0, abs=0.1)
    assert air.level(noise(4), RATE) == pytest.approx(-3.0, abs=0.2)
    assert air.level(sine(1000), RATE) < -40
    assert air.level(np.zeros(100, np.float32), RATE) == air.QUIETEST_DB


def test_traits_are_medians_by_class_and_a_class_without_any_is_left_out() -> None:
    sounds = [sine(200), sine(300), decaying(noise(5)), noise(6, 0.03)]
    labels = np.array([0, 0, 1, 1])
    found = traits(sounds, labels, ("kick", "snare", "clap"), SIGNAL)
    assert set(found.modes) == {"kick", "snare"} and found.sounds == {"kick": 2, "snare": 2, "clap": 0}
    assert found.modes["snare"] == modes.strongest_share(sounds[2], RATE)  # the short one has no modes
    assert found.air["kick"] == pytest.approx(np.median([air.level(sound, RATE) for sound in sounds[:2]]))
    twice = mean_of([found, traits(sounds[2:], labels[2:], ("kick", "snare", "clap"), SIGNAL)])
    assert twice.texture["kick"] == found.texture["kick"] and twice.sounds == {
        "kick": 2,
        "snare": 4,
        "clap": 0,
    }
