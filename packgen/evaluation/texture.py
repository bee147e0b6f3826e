"""Texture: how much a spectrogram deviates from its smooth self. Noise does, a decoder's mean of noise does not."""

from __future__ import annotations

import numpy as np
import torch
from scipy.ndimage import uniform_filter

from packgen.audio.samples import Samples
from packgen.evaluation.metrics import magnitude

# Samples at 44.1 kHz. The window is that of the networks' spectrograms: there Griffin-Lim gives the smooth magnitudes
# that it was asked for, where through one of 512 samples its pulses would pass for noise.
WINDOW, HOP = 2048, 1024
LOWEST_HZ = 2000.0
RANGE_DB = 45.0  # below the loudest cell: what lies further down is a recording's floor
SPREAD = (13, 3)  # bins and frames that the local mean is taken over
SILENCE = 1e-9


def deviation(samples: Samples, rate: int) -> float:
    """Root mean square of magnitudes over their local mean, in dB: 5.6 for white noise, 0 for a flat spectrogram.

    Of the cells above `LOWEST_HZ` and within `RANGE_DB` of the loudest of them. Shape: (N,) -> scalar; 0 for silence.
    """
    cells = magnitude(torch.from_numpy(samples), WINDOW, HOP).double().numpy()
    smooth = uniform_filter(cells, SPREAD, mode="nearest")
    first = int(np.ceil(LOWEST_HZ / rate * WINDOW))
    cells, smooth = cells[first:], smooth[first:]
    top = float(cells.max(initial=0.0))
    if top < SILENCE:
        return 0.0
    heard = cells > top * 10 ** (-RANGE_DB / 20)
    levels = 20 * np.log10(cells[heard] / smooth[heard])
    return float(np.sqrt((levels**2).mean()))
