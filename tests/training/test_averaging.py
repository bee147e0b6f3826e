"""Averaged weights get batch statistics of their own, and the network in training is left as it was."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import Tensor, nn

from packgen.training.averaging import refresh_statistics, update


class Doubling:
    """A layer's outputs through batch norm; a "loss" nobody needs."""

    def __init__(self) -> None:
        self.network = nn.Sequential(nn.Conv2d(1, 2, 1, bias=False), nn.BatchNorm2d(2))

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, dict[str, float]]:
        x = torch.from_numpy(rng.normal(3.0, 1.0, (64, 1, 4, 4)).astype(np.float32))
        return self.network(x).sum(), {}


def test_statistics_are_those_of_the_averaged_weights() -> None:
    task = Doubling()
    average = copy.deepcopy(task.network)
    weights = torch.tensor([2.0, -1.0])
    average[0].weight.data = weights.view(2, 1, 1, 1)
    before = copy.deepcopy(task.network.state_dict())
    told: list[tuple[int, int]] = []
    refresh_statistics(
        task.loss, task.network, average, 0, 16, lambda done, total: told.append((done, total))
    )
    assert told == [(number, 16) for number in range(16)]
    torch.testing.assert_close(average[1].running_mean, 3.0 * weights, rtol=0.02, atol=0.0)
    torch.testing.assert_close(average[1].running_var, weights**2, rtol=0.05, atol=0.0)
    torch.testing.assert_close(average[0].weight.data, weights.view(2, 1, 1, 1))
    for key, value in task.network.state_dict().items():
        assert torch.equal(value, before[key])
    assert task.network[1].momentum == 0.1


def test_networks_without_batch_norm_run_no_batch() -> None:
    class Never(Doubling):
        def loss(self, rng: np.random.Generator) -> tuple[Tensor, dict[str, float]]:
            raise AssertionError("not needed")

    task = Never()
    task.network = nn.Sequential(nn.Linear(2, 2))
    refresh_statistics(task.loss, task.network, copy.deepcopy(task.network), seed=0)


def test_an_average_moves_towards_the_weights_and_takes_their_buffers() -> None:
    average, network = (nn.Sequential(nn.Linear(1, 1), nn.BatchNorm2d(1)) for _ in range(2))
    average.load_state_dict(average.state_dict() | {"0.weight": torch.tensor([[1.0]])})
    network.load_state_dict(
        network.state_dict() | {"0.weight": torch.tensor([[0.0]]), "1.running_mean": torch.tensor([7.0])}
    )
    for _ in range(3):
        update(average, network, 0.9)
    after = average.state_dict()
    torch.testing.assert_close(after["0.weight"], torch.tensor([[0.9**3]]))
    assert torch.equal(after["1.running_mean"], torch.tensor([7.0]))
