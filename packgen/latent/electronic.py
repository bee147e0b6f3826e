"""Electronic or acoustic: where the two lie in a class's latent space, and how they sound. Pure numpy.

Two linear scores share one scale: -1 is the mean acoustic sound of a class, +1 the mean electronic one. The
`axis` reads a latent code and chooses points; the `listener` reads a spectrogram and judges what came out. The listener
never chooses anything, so what it says of a generated sound is a finding.

Letters: D latent dimensions, P pooled places of a spectrogram, n points.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.latent.space import Points, Vector

NAME = "character"  # what users call the wish
BANDS, FRAMES = 32, 12  # that the listener pools a spectrogram to: colour and decay stay, pitch and grain go


@dataclass(frozen=True)
class Character:
    """One class's two scores.

    Attributes:
        axis: weights of a code and, last, their constant (D + 1,).
        listener: weights of a pooled spectrogram and, last, their constant (P + 1,).
    """

    axis: Vector
    listener: Vector

    def read(self, codes: Points) -> Vector:
        """Character of latent codes: (n, D) -> (n,)."""
        return np.asarray(codes @ self.axis[:-1] + self.axis[-1], np.float32)

    def hear(self, log_mel: NDArray[np.float32]) -> float:
        """Character of a sound's compressed mel spectrogram (F, T)."""
        return float(pooled(log_mel) @ self.listener[:-1] + self.listener[-1])


def pooled(log_mel: NDArray[np.float32]) -> Vector:
    """Means over blocks of bands and frames: (F, T) -> (P,), with P = BANDS · FRAMES where there are as many."""
    bands, frames = (_edges(size, most) for size, most in zip(log_mel.shape, (BANDS, FRAMES), strict=True))
    sums = np.add.reduceat(np.add.reduceat(log_mel, bands[:-1], axis=0), frames[:-1], axis=1)
    return np.asarray((sums / np.outer(np.diff(bands), np.diff(frames))).ravel(), np.float32)


def _edges(size: int, most: int) -> NDArray[np.int64]:
    return np.linspace(0, size, min(most, size) + 1).astype(np.int64)


KEYS = {"axis": "axis", "listener": "ear"}  # names of a character's arrays in weight files


def to_arrays(characters: dict[str, Character]) -> dict[str, NDArray[np.float32]]:
    """Named arrays of all classes' scores, as a weight file keeps them."""
    return {
        f"character.{name}.{key}": getattr(character, field)
        for name, character in characters.items()
        for field, key in KEYS.items()
    }


def from_arrays(arrays: dict[str, NDArray[np.float32]], names: Iterable[str]) -> dict[str, Character]:
    """Inverse of `to_arrays`; classes without arrays are left out, as in weights from before there were any."""
    return {
        name: Character(**{field: arrays[f"character.{name}.{key}"] for field, key in KEYS.items()})
        for name in names
        if all(f"character.{name}.{key}" in arrays for key in KEYS.values())
    }
