"""Mel spectrograms: the representation that both networks speak (paper, section 4.1).

Letters: B batch, N samples, F mel bands, K STFT bins, T frames.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import scipy.sparse
import torch
from numpy.typing import NDArray
from torch import Tensor

LOUDEST = 13.0  # compressed mel magnitude no sound of peak 1 exceeds; beyond it a decoder is making things up


@dataclass(frozen=True)
class SignalConfig:
    """The signal's sizes. Stored in every weight file, so that another rate needs no new code."""

    sample_rate: int = 22_050  # hertz
    num_samples: int = 22_015  # of a sound, padded with zeros
    window: int = 1024  # Hann
    hop: int = 256
    fft: int = 2048
    bands: int = 512
    # Upper edge of the last filter in hertz; 0 for half the sample rate.
    top: float = 0.0
    # Of all mel magnitudes. A window of twice the samples sums to twice the magnitude: a half keeps levels comparable.
    gain: float = 1.0
    # Mel magnitude at which the logarithm bends to zero. A full-scale sine reaches about 128 in its bin, so
    # this is 102 dB below: the noise floor of a 16-bit recording.
    floor: float = 1e-3

    @property
    def frames(self) -> int:
        """Frames of a padded sound, centred on multiples of the hop: 86 in the paper."""
        return 1 + self.num_samples // self.hop

    @property
    def bins(self) -> int:
        """STFT bins, K."""
        return self.fft // 2 + 1

    @property
    def edges(self) -> NDArray[np.float64]:
        """Edges of the mel filters in hertz, (F + 2,): filter b rises from edge b to b + 1 and falls to b + 2."""
        top = hz_to_mel(np.array(self.top or self.sample_rate / 2))
        return mel_to_hz(np.linspace(0.0, top, self.bands + 2))


PAPER = SignalConfig()


def hz_to_mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slaney's mel scale (Auditory Toolbox, 1998): linear below 1 kHz, logarithmic above."""
    return np.where(
        hertz < 1000.0,
        hertz * 3 / 200,
        15.0 + 27.0 * np.log(np.maximum(hertz, 1e-9) / 1000.0) / math.log(6.4),
    )


def mel_to_hz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inverse of `hz_to_mel`."""
    return np.where(mels < 15.0, mels * 200 / 3, 1000.0 * np.exp((mels - 15.0) * math.log(6.4) / 27.0))


def full_band(paper: SignalConfig = PAPER, bands: int = 615) -> SignalConfig:
    """The signal of twice the rate: the same milliseconds and hertz a cell, and more bands of the same spacing on top.

    Frames and bins have the paper's duration and width; the filters go on in steps of 0.0973 mel, so that the lower
    512 bands are the paper's, to 21.96 kHz. The window's sum doubles, which the gain undoes.
    """
    spacing = float(hz_to_mel(np.array(paper.sample_rate / 2))) / (paper.bands + 1)
    return SignalConfig(
        sample_rate=2 * paper.sample_rate,
        num_samples=2 * paper.num_samples,
        window=2 * paper.window,
        hop=2 * paper.hop,
        fft=2 * paper.fft,
        bands=bands,
        floor=paper.floor,
        top=float(mel_to_hz(np.array(spacing * (bands + 1)))),
        gain=0.5 * paper.gain,
    )


def is_lower_half(low: SignalConfig, signal: SignalConfig) -> bool:
    """Whether one signal is the other at half the rate, and its bands the lower ones of the other."""
    return (
        2 * low.sample_rate == signal.sample_rate
        and (2 * low.window, 2 * low.hop, 2 * low.fft) == (signal.window, signal.hop, signal.fft)
        and (low.frames, low.floor) == (signal.frames, signal.floor)
        and low.bands <= signal.bands
        and bool(np.allclose(low.edges, signal.edges[: low.bands + 2], rtol=1e-6))
    )


def band_centres(config: SignalConfig) -> NDArray[np.float64]:
    """Centre frequencies of the mel bands in hertz, (F,)."""
    return config.edges[1:-1]


@functools.cache
@torch.inference_mode(False)  # cached tensors must serve training too, whoever asks first
def filterbank(config: SignalConfig) -> Tensor:
    """Triangular mel filters (F, K), each row summing to the gain: a band is a weighted mean of magnitudes.

    With 512 bands over 1025 bins, low triangles are narrower than a bin, and some hold none at all. A kick
    would lose its bass there, so such a filter becomes the linear interpolation of its centre's two
    neighbouring bins.
    """
    bins = np.linspace(0.0, config.sample_rate / 2, config.bins)
    edges = config.edges
    low, centre, high = edges[:-2, None], edges[1:-1, None], edges[2:, None]
    rising, falling = (bins - low) / (centre - low), (high - bins) / (high - centre)
    weights = np.maximum(0.0, np.minimum(rising, falling))
    spacing = bins[1]
    interpolating = np.maximum(0.0, 1.0 - np.abs(bins - centre) / spacing)
    narrow = (high - low)[:, 0] < 2 * spacing  # narrower than the interpolation's own triangle
    weights[narrow] = interpolating[narrow]
    weights *= config.gain / weights.sum(axis=1, keepdims=True)
    return torch.from_numpy(weights.astype(np.float32))


@functools.cache
def sparse_filterbank(config: SignalConfig) -> scipy.sparse.csr_array:
    """`filterbank` as a sparse matrix, for single spectrograms in numpy: most of its elements are zero."""
    return scipy.sparse.csr_array(filterbank(config).numpy())


@functools.cache
@torch.inference_mode(False)
def inverse_filterbank(config: SignalConfig) -> Tensor:
    """Pseudo-inverse of the filterbank, (K, F); small singular values are cut, so that noise stays small."""
    weights = filterbank(config).double().numpy()
    return torch.from_numpy(np.linalg.pinv(weights, rcond=1e-2).astype(np.float32))


@functools.cache
@torch.inference_mode(False)
def hann(config: SignalConfig) -> Tensor:
    """The analysis and synthesis window, (window,)."""
    return torch.hann_window(config.window)


def stft(audio: Tensor, config: SignalConfig) -> Tensor:
    """Complex STFT with centred, zero-padded frames: (*, N) -> (*, K, T). Differentiable."""
    flat = audio.reshape(-1, audio.shape[-1])
    window = hann(config).to(audio.device)
    spectrum = torch.stft(
        flat,
        config.fft,
        config.hop,
        config.window,
        window,
        center=True,
        pad_mode="constant",
        return_complex=True,
    )
    return spectrum.reshape(*audio.shape[:-1], *spectrum.shape[-2:])


def istft(spectrum: Tensor, num_samples: int, config: SignalConfig) -> Tensor:
    """Least-squares inverse of `stft`: (*, K, T) -> (*, num_samples)."""
    flat = spectrum.reshape(-1, *spectrum.shape[-2:])
    window = hann(config).to(spectrum.device)
    audio = torch.istft(flat, config.fft, config.hop, config.window, window, center=True, length=num_samples)
    return audio.reshape(*spectrum.shape[:-2], num_samples)


def mel_spectrogram(audio: Tensor, config: SignalConfig) -> Tensor:
    """Mel magnitudes `F · |STFT|` (paper, section 4.1): (*, N) -> (*, F, T). Differentiable."""
    return filterbank(config).to(audio.device) @ stft(audio, config).abs()


def mel_to_magnitude(mel: Tensor, config: SignalConfig) -> Tensor:
    """STFT magnitudes closest to a mel spectrogram: (*, F, T) -> (*, K, T), never negative."""
    return (inverse_filterbank(config).to(mel.device) @ mel).clamp_min(0.0)


def compress(mel: Tensor, config: SignalConfig) -> Tensor:
    """Magnitudes to a logarithmic scale on which silence is exactly zero: log(1 + mel / floor)."""
    return torch.log1p(mel / config.floor)


def expand(log_mel: Tensor, config: SignalConfig) -> Tensor:
    """Inverse of `compress`; what a decoder puts below silence becomes silence."""
    return torch.expm1(log_mel.clamp_min(0.0)) * config.floor


def log_mel(samples: NDArray[np.float32], config: SignalConfig) -> NDArray[np.float32]:
    """Compressed mel spectrogram of one sound, five times as fast as by `mel_spectrogram`: (N,) -> (F, T).

    Frames that the window does not reach are exactly zero and are not computed; nor are most elements of the
    filterbank. What follows the signal's length is left out.
    """
    kept = samples[: config.num_samples]
    frames = min(config.frames, (len(kept) + config.window // 2) // config.hop + 1)
    padded = np.zeros((frames - 1) * config.hop + config.window, np.float32)
    padded[config.window // 2 :][: len(kept)] = kept[: len(padded) - config.window // 2]
    windows = np.lib.stride_tricks.sliding_window_view(padded, config.window)[:: config.hop]
    spectra = torch.fft.rfft(torch.from_numpy(windows * hann(config).numpy()), config.fft).numpy()
    mel = np.zeros((config.bands, config.frames), np.float32)
    mel[:, :frames] = sparse_filterbank(config) @ np.ascontiguousarray(np.abs(spectra).T)
    compressed: NDArray[np.float32] = np.log1p(mel / np.float32(config.floor))
    return compressed
