"""Measures of one sound, or of one sound against its original. Pure functions on samples (N,).

A pair is compared over the original's length, which the report takes to be the model's: sounds stand there
as the networks see them, padded with zeros.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from packgen.audio.mel import PAPER, SignalConfig, band_centres, mel_spectrogram
from packgen.audio.samples import Samples
from packgen.audio.shaping import decibels, pad, peak

PAPER_HZ = PAPER.sample_rate / 2
MSS_WINDOWS = (64, 128, 256, 512, 1024, 2048)
MAGNITUDE_FLOOR = 1e-4  # auraloss clamps power at 1e-8: 80 dB below a unit sample
FLUX_WINDOW, FLUX_HOP = 256, 64
STRIPE_WINDOW = 8  # hops: eight bins from one multiple to the next, so a Hann lobe does not reach the middle
STRIPE_FLOOR = 1e-8  # of the strongest bin's power: below it there is nothing to compare


def mel_sc(original: Samples, rebuilt: Samples, signal: SignalConfig, below_hz: float = PAPER_HZ) -> float:
    """Spectral convergence of mel spectrograms at the best gain, in dB; -240 for equal sounds, 0 for silence.

    ``20 · log10(‖mel(x) - g · mel(x̂)‖ / ‖mel(x)‖)``, which no change of level alters. Of a wider signal the paper's
    bands are compared, below 11 kHz: above them stands noise, and two noises never match.
    """
    bands = int((band_centres(signal) < below_hz).sum())
    x, y = (_mel(sound, signal)[:bands] for sound in (original, pad(rebuilt, len(original))))
    energy = float((y * y).sum())
    gain = float((x * y).sum()) / energy if energy > 0 else 0.0
    norm = float(x.norm())
    return decibels(float((x - gain * y).norm()) / norm) if norm > 0 else decibels(0.0)


def _mel(samples: Samples, signal: SignalConfig) -> Tensor:
    return mel_spectrogram(torch.from_numpy(samples), signal).double()


def mss(original: Samples, rebuilt: Samples) -> float:
    """Multi-scale spectral distance: 0 for equal sounds.

    Mean over `MSS_WINDOWS` of spectral convergence plus mean absolute difference of natural-log magnitudes,
    Hann windows overlapping by three quarters, as auraloss' MultiResolutionSTFTLoss (Steinmetz, Reiss, 2020).
    """
    x, y = torch.from_numpy(original), torch.from_numpy(pad(rebuilt, len(original)))
    total = 0.0
    for size in MSS_WINDOWS:
        a, b = (magnitude(sound, size, size // 4).clamp_min(MAGNITUDE_FLOOR) for sound in (x, y))
        total += float((a - b).norm() / a.norm() + (a.log() - b.log()).abs().mean())
    return total / len(MSS_WINDOWS)


def magnitude(samples: Tensor, window: int, hop: int) -> Tensor:
    """Magnitudes of a centred, zero-padded STFT: (*, N) -> (*, K, T)."""
    shape = torch.hann_window(window)
    return torch.stft(
        samples, window, hop, window, shape, center=True, pad_mode="constant", return_complex=True
    ).abs()


def onset_error(original: Samples, rebuilt: Samples) -> float:
    """Mean absolute difference of the spectral-flux envelopes, as a share of the original's largest flux.

    Both sounds are brought to equal energy first: level does not count, smeared or doubled attacks do.
    """
    reference, found = (_flux(sound) for sound in (original, pad(rebuilt, len(original))))
    top = float(reference.max())
    return float((reference - found).abs().mean()) / top if top > 0 else 0.0


def _flux(samples: Samples) -> Tensor:
    """How much the magnitudes rise from frame to frame, summed over bins: (N,) -> (T,)."""
    energy = float(np.sqrt((samples.astype(np.float64) ** 2).sum()))
    unit = torch.from_numpy(samples) / energy if energy > 0 else torch.from_numpy(samples)
    spectrum = magnitude(unit, FLUX_WINDOW, FLUX_HOP)
    rise = torch.diff(spectrum, dim=1, prepend=torch.zeros(len(spectrum), 1))
    return rise.clamp_min(0.0).sum(0)


def tail_level(samples: Samples, end: int) -> float:
    """Root mean square after the true end, relative to the sound's peak (amplitude ratio, 0 for none)."""
    tail, top = samples[end:], peak(samples)
    return float(np.sqrt((tail.astype(np.float64) ** 2).mean())) / top if tail.size and top > 0 else 0.0


def stripes(samples: Samples, signal: SignalConfig) -> float:
    """Log ratio of the energy at multiples of the frame rate (86.13 Hz) to the energy between them.

    Transposed convolutions of a vocoder imprint tones there. The mean over multiples of natural-log ratios:
    0 for noise of any colour, large for a comb, and one strong partial cannot outweigh the rest.
    `stripe_ratio` makes an energy ratio of two sets of sounds from it.
    """
    window = STRIPE_WINDOW * signal.hop
    padded = torch.from_numpy(pad(samples, max(len(samples), window)))
    power = magnitude(padded, window, window // 4).double().square().sum(1)
    levels = (power + STRIPE_FLOOR * power.max()).clamp_min(1e-30).log()
    half = STRIPE_WINDOW // 2
    between = levels[half::STRIPE_WINDOW]
    at = levels[STRIPE_WINDOW::STRIPE_WINDOW][: len(between) - 1]
    return float((at - (between[:-1] + between[1:]) / 2).mean())


def stripe_ratio(sounds: list[Samples], references: list[Samples], signal: SignalConfig) -> float:
    """Stripes of some sounds over those of others, as an energy ratio: 1 when they have as much."""
    found, expected = (float(np.mean([stripes(s, signal) for s in group])) for group in (sounds, references))
    return float(np.exp(found - expected))


def band_level(samples: Samples, rate: int, low_hz: float, high_hz: float) -> float:
    """Energy between two frequencies relative to the whole sound's, dB."""
    power = np.abs(np.fft.rfft(samples.astype(np.float64), max(rate, len(samples)))) ** 2
    hertz = np.fft.rfftfreq(max(rate, len(samples)), 1 / rate)
    total = float(power.sum())
    inside = float(power[(hertz >= low_hz) & (hertz < high_hz)].sum())
    return decibels(float(np.sqrt(inside / total))) if total > 0 else decibels(0.0)


def power_mean(ratios: list[float]) -> float:
    """Amplitude ratios to the level of their mean power, dB: -240 when all are zero."""
    values: NDArray[np.float64] = np.asarray(ratios, np.float64)
    return decibels(float(np.sqrt((values**2).mean()))) if values.size else decibels(0.0)
