"""Variants: each from its own key, and no unprepared sound among them."""

from __future__ import annotations

import numpy as np
import pytest

from packgen.training.augment import Variants, augment
from packgen.training.corpus import Corpus
from tests.training.tiny import write_corpus

KEYS = np.arange(100, 140)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


def test_a_variant_belongs_to_its_key_and_not_to_its_neighbours(corpus: Corpus) -> None:
    chosen, variants = corpus.where("train")[:40], Variants(corpus, 0.8)
    together = variants.draw(chosen, KEYS)
    order = np.random.default_rng(0).permutation(40)
    for position, sound in zip(order, variants.draw(chosen[order], KEYS[order]), strict=True):
        assert np.array_equal(together[position], sound)
    others = variants.draw(chosen, KEYS + 1)
    assert not all(np.array_equal(a, b) for a, b in zip(together, others, strict=True))


def test_the_share_is_kept(corpus: Corpus) -> None:
    chosen = np.repeat(corpus.where("train")[:40], 10)
    keys = np.arange(len(chosen))

    def changed(share: float) -> float:
        drawn = Variants(corpus, share).draw(chosen, keys)
        return float(
            np.mean([not np.array_equal(a, corpus.sound(int(i))) for a, i in zip(drawn, chosen, strict=True)])
        )

    assert 0.6 < changed(0.7) < 0.8
    assert changed(0.0) == 0


def test_a_variant_is_a_prepared_sound(corpus: Corpus) -> None:
    for sound in Variants(corpus, 1.0).draw(corpus.where("train")[:40], KEYS):
        assert np.isfinite(sound).all() and np.abs(sound).max() == pytest.approx(1.0, abs=1e-5)
        assert len(sound) <= corpus.signal.num_samples


def test_augmentation_repeats_and_varies(corpus: Corpus) -> None:
    base = corpus.sound(0)
    variants = [augment(base, base, np.random.default_rng(seed), 22_050) for seed in (0, 1, 2, 0)]
    assert len({variant.tobytes() for variant in variants}) == 3
    for variant in variants:
        assert np.isfinite(variant).all() and np.abs(variant).max() == pytest.approx(1.0, abs=1e-5)
