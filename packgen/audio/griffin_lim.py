"""Fast Griffin-Lim phase reconstruction (Perraudin, Balazs, Søndergaard, WASPAA 2013)."""

from __future__ import annotations

import torch
from torch import Tensor

from packgen.audio.mel import SignalConfig, istft, stft


def griffin_lim(
    magnitude: Tensor,
    spectrum: Tensor,
    iterations: int,
    num_samples: int,
    config: SignalConfig,
    momentum: float = 0.99,
) -> Tensor:
    """Find a sound whose STFT has the given magnitudes, starting from the phase of `spectrum`.

    Args:
        magnitude: wanted magnitudes (*, K, T).
        spectrum: complex STFT (*, K, T) whose phase is the start; its magnitude is ignored.
        iterations: steps after the first projection; 0 gives one magnitude projection and its inverse STFT.
        num_samples: length N of the result.
        config: the signal's sizes.
        momentum: 0 is the original Griffin and Lim (1984), 0.99 the fast variant.

    Returns:
        Audio (*, N).
    """
    rebuilt = spectrum
    previous = torch.zeros_like(spectrum)
    for _ in range(iterations):
        projected = stft(istft(with_phase_of(magnitude, rebuilt), num_samples, config), config)
        rebuilt = projected + momentum * (projected - previous)
        previous = projected
    return istft(with_phase_of(magnitude, rebuilt), num_samples, config)


def with_phase_of(magnitude: Tensor, spectrum: Tensor) -> Tensor:
    """The magnitudes of one and the phase of the other; a zero bin has phase zero."""
    modulus = spectrum.abs()
    phase = torch.where(modulus > 0, spectrum / modulus.clamp_min(1e-20), torch.ones_like(spectrum))
    return magnitude * phase


def random_phase(magnitude: Tensor, generator: torch.Generator) -> Tensor:
    """Unit spectra of uniformly random phase in the shape of `magnitude`."""
    angle = torch.rand(magnitude.shape, generator=generator, dtype=magnitude.dtype) * (2 * torch.pi)
    return torch.polar(torch.ones_like(magnitude), angle)
