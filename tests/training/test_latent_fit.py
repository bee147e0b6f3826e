"""What is fitted to codes: descriptors that follow a known law are found again, as ridge regression's formula says."""

from __future__ import annotations

import numpy as np
import pytest

from packgen.latent.predictor import PREDICTED
from packgen.training.latent_fit import FEWEST_PREDICTED, RIDGE, fit_predictor


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
    predictor = fit_predictor(codes[:200], values[:200])
    predicted = predictor.predict(codes[200:])
    for column, name in enumerate(PREDICTED):
        truth = [predictor.standardise(name, value) for value in values[200:, column]]
        assert np.corrcoef(predicted[:, column], truth)[0, 1] > 0.97
        assert predictor.physical(name, predictor.standardise(name, 50.0)) == pytest.approx(50.0, rel=1e-4)


def test_sounds_without_pitch_are_left_out_and_few_are_not_enough() -> None:
    codes, values = world(pitched=100)
    whole, part = fit_predictor(*world()), fit_predictor(codes, values)
    assert part.knows("pitch")
    np.testing.assert_array_equal(part.weights[:2], whole.weights[:2])
    codes, values = world(pitched=FEWEST_PREDICTED - 1)
    rare = fit_predictor(codes, values)
    assert not rare.knows("pitch") and rare.knows("brightness")
    assert np.isnan(rare.predict(codes)[:, 2]).all()


def test_the_map_is_that_of_ridge_regression_in_closed_form() -> None:
    codes, values = world()
    target = np.log(values[:, 0])
    target = (target - target.mean()) / target.std()
    centred = (codes - codes.mean(0)).astype(np.float64)
    slope = np.linalg.solve(centred.T @ centred + RIDGE * np.eye(8), centred.T @ target)
    found = fit_predictor(codes, values).weights[0]
    np.testing.assert_allclose(found[:-1], slope, rtol=1e-5)
    np.testing.assert_allclose(found[-1], -codes.mean(0) @ slope, rtol=1e-4)
