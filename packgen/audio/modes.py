"""Modes: membranes and shells ring at single frequencies, and a blurred spectrogram makes bands of them."""

from __future__ import annotations

import numpy as np

from packgen.audio.samples import Samples
from packgen.audio.shaping import decibels

START = 0.02  # seconds: after the attack
LONGEST, SHORTEST = 0.186, 0.093  # seconds that are looked at, and that a sound must have
LOW_HZ, HIGH_HZ = 40.0, 1500.0
HALF_WIDTH_HZ = 18.0  # of a mode: the window's own main lobe and a little decay


def strongest_share(samples: Samples, rate: int) -> float | None:
    """Share of the energy between 40 and 1,500 Hz that stands in the strongest mode, dB: 0 for a sine.

    Returns:
        None for a sound too short to show modes, or without energy there.
    """
    start, longest = round(START * rate), round(LONGEST * rate)
    body = samples[start : start + longest].astype(np.float64)
    if len(body) < round(SHORTEST * rate):
        return None
    window = np.hanning(longest)[: len(body)]  # of one width for all, so that short sounds do not blur by it
    points = 1 << (2 * longest - 1).bit_length()
    power = np.abs(np.fft.rfft(body * window, points)) ** 2
    hertz = np.fft.rfftfreq(points, 1 / rate)
    power[(hertz < LOW_HZ) | (hertz > HIGH_HZ)] = 0.0
    total = float(power.sum())
    if total < 1e-12:
        return None
    at = hertz[int(power.argmax())]
    share = float(power[np.abs(hertz - at) <= HALF_WIDTH_HZ].sum()) / total
    return decibels(np.sqrt(share))
