"""Polish of one sound: the accelerated Griffin-Lim algorithm, on frames no longer than their window.

The networks speak 2048-point spectra of 1024-sample windows. Every second bin of those is the 1024-point spectrum
of the same window, which already determines it: iterating on these halves the work and costs a decibel or less a
step. The general algorithm, for batches and for any size, is `packgen.audio.griffin_lim`.
"""

from __future__ import annotations

import functools

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from packgen.audio.mel import SignalConfig, expand, hann, inverse_filterbank

# Steps of Nenov, Nguyen, Balazs and Boț, "Accelerated Griffin-Lim algorithm: a fast and provably converging
# numerical method for phase retrieval" (2024), in its order alpha, beta, gamma; chosen on validation sounds.
ALPHA, BETA, GAMMA = 1.0, 1.4, 1.25
TINY = 1e-12


@functools.cache
@torch.inference_mode(False)
def half_inverse(config: SignalConfig) -> Tensor:
    """The rows of `inverse_filterbank` for every second bin, (window / 2 + 1, F)."""
    return inverse_filterbank(config)[:: config.fft // config.window].contiguous()


def wanted_magnitude(log_mel: Tensor, config: SignalConfig) -> Tensor:
    """Magnitudes (T, window / 2 + 1) closest to a compressed mel spectrogram (F, T), never negative."""
    return (half_inverse(config) @ expand(log_mel, config)).clamp_min_(0.0).t().contiguous()


SHARPENED = 1500.0  # hertz: contrast falls from its whole at half of this to none here
NEIGHBOURS = 9  # bins of 21.5 Hz, about as wide as the window smears a line


def sharpened(magnitude: Tensor, contrast: float, config: SignalConfig) -> Tensor:
    """Narrow the low modes of magnitudes (T, K): ``m · (m / local maximum) ** contrast``, local energy kept.

    A decoder that is unsure of a mode's frequency gives a hill where a drum has a line.
    """
    spacing = config.sample_rate / config.window
    count = min(magnitude.shape[1], round(SHARPENED / spacing))
    if contrast <= 0.0 or count <= NEIGHBOURS:
        return magnitude
    hertz = torch.arange(count) * spacing
    powers = contrast * ((SHARPENED - hertz) / (SHARPENED / 2)).clamp(0.0, 1.0)
    low = magnitude[:, :count]
    half = NEIGHBOURS // 2
    highest = functional.max_pool1d(low[None], NEIGHBOURS, 1, half)[0].clamp_min(TINY)
    narrow = low * (low / highest) ** powers
    before, after = (functional.avg_pool1d(m.square()[None], NEIGHBOURS, 1, half)[0] for m in (low, narrow))
    found = magnitude.clone()
    found[:, :count] = narrow * (before / after.clamp_min(TINY * TINY)).sqrt()
    return found


class Frames:
    """Analysis and synthesis of one sound whose frames are centred on multiples of the hop."""

    def __init__(self, num_frames: int, num_samples: int, config: SignalConfig) -> None:
        self.size, self.hop, self.count = config.window, config.hop, num_frames
        self.shifts = self.size // self.hop
        self.start, self.num_samples = self.size // 2, num_samples
        self.window = hann(config)
        blocks = num_frames + self.shifts - 1
        self.blocks = torch.zeros(blocks, self.hop)
        self.audio = self.blocks.view(-1)  # the sound, with half a window before it
        self.windowed = torch.empty(num_frames, self.size)
        weight = torch.zeros(blocks, self.hop)
        squares = (self.window**2).view(self.shifts, self.hop)
        for shift in range(self.shifts):
            weight[shift : shift + num_frames] += squares[shift]
        level = weight.view(-1).clamp_min(1e-8).reciprocal()
        level[: self.start] = 0.0
        level[self.start + num_samples :] = 0.0
        self.level = level.view(blocks, self.hop)

    def analyse(self) -> Tensor:
        """Spectra (T, window / 2 + 1) of the sound at hand."""
        torch.mul(self.audio.unfold(0, self.size, self.hop), self.window, out=self.windowed)
        spectra: Tensor = torch.fft.rfft(self.windowed)
        return spectra

    def synthesise(self, spectrum: Tensor) -> None:
        """Make the sound at hand the least-squares inverse of spectra (T, window / 2 + 1)."""
        pieces = (
            torch.fft.irfft(spectrum, self.size).mul_(self.window).view(self.count, self.shifts, self.hop)
        )
        self.blocks[: self.count] = pieces[:, 0]
        self.blocks[self.count :] = 0.0
        for shift in range(1, self.shifts):
            self.blocks[shift : shift + self.count] += pieces[:, shift]
        self.blocks.mul_(self.level)


def polish(magnitude: Tensor, audio: Tensor, steps: int, config: SignalConfig) -> Tensor:
    """Find a sound of given magnitudes, starting from the phase of another.

    Args:
        magnitude: wanted magnitudes (T, window / 2 + 1).
        audio: the start, (N,), N at most the length whose centred frames are T: (T - 1) · hop + window / 2.
        steps: steps after the first projection; 0 gives one magnitude projection.
        config: the signal's sizes; the window a multiple of the hop.

    Returns:
        Audio (N,).
    """
    frames = Frames(len(magnitude), len(audio), config)
    modulus = np.empty(magnitude.shape, np.float32)
    wanted = magnitude.numpy()
    factor = torch.zeros(magnitude.shape, dtype=torch.complex64)  # torch is slow at complex times real
    ratio = factor.numpy().real

    def project(spectrum: Tensor) -> None:
        np.abs(spectrum.numpy(), out=modulus)  # torch takes ten times as long
        np.maximum(modulus, TINY, out=modulus)
        np.divide(wanted, modulus, out=ratio)
        frames.synthesise(factor * spectrum)

    frames.audio[frames.start : frames.start + len(audio)] = audio
    point = frames.analyse()
    mixed = slow = None
    for _ in range(steps):
        project(point)
        found = torch.view_as_real(frames.analyse())
        if slow is None or mixed is None:
            mixed = slow = found
        else:
            new = torch.lerp(slow, found, GAMMA)
            step = new - mixed
            found, slow, mixed = torch.add(new, step, alpha=ALPHA), torch.add(new, step, alpha=BETA), new
        point = torch.view_as_complex(found)
    project(point)
    return frames.audio[frames.start : frames.start + len(audio)].clone()
