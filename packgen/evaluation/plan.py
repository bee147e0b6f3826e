"""What one run of `packgen eval` measures, and on which sounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """Sizes of a run. The figures depend on them and on the seed, so the report states both.

    Attributes:
        pairs_per_class: validation sounds that are rebuilt, of each class (fewer where there are fewer).
        draws_per_class: sounds generated of each class, for every way of drawing.
        strict: probability that the class filter must give the asked class, as in `packgen kit`.
        seed: of all choices and draws.
    """

    pairs_per_class: int = 20
    draws_per_class: int = 64
    strict: float = 0.7
    seed: int = 0


FULL = Plan()
QUICK = Plan(pairs_per_class=2, draws_per_class=6)


def spread(labels: Indices, pool: Indices, per_class: int, seed: int) -> Indices:
    """At most `per_class` sounds of every class, chosen at random, in order."""
    rng = np.random.Generator(np.random.Philox(key=[seed, per_class]))
    chosen = [rng.permutation(pool[labels[pool] == c])[:per_class] for c in np.unique(labels[pool])]
    return np.sort(np.concatenate(chosen))


def matched(groups: list[Indices], num_classes: int) -> list[Indices]:
    """Positions in each group so that all hold equally many sounds of every class.

    Fréchet distance and coverage depend on the number of points, and all distances on the mix of classes:
    only sets of one make can be compared.

    Args:
        groups: class index of every sound, a group each.
        num_classes: C.
    """
    members = [[np.flatnonzero(labels == c) for c in range(num_classes)] for labels in groups]
    counts = [min(len(group[c]) for group in members) for c in range(num_classes)]
    return [np.concatenate([group[c][: counts[c]] for c in range(num_classes)]) for group in members]
