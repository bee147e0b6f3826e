"""The conditional Wasserstein auto-encoder of mel spectrograms (paper, section 3.2).

Encoder: three blocks of strided convolution, conditional batch norm and ReLU, then fully connected layers
1024 -> 512 -> 64. Decoder: its mirror. Letters: B batch, C classes, D latent dimensions, F bands, T frames.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from packgen.audio.mel import SignalConfig

KERNEL, STRIDE, PADDING = (11, 5), (3, 2), (5, 2)  # bands × frames, as the paper fixes them


@dataclass(frozen=True)
class CWAEConfig:
    """Sizes of the auto-encoder; they travel in its weight file."""

    classes: tuple[str, ...]
    signal: SignalConfig = field(default_factory=SignalConfig)
    latent_dim: int = 64  # paper
    hidden: tuple[int, ...] = (1024, 512)  # paper
    channels: tuple[int, ...] = (
        16,
        32,
        32,
    )  # the paper gives none; 32, 64, 64 costs three times the time a step

    def grids(self) -> list[tuple[int, int]]:
        """(bands, frames) before the first block and after each."""
        sizes = [(self.signal.bands, self.signal.frames)]
        for _ in self.channels:
            bands, frames = (
                (size + 2 * pad - kernel) // stride + 1
                for size, kernel, stride, pad in zip(sizes[-1], KERNEL, STRIDE, PADDING, strict=True)
            )
            sizes.append((bands, frames))
        return sizes


class ConditionalBatchNorm(nn.Module):
    """Batch norm whose scale and shift belong to the class (paper, section 3.2; de Vries et al., 2017).

    A soft class vector gets the mean of its classes' scales and shifts, which makes hybrids.
    """

    def __init__(self, channels: int, num_classes: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels, affine=False)
        self.scale = nn.Linear(num_classes, channels, bias=False)
        self.shift = nn.Linear(num_classes, channels, bias=False)
        nn.init.ones_(self.scale.weight)
        nn.init.zeros_(self.shift.weight)

    def forward(self, x: Tensor, classes: Tensor) -> Tensor:
        """(B, channels, *, *), (B, C) -> (B, channels, *, *)"""
        scale = self.scale(classes)[:, :, None, None]
        shift = self.shift(classes)[:, :, None, None]
        return torch.addcmul(
            shift, self.norm(x), scale
        )  # one pass over memory, which is what training waits for


class Encoder(nn.Module):
    """Standardised log-mel spectrograms and classes to latent codes."""

    def __init__(self, config: CWAEConfig) -> None:
        super().__init__()
        sizes = (1, *config.channels)
        self.convolutions = nn.ModuleList(
            nn.Conv2d(a, b, KERNEL, STRIDE, PADDING, bias=False) for a, b in pairwise(sizes)
        )
        self.norms = nn.ModuleList(ConditionalBatchNorm(c, len(config.classes)) for c in config.channels)
        bands, frames = config.grids()[-1]
        widths = (bands * frames * config.channels[-1], *config.hidden, config.latent_dim)
        self.dense = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))

    def forward(self, x: Tensor, classes: Tensor) -> Tensor:
        """(B, F, T), (B, C) -> (B, D)"""
        x = x.unsqueeze(1)
        for convolution, norm in zip(self.convolutions, self.norms, strict=True):
            x = torch.relu(norm(convolution(x), classes))
        x = x.flatten(1)
        for layer in self.dense[:-1]:
            x = torch.relu(layer(x))
        code: Tensor = self.dense[-1](x)
        return code


class Decoder(nn.Module):
    """Latent codes and classes to standardised log-mel spectrograms."""

    def __init__(self, config: CWAEConfig) -> None:
        super().__init__()
        grids = config.grids()
        self.size = grids[0]
        self.grid = (config.channels[-1], *grids[-1])
        widths = (config.latent_dim + len(config.classes), *reversed(config.hidden))
        widths = (*widths, self.grid[0] * self.grid[1] * self.grid[2])
        self.dense = nn.ModuleList(nn.Linear(a, b) for a, b in pairwise(widths))
        sizes = (*reversed(config.channels), 1)
        self.convolutions = nn.ModuleList()
        for a, b, small, large in zip(sizes, sizes[1:], grids[:0:-1], grids[-2::-1], strict=False):
            # Strided convolution rounds sizes down; output padding gives back exactly what it dropped.
            missing = [
                big - ((little - 1) * stride - 2 * pad + kernel)
                for big, little, kernel, stride, pad in zip(
                    large, small, KERNEL, STRIDE, PADDING, strict=True
                )
            ]
            last = b == 1
            self.convolutions.append(
                nn.ConvTranspose2d(a, b, KERNEL, STRIDE, PADDING, (missing[0], missing[1]), bias=last)
            )
        self.norms = nn.ModuleList(ConditionalBatchNorm(c, len(config.classes)) for c in sizes[:-1])

    def forward(self, z: Tensor, classes: Tensor) -> Tensor:
        """(B, D), (B, C) -> (B, F, T)"""
        x = torch.cat([z, classes], dim=1)
        for layer in self.dense:
            x = torch.relu(layer(x))
        x = x.view(-1, *self.grid)
        for index, convolution in enumerate(self.convolutions):
            # The mirror of convolution -> norm -> ReLU: the norm sits on each deconvolution's input.
            x = torch.relu(self.norms[index](x, classes)) if index else self.norms[0](x, classes)
            x = convolution(x) if index < len(self.convolutions) - 1 else upsample_to_one(x, convolution)
        bands, frames = self.size
        return x[:, 0, :bands, :frames]


def upsample_to_one(x: Tensor, layer: nn.Module) -> Tensor:
    """A strided transposed convolution to one channel, computed as a plain convolution and a pixel shuffle.

    Output element `stride · m + r` is a plain convolution around m with the kernel taps of phase r, so one
    convolution with a channel a phase gives all of them. The same numbers, four times as fast on a CPU,
    whose kernels work on blocks of channels.

    Shapes: (B, channels, F', T') -> (B, 1, stride · F', stride · T'), which may exceed the size by the
    rounding of the strides.
    """
    assert isinstance(layer, nn.ConvTranspose2d) and layer.bias is not None
    (_, pad_f), (_, pad_t) = map(phase_taps, KERNEL, STRIDE, PADDING)
    kernel = phase_kernel(layer.weight)
    phases = functional.conv2d(functional.pad(x, (*pad_t, *pad_f)), kernel) + layer.bias
    batch, _, bands, frames = phases.shape
    grid = phases.view(batch, STRIDE[0], STRIDE[1], bands, frames).permute(0, 3, 1, 4, 2)
    return grid.reshape(batch, 1, bands * STRIDE[0], frames * STRIDE[1])


def phase_kernel(weight: Tensor) -> Tensor:
    """Kernel of a transposed convolution to one channel as that of a convolution with a channel a phase.

    Shapes: (channels, 1, *KERNEL) -> (phases, channels, taps, taps), the phases of one band side by side.
    """
    (taps_f, _), (taps_t, _) = map(phase_taps, KERNEL, STRIDE, PADDING)
    padded = functional.pad(weight[:, 0], (0, 1, 0, 1))  # index -1 is a zero, for taps outside the kernel
    rows = padded[:, torch.tensor(taps_f)][
        ..., torch.tensor(taps_t)
    ]  # (channels, phase_f, tap_f, phase_t, tap_t)
    return rows.permute(1, 3, 0, 2, 4).flatten(0, 1)


@functools.cache
def phase_taps(kernel: int, stride: int, padding: int) -> tuple[list[list[int]], tuple[int, int]]:
    """Kernel indices (phase, tap) of each output phase, -1 where there is none, and the padding they need."""
    first = -((stride - 1 + padding) // stride)  # smallest and largest distance m - i from input i
    last = (kernel - 1 - padding) // stride
    taps = [
        [
            k if 0 <= (k := stride * distance + phase + padding) < kernel else -1
            for distance in range(last, first - 1, -1)
        ]
        for phase in range(stride)
    ]
    return taps, (last, -first)


class CWAE(nn.Module):
    """Encoder, decoder and the standardisation of their spectrograms.

    `mean` and `std` hold one value an element (band, frame), of the training set's log-mel spectrograms.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, config: CWAEConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        shape = (config.signal.bands, config.signal.frames)
        self.register_buffer("mean", torch.zeros(shape))
        self.register_buffer("std", torch.ones(shape))

    def encode(self, log_mel: Tensor, classes: Tensor) -> Tensor:
        """Compressed mel spectrograms (B, F, T) and class vectors (B, C) to codes (B, D)."""
        code: Tensor = self.encoder((log_mel - self.mean) / self.std, classes)
        return code

    def decode(self, z: Tensor, classes: Tensor) -> Tensor:
        """Codes (B, D) and class vectors (B, C) to compressed mel spectrograms (B, F, T)."""
        spectrum: Tensor = self.decoder(z, classes)
        return spectrum * self.std + self.mean
