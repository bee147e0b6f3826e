"""Measures of a base sound: which way is louder, and how far its hits may lie apart.

The latent space is no ruler: one deviation hardly moves a kick and turns a tambourine into another one. So a few
strokes are tried around each base sound, and compared with how far different sounds of the class lie apart.

Rendering is handed in as a function that measures many codes: nothing here needs networks, and the caller decides
how many it renders at a time.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.humanizer.events import Lane
from packgen.latent.space import ClassSpace, Vector, displace
from packgen.latent.streams import Stream, generator

PROBES = 3  # principal axes along which brightness and level are measured
STEP = 0.5  # deviations to either side
TRIALS = 4  # strokes tried around each base sound
TRIAL = 0.2  # deviations along every axis that they are tried at
REACHES = (0.2, 1.5)  # least and most deviations a share of 1 stands for: beyond, four trials are no ground

Mel = NDArray[np.float32]  # compressed mel spectrogram (F, T)


@dataclass(frozen=True)
class Measured:
    """What was heard at a code.

    Attributes:
        brightness: spectral centroid, hertz.
        level: loudest 50 ms, dB.
        pitch: fundamental in hertz, None where there is none.
        probability: the class filter's, for the class that was asked for.
        log_mel: compressed mel spectrogram (F, T).
    """

    brightness: float
    level: float
    pitch: float | None
    probability: float
    log_mel: Mel


DrumCode = tuple[str, Vector]  # class and latent code (D,)
Measure = Callable[[Sequence[DrumCode]], Sequence[Measured | None]]  # None where a code gives no sound


def loudness(
    codes: Mapping[Lane, Vector], spaces: Mapping[str, ClassSpace], measure: Measure
) -> dict[Lane, Vector]:
    """Unit vectors (P,) along which brightness and level rise around each code; zero where neither changes.

    Both are regressed (least squares) on the first principal axes, from probes to either side of the code,
    brightness as a logarithm; the two gradients count alike, whatever their units.
    """
    steps = np.concatenate([np.zeros((1, PROBES)), STEP * np.eye(PROBES), -STEP * np.eye(PROBES)])
    jobs, found = [], {}
    for lane, code in codes.items():
        space = spaces[lane.drum]
        width = max(PROBES, len(space.deviations))
        padded = np.pad(steps, ((0, 0), (0, width - PROBES)))[:, : len(space.deviations)]
        jobs += [(lane.drum, displace(space, code, row.astype(np.float32))) for row in padded]
    heard = iter(measure(jobs))
    for lane in codes:
        found[lane] = np.zeros(len(spaces[lane.drum].deviations), np.float32)
        sounds = [next(heard) for _ in steps]
        gradient = _rise(steps, sounds)[: len(found[lane])]
        found[lane][: len(gradient)] = gradient
    return found


def _rise(steps: NDArray[np.float64], sounds: Sequence[Measured | None]) -> NDArray[np.float64]:
    """Unit vector (k,) of the common rise of brightness and level over `steps` (n, k)."""
    kept = [(row, sound) for row, sound in zip(steps, sounds, strict=True) if sound and sound.brightness > 0]
    if len(kept) <= steps.shape[1]:
        return np.zeros(steps.shape[1])
    design = np.array([[1.0, *row] for row, _ in kept])
    targets = np.array([[np.log(sound.brightness), sound.level] for _, sound in kept])
    gradients = np.linalg.lstsq(design, targets, rcond=None)[0][1:]  # (k, 2)
    lengths = np.linalg.norm(gradients, axis=0)
    # A gradient that is rounding noise must not be blown up to length one.
    combined = (gradients * (lengths > 1e-6) / np.maximum(lengths, 1e-6)).sum(axis=1)
    size = float(np.linalg.norm(combined))
    return combined / size if size > 1e-3 else np.zeros(steps.shape[1])


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
    measure: Measure,
    seed: int,
) -> dict[Lane, float]:
    """How many deviations displace a lane's strokes as much as different sounds of its class differ.

    Args:
        bases: code of each lane.
        others: codes of different sounds of each class.
        spaces: of the classes.
        measure: renders many codes.
        seed: of the trials.
    """
    classes = sorted({lane.drum for lane in bases})
    heard = iter(measure([(drum, code) for drum in classes for code in others[drum]]))
    apart = {drum: mean_distance(_sounding([next(heard) for _ in others[drum]])) for drum in classes}
    jobs = []
    for lane, base in bases.items():
        space = spaces[lane.drum]
        steps = generator(seed, f"{lane.drum} {lane.note}", 0, Stream.CALIBRATION).standard_normal(
            (TRIALS, len(space.deviations))
        )
        jobs += [(lane.drum, displace(space, base, row)) for row in (TRIAL * steps).astype(np.float32)]
    heard = iter(measure(jobs))
    found = {}
    for lane in bases:
        tried = mean_distance(_sounding([next(heard) for _ in range(TRIALS)]))
        # Where nothing is heard to differ there is nothing to go by.
        known = tried > 0 and apart[lane.drum] > 0
        found[lane] = float(np.clip(TRIAL * apart[lane.drum] / tried, *REACHES)) if known else 1.0
    return found


def _sounding(heard: Sequence[Measured | None]) -> list[Mel]:
    return [sound.log_mel for sound in heard if sound is not None]
