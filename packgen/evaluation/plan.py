"""What one run of `packgen eval` measures, and on which sounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.planning.recipe import Recipe

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Plan:
    """Sizes of a run. The figures depend on them and on the seed, so the report states both.

    Attributes:
        pairs_per_class: validation sounds that are rebuilt, of each class (fewer where there are fewer).
        draws_per_class: sounds of each class in a default pack.
        packs: default packs that are drawn, with the seeds from `seed` on.
        each_kind: sounds of each class that are drawn acoustic, and electronic.
        recordings_per_class: of both splits, whose traits generated sounds are held against.
        known_per_class: training recordings that copies are looked for among; None for all.
        telling_steps: that the classifier of the two-sample test learns for, each fold.
        both_embeddings: whether sets are compared in the embedding of aiSFX too.
        strict: probability that the class filter must give the asked class, as in `packgen kit`.
        seed: of all choices, and of the first pack.
    """

    pairs_per_class: int = 20
    draws_per_class: int = 24
    packs: int = 3
    each_kind: int = 12
    recordings_per_class: int = 48
    known_per_class: int | None = None
    telling_steps: int = 160
    both_embeddings: bool = True
    strict: float = Recipe.strict
    seed: int = 0


FULL = Plan()
QUICK = Plan(
    pairs_per_class=1,
    draws_per_class=6,
    packs=1,
    each_kind=1,
    recordings_per_class=12,
    known_per_class=12,
    telling_steps=60,
    both_embeddings=False,
)


def spread(labels: Indices, pool: Indices, per_class: int, seed: int) -> Indices:
    """At most `per_class` sounds of every class, chosen at random, in order."""
    rng = np.random.Generator(np.random.Philox(key=[seed, per_class]))
    chosen = [rng.permutation(pool[labels[pool] == c])[:per_class] for c in np.unique(labels[pool])]
    return np.sort(np.concatenate(chosen))


def by_turns(labels: Indices, groups: Sequence[str], pool: Indices, per_class: int, seed: int) -> Indices:
    """At most `per_class` sounds of every class, one of each instrument before a second of any, in order.

    A few instruments have most recordings: chosen at random, they would stand for their class.

    Args:
        labels, groups: class index and instrument of every sound of the corpus.
        pool: the sounds to choose from.
    """
    rng = np.random.Generator(np.random.Philox(key=[seed, per_class]))
    chosen: list[int] = []
    for drum in np.unique(labels[pool]):
        turns: list[tuple[int, int, int]] = []  # how many of its instrument come before it; a lot; the sound
        seen: dict[str, int] = {}
        for place, index in enumerate(rng.permutation(pool[labels[pool] == drum])):
            before = seen.get(groups[index], 0)
            seen[groups[index]] = before + 1
            turns.append((before, place, int(index)))
        chosen += [index for _, _, index in sorted(turns)[:per_class]]
    return np.sort(np.array(chosen, np.int64))


def matched(groups: list[Indices], num_classes: int) -> list[Indices]:
    """Positions in each group so that all hold equally many sounds of every class.

    Fréchet distance and coverage depend on the number of points, and all distances on the mix of classes:
    only sets of one make can be compared. What is taken of a class stands at equal distances in its group.

    Args:
        groups: class index of every sound, a group each.
        num_classes: C.
    """
    members = [[np.flatnonzero(labels == c) for c in range(num_classes)] for labels in groups]
    counts = [min(len(group[c]) for group in members) for c in range(num_classes)]
    return [
        np.concatenate([_evenly(found, count) for found, count in zip(group, counts, strict=True)])
        for group in members
    ]


def _evenly(positions: Indices, count: int) -> Indices:
    """So many of some positions at equal distances: of a pack's half on the grid as many as of its drawn half."""
    return positions[(np.arange(count) * 2 + 1) * len(positions) // (2 * max(count, 1))]
