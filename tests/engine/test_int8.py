"""Products of bytes: exact in themselves, and near to those of the floats that they stand for."""

from __future__ import annotations

import pytest
import torch

from packgen.engine.int8 import ZERO, ByteMatrix, product, quantise


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_integer_products_are_exact(rows: int) -> None:
    torch.manual_seed(0)
    a, b = (torch.randint(-128, 128, size, dtype=torch.int8) for size in ((rows, 700), (700, 5)))
    assert torch.equal(product(a, b).long(), a.long() @ b.long())


def test_a_zero_is_exact_and_a_value_is_off_by_half_a_step_at_most() -> None:
    x = torch.rand(40, 30, generator=torch.Generator().manual_seed(0)) * 9
    x[3] = 0
    levels, step = quantise(x)
    assert bool((levels[3] == ZERO).all())
    assert float(((levels.float() - ZERO) * step - x).abs().max()) <= 0.501 * step
    levels, step = quantise(torch.zeros(2, 2))
    assert step > 0 and bool((levels == ZERO).all())


def test_a_byte_matrix_is_near_its_weights() -> None:
    generator = torch.Generator().manual_seed(0)
    weights = torch.randn(90, 300, generator=generator) * torch.logspace(-3, 1, 90)[:, None]
    weights[5] = 0
    x = torch.rand(7, 300, generator=generator)
    expected = x @ weights.t()
    found = ByteMatrix(weights)(*quantise(x))
    error = (found - expected).norm(dim=0) / expected.norm(dim=0).clamp_min(1e-9)
    assert float(error.max()) < 0.06  # of every output, however small its weights are
    assert not found[:, 5].any()
