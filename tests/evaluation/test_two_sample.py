"""The two-sample test finds what it is meant to find, and nothing where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from packgen.evaluation import two_sample

RATE = 44_100
SIZE = round(two_sample.SECONDS * RATE)


def noises(seed: int, count: int = 16) -> NDArray[np.float32]:
    """Decaying noises."""
    rng = np.random.default_rng(seed)
    decay = np.exp(-np.arange(SIZE) / rng.uniform(0.05, 0.2, (count, 1)) / RATE)
    found = rng.uniform(-1, 1, (count, SIZE)) * decay
    return np.asarray(found / np.abs(found).max(axis=1, keepdims=True), np.float32)


def buzzing(seed: int, count: int = 16) -> NDArray[np.float32]:
    """The same with a pulse once a hop of the vocoder."""
    found = noises(seed, count) * np.float32(0.3)
    found[:, ::512] *= 10
    return found


GROUPS = [f"instrument {i // 3}" for i in range(16)]


def test_a_buzz_is_told_and_noise_of_another_seed_is_not() -> None:
    told = two_sample.told_apart(noises(0), GROUPS, buzzing(1), RATE, seed=0, steps=16)
    untold = two_sample.told_apart(noises(0), GROUPS, noises(2), RATE, seed=0, steps=16)
    assert told > 0.9
    assert 0.15 < untold < 0.85


def test_it_depends_on_its_seed_alone_and_leaves_torch_as_it_was() -> None:
    before = torch.random.get_rng_state()
    first, again = (
        two_sample.told_apart(noises(0), GROUPS, noises(2), RATE, seed=3, steps=2) for _ in range(2)
    )
    assert first == again
    assert torch.equal(torch.random.get_rng_state(), before)


def test_instruments_stay_whole_and_folds_are_of_one_size() -> None:
    groups = ["a"] * 5 + ["b"] * 4 + list("cdefghi")
    folds = two_sample.group_folds(groups)
    assert len(set(folds[:5])) == len(set(folds[5:9])) == 1
    assert sorted(np.bincount(folds)) == [3, 4, 4, 5]


def test_the_area_counts_pairs_in_the_right_order() -> None:
    scores, truth = np.array([0.1, 0.5, 0.5, 0.9]), np.array([0, 0, 1, 1])
    assert two_sample.area(scores, truth) == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    assert two_sample.area(-scores, truth) == pytest.approx(1 - 3.5 / 4)
