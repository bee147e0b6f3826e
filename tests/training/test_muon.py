"""Laws of the optimiser: which weights are matrices, how large its steps are, and that it finds a minimum."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from packgen.training.muon import ADAM_SIZE, Muon, orthogonal, rows_first


@pytest.mark.parametrize("shape", [(16, 40), (40, 16), (256, 300), (209, 300), (128, 128)])
def test_an_orthogonalised_matrix_has_even_singular_values_and_an_adam_steps_size(
    shape: tuple[int, int],
) -> None:
    generator = torch.Generator().manual_seed(0)
    matrix = torch.randn(shape, generator=generator) * torch.logspace(0, -2, shape[1])
    turned = orthogonal(matrix)
    assert turned.shape == shape
    blocks = torch.split(turned, 128) if shape[0] % 2 else turned.chunk(-(-shape[0] // 128))
    for block in blocks:
        values = torch.linalg.svdvals(block)
        assert values.median() > 0.6 * values.max()  # the matrix's own: below 0.3
        assert block.square().mean().sqrt() == pytest.approx(ADAM_SIZE, rel=0.35)


def test_its_direction_is_that_of_the_matrix() -> None:
    """Against the polar factor, which a singular value decomposition gives."""
    matrix = torch.randn(20, 50, generator=torch.Generator().manual_seed(1))
    u, _, v = torch.linalg.svd(matrix, full_matrices=False)
    turned = orthogonal(matrix)
    assert torch.nn.functional.cosine_similarity(turned.flatten(), (u @ v).flatten(), dim=0) > 0.97


def test_its_steps_are_those_of_pytorchs_own() -> None:
    """`torch.optim.Muon` takes matrices alone and computes in bfloat16: three steps agree to its digits."""
    start = torch.randn(24, 60, generator=torch.Generator().manual_seed(2))
    ours, theirs = nn.Parameter(start.clone()), nn.Parameter(start.clone())
    optimisers = (
        Muon([ours], lr=0.02),
        torch.optim.Muon([theirs], lr=0.02, momentum=0.95, weight_decay=0.0, adjust_lr_fn="match_rms_adamw"),
    )
    for step in range(3):
        gradient = torch.randn(24, 60, generator=torch.Generator().manual_seed(step))
        ours.grad, theirs.grad = gradient.clone(), gradient.clone()
        for optimiser in optimisers:
            optimiser.step()
    moved, expected = (ours - start).detach().flatten(), (theirs - start).detach().flatten()
    assert torch.nn.functional.cosine_similarity(moved, expected, dim=0) > 0.99
    assert float(moved.norm() / expected.norm()) == pytest.approx(1.0, abs=0.05)


def test_vectors_small_kernels_and_class_scales_are_no_matrices() -> None:
    assert rows_first(torch.zeros(64)) is None
    assert rows_first(torch.zeros(16, 1, 11, 5)) is None
    assert rows_first(torch.zeros(32, 11)) is None  # scales of 11 classes
    assert rows_first(torch.zeros(32, 16, 11, 5)) == 1
    assert rows_first(torch.zeros(1024, 6688)) == 0


@pytest.mark.parametrize("module", [nn.Linear(24, 20), nn.Conv1d(20, 24, 3), nn.ConvTranspose1d(20, 24, 3)])
def test_it_finds_a_minimum(module: nn.Module) -> None:
    torch.manual_seed(0)
    columns = 24 if isinstance(module, nn.Linear) else 20
    x = torch.randn(64, columns, *([] if isinstance(module, nn.Linear) else [9]))
    with torch.no_grad():
        wanted = module(x) * 2 + 1
    optimiser = Muon(module.parameters(), lr=0.02)
    losses = []
    for step in range(150):
        for group in optimiser.param_groups:
            group["lr"] = 0.02 * (1 - step / 150)
        loss = (module(x) - wanted).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.02 * losses[0]


def test_a_parameter_without_gradient_stays() -> None:
    layer = nn.Linear(16, 16)
    before = layer.weight.detach().clone()
    layer.bias.grad = torch.ones(16)
    Muon(layer.parameters(), lr=0.1).step()
    assert torch.equal(layer.weight, before) and not torch.equal(layer.bias, torch.zeros(16))
