"""Predictors travel in a weight file, and weights from before them still load."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from packgen.engine.engine import Engine
from packgen.latent import predictor as prediction
from packgen.latent.predictor import Predictor


def test_arrays_come_back_and_a_model_without_them_loads(tiny_model: Path, tiny_engine: Engine) -> None:
    weights = np.random.default_rng(3).random((3, 9), np.float32)
    predictor = Predictor(np.zeros(3, np.float32), np.ones(3, np.float32), weights)
    back = prediction.from_arrays(prediction.to_arrays({"kick": predictor}), ("kick", "snare"))
    assert list(back) == ["kick"]
    np.testing.assert_array_equal(back["kick"].weights, predictor.weights)
    assert tiny_engine.predictors == {}
