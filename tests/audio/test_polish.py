"""The polish of one sound: the general algorithm's first step, a fixed point, and progress with every few steps."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from packgen.audio.griffin_lim import griffin_lim
from packgen.audio.mel import SignalConfig, compress, mel_spectrogram, stft
from packgen.audio.polish import Frames, polish, wanted_magnitude

CONFIG = SignalConfig()
SHORT = replace(CONFIG, fft=CONFIG.window)  # the spectra that the polish iterates on


def decaying_noise(num_samples: int, seed: int = 0) -> torch.Tensor:
    noise = torch.randn(num_samples, generator=torch.Generator().manual_seed(seed))
    return noise * torch.exp(-torch.arange(num_samples) / 2000)


@pytest.mark.parametrize("num_frames", [1, 2, 5, 40])
def test_without_steps_it_is_one_projection_of_the_general_algorithm(num_frames: int) -> None:
    num_samples = num_frames * CONFIG.hop - 1
    start, other = decaying_noise(num_samples), decaying_noise(num_samples, 1)
    magnitude = stft(other, SHORT).abs()
    expected = griffin_lim(magnitude, stft(start, SHORT), 0, num_samples, SHORT)
    found = polish(magnitude.t().contiguous(), start, 0, CONFIG)
    assert torch.allclose(found, expected, atol=1e-5)


def test_a_sound_of_the_wanted_magnitudes_stays_as_it_is() -> None:
    sound = decaying_noise(30 * CONFIG.hop - 1)
    magnitude = stft(sound, SHORT).abs().t().contiguous()
    assert torch.allclose(polish(magnitude, sound, 5, CONFIG), sound, atol=1e-3)


def test_more_steps_come_closer() -> None:
    """After Nenov et al. (2024), distances to the wanted magnitudes fall."""
    num_samples = 40 * CONFIG.hop - 1
    magnitude = stft(decaying_noise(num_samples), SHORT).abs()
    start = decaying_noise(num_samples, 1)

    def distance(steps: int) -> float:
        found = polish(magnitude.t().contiguous(), start, steps, CONFIG)
        return float((stft(found, SHORT).abs() - magnitude).norm() / magnitude.norm())

    distances = [distance(steps) for steps in (0, 4, 12, 40)]
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 0.5 * distances[0]


def test_analysis_and_synthesis_undo_each_other() -> None:
    sound = decaying_noise(12 * CONFIG.hop - 1)
    frames = Frames(12, len(sound), CONFIG)
    frames.audio[frames.start : frames.start + len(sound)] = sound
    frames.synthesise(frames.analyse())
    assert torch.allclose(frames.audio[frames.start : frames.start + len(sound)], sound, atol=1e-5)


def test_wanted_magnitudes_are_those_of_the_sound() -> None:
    """Of noise, whose spectrum has no lines that the mel bands would blur: within a quarter."""
    sound = decaying_noise(20 * CONFIG.hop - 1)
    wanted = wanted_magnitude(compress(mel_spectrogram(sound, CONFIG), CONFIG), CONFIG)
    actual = stft(sound, SHORT).abs().t()
    assert wanted.shape == actual.shape
    assert bool((wanted >= 0).all())
    assert float((wanted - actual).norm() / actual.norm()) < 0.25
