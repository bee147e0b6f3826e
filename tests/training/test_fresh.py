"""Fresh variants: of recordings only, each from its own key."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray

from packgen.training.batches import log_mels
from packgen.training.corpus import Corpus
from packgen.training.fresh import Fresh
from tests.training.tiny import write_corpus

KEYS = np.arange(100, 140)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


def varied(
    corpus: Corpus, share: float, chosen: NDArray[np.int64], keys: NDArray[np.int64]
) -> NDArray[np.float32]:
    found = log_mels(corpus)[chosen].astype(np.float32)
    Fresh(corpus, share).vary(found, chosen, keys)
    return found


def test_a_variant_belongs_to_its_key_and_not_to_its_neighbours(corpus: Corpus) -> None:
    chosen = corpus.where("train")[:40]
    together = varied(corpus, 0.8, chosen, KEYS)
    order = np.random.default_rng(0).permutation(40)
    np.testing.assert_allclose(together[order], varied(corpus, 0.8, chosen[order], KEYS[order]), atol=1e-4)
    assert not np.array_equal(together, varied(corpus, 0.8, chosen, KEYS + 1))


def test_the_share_is_kept(corpus: Corpus) -> None:
    chosen = np.repeat(corpus.where("train")[:40], 10)
    stored = log_mels(corpus)[chosen].astype(np.float32)
    keys = np.arange(len(chosen))
    changed = (varied(corpus, 0.7, chosen, keys) != stored).any((1, 2)).mean()
    assert 0.6 < changed < 0.8
    assert np.array_equal(varied(corpus, 0.0, chosen, keys), stored)


def test_voices_and_stored_variants_stay(corpus: Corpus) -> None:
    chosen = corpus.where("train")[:40]
    entries = list(corpus.entries)
    for index, kind in zip(chosen[:20], ["voice", "augmented"] * 10, strict=True):
        entries[index] = dataclasses.replace(entries[index], kind=kind)
    mixed = dataclasses.replace(corpus, entries=tuple(entries))
    stored = log_mels(corpus)[chosen].astype(np.float32)
    changed = (varied(mixed, 1.0, chosen, KEYS) != stored).any((1, 2))
    assert not changed[:20].any() and changed[20:].mean() > 0.9


def test_a_variant_is_a_prepared_sound(corpus: Corpus) -> None:
    chosen = corpus.where("train")[:40]
    found = varied(corpus, 1.0, chosen, KEYS)
    assert np.isfinite(found).all() and (found >= 0).all()
    stored = log_mels(corpus)[chosen].astype(np.float32)
    # Peak 1 as everything in a corpus, so the loudest element is about as loud.
    assert np.abs(found.max((1, 2)) - stored.max((1, 2))).max() < 2.0
