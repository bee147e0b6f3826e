"""Shaping of single sounds: trim, fade, level, DC. Each function does one thing and leaves its input alone."""

from __future__ import annotations

import numpy as np

from packgen.audio.samples import Samples

ONSET_DB = -40.0  # relative to the peak: above the noise before a hit, below the start of a soft attack
PREROLL = 0.001  # seconds kept before the onset
TAIL_DB = -60.0  # relative to the peak: where a decay is no longer heard


def decibels(ratio: float) -> float:
    """Amplitude ratio to decibels, with a floor of -240.

    >>> decibels(0.5)
    -6.020599913279624
    """
    return float(20 * np.log10(max(ratio, 1e-12)))


def amplitude(level_db: float) -> float:
    """Decibels to amplitude ratio."""
    return float(10 ** (level_db / 20))


def peak(samples: Samples) -> float:
    """Largest absolute value, 0 for no samples."""
    return float(np.abs(samples).max()) if samples.size else 0.0


def envelope(samples: Samples, window: int) -> Samples:
    """Root mean square over hops of `window` samples: (N,) -> (ceil(N / window),)."""
    padded = np.pad(samples, (0, -len(samples) % window)).reshape(-1, window)
    return np.asarray(np.sqrt((padded.astype(np.float64) ** 2).mean(axis=1)), np.float32)


def trim_onset(
    samples: Samples, rate: int, threshold_db: float = ONSET_DB, preroll: float = PREROLL
) -> Samples:
    """Drop what stands before the first sample over the threshold, less `preroll` seconds."""
    loud = np.flatnonzero(np.abs(samples) > peak(samples) * amplitude(threshold_db))
    if loud.size == 0:
        return samples[:0]
    return samples[max(0, int(loud[0]) - round(preroll * rate)) :]


def trim_tail(samples: Samples, rate: int, threshold_db: float = TAIL_DB, window: float = 0.005) -> Samples:
    """Drop what follows the last window whose RMS is over the threshold (relative to the loudest window)."""
    size = max(1, round(window * rate))
    levels = envelope(samples, size)
    loud = np.flatnonzero(levels > levels.max(initial=0.0) * amplitude(threshold_db))
    return samples[: (int(loud[-1]) + 1) * size] if loud.size else samples[:0]


def fade_out(samples: Samples, num_samples: int) -> Samples:
    """Half a raised cosine over the last `num_samples`, so that the last sample is zero."""
    faded = samples.copy()
    size = min(num_samples, len(samples))
    if size:
        faded[-size:] *= (0.5 + 0.5 * np.cos(np.pi * np.arange(1, size + 1) / size)).astype(np.float32)
    return faded


def fade_in(samples: Samples, num_samples: int) -> Samples:
    """Half a raised cosine over the first `num_samples`, so that the first sample is zero."""
    return fade_out(samples[::-1], num_samples)[::-1].copy()


def remove_dc(samples: Samples) -> Samples:
    """Subtract the mean, shaped by the sound's own envelope so that a decayed tail is not lifted off zero."""
    weight = np.abs(samples)
    total = float(weight.sum())
    if total == 0.0:
        return samples.copy()
    return (samples - weight * (float(samples.sum()) / total)).astype(np.float32)


def normalise(samples: Samples, level_db: float = 0.0) -> Samples:
    """Scale so that the peak is at `level_db` dBFS; silence stays silence."""
    top = peak(samples)
    if top == 0:
        return samples.copy()
    gain = np.float64(amplitude(level_db) / top)  # of the faintest sounds, beyond single precision
    return np.asarray(samples * gain, np.float32)


def pad(samples: Samples, num_samples: int) -> Samples:
    """Cut or zero-pad to exactly `num_samples`."""
    padded = np.zeros(num_samples, np.float32)
    kept = samples[:num_samples]
    padded[: len(kept)] = kept
    return padded
