"""How far a drum's hits may lie apart: measured, so that a share of a class's own variety means the same for all.

The latent space is no ruler: one deviation hardly moves a kick and turns a tambourine into another one. So a few
strokes are tried around each base sound, and compared with how far different sounds of the class lie apart.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from packgen.humanizer.events import Lane
from packgen.latent.space import ClassSpace, Vector, displace
from packgen.latent.streams import Stream, generator

TRIALS = 4  # strokes tried around each base sound
TRIAL = 0.2  # deviations along every axis that they are tried at
REACHES = (0.2, 1.5)  # least and most deviations a share of 1 stands for: beyond, four trials are no ground

Mel = NDArray[np.float32]  # compressed mel spectrogram (F, T)
Hear = Callable[[Sequence[tuple[str, Vector]]], Sequence[Mel | None]]  # None where a code gives no sound


def distance(one: Mel, two: Mel) -> float:
    """Mean absolute difference of two compressed mel spectrograms."""
    return float(np.abs(one - two).mean())


def mean_distance(mels: Sequence[Mel]) -> float:
    """Mean distance over all pairs, 0 without a pair."""
    pairs = [distance(one, two) for one, two in itertools.combinations(mels, 2)]
    return float(np.mean(pairs)) if pairs else 0.0


def reaches(
    bases: Mapping[Lane, Vector],
    others: Mapping[str, Sequence[Vector]],
    spaces: Mapping[str, ClassSpace],
    hear: Hear,
    seed: int,
) -> dict[Lane, float]:
    """Deviations that displace each lane's strokes by as much as different sounds of its class differ.

    Args:
        bases: code of each lane.
        others: codes of different sounds of each class.
        spaces: of the classes.
        hear: renders many codes.
        seed: of the trials.
    """
    classes = sorted({lane.drum for lane in bases})
    heard = iter(hear([(drum, code) for drum in classes for code in others[drum]]))
    apart = {drum: mean_distance(_sounding([next(heard) for _ in others[drum]])) for drum in classes}
    jobs = []
    for lane, base in bases.items():
        space = spaces[lane.drum]
        steps = generator(seed, f"{lane.drum} {lane.note}", 0, Stream.CALIBRATION).standard_normal(
            (TRIALS, len(space.deviations))
        )
        jobs += [(lane.drum, displace(space, base, row)) for row in (TRIAL * steps).astype(np.float32)]
    heard = iter(hear(jobs))
    found = {}
    for lane in bases:
        tried = mean_distance(_sounding([next(heard) for _ in range(TRIALS)]))
        # Where nothing is heard to differ there is nothing to go by.
        known = tried > 0 and apart[lane.drum] > 0
        found[lane] = float(np.clip(TRIAL * apart[lane.drum] / tried, *REACHES)) if known else 1.0
    return found


def _sounding(mels: Sequence[Mel | None]) -> list[Mel]:
    return [mel for mel in mels if mel is not None]
