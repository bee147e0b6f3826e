"""Augmentation of real hits: other pitch, decay, tone, drive, and layers of two hits of the same class."""

from __future__ import annotations

import numpy as np
import scipy.signal
import soxr

from packgen.audio.samples import Samples
from packgen.audio.shaping import normalise


def augment(samples: Samples, partner: Samples, rng: np.random.Generator, rate: int) -> Samples:
    """A new sound from a real hit (N,), peak 1; `partner` is another hit of its class, for layering.

    Each treatment is drawn on its own, so some results differ by one thing and some by all.
    """
    sound = samples
    if rng.random() < 0.35:
        sound = layer(sound, partner, float(rng.uniform(0.2, 0.8)))
    if rng.random() < 0.85:
        sound = repitch(sound, float(np.clip(rng.normal(0.0, 2.5), -6.0, 6.0)))
    if rng.random() < 0.6:
        sound = reshape_decay(sound, float(rng.uniform(-1.0, 1.0)), rate)
    if rng.random() < 0.6:
        sound = tilt(
            sound, float(rng.uniform(-9.0, 9.0)), float(np.exp(rng.uniform(np.log(200), np.log(5000)))), rate
        )
    if rng.random() < 0.3:
        sound = saturate(sound, float(rng.uniform(1.0, 6.0)))
    return normalise(sound)


def repitch(samples: Samples, semitones: float) -> Samples:
    """Play faster or slower, as a sampler does: pitch and length change together."""
    factor = 2 ** (semitones / 12)
    return np.asarray(soxr.resample(samples, factor * 10_000, 10_000, quality="HQ"), np.float32)


def reshape_decay(samples: Samples, amount: float, rate: int) -> Samples:
    """Shorter decay for a negative amount, longer for a positive one (±1 is about ±30 dB a second).

    Lengthening is bounded where a recording's noise would come up.
    """
    seconds = np.arange(len(samples)) / rate
    slope_db = amount * (60.0 if amount < 0 else 20.0)
    return np.asarray(samples * 10 ** (slope_db * seconds / 20), np.float32)


def tilt(samples: Samples, gain_db: float, hertz: float, rate: int) -> Samples:
    """First-order high shelf around `hertz` (bilinear transform of ``(g s + w) / (s + w)``)."""
    gain, warped = 10 ** (gain_db / 20), 2 * rate * np.tan(np.pi * min(hertz, 0.45 * rate) / rate)
    k = 2.0 * rate
    b, a = np.array([gain * k + warped, warped - gain * k]), np.array([k + warped, warped - k])
    return np.asarray(scipy.signal.lfilter(b / a[0], a / a[0], samples), np.float32)


def saturate(samples: Samples, drive: float) -> Samples:
    """Symmetric soft clipping by tanh."""
    return np.asarray(np.tanh(drive * samples), np.float32)


def layer(first: Samples, second: Samples, weight: float) -> Samples:
    """Weighted sum of two hits struck together; the shorter one is followed by silence."""
    mixed = np.zeros(max(len(first), len(second)), np.float32)
    mixed[: len(first)] += (1 - weight) * first
    mixed[: len(second)] += weight * second
    return mixed
