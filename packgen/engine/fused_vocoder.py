"""The vocoder's arithmetic rearranged for one sound at a time on a CPU.

The network is that of `packgen.networks.mcnn`. What is done differently:

- A transposed convolution of stride 2 is a plain convolution with a channel for each of the two output phases,
  whose outputs interleave in time. All heads go side by side; what the last layers of the heads give is summed, so
  these are one convolution over all heads' channels.
- Signals are stored with the channels of one moment side by side, so that a window of moments is one row of a
  matrix, and interleaving moves whole blocks.
- The first layer holds two thirds of the arithmetic. It is one product of bytes (`packgen.engine.int8`): a step
  of the spectrogram is 0.4 dB at most, and the error, 50 dB below the waveform, far below what the polish changes.
  `packgen eval` measures with it. In later layers the same would cost 20 dB and save little.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from packgen.engine.int8 import ZERO, ByteMatrix, quantise
from packgen.networks.mcnn import INPUT_SCALE, MCNN


class FusedVocoder:
    """An `MCNN` ready for inference; later changes of its parameters are not followed."""

    @torch.inference_mode()
    def __init__(self, mcnn: MCNN) -> None:
        config = mcnn.config
        self.heads, self.taps = config.heads, (config.width + 1) // 2
        self.gain, self.slope = float(mcnn.gain), float(mcnn.slope)
        kernels = [
            torch.stack([two_phases(head.layers[layer].weight) for head in mcnn.heads])  # type: ignore[index, union-attr]
            for layer in range(len(config.channels))
        ]  # each (heads, 2 · out, in, taps)
        rows = kernels[0].flatten(0, 1).transpose(1, 2).flatten(1) * INPUT_SCALE  # (out, taps · F)
        self.first = ByteMatrix(rows)
        # As wide as the second layer is, a matrix product a head beats the convolution kernels.
        self.second = kernels[1].permute(0, 3, 2, 1).flatten(1, 2).contiguous()  # (heads, taps · in, 2 · out)
        self.middle = [channels_last(kernel.flatten(0, 1).unsqueeze(2)) for kernel in kernels[2:-1]]
        last = (
            kernels[-1].view(config.heads, 2, 2, *kernels[-1].shape[2:]).clone()
        )  # (heads, phase, waveform and mask, in, taps)
        last[:, :, 0] *= mcnn.head_weights[:, None, None, None]
        self.last = channels_last(last.permute(1, 2, 0, 3, 4).flatten(2, 3).flatten(0, 1).unsqueeze(2))

    def __call__(self, log_mel: Tensor) -> tuple[Tensor, Tensor]:
        """Compressed mel spectrogram (F, T) to waveform (N,) before masking and mask logits (N,), N = 256 T."""
        x = interleaved_elu(self._first(log_mel), self.heads)
        x = interleaved_elu(self._second(x), self.heads)
        for kernel in self.middle:
            x = interleaved_elu(convolve(x, kernel, self.heads), self.heads)
        pairs = convolve(x, self.last, 1).view(-1, 2)  # phases of one moment are neighbours already
        waveform, mask = pairs[:, 0], pairs[:, 1].contiguous()
        return self.gain * waveform / (1.0 + (self.slope * waveform).abs()), mask

    def _first(self, log_mel: Tensor) -> Tensor:
        """(F, T) -> (T, heads · 2 · channels)"""
        levels, step = quantise(log_mel.t())
        padded = functional.pad(levels, (0, 0, self.taps // 2, self.taps // 2), value=ZERO)
        return self.first(windows(padded, self.taps), step)

    def _second(self, x: Tensor) -> Tensor:
        """(T, heads · in) -> (T, heads · 2 · out)"""
        padded = functional.pad(x, (0, 0, self.taps // 2, self.taps // 2))
        heads = padded.view(len(padded), self.heads, -1).transpose(0, 1)
        rows = torch.stack([windows(head.contiguous(), self.taps) for head in heads])
        return torch.bmm(rows, self.second).transpose(0, 1).flatten(1)


def windows(x: Tensor, taps: int) -> Tensor:
    """Windows of moments as rows of a matrix: contiguous (T + taps - 1, C) -> (T, taps · C)."""
    frames, channels = x.shape
    rows = x.as_strided((frames - taps + 1, taps * channels), (channels, 1))
    return rows.clone(memory_format=torch.contiguous_format)  # a lone row would keep its odd stride otherwise


def convolve(x: Tensor, kernel: Tensor, groups: int) -> Tensor:
    """(T, in), (out, in / groups, 1, taps) -> (T, out)"""
    image = x.view(1, 1, *x.shape).permute(0, 3, 1, 2)  # (1, in, 1, T), channels last in memory
    y = functional.conv2d(image, kernel, padding=(0, kernel.shape[3] // 2), groups=groups)
    return y.permute(0, 2, 3, 1).reshape(x.shape[0], -1)


def interleaved_elu(x: Tensor, groups: int) -> Tensor:
    """ELU of two phases' channels, as a signal of twice the length: (T, groups · 2 · C) -> (2 T, groups · C)."""
    frames, channels = x.shape
    size = channels // groups // 2
    phases = x.view(frames, groups, 2, size).transpose(1, 2).reshape(2 * frames, groups * size)
    # exp(x) - 1 lies above x wherever x is negative. PyTorch's own ELU takes twice as long, for digits that sink.
    return torch.maximum(phases.clamp_max(0.0).exp_().sub_(1.0), phases, out=phases)


def channels_last(image: Tensor) -> Tensor:
    """An image or kernel (A, B, *, *) in the memory layout that convolutions of channels-last images want."""
    return image.contiguous(memory_format=torch.channels_last)


def two_phases(weight: Tensor) -> Tensor:
    """Kernel of a transposed convolution of stride 2 as one of a plain convolution with a channel a phase.

    With padding (width - 1) / 2 and output padding 1, output 2 m + p of the transposed convolution takes input
    m + d with the tap `p - 2 d + (width - 1) / 2`; the taps of one phase, in the order of d, are its kernel.

    Shapes: (in, out, width), width = 13 -> (2 · out, in, 7), phase-major.
    """
    inputs, outputs, width = weight.shape
    taps = functional.pad(weight, (0, 1)).flip(2)  # an even count: pairs of taps, one of each phase
    pairs = taps.reshape(inputs, outputs, (width + 1) // 2, 2).flip(3)
    return pairs.permute(3, 1, 0, 2).reshape(2 * outputs, inputs, (width + 1) // 2)
