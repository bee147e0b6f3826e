"""A small convolutional classifier of drum sounds: the filter of draws, and (another one) the judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import torch
from torch import Tensor, nn

from packgen.audio.mel import SignalConfig


@dataclass(frozen=True)
class ClassifierConfig:
    """Sizes of the classifier; they travel in its weight file."""

    classes: tuple[str, ...]
    signal: SignalConfig = field(default_factory=SignalConfig)
    channels: tuple[int, ...] = (16, 32, 64, 96)
    embedding: int = 64
    pool: int = 8  # neighbouring mel bands averaged first: a class needs no finer pitch, and it runs faster
    dropout: float = 0.3


class Classifier(nn.Module):
    """Compressed mel spectrograms to class logits, through an embedding.

    Frequency is averaged in quarters rather than wholly: where the energy lies tells a kick from a hat.
    """

    def __init__(self, config: ClassifierConfig) -> None:
        super().__init__()
        self.config = config
        sizes = (1, *config.channels)
        blocks: list[nn.Module] = []
        for a, b in pairwise(sizes):
            blocks += [
                nn.Conv2d(a, b, 3, padding=1, bias=False),
                nn.BatchNorm2d(b),
                nn.ReLU(),
                nn.MaxPool2d(2),
            ]
        self.features = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(config.dropout)
        self.embed = nn.Linear(config.channels[-1] * 4 * 2, config.embedding)
        self.output = nn.Linear(config.embedding, len(config.classes))

    def embedding(self, log_mel: Tensor) -> Tensor:
        """(B, F, T) -> (B, embedding), the space in which sounds are compared."""
        x = nn.functional.avg_pool2d(log_mel.unsqueeze(1) * 0.1, (self.config.pool, 1))
        x = self.features(x)
        pooled = torch.cat(
            [nn.functional.adaptive_avg_pool2d(x, (4, 1)), nn.functional.adaptive_max_pool2d(x, (4, 1))],
            dim=1,
        ).flatten(1)
        return torch.relu(self.embed(self.dropout(pooled)))

    def forward(self, log_mel: Tensor) -> Tensor:
        """(B, F, T) -> logits (B, C)"""
        logits: Tensor = self.output(self.dropout(self.embedding(log_mel)))
        return logits
