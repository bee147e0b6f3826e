"""Air: the share of a sound's energy in the top octave, which the paper's networks do not reach."""

from __future__ import annotations

from packgen.audio.samples import Samples
from packgen.evaluation.metrics import band_level

LOWEST_HZ = 11_000.0
QUIETEST_DB = -60.0  # a recording without any has its floor there, and no ear hears the difference


def level(samples: Samples, rate: int) -> float:
    """Energy above 11 kHz relative to the whole sound's, dB, at least `QUIETEST_DB`: (N,) -> scalar."""
    return max(band_level(samples, rate, LOWEST_HZ, rate), QUIETEST_DB)
