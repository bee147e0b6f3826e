"""Batch norm's statistics for averaged weights.

Statistics gathered in training follow the weights of the last few steps. Weights averaged over many steps have
others, and with the wrong ones the auto-encoder's validation error is a quarter higher, and jumps about.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

BATCHES = 16


class Lossy(Protocol):
    """A training task, as far as it is needed here."""

    @property
    def network(self) -> nn.Module:
        """The network that `loss` runs."""

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, dict[str, float]]:
        """A batch through the network."""


@torch.no_grad()
def measure(task: Lossy, average: nn.Module, seed: int, batches: int = BATCHES) -> None:
    """Give `average` the batch statistics of its own weights: means over `batches` training batches.

    The task's network lends itself for the purpose and is afterwards as it was. Without batch norm nothing is done.
    """
    network = task.network
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    if not norms:
        return
    kept = {key: value.clone() for key, value in network.state_dict().items()}
    momenta = [norm.momentum for norm in norms]
    network.load_state_dict(average.state_dict())
    network.train()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # a plain mean
    try:
        for number in range(batches):
            task.loss(np.random.Generator(np.random.Philox(key=[seed, 2**62 + number])))
        average.load_state_dict(network.state_dict())
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
        network.load_state_dict(kept)
