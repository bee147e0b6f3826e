"""The top octave: noise with the magnitudes of the bands that the vocoder does not reach.

Above 11 kHz a drum is noise: the texture of recordings there equals white noise's. So white noise, filtered frame by
frame to the decoded magnitudes, is what stands there in real sounds.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from packgen.audio.mel import SignalConfig, band_centres, expand, hann
from packgen.audio.polish import Frames
from packgen.audio.samples import resample

RAYLEIGH = math.sqrt(math.pi) / 2  # mean magnitude of a complex Gaussian of unit power
FAINT = 0.01  # share of the noise below which a bin needs none


@dataclass(frozen=True)
class Octave:
    """How bands become bins above the vocoder.

    Attributes:
        first_band, first_bin: the lowest that are used.
        rows: from mel magnitudes of the bands to magnitudes of the bins (bins, bands).
    """

    first_band: int
    first_bin: int
    rows: Tensor


@functools.cache
@torch.inference_mode(False)
def octave(config: SignalConfig, low: SignalConfig) -> Octave:
    """What stands above the vocoder's signal `low`; it fades in where the resampled vocoder fades out."""
    impulse = np.zeros(low.sample_rate // 2, np.float32)
    impulse[len(impulse) // 2] = 1.0
    response = np.abs(np.fft.rfft(resample(impulse, low.sample_rate, config.sample_rate)))
    spacing = config.sample_rate / config.window
    hertz = np.arange(config.window // 2 + 1) * spacing
    passed = np.interp(hertz, np.linspace(0, config.sample_rate / 2, len(response)), response / response[0])
    share = np.sqrt(np.clip(1.0 - passed**2, 0.0, 1.0)) * (hertz <= config.edges[-1])
    first_bin = int(np.flatnonzero(share > FAINT)[0])
    centres = band_centres(config)
    first_band = int(np.searchsorted(centres, hertz[first_bin])) - 1
    columns = [
        np.interp(hertz[first_bin:], centres[first_band:], unit) for unit in np.eye(len(centres) - first_band)
    ]
    matrix = np.stack(columns, axis=1) * share[first_bin:, None] / config.gain
    return Octave(first_band, first_bin, torch.from_numpy(matrix.astype(np.float32)))


def air(
    log_mel: Tensor, low: SignalConfig, num_samples: int, config: SignalConfig, rng: np.random.Generator
) -> Tensor:
    """Noise above the vocoder's band.

    Args:
        log_mel: compressed mel spectrogram of all bands (F, T).
        low: the vocoder's signal.
        num_samples: N, at most (T - 1) · hop + window / 2.
        config: the signal's sizes.
        rng: of the noise; the same state gives the same bytes.

    Returns:
        Audio (N,), at once there: the noise begins with the first sample, as a hit does.
    """
    above = octave(config, low)
    frames = Frames(log_mel.shape[1], num_samples, config)
    start, window = frames.start, hann(config)
    noise = torch.from_numpy(rng.standard_normal(num_samples, np.float32))
    frames.audio[start : start + num_samples] = 1.0
    power = (
        frames.audio.unfold(0, frames.size, frames.hop) @ window.square()
    )  # of the window, where there is noise
    frames.audio[start : start + num_samples] = noise
    spectra = frames.analyse()
    wanted = (above.rows @ expand(log_mel[above.first_band :], config)).t()  # (T, bins)
    gains = wanted / (RAYLEIGH * power.clamp_min(1.0).sqrt())[:, None]
    spectra[:, : above.first_bin] = 0.0
    spectra[:, above.first_bin :] *= gains
    frames.synthesise(spectra)
    return frames.audio[start : start + num_samples].clone()
