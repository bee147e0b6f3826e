"""Distances between sets of points: closed forms, invariances, known extremes."""

from __future__ import annotations

import numpy as np
import pytest

from packgen.evaluation import distances


def normal(seed: int, count: int, dimensions: int = 4) -> distances.Points:
    return np.random.default_rng(seed).standard_normal((count, dimensions))


def whitened(seed: int, count: int, dimensions: int) -> distances.Points:
    """Points whose mean is exactly 0 and whose covariance is exactly the identity."""
    points = normal(seed, count, dimensions)
    points = points - points.mean(0)
    white: distances.Points = points @ np.linalg.inv(np.linalg.cholesky(np.cov(points, rowvar=False))).T
    return white


def test_frechet_of_gaussians_in_closed_form() -> None:
    """For commuting covariances: ‖μ₁ - μ₂‖² + Σ (σ₁ - σ₂)²."""
    sigma, shift = np.array([0.5, 2.0, 3.0]), np.array([1.0, -2.0, 0.5])
    x = whitened(0, 50, 3)
    y = whitened(1, 80, 3) * sigma + shift
    assert distances.frechet(x, y) == pytest.approx((shift**2).sum() + ((1 - sigma) ** 2).sum(), rel=1e-9)
    assert distances.frechet(x, x) == pytest.approx(0.0, abs=1e-9)


def test_frechet_is_symmetric_and_does_not_mind_rotation() -> None:
    x, y = normal(0, 60), normal(1, 60) @ np.diag([1.0, 2.0, 0.1, 3.0]) + 1
    turn = np.linalg.qr(normal(2, 4))[0]
    assert distances.frechet(x, y) == pytest.approx(distances.frechet(y, x))
    assert distances.frechet(x @ turn, y @ turn) == pytest.approx(distances.frechet(x, y))


def test_frechet_stands_more_dimensions_than_points() -> None:
    x, y = normal(0, 10, 64), normal(1, 10, 64)
    assert np.isfinite(distances.frechet(x, y))
    assert distances.frechet(x, x) == pytest.approx(0.0, abs=1e-5)


def test_kernel_distance_is_unbiased_and_sees_a_shift() -> None:
    same = [distances.kernel_distance(normal(s, 40), normal(s + 1000, 40)) for s in range(60)]
    spread = np.std(same) / np.sqrt(len(same))
    assert abs(np.mean(same)) < 4 * spread
    assert min(same) < 0 < max(same)
    shifted = [distances.kernel_distance(normal(s, 40), normal(s + 1000, 40) + 1) for s in range(10)]
    assert np.mean(shifted) > 20 * spread


def test_kernel_distance_against_its_definition() -> None:
    x, y = normal(0, 5), normal(1, 7)

    def k(a: distances.Points, b: distances.Points) -> float:
        return float((a @ b / 4 + 1) ** 3)

    within_x = np.mean([k(a, b) for i, a in enumerate(x) for j, b in enumerate(x) if i != j])
    within_y = np.mean([k(a, b) for i, a in enumerate(y) for j, b in enumerate(y) if i != j])
    across = np.mean([k(a, b) for a in x for b in y])
    assert distances.kernel_distance(x, y) == pytest.approx(within_x + within_y - 2 * across)


def test_coverage_and_density_of_known_sets() -> None:
    real = normal(0, 100)
    coverage, density = distances.coverage_density(real, real)
    assert coverage == 1.0
    # Each point lies in its own ball, and on average in five others.
    assert density == pytest.approx((5 + 1) / 5)
    assert distances.coverage_density(real, real + 100) == (0.0, 0.0)


def test_a_collapsed_set_covers_little_however_dense() -> None:
    real = normal(0, 200)
    collapsed = np.repeat(real.mean(0, keepdims=True), 200, axis=0)
    coverage, density = distances.coverage_density(real, collapsed)
    assert coverage < 0.5 < density


def test_coverage_stands_fewer_points_than_neighbours() -> None:
    assert distances.coverage_density(normal(0, 3), normal(0, 3))[0] == 1.0


def test_nearest_against_its_definition() -> None:
    x, y = normal(0, 5), normal(1, 9)
    expected = [min(np.linalg.norm(a - b) for b in y) for a in x]
    np.testing.assert_allclose(distances.nearest(x, y), expected)
    np.testing.assert_allclose(distances.nearest(x, x), 0, atol=1e-6)
