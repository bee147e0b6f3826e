"""Electronic or acoustic: where the two lie in a class's latent space, and how they sound. Pure numpy.

Two linear scores share one scale: -1 is the mean acoustic sound of a class, +1 the mean electronic one. The
`axis` reads a latent code and chooses points; the `ear` reads a spectrogram and judges what came out. The ear
never chooses anything, so what it says of a generated sound is a finding.

Letters: D latent dimensions, P pooled places of a spectrogram, n points.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.latent.space import Points, Vector

NAME = "character"  # what users call the wish
BANDS, FRAMES = 32, 12  # that the ear pools a spectrogram to: colour and decay stay, pitch and grain go


@dataclass(frozen=True)
class Character:
    """One class's two scores.

    Attributes:
        axis: weights of a code and, last, their constant (D + 1,).
        ear: weights of a pooled spectrogram and, last, their constant (P + 1,).
    """

    axis: Vector
    ear: Vector

    def read(self, codes: Points) -> Vector:
        """Character of latent codes: (n, D) -> (n,)."""
        return np.asarray(codes @ self.axis[:-1] + self.axis[-1], np.float32)

    def hear(self, log_mel: NDArray[np.float32]) -> float:
        """Character of a sound's compressed mel spectrogram (F, T)."""
        return float(pooled(log_mel) @ self.ear[:-1] + self.ear[-1])


def pooled(log_mel: NDArray[np.float32]) -> Vector:
    """Means over blocks of bands and frames: (F, T) -> (P,), with P = BANDS · FRAMES where there are as many."""
    bands, frames = (_edges(size, most) for size, most in zip(log_mel.shape, (BANDS, FRAMES), strict=True))
    sums = np.add.reduceat(np.add.reduceat(log_mel, bands[:-1], axis=0), frames[:-1], axis=1)
    return np.asarray((sums / np.outer(np.diff(bands), np.diff(frames))).ravel(), np.float32)


def _edges(size: int, most: int) -> NDArray[np.int64]:
    return np.linspace(0, size, min(most, size) + 1).astype(np.int64)


def to_arrays(characters: dict[str, Character]) -> dict[str, NDArray[np.float32]]:
    """Named arrays of all classes' scores, as a weight file keeps them."""
    return {
        f"character.{name}.{field.name}": getattr(character, field.name)
        for name, character in characters.items()
        for field in dataclasses.fields(Character)
    }


def from_arrays(arrays: dict[str, NDArray[np.float32]], names: Iterable[str]) -> dict[str, Character]:
    """Inverse of `to_arrays`; classes without arrays are left out, as in weights from before there were any."""
    fields = [field.name for field in dataclasses.fields(Character)]
    return {
        name: Character(**{field: arrays[f"character.{name}.{field}"] for field in fields})
        for name in names
        if all(f"character.{name}.{field}" in arrays for field in fields)
    }
