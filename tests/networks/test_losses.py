"""The estimators against definitions written out in float64, and at their known limits."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from packgen.networks import losses


def reference_mmd(x: np.ndarray, y: np.ndarray) -> float:
    """The unbiased U-statistic, term by term (Gretton et al., 2012, eq. 3)."""

    def k(a: np.ndarray, b: np.ndarray) -> float:
        squared = float(((a - b) ** 2).sum())
        return sum(2 * len(a) * s / (2 * len(a) * s + squared) for s in (0.1, 0.2, 0.5, 1, 2, 5, 10))

    n, m = len(x), len(y)
    xx = sum(k(x[i], x[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    yy = sum(k(y[i], y[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    xy = sum(k(a, b) for a in x for b in y) / (n * m)
    return xx + yy - 2 * xy


def test_mmd_agrees_with_the_definition() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((9, 5)), rng.standard_normal((7, 5)) + 0.5
    estimate = float(losses.mmd(torch.from_numpy(x), torch.from_numpy(y)))
    assert estimate == pytest.approx(reference_mmd(x, y), abs=1e-12)


def test_mmd_is_zero_for_one_distribution_and_grows_with_the_shift() -> None:
    generator = torch.Generator().manual_seed(0)

    def estimate(shift: float) -> float:
        x = torch.randn(400, 64, generator=generator)
        return float(losses.mmd(x, torch.randn(400, 64, generator=generator) + shift))

    assert abs(np.mean([estimate(0.0) for _ in range(5)])) < 2e-3
    assert 0.02 < estimate(0.3) < estimate(0.6) < estimate(1.2)


def test_class_mmd_sees_one_class_that_is_off() -> None:
    generator = torch.Generator().manual_seed(0)
    codes = torch.randn(600, 8, generator=generator)
    labels = torch.arange(600) % 3
    fine = losses.class_mmd(codes, labels, 3, torch.Generator().manual_seed(1))
    moved = losses.class_mmd(
        codes + 2.0 * (labels == 1)[:, None], labels, 3, torch.Generator().manual_seed(1)
    )
    assert abs(float(fine)) < 0.02 < 0.1 < float(moved)


def test_spectral_losses_are_zero_for_the_same_and_known_for_silence() -> None:
    target = torch.rand(4, 16, 10) + 0.1
    assert losses.spectral_convergence(target, target) == 0
    assert float(losses.spectral_convergence(torch.zeros_like(target), target)) == pytest.approx(1.0)
    assert float(losses.log_convergence(torch.zeros_like(target), target)) == pytest.approx(1.0)
    assert losses.reconstruction(target, target) == 0


def test_multi_resolution_hears_a_smeared_attack() -> None:
    click = torch.zeros(1, 4096)
    click[0, 1000] = 1.0
    late = torch.zeros(1, 4096)
    late[0, 1300] = 1.0
    same, smeared = (float(losses.multi_resolution(x, click, (64, 256))) for x in (click, late))
    assert same == pytest.approx(0.0, abs=1e-6)
    assert smeared > 0.5


def test_the_mask_loss_is_small_only_for_the_right_mask() -> None:
    target = (torch.arange(100) < 40).float()[None]
    right, wrong = (float(losses.mask_loss(sign * 20 * (target - 0.5), target)) for sign in (1, -1))
    assert right < 1e-3 < 5 < wrong
