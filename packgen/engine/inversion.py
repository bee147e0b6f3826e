"""From a sound file to its latent code: what `packgen kit --like` and the reconstruction begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packgen.audio.preparation import prepare
from packgen.audio.samples import Samples, read
from packgen.engine.engine import REFINEMENT, Engine
from packgen.errors import AudioError
from packgen.latent.space import Vector

LogMel = NDArray[np.float32]  # (F, T), compressed


@dataclass(frozen=True)
class Encoded:
    """A sound file as the auto-encoder knows it.

    Attributes:
        drum: class that it is coded as.
        probability: of that class, by the class filter.
        code: latent code (D,).
    """

    drum: str
    probability: float
    code: Vector


def encode_file(engine: Engine, path: Path, among: Sequence[str] = ()) -> Encoded:
    """The latent code of a sound file's hit, as the likeliest of some classes; of all if none are named.

    Raises:
        AudioError: if the file holds no hit.
    """
    original = prepared(engine, path)[1]
    return encode(engine, original, engine.analyse(original), among, REFINEMENT)


def prepared(engine: Engine, path: Path) -> tuple[Samples, Samples]:
    """A file's samples at the model's rate, and the hit in them as the networks want it.

    Raises:
        AudioError: if the file holds no hit.
    """
    samples = read(path, engine.signal.sample_rate)
    try:
        return samples, prepare(samples, engine.signal)
    except AudioError as error:
        raise AudioError(f"{path}: {error}; give a file that holds a drum hit") from error


def encode(
    engine: Engine, original: Samples, log_mel: LogMel, among: Sequence[str], refinement: int
) -> Encoded:
    """The latent code of a prepared hit (N,) with its spectrogram, as the likeliest of some classes, or of all."""
    probabilities = dict(zip(engine.classes, engine.classify(original), strict=True))
    drum = max(among or engine.classes, key=lambda name: probabilities[name])
    code = engine.encode(drum, log_mel, refinement)
    return Encoded(drum, float(probabilities[drum]), code)
