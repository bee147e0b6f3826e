"""Electronic and acoustic: the two scores find a known law, keep to their scale, and travel in a weight file."""

from __future__ import annotations

import numpy as np
import pytest

from packgen.latent import electronic as character
from packgen.latent import predictor as prediction
from packgen.latent.electronic import BANDS, FRAMES, Character, pooled
from packgen.training.acoustic import Kind, check, kind_of, tell_apart
from packgen.training.corpus import Entry
from packgen.training.latent_fit import fit_predictor


def world(count: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Points whose kind is the sign of their first number, and some whose kind nobody knows."""
    rng = np.random.default_rng(1)
    x = rng.standard_normal((count, 6)).astype(np.float32)
    kinds = np.where(x[:, 0] > 0, Kind.ELECTRONIC, Kind.ACOUSTIC)
    kinds[::10] = Kind.UNKNOWN
    return x, kinds


def entry(kind: str) -> Entry:
    return Entry("kick", "train", "recorded", kind, "me", "CC0-1.0", "me/kicks", "kick.wav", 100)


def test_the_scale_runs_from_the_mean_acoustic_to_the_mean_electronic_sound() -> None:
    x, kinds = world()
    weights = tell_apart(x, kinds)
    assert weights is not None
    scores = x @ weights[:-1] + weights[-1]
    assert scores[kinds == Kind.ACOUSTIC].mean() == pytest.approx(-1, abs=1e-4)
    assert scores[kinds == Kind.ELECTRONIC].mean() == pytest.approx(1, abs=1e-4)
    assert np.mean(scores[kinds != Kind.UNKNOWN] * kinds[kinds != Kind.UNKNOWN] > 0) > 0.95


def test_one_kind_alone_is_no_scale() -> None:
    x, kinds = world()
    assert tell_apart(x, np.full_like(kinds, Kind.ACOUSTIC)) is None


def test_cross_validation_tells_a_law_from_chance_and_counts_recordings_alone() -> None:
    x, kinds = world()
    recorded = np.arange(len(x)) % 4 > 0
    groups = [f"instrument {i // 4}" for i in range(len(x))]
    found = check(x, kinds, recorded, groups)
    assert found.acoustic == np.sum(recorded & (kinds == Kind.ACOUSTIC))
    assert found.acoustic_right is not None and found.electronic_right is not None
    assert min(found.acoustic_right, found.electronic_right) > 0.8
    shuffled = np.random.default_rng(2).permutation(kinds)
    blind = check(x, shuffled, recorded, groups)
    assert blind.acoustic_right is not None and blind.electronic_right is not None
    assert abs(blind.acoustic_right + blind.electronic_right - 1) < 0.4
    assert check(x, np.full_like(kinds, Kind.ACOUSTIC), recorded, groups).electronic_right is None


def test_a_spectrogram_is_pooled_to_means_of_its_blocks() -> None:
    blocks = np.random.default_rng(3).random((BANDS, FRAMES)).astype(np.float32)
    np.testing.assert_allclose(pooled(np.repeat(np.repeat(blocks, 4, 0), 3, 1)), blocks.ravel(), rtol=1e-5)
    assert pooled(blocks[:5, :7]).shape == (35,)  # smaller than the blocks: nothing to pool


def test_scores_come_back_from_a_weight_file_and_may_be_missing() -> None:
    rng = np.random.default_rng(4)
    known = Character(rng.random(9).astype(np.float32), rng.random(13).astype(np.float32))
    values = np.exp(rng.random((30, 3)))
    plain = fit_predictor(rng.random((30, 8)).astype(np.float32), values)
    both = prediction.Predictor(plain.mean, plain.deviation, plain.weights, known)
    back = prediction.from_arrays(prediction.to_arrays({"kick": both, "snare": plain}), ("kick", "snare"))
    assert back["kick"].knows(character.NAME) and not back["snare"].knows(character.NAME)
    codes = rng.random((4, 8)).astype(np.float32)
    np.testing.assert_array_equal(
        back["kick"].in_deviations("character", codes), both.in_deviations("character", codes)
    )
    assert both.physical("character", both.standardise("character", -0.7)) == pytest.approx(-0.7)
    log_mel = rng.random((3, 4)).astype(np.float32)
    assert known.hear(log_mel) == pytest.approx(
        float(log_mel.ravel() @ known.listener[:-1] + known.listener[-1]), rel=1e-5
    )


@pytest.mark.parametrize(
    ("kind", "expected"), [("electronic", Kind.ELECTRONIC), ("acoustic", Kind.ACOUSTIC), ("", Kind.UNKNOWN)]
)
def test_the_corpus_says_of_which_kind_a_sound_is(kind: str, expected: int) -> None:
    assert kind_of(entry(kind)) == expected
