"""Modes: how much of a drum's low end stands in its strongest partial."""

from __future__ import annotations

import numpy as np

from packgen.audio.samples import Samples

LOW, HIGH = 40.0, 1500.0  # hertz: where membranes have their modes
AFTER = 0.02  # seconds: behind the attack, which is no mode
LENGTH = 0.186  # seconds, of which at least half must be there
WIDTH = 18.0  # hertz to either side that count as one mode


def strongest_mode(samples: Samples, rate: int) -> float:
    """Share, in decibels, of the energy of 40 to 1,500 Hz within 18 Hz of the strongest frequency.

    Args:
        samples: a sound (N,).
        rate: in hertz.

    Returns:
        At most 0; nan for a sound that is over too soon.
    """
    size = round(LENGTH * rate)
    heard = samples[round(AFTER * rate) :][:size]
    if len(heard) < size // 2 or not heard.any():
        return float("nan")
    padded = np.zeros(size)
    padded[: len(heard)] = heard
    power = np.abs(np.fft.rfft(padded * np.hanning(size), 2 * size)) ** 2
    hertz = np.arange(len(power)) * rate / (2 * size)
    power[(hertz <= LOW) | (hertz >= HIGH)] = 0.0
    near = np.abs(hertz - hertz[power.argmax()]) <= WIDTH
    return float(10 * np.log10(power[near].sum() / max(power.sum(), 1e-30)))
