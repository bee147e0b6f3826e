"""What can be measured on one drum sound: duration, brightness, decay, noisiness, fundamental."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packgen.audio.samples import Samples
from packgen.audio.shaping import decibels, envelope, peak

ENVELOPE_SECONDS = 0.004
FUNDAMENTAL_RANGE_HZ = (30.0, 1200.0)
# A class's ranges: these of its sounds' descriptors, at these quantiles (see `packgen.training.latent_fit`).
MEASURED = ("duration", "brightness", "decay", "noisiness")
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
CLEAR = 0.55  # normalised autocorrelation above which a sound has a pitch


@dataclass(frozen=True)
class Descriptors:
    """Measured features of a sound.

    Attributes:
        duration: seconds.
        brightness: spectral centroid of the power-weighted magnitude spectrum, hertz.
        decay: seconds in which the envelope falls by 20 dB from its peak.
        noisiness: spectral flatness of the whole sound, 0 (tone) … 1 (white noise).
        pitch: fundamental in hertz, None where there is none.
        level: root mean square of the loudest 50 ms, dB relative to full scale.
    """

    duration: float
    brightness: float
    decay: float
    noisiness: float
    pitch: float | None
    level: float


def midi_note(hertz: float) -> float:
    """Frequency to MIDI note number, with its fraction.

    >>> midi_note(440.0), midi_note(55.0)
    (69.0, 33.0)
    """
    return 69.0 + 12.0 * math.log2(hertz / 440.0)


def describe(samples: Samples, rate: int) -> Descriptors:
    """Measure a sound (N,) at `rate` hertz; silence gives zeros."""
    if peak(samples) == 0.0:
        return Descriptors(len(samples) / rate, 0.0, 0.0, 0.0, None, decibels(0.0))
    size = max(4096, 1 << (len(samples) - 1).bit_length())
    power = np.abs(np.fft.rfft(samples.astype(np.float64), size)) ** 2
    hertz = np.fft.rfftfreq(2 * (len(power) - 1), 1 / rate)
    return Descriptors(
        duration=len(samples) / rate,
        brightness=brightness(power, hertz),
        decay=decay_time(samples, rate),
        noisiness=noisiness(power, hertz),
        pitch=fundamental(samples, rate),
        level=decibels(float(envelope(samples, max(1, round(0.05 * rate))).max())),
    )


def brightness(power: NDArray[np.floating[Any]], hertz: NDArray[np.floating[Any]]) -> float:
    """Spectral centroid, weighted by magnitude: (K,), (K,) -> hertz."""
    magnitude = np.sqrt(power)
    return float((magnitude * hertz).sum() / magnitude.sum())


def noisiness(power: NDArray[np.floating[Any]], hertz: NDArray[np.floating[Any]]) -> float:
    """Spectral flatness (geometric over arithmetic mean of power) between 50 Hz and 10 kHz."""
    band = power[(hertz > 50) & (hertz < 10_000)] + 1e-12
    return float(np.exp(np.log(band).mean()) / band.mean())


def decay_time(samples: Samples, rate: int) -> float:
    """Seconds from the loudest moment until the envelope stays 20 dB below it."""
    levels = envelope(samples, max(1, round(ENVELOPE_SECONDS * rate)))
    top = int(levels.argmax())
    above = np.flatnonzero(levels[top:] > 0.1 * levels[top])
    return (int(above[-1]) + 1) * ENVELOPE_SECONDS if above.size else 0.0


def fundamental(samples: Samples, rate: int) -> float | None:
    """Fundamental in hertz after the attack, by normalised autocorrelation (de Cheveigné and Kawahara, 2002).

    The attack's first 20 ms, where pitch sweeps and clicks are, are left out; None where nothing repeats.
    """
    body = samples[round(0.02 * rate) : round(0.30 * rate)].astype(np.float64)
    low, high = FUNDAMENTAL_RANGE_HZ
    if len(body) < 2.5 * rate / 200:
        return None
    body = body - body.mean()
    longest = min(round(rate / low), len(body) // 2)
    shortest = round(rate / high)
    size = 1 << (2 * len(body) - 1).bit_length()
    spectrum = np.fft.rfft(body, size)
    products = np.fft.irfft(np.abs(spectrum) ** 2, size)[: longest + 2]
    squares = np.concatenate([[0.0], np.cumsum(body**2)])
    lags = np.arange(longest + 2)
    # Energy of the two overlapping parts: without it a decaying sound would never correlate with itself.
    energy = np.sqrt(squares[len(body) - lags] * (squares[-1] - squares[lags])) + 1e-12
    correlation = products / energy
    # The main lobe around lag zero is no period: start after the first dip.
    dips = np.flatnonzero(correlation < 0)
    start = max(shortest, int(dips[0])) if dips.size else longest
    if start >= longest:
        return None
    region = correlation[start : longest + 1]
    best = float(region.max())
    if best < CLEAR:
        return None
    # The first peak nearly as high as the best: later ones are its multiples.
    peaks = [
        lag
        for lag in range(start, longest)
        if correlation[lag] >= 0.9 * best and correlation[lag - 1] <= correlation[lag] >= correlation[lag + 1]
    ]
    if not peaks:
        return None
    lag = peaks[0]
    before, here, after = correlation[lag - 1 : lag + 2]
    curvature = before - 2 * here + after
    shift = 0.5 * (before - after) / curvature if curvature < 0 else 0.0
    return float(rate / (lag + shift))
