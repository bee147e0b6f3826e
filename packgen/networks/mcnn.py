"""The multi-head convolutional network: mel spectrograms to waveform and mask.

Paper, section 3.3, after Arık, Jun, Diamos, *Fast Spectrogram Inversion using Multi-head Convolutional Neural
Networks* (2018). Letters: B batch, F bands, T frames, N samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from packgen.audio.mel import SignalConfig

INPUT_SCALE = 0.1  # brings log-compressed magnitudes (0…12) near one


@dataclass(frozen=True)
class MCNNConfig:
    """Sizes of the vocoder; they travel in its weight file."""

    signal: SignalConfig = field(default_factory=SignalConfig)
    heads: int = 8  # paper
    width: int = 13  # paper
    # The paper's printed rule for the channels cannot be meant literally; halving per layer is MCNN's own rule.
    # The last two channels are the head's pair (waveform, mask).
    channels: tuple[int, ...] = (128, 64, 32, 16, 8, 4, 2, 2)


class Head(nn.Module):
    """Eight transposed convolutions of stride 2, together the hop of 256. No biases: zeros stay zeros."""

    def __init__(self, config: MCNNConfig) -> None:
        super().__init__()
        sizes = (config.signal.bands, *config.channels)
        self.layers = nn.ModuleList(
            nn.ConvTranspose1d(
                a, b, config.width, stride=2, padding=config.width // 2, output_padding=1, bias=False
            )
            for a, b in pairwise(sizes)
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, F, T) -> (B, 2, 256 T)"""
        for layer in self.layers[:-1]:
            x = functional.elu(layer(x))
        pair: Tensor = self.layers[-1](x)
        return pair


class MCNN(nn.Module):
    """Parallel heads, weighted by trainable scalars and summed, then a scaled softsign and the mask."""

    def __init__(self, config: MCNNConfig) -> None:
        super().__init__()
        if 2 ** len(config.channels) != config.signal.hop or config.channels[-1] != 2:
            raise ValueError("layers of stride 2 must multiply to the hop, and end in waveform and mask")
        self.config = config
        self.heads = nn.ModuleList(Head(config) for _ in range(config.heads))
        self.head_weights = nn.Parameter(torch.full((config.heads,), 1.0 / config.heads))
        self.gain = nn.Parameter(torch.ones(1))  # the scaled softsign's a and b
        self.slope = nn.Parameter(torch.ones(1))

    def forward(self, log_mel: Tensor) -> tuple[Tensor, Tensor]:
        """Compressed mel spectrograms (B, F, T) to waveform (B, N) before masking and mask logits (B, N), N = 256 T."""
        x = log_mel * INPUT_SCALE
        waveform, mask = None, None
        for head, weight in zip(self.heads, self.head_weights, strict=True):
            pair = head(x)
            wave = weight * pair[:, 0]
            waveform = wave if waveform is None else waveform + wave
            mask = pair[:, 1] if mask is None else mask + pair[:, 1]
        assert waveform is not None and mask is not None
        return self.gain * waveform / (1.0 + (self.slope * waveform).abs()), mask


@torch.no_grad()
def used_heads(mcnn: MCNN, log_mel: Tensor, share: float = 0.1) -> list[int]:
    """The heads that matter: in waveform or mask at least `share` of what the strongest head gives there.

    Training leaves some heads unused: they cost time and add nothing that is heard.

    Args:
        log_mel: compressed mel spectrograms of real sounds (B, F, T).
    """
    pairs = torch.stack([head(log_mel * INPUT_SCALE) for head in mcnn.heads])  # (heads, B, 2, N)
    pairs[:, :, 0] *= mcnn.head_weights[:, None, None]
    norms = pairs.square().sum((1, 3)).sqrt()  # (heads, 2)
    return [int(head) for head in (norms >= share * norms.amax(0)).any(1).nonzero()]


@torch.no_grad()
def with_heads(mcnn: MCNN, kept: Sequence[int]) -> MCNN:
    """The network of the given heads alone."""
    smaller = MCNN(replace(mcnn.config, heads=len(kept)))
    smaller.heads = nn.ModuleList(mcnn.heads[head] for head in kept)
    smaller.head_weights.copy_(mcnn.head_weights[list(kept)])
    smaller.gain.copy_(mcnn.gain)
    smaller.slope.copy_(mcnn.slope)
    return smaller.train(mcnn.training)
