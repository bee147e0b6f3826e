"""Modulation at the vocoder's frame rate: noise that pulses once a hop is heard as a buzz."""

from __future__ import annotations

import itertools

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from packgen.audio.samples import Samples
from packgen.evaluation.metrics import magnitude

WINDOW, STEP = 256, 64  # samples at 44.1 kHz: shorter than half a hop, so that its pulses stand apart
SHORTEST_HOP = 3 * STEP  # samples
BANDS, LOWEST_HZ = 24, 500.0
RANGE_DB = 45.0  # below the loudest frame
FEWEST_HOPS = 8  # a shorter sound has no spectrum of its envelope to speak of
SMOOTHING_HOPS = 3  # the decay is divided out by a mean over so many
AT, BESIDE = (0.97, 1.03), ((0.6, 0.8), (1.2, 1.4))  # of the hop rate
POINTS = 4096  # of the envelopes' spectra
SILENCE = 1e-9


def hop_level(samples: Samples, rate: int, hop: int) -> float | None:
    """Energy of the band envelopes at the hop rate over that beside it, dB: 0 for noise, large for pulses.

    Args:
        samples: (N,).
        rate: of the samples, in hertz.
        hop: of the vocoder, in samples: 512 at 44.1 kHz, whose rate is 86.13 Hz.

    Returns:
        None for a sound of fewer than `FEWEST_HOPS` hops, for silence, and for a hop too short to be seen in the
        envelopes.
    """
    if hop < SHORTEST_HOP:
        return None
    envelopes = _envelopes(samples, rate)
    loudness = envelopes.max(axis=0)
    heard = np.flatnonzero(loudness > loudness.max(initial=0.0) * 10 ** (-RANGE_DB / 20))
    if not heard.size or (heard[-1] + 1) * STEP < FEWEST_HOPS * hop:
        return None
    envelopes = envelopes[:, : heard[-1] + 1]
    smooth = uniform_filter1d(envelopes, max(1, round(SMOOTHING_HOPS * hop / STEP)), axis=1)
    audible = smooth.max(axis=1) > SILENCE
    ripple = envelopes[audible] / np.maximum(smooth[audible], SILENCE) - 1
    power = np.abs(np.fft.rfft(ripple * np.hanning(ripple.shape[1]), max(POINTS, ripple.shape[1]))) ** 2
    hops = np.fft.rfftfreq(max(POINTS, ripple.shape[1]), STEP / hop)  # frequencies in hop rates
    mean = power.sum(axis=0)

    def between(low: float, high: float) -> float:
        return float(mean[(hops >= low) & (hops <= high)].mean())

    beside = (between(*BESIDE[0]) + between(*BESIDE[1])) / 2
    return float(10 * np.log10(max(between(*AT), 1e-12) / max(beside, 1e-12)))


def _envelopes(samples: Samples, rate: int) -> NDArray[np.float64]:
    """Magnitudes of `BANDS` bands, evenly spaced in octaves: (N,) -> (BANDS, frames)."""
    power = magnitude(torch.from_numpy(samples), WINDOW, STEP).double().square().numpy()
    edges = np.geomspace(LOWEST_HZ, rate / 2, BANDS + 1) / rate * WINDOW
    bins = np.arange(len(power)) + 0.5
    rows = [power[(bins >= low) & (bins < high)] for low, high in itertools.pairwise(edges)]
    return np.stack([np.sqrt(row.sum(axis=0)) for row in rows if len(row)])
