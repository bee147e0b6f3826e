"""Griffin-Lim brings the magnitudes closer with every step, and leaves a right phase alone."""

from __future__ import annotations

import torch

from packgen.audio.griffin_lim import griffin_lim, random_phase
from packgen.audio.mel import SignalConfig, stft

SIGNAL = SignalConfig(num_samples=8000)


def drum() -> torch.Tensor:
    time = torch.arange(SIGNAL.num_samples) / SIGNAL.sample_rate
    return torch.sin(2 * torch.pi * 180 * time) * torch.exp(-12 * time)


def error(audio: torch.Tensor, magnitude: torch.Tensor) -> float:
    return float((stft(audio, SIGNAL).abs() - magnitude).norm() / magnitude.norm())


def test_the_true_phase_gives_the_sound_back() -> None:
    spectrum = stft(drum(), SIGNAL)
    for iterations in (0, 3):
        audio = griffin_lim(spectrum.abs(), spectrum, iterations, SIGNAL.num_samples, SIGNAL)
        torch.testing.assert_close(audio, drum(), atol=1e-4, rtol=1e-3)


def test_more_steps_come_closer_from_random_phase() -> None:
    magnitude = stft(drum(), SIGNAL).abs()
    start = random_phase(magnitude, torch.Generator().manual_seed(0))
    errors = [
        error(griffin_lim(magnitude, start, n, SIGNAL.num_samples, SIGNAL), magnitude) for n in (0, 8, 64)
    ]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 0.3 * errors[0]


def test_silence_stays_silence() -> None:
    nothing = torch.zeros(SIGNAL.bins, SIGNAL.frames)
    audio = griffin_lim(
        nothing, torch.zeros_like(nothing, dtype=torch.complex64), 4, SIGNAL.num_samples, SIGNAL
    )
    assert not audio.any()
