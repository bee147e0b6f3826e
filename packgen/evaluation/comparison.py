"""Sets of sounds compared: how often the judge hears the asked class, how far two sets are apart, copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.errors import CorpusError
from packgen.evaluation import distances
from packgen.evaluation.distances import Points
from packgen.evaluation.judge import Opinion
from packgen.evaluation.plan import Indices

FEWEST = 3  # points: a covariance and a nearest neighbour need them


@dataclass(frozen=True)
class SetDistances:
    """A set of sounds against the validation sounds, as points of one embedding.

    Attributes:
        frechet, kernel: FAD and KID.
        coverage, density: see `packgen.evaluation.distances.coverage_density`.
        compared: sounds in each of the two sets.
    """

    frechet: float
    kernel: float
    coverage: float
    density: float
    compared: int


@dataclass(frozen=True)
class Copies:
    """Distance of every sound to the nearest real training sound.

    Attributes:
        nearest, reference: the smallest, of generated and of real validation sounds.
        median, median_reference: the typical ones.
        closer: generated sounds nearer to a training sound than any validation sound is.
    """

    nearest: float
    reference: float
    median: float
    median_reference: float
    closer: int


def hit_rates(
    opinion: Opinion, labels: Indices, classes: tuple[str, ...], asked: int = 0
) -> dict[str, float]:
    """Share of each class's sounds that the judge puts there; a sound that never came out is a miss.

    Args:
        opinion: on n sounds.
        labels: their class indices (n,).
        classes: names; one without sounds is left out, unless some were asked for.
        asked: sounds asked for of each class; 0 where all are there.
    """
    rates = {}
    for index, name in enumerate(classes):
        members = np.flatnonzero(labels == index)
        if count := max(asked, len(members)):
            rates[name] = float((opinion.classes[members] == index).sum()) / count
    return rates


def set_distances(found: Points, real: Points) -> SetDistances:
    """Compare two sets of points of one make: (n, D), (n, D).

    Raises:
        CorpusError: if there are too few.
    """
    if min(len(found), len(real)) < FEWEST:
        raise CorpusError(
            f"only {len(found)} sounds of the same classes to compare; prepare a corpus with more real sounds"
        )
    coverage, density = distances.coverage_density(real, found)
    return SetDistances(
        frechet=distances.frechet(found, real),
        kernel=distances.kernel_distance(found, real),
        coverage=coverage,
        density=density,
        compared=len(found),
    )


def copies(generated: NDArray[np.float64], real: NDArray[np.float64]) -> Copies:
    """Nearest distances of generated and of real sounds to training sounds, compared."""
    reference = float(real.min())
    return Copies(
        nearest=float(generated.min()),
        reference=reference,
        median=float(np.median(generated)),
        median_reference=float(np.median(real)),
        closer=int((generated < reference).sum()),
    )
