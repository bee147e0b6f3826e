"""Attack: how much of a sound's energy comes in its first milliseconds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packgen.audio.samples import Samples
from packgen.audio.shaping import trim_onset

MILLISECONDS = (2, 5, 10)
QUIETEST_DB = -60.0  # of a share: nothing at all is no further off than this


def levels(samples: Samples, rate: int) -> NDArray[np.float64]:
    """Energy of the first 2, 5 and 10 ms from the onset, in dB relative to the whole sound's: (N,) -> (3,)."""
    power = trim_onset(samples, rate, preroll=0.0).astype(np.float64) ** 2
    total = float(power.sum())
    shares = [
        float(power[: round(0.001 * ms * rate)].sum()) / total if total > 0 else 0.0 for ms in MILLISECONDS
    ]
    found: NDArray[np.float64] = np.maximum(10 * np.log10(np.maximum(shares, 1e-12)), QUIETEST_DB)
    return found


def errors(original: Samples, rebuilt: Samples, rate: int) -> NDArray[np.float64]:
    """Absolute differences of `levels`, dB: (3,). Each sound counts from its own onset, whatever its level."""
    return np.abs(levels(original, rate) - levels(rebuilt, rate))
