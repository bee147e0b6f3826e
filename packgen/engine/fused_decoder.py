"""The auto-encoder's decoder rearranged for one sound at a time on a CPU.

The network is that of `packgen.networks.cwae`. What is done differently:

- The last dense layer holds nine tenths of the weights, and reading them takes longer than multiplying: they are
  bytes here (`packgen.engine.int8`). The error is 45 dB below the spectrogram's standard deviation.
- A conditional norm and the deconvolution before it are one: its kernel times the norm's scale, plus its shift.
- The last deconvolution, to one channel, is a plain convolution with a channel for each output phase.
- Images are stored with the channels of one place side by side.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from packgen.engine.fused_vocoder import channels_last
from packgen.engine.int8 import ByteMatrix, quantise
from packgen.networks.cwae import (
    CWAE,
    KERNEL,
    PADDING,
    STRIDE,
    ConditionalBatchNorm,
    phase_kernel,
    phase_taps,
)


class FusedDecoder:
    """A decoder ready for inference; later changes of its parameters are not followed."""

    @torch.inference_mode()
    def __init__(self, cwae: CWAE) -> None:
        decoder = cwae.decoder
        self.grid, self.size = decoder.grid, decoder.size
        self.mean, self.std = cwae.mean, cwae.std
        self.dense = [layer for layer in decoder.dense if isinstance(layer, nn.Linear)]
        self.wide, self.wide_bias = ByteMatrix(self.dense[-1].weight), self.dense[-1].bias
        self.norms = [FoldedNorm(norm) for norm in decoder.norms if isinstance(norm, ConditionalBatchNorm)]
        layers = [layer for layer in decoder.convolutions if isinstance(layer, nn.ConvTranspose2d)]
        self.middle = [(channels_last(layer.weight), layer.output_padding) for layer in layers[:-1]]
        last = layers[-1]
        assert last.bias is not None
        self.last, self.last_bias = channels_last(phase_kernel(last.weight)), float(last.bias)
        (_, (self.above, below)), (_, (left, right)) = map(phase_taps, KERNEL, STRIDE, PADDING)
        assert left == right and self.above <= below
        self.pad = below, left

    def __call__(self, code: Tensor, classes: Tensor) -> Tensor:
        """Code (D,) and class vector (C,) to a compressed mel spectrogram (F, T)."""
        x = torch.cat([code, classes])[None]
        for layer in self.dense[:-1]:
            x = functional.relu(layer(x), inplace=True)
        x = self.wide(*quantise(x)).add_(self.wide_bias).relu_().view(1, *self.grid)
        scale, shift = self.norms[0](classes)
        x = channels_last(torch.addcmul(shift[:, None, None], x, scale[:, None, None]))
        for (kernel, extra), norm in zip(self.middle, self.norms[1:], strict=True):
            scale, shift = norm(classes)
            x = functional.conv_transpose2d(x, kernel, None, STRIDE, PADDING, extra)
            x = torch.addcmul(shift[:, None, None], x, scale[:, None, None]).relu_()
        # The convolution pads alike on both sides; where fewer zeros are due above, the first rows are none.
        rows = functional.conv2d(x, self.last, padding=self.pad)[0, :, self.pad[0] - self.above :]
        phases = rows.view(STRIDE[0], STRIDE[1], *rows.shape[1:]).permute(2, 0, 3, 1)
        bands, frames = self.size
        spectrum = phases.reshape(rows.shape[1] * STRIDE[0], -1)[:bands, :frames] + self.last_bias
        return torch.addcmul(self.mean, spectrum, self.std)


class FoldedNorm:
    """A conditional batch norm as a scale and a shift of each channel."""

    def __init__(self, norm: ConditionalBatchNorm) -> None:
        mean, variance = norm.norm.running_mean, norm.norm.running_var
        assert mean is not None and variance is not None
        deviation = (variance + norm.norm.eps).sqrt()
        self.scale = norm.scale.weight / deviation[:, None]
        self.shift, self.mean = norm.shift.weight, mean

    def __call__(self, classes: Tensor) -> tuple[Tensor, Tensor]:
        """Class vector (C,) -> scale and shift (channels,)."""
        scale = self.scale @ classes
        return scale, torch.addcmul(self.shift @ classes, self.mean, scale, value=-1.0)
