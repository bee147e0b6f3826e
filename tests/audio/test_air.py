"""The top octave: as loud as the bands say, noise in texture, and no gap where the vocoder ends."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from packgen.audio.air import air
from packgen.audio.mel import PAPER, full_band, log_mel
from packgen.audio.samples import resample

FULL = full_band()


def noise(seed: int, decay: float) -> np.ndarray:
    time = np.arange(FULL.num_samples) / FULL.sample_rate
    sound = np.random.default_rng(seed).standard_normal(len(time)) * np.exp(-decay * time)
    return (0.1 * sound).astype(np.float32)


def rebuilt(original: np.ndarray, seed: int = 1) -> np.ndarray:
    """The original below 11 kHz, as a perfect vocoder would give it, and noise above."""
    low = resample(resample(original, 44_100, 22_050), 22_050, 44_100)[: len(original)]
    rng = np.random.default_rng(seed)
    spectrogram = torch.from_numpy(log_mel(original, FULL))
    found: np.ndarray = low + air(spectrogram, PAPER, len(low), FULL, rng).numpy()
    return found


@pytest.mark.parametrize("decay", [3.0, 20.0])
def test_levels_above_and_at_the_seam_are_the_originals(decay: float) -> None:
    wanted = np.mean([log_mel(noise(seed, decay), FULL) for seed in range(12)], axis=0)
    found = np.mean([log_mel(rebuilt(noise(seed, decay), seed + 50), FULL) for seed in range(12)], axis=0)
    loud = wanted > wanted.max() - 4.0  # nepers
    difference = np.where(loud, found - wanted, 0.0)
    for low, high in ((470, 500), (500, 530), (530, 600)):  # below, at and above the seam
        assert abs(difference[low:high][loud[low:high]].mean()) < 0.1  # nepers, 0.9 dB


def test_it_starts_at_once_and_repeats_with_its_generator() -> None:
    spectrogram = torch.from_numpy(log_mel(noise(0, 10.0), FULL))
    one, same, other = (
        air(spectrogram, PAPER, 20_000, FULL, np.random.default_rng(seed)).numpy() for seed in (1, 1, 2)
    )
    assert np.array_equal(one, same) and not np.array_equal(one, other)
    attack, later = (float(np.sqrt(np.mean(one[a:b] ** 2))) for a, b in ((0, 200), (400, 800)))
    assert attack > 0.7 * later


def test_silence_stays_silent() -> None:
    silent = torch.zeros(FULL.bands, FULL.frames)
    assert not air(silent, PAPER, 5000, FULL, np.random.default_rng(0)).any()
