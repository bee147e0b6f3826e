"""Averaged weights: an exponential moving average of a network in training, with batch statistics of its own.

Statistics gathered in training follow the weights of the last few steps. Weights averaged over many steps have
others, and with the wrong ones the auto-encoder's validation error is a quarter higher, and jumps about.

`torch.optim.swa_utils` has both parts, and neither fits: `AveragedModel` has one decay for all steps, counts steps
for itself, and wraps the network in a module whose names a checkpoint would carry; `update_bn` runs the batches of
a loader through ``forward``, while a task here draws its batch, and computes its loss, in one call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import nn

BATCHES = 16


@torch.no_grad()
def update(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Move the averaged parameters towards the network's; buffers are copied, for `refresh_statistics` to correct."""
    for mean, parameter in zip(average.parameters(), network.parameters(), strict=True):
        mean.lerp_(parameter, 1 - decay)
    for kept, buffer in zip(average.buffers(), network.buffers(), strict=True):
        kept.copy_(buffer)


@torch.no_grad()
def refresh_statistics(
    loss: Callable[[np.random.Generator], Any],
    network: nn.Module,
    average: nn.Module,
    seed: int,
    batches: int = BATCHES,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> None:
    """Give `average` the batch statistics of its own weights: means over `batches` training batches.

    Where several processes train, all of them must call it: their norms see each other's batches. A network without
    batch norm is left alone.

    Args:
        loss: runs a batch through the network.
        network: in training; runs the batches with the averaged weights, and is afterwards as it was.
        average: its averaged weights, changed in place.
        seed: of the batches.
        batches: how many.
        report: told how many of them are done.
    """
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    if not norms:
        return
    kept = {key: value.clone() for key, value in network.state_dict().items()}
    momenta = [norm.momentum for norm in norms]
    network.load_state_dict(average.state_dict())
    network.train()
    try:
        for number in range(batches):
            report(number, batches)
            for norm in norms:
                norm.momentum = 1 / (number + 1)  # of the first batch all is taken: a plain mean
            loss(np.random.Generator(np.random.Philox(key=[seed, 2**62 + number])))
        average.load_state_dict(network.state_dict())
    finally:
        for norm, momentum in zip(norms, momenta, strict=True):
            norm.momentum = momentum
        network.load_state_dict(kept)
