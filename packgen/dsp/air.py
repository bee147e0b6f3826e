"""The top octave: noise with the magnitudes of the bands that the vocoder does not reach.

Above 11 kHz a drum is noise: the texture of recordings there equals white noise's. So white noise, filtered frame by
frame to the decoded magnitudes, is what stands there in real sounds.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import torch
from torch import Tensor

from packgen.dsp.mel import SignalConfig, band_centres, expand, hann
from packgen.dsp.polish import Frames

RAYLEIGH = math.sqrt(math.pi) / 2  # mean magnitude of a complex Gaussian of unit power


@functools.cache
@torch.inference_mode(False)
def _rows(config: SignalConfig, first_band: int) -> tuple[int, Tensor]:
    """The first bin of the spectra that the bands from `first_band` up own, and the map from these bands to bins."""
    hertz = np.arange(config.window // 2 + 1) * config.sample_rate / config.window
    first_bin = int(np.searchsorted(hertz, config.edges[first_band + 1]))
    centres = band_centres(config)[first_band:]
    bins = hertz[first_bin:]
    columns = [np.interp(bins, centres, unit) for unit in np.eye(len(centres))]
    matrix = np.stack(columns, axis=1) * (bins <= config.edges[-1])[:, None] / config.gain
    return first_bin, torch.from_numpy(matrix.astype(np.float32))


def air(
    log_mel: Tensor, first_band: int, num_samples: int, config: SignalConfig, rng: np.random.Generator
) -> Tensor:
    """Noise in the bands from `first_band` up.

    Args:
        log_mel: compressed mel spectrogram of all bands (F, T).
        first_band: the first that is wanted.
        num_samples: N, at most (T - 1) · hop + window / 2.
        config: the signal's sizes.
        rng: of the noise; the same state gives the same bytes.

    Returns:
        Audio (N,), at once there: the noise begins with the first sample, as a hit does.
    """
    first_bin, matrix = _rows(config, first_band)
    frames = Frames(log_mel.shape[1], num_samples, config)
    start, window = frames.start, hann(config)
    noise = torch.from_numpy(rng.standard_normal(num_samples, np.float32))
    frames.audio[start : start + num_samples] = 1.0
    power = (
        frames.audio.unfold(0, frames.size, frames.hop) @ window.square()
    )  # of the window, where there is noise
    frames.audio[start : start + num_samples] = noise
    spectra = frames.analyse()
    wanted = (matrix @ expand(log_mel[first_band:], config)).t()  # (T, bins)
    gains = wanted / (RAYLEIGH * power.clamp_min(1.0).sqrt())[:, None]
    spectra[:, :first_bin] = 0.0
    spectra[:, first_bin:] *= gains
    frames.synthesise(spectra)
    return frames.audio[start : start + num_samples].clone()
