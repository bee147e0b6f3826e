"""The class filter rearranged for one sound at a time on a CPU.

The network is that of `packgen.networks.classifier`. Batch norms are folded into their convolutions, which are matrix
products here: PyTorch sends small images one by one through kernels that take three times as long.
"""

from __future__ import annotations

from itertools import pairwise
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from packgen.networks.classifier import Classifier

KERNEL = 3


class FusedClassifier:
    """A `Classifier` ready for inference; later changes of its parameters are not followed."""

    @torch.inference_mode()
    def __init__(self, classifier: Classifier) -> None:
        self.pool, self.layers = classifier.config.pool, []
        blocks = list(classifier.features)
        for convolution, norm in pairwise(blocks):
            if isinstance(norm, nn.BatchNorm2d):
                folded = fuse_conv_bn_eval(cast(nn.Conv2d, convolution).eval(), norm.eval())
                assert folded.kernel_size == (KERNEL, KERNEL) and folded.bias is not None
                rows = folded.weight.permute(2, 3, 1, 0).flatten(0, 2).contiguous()  # (places · in, out)
                self.layers.append((rows, folded.bias))
        self.embed, self.output = classifier.embed, classifier.output

    def __call__(self, log_mel: Tensor) -> Tensor:
        """(F, T) -> logits (C,)"""
        bands = len(log_mel) // self.pool
        x = log_mel[: bands * self.pool].reshape(bands, self.pool, -1).mean(1)[..., None] * 0.1
        for rows, bias in self.layers:
            x = halved(torch.addmm(bias, patches(x), rows).relu_().view(*x.shape[:2], -1))
        image = x.permute(2, 0, 1)
        means = functional.adaptive_avg_pool2d(image, (4, 1)).flatten()
        peaks = functional.adaptive_max_pool2d(image, (4, 1)).flatten()
        embedding = self.embed(torch.cat([means, peaks])).relu_()
        logits: Tensor = self.output(embedding)
        return logits


def patches(x: Tensor) -> Tensor:
    """The neighbourhood of every place as a row: (H, W, C) -> (H · W, KERNEL² · C); zeros beyond the edges."""
    height, width, channels = x.shape
    edge = KERNEL // 2
    padded = functional.pad(x, (0, 0, edge, edge, edge, edge)).contiguous()
    down, across, _ = padded.stride()
    rows = padded.as_strided(
        (height, width, KERNEL, KERNEL * channels), (down, across, down, 1)
    )  # neighbours side by side are one run
    return rows.reshape(height * width, -1)


def halved(x: Tensor) -> Tensor:
    """Maximum of every 2 × 2 places, as `nn.MaxPool2d`: (H, W, C) -> (H // 2, W // 2, C)."""
    x = x[: len(x) // 2 * 2, : x.shape[1] // 2 * 2]
    x = torch.maximum(x[::2], x[1::2])
    return torch.maximum(x[:, ::2], x[:, 1::2])
