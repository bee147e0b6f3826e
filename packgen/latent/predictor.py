"""Descriptors predicted from latent codes: one linear map a class, fitted after training. Pure numpy.

A prediction costs nothing beside a rendered sound, so hundreds of codes can be sieved for a brightness, a decay
or a pitch before one is rendered and measured. Letters: D latent dimensions, n points, K = len(PREDICTED).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.latent import electronic as character
from packgen.latent.electronic import Character
from packgen.latent.space import Points, Vector

PREDICTED = ("brightness", "decay", "pitch")  # fields of `packgen.audio.descriptors.Descriptors`
_FITTED = ("mean", "deviation", "weights")  # fields of a predictor that are fitted to descriptors
KIND_REACH = (
    1.5  # deviations that the mean electronic and the mean acoustic sound are said to lie off the middle
)


@dataclass(frozen=True)
class Predictor:
    """How a class's descriptors follow from its codes, in units of the class's own deviations.

    Attributes:
        mean: of the descriptors' logarithms over the class's training sounds (K,); NaN where the class has none.
        deviation: their standard deviations (K,).
        weights: the map and, last, its constant (K, D + 1): code -> standardised logarithms.
        character: its electronic and its acoustic side; None where the training sounds lack one.
    """

    mean: Vector
    deviation: Vector
    weights: NDArray[np.float32]
    character: Character | None = None

    def knows(self, name: str) -> bool:
        """Whether a descriptor can be predicted for this class."""
        if name == character.NAME:
            return self.character is not None
        return bool(np.isfinite(self.mean[PREDICTED.index(name)]))

    def predict(self, codes: Points) -> NDArray[np.float32]:
        """Standardised descriptors: (n, D) -> (n, K), NaN where there is none."""
        return np.asarray(codes @ self.weights[:, :-1].T + self.weights[:, -1], np.float32)

    def in_deviations(self, name: str, codes: Points) -> Vector:
        """One descriptor, or the character, predicted in deviations: (n, D) -> (n,)."""
        if name == character.NAME:
            assert self.character is not None, "asked for what is not known"
            return self.character.read(codes) * np.float32(KIND_REACH)
        return np.asarray(self.predict(codes)[:, PREDICTED.index(name)])

    def standardise(self, name: str, value: float) -> float:
        """A descriptor (hertz, seconds), or a character (-1 … 1), in deviations from the class's middle."""
        if name == character.NAME:
            return KIND_REACH * value
        row = PREDICTED.index(name)
        return float((np.log(value) - self.mean[row]) / self.deviation[row])

    def physical(self, name: str, steps: float) -> float:
        """Inverse of `standardise`."""
        if name == character.NAME:
            return steps / KIND_REACH
        row = PREDICTED.index(name)
        return float(np.exp(self.mean[row] + steps * self.deviation[row]))


def to_arrays(predictors: dict[str, Predictor]) -> dict[str, NDArray[np.float32]]:
    """Named arrays of all predictors, as a weight file keeps them."""
    found: dict[str, NDArray[np.float32]] = {
        f"predict.{name}.{field}": getattr(predictor, field)
        for name, predictor in predictors.items()
        for field in _FITTED
    }
    known = {name: each.character for name, each in predictors.items() if each.character is not None}
    return found | character.to_arrays(known)


def from_arrays(arrays: dict[str, NDArray[np.float32]], names: Iterable[str]) -> dict[str, Predictor]:
    """Inverse of `to_arrays`; classes without arrays are left out, as in weights from before predictors.

    Weights from before characters give predictors without one.
    """
    names = tuple(names)
    characters = character.from_arrays(arrays, names)
    return {
        name: Predictor(
            **{field: arrays[f"predict.{name}.{field}"] for field in _FITTED}, character=characters.get(name)
        )
        for name in names
        if all(f"predict.{name}.{field}" in arrays for field in _FITTED)
    }
