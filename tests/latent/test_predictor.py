"""Descriptors from latent codes: a known law is found again, and weights from before it still load."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from packgen.engine.engine import Engine
from packgen.latent import predictor as prediction
from packgen.latent.predictor import PREDICTED


def world(count: int = 300, pitched: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Codes, and descriptors that follow from them: brightness and decay from the first two numbers."""
    rng = np.random.default_rng(3)
    codes = rng.standard_normal((count, 8)).astype(np.float32)
    noise = rng.standard_normal((count, 3)) * 0.05
    values = np.exp(np.stack([7 + codes[:, 0], -2 + 0.5 * codes[:, 1], 5 - 0.3 * codes[:, 0]], 1) + noise)
    values[pitched:, 2] = np.nan
    return codes, values


def test_a_law_is_found_again() -> None:
    codes, values = world()
    predictor = prediction.fit(codes[:200], values[:200])
    predicted = predictor.predict(codes[200:])
    for column, name in enumerate(PREDICTED):
        truth = [predictor.standardise(name, value) for value in values[200:, column]]
        assert np.corrcoef(predicted[:, column], truth)[0, 1] > 0.97
        assert predictor.physical(name, predictor.standardise(name, 50.0)) == pytest.approx(50.0, rel=1e-4)


def test_sounds_without_pitch_are_left_out_and_few_are_not_enough() -> None:
    codes, values = world(pitched=100)
    whole, part = prediction.fit(*world()), prediction.fit(codes, values)
    assert part.knows("pitch")
    np.testing.assert_array_equal(part.weights[:2], whole.weights[:2])
    codes, values = world(pitched=prediction.FEWEST - 1)
    rare = prediction.fit(codes, values)
    assert not rare.knows("pitch") and rare.knows("brightness")
    assert np.isnan(rare.predict(codes)[:, 2]).all()


def test_arrays_come_back_and_a_model_without_them_loads(tiny_model: Path, tiny_engine: Engine) -> None:
    predictor = prediction.fit(*world())
    back = prediction.from_arrays(prediction.to_arrays({"kick": predictor}), ("kick", "snare"))
    assert list(back) == ["kick"]
    np.testing.assert_array_equal(back["kick"].weights, predictor.weights)
    assert tiny_engine.predictors == {}
