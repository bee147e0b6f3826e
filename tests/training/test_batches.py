"""Draws for batches: as many of every class, and recordings more often than they stand in the corpus."""

from __future__ import annotations

import numpy as np

from packgen.training.batches import balanced, favouring

LABELS = np.array([0] * 60 + [1] * 60 + [2] * 10)
POOL = np.arange(0, 130, 1)
FAVOURED = np.array([*range(12), 60, 61, *range(120, 130)])  # of 60: 12 and 2; all of the last class


def test_every_class_gives_as_many() -> None:
    chosen = balanced(LABELS, POOL, 7, np.random.default_rng(0))
    assert np.bincount(LABELS[chosen]).tolist() == [7, 7, 7]


def test_favoured_sounds_get_their_share_as_far_as_they_may_be_repeated() -> None:
    pool = favouring(LABELS, POOL, FAVOURED, share=0.5, most=5)
    counts = np.bincount(pool, minlength=130)
    assert set(counts[:12]) == {4}  # 48 of them stand beside 48 others
    assert set(counts[60:62]) == {5}
    assert set(np.delete(counts, FAVOURED)) == {1}
    assert set(counts[120:]) == {1}  # nothing beside them to be outweighed


def test_nothing_is_taken_out_where_favoured_sounds_are_many() -> None:
    pool = favouring(LABELS, POOL, POOL[:50], share=0.5, most=5)
    assert np.array_equal(np.sort(pool), POOL)
