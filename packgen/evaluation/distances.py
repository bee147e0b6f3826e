"""Distances between sets of points: Fréchet, kernel, coverage, density, nearest neighbours. Pure numpy.

Letters: n and m points, D dimensions. Points come in double precision where differences are small.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.floating[Any]]  # (n, D)


def frechet(x: Points, y: Points) -> float:
    """Fréchet distance of the Gaussians fitted to two sets (Heusel et al., 2017; Kilgour et al., 2019).

    ``‖μ₁ - μ₂‖² + tr(Σ₁ + Σ₂ - 2 (Σ₁ Σ₂)^½)``. With centred points A and B over the roots of their degrees of freedom,
    Σ₁ = AᵀA and Σ₂ = BᵀB, and the trace of the root is the sum of the singular values of A Bᵀ: real, and as quick in
    five hundred dimensions as in sixty.
    """
    shift = x.mean(0) - y.mean(0)
    a, b = ((points - points.mean(0)) / np.sqrt(len(points) - 1) for points in (x, y))
    overlap = float(np.linalg.svd(a @ b.T, compute_uv=False).sum())
    return float(shift @ shift + (a * a).sum() + (b * b).sum() - 2 * overlap)


def kernel_distance(x: Points, y: Points) -> float:
    """KID: unbiased squared MMD with the cubic kernel ``(x · y / D + 1)³`` (Bińkowski et al., 2018).

    Slightly negative values occur when the distributions agree.
    """
    n, m = len(x), len(y)
    within_x, within_y, across = _cubic(x, x), _cubic(y, y), _cubic(x, y)
    return float(
        (within_x.sum() - np.trace(within_x)) / (n * (n - 1))
        + (within_y.sum() - np.trace(within_y)) / (m * (m - 1))
        - 2 * across.mean()
    )


def _cubic(x: Points, y: Points) -> Points:
    kernel: Points = (x @ y.T / x.shape[1] + 1.0) ** 3
    return kernel


def coverage_density(real: Points, fake: Points, k: int = 5) -> tuple[float, float]:
    """Coverage and density (Naeem et al., *Reliable Fidelity and Diversity Metrics*, 2020).

    Around every real point stands a ball that reaches its k-th nearest real neighbour. Coverage is the
    share of balls that hold a fake point; density the mean number of balls around a fake point, over k.
    """
    k = min(k, len(real) - 1)
    radii = np.sort(pairwise(real, real), axis=1)[:, k]  # column 0 is the point itself
    inside = pairwise(real, fake) <= radii[:, None]
    return float(inside.any(axis=1).mean()), float(inside.sum(axis=0).mean() / k)


def pairwise(x: Points, y: Points) -> Points:
    """Euclidean distances (n, D), (m, D) -> (n, m)."""
    squared = (x * x).sum(1)[:, None] + (y * y).sum(1)[None] - 2 * (x @ y.T)
    roots: Points = np.sqrt(np.maximum(squared, 0.0))
    return roots


def nearest(x: Points, others: Points) -> NDArray[np.float64]:
    """Distance of every point to the nearest of the others: (n, D), (m, D) -> (n,)."""
    smallest: NDArray[np.float64] = pairwise(x, others).min(axis=1).astype(np.float64)
    return smallest
