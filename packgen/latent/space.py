"""Points of the latent space: axes, fitted posteriors, grids, draws and jitter. Pure numpy, seeded.

Letters: D latent dimensions, P principal axes, M mixture components, n points.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from packgen.errors import WeightsError
from packgen.latent.streams import Stream, generator

REACH = 4.0  # deviations: the largest coordinate that is offered; farther out no training sound lies
TAKE_CORRELATION = 0.5  # between successive takes

Vector = NDArray[np.float32]  # (D,)
Points = NDArray[np.float32]  # (n, D)


@dataclass(frozen=True)
class ClassSpace:
    """Where one class lies in the latent space, fitted to the codes of its training sounds.

    Attributes:
        mean: mean code (D,).
        axes: principal axes (P, D), orthonormal rows, largest variance first: the paper's P1, P2, P3, …
        deviations: standard deviation of the codes along each axis (P,).
        weights: mixture weights (M,) of the fitted posterior.
        means: its component means (M, D).
        factor: lower Cholesky factor (D, D) of the covariance that all components share.
    """

    mean: Vector
    axes: Points
    deviations: Vector
    weights: Vector
    means: Points
    factor: NDArray[np.float32]

    @property
    def dimensions(self) -> int:
        """D."""
        return len(self.mean)


def to_arrays(spaces: dict[str, ClassSpace]) -> dict[str, NDArray[np.float32]]:
    """Named arrays of all spaces, as a weight file keeps them."""
    return {
        f"latent.{name}.{field.name}": getattr(space, field.name)
        for name, space in spaces.items()
        for field in dataclasses.fields(ClassSpace)
    }


def from_arrays(arrays: dict[str, NDArray[np.float32]], names: Iterable[str]) -> dict[str, ClassSpace]:
    """Inverse of `to_arrays`; a name without arrays raises KeyError.

    Raises:
        WeightsError: if the arrays of a class do not fit together, or hold values that are no numbers.
    """
    fields = [field.name for field in dataclasses.fields(ClassSpace)]
    spaces = {name: ClassSpace(**{f: arrays[f"latent.{name}.{f}"] for f in fields}) for name in names}
    for name, space in spaces.items():
        _check(name, space)
    return spaces


def _check(name: str, space: ClassSpace) -> None:
    """Whether a space that was read is one: sizes as `ClassSpace` says, all finite."""
    d, p, m = space.mean.size, len(np.atleast_1d(space.deviations)), len(np.atleast_1d(space.weights))
    sizes = {
        "mean": (d,),
        "axes": (p, d),
        "deviations": (p,),
        "weights": (m,),
        "means": (m, d),
        "factor": (d, d),
    }
    for field, size in sizes.items():
        array = getattr(space, field)
        if array.shape != size or array.dtype != np.float32 or not np.isfinite(array).all():
            raise WeightsError(f"the latent space of {name} is damaged ({field}): run packgen train finish")


def draw_standard(rng: np.random.Generator, dimensions: int) -> Vector:
    """A draw from N(0, I), the paper's prior: (D,)."""
    return rng.standard_normal(dimensions).astype(np.float32)


def draw_fitted(rng: np.random.Generator, space: ClassSpace, temperature: float = 1.0) -> Vector:
    """A draw from the mixture fitted to the class's codes: (D,). Temperature scales its deviations."""
    component = int(np.searchsorted(np.cumsum(space.weights), rng.random() * float(space.weights.sum())))
    component = min(component, len(space.weights) - 1)
    noise = rng.standard_normal(space.dimensions).astype(np.float32) * temperature
    return np.asarray(space.means[component] + space.factor @ noise, np.float32)


def at(space: ClassSpace, coordinates: Vector | list[float] | tuple[float, ...]) -> Vector:
    """The code at coordinates P1, P2, … in standard deviations from the class's mean: (k,) -> (D,)."""
    steps = np.asarray(coordinates, np.float32)
    return (space.mean + (steps * space.deviations[: len(steps)]) @ space.axes[: len(steps)]).astype(
        np.float32
    )


def coordinates(space: ClassSpace, code: Vector, count: int = 3) -> Vector:
    """Inverse of `at` for the first axes: (D,) -> (count,), in standard deviations."""
    offsets = space.axes[:count] @ (code - space.mean)
    return np.asarray(offsets / np.maximum(space.deviations[:count], 1e-6), np.float32)


def walk(columns: int, rows: int, reach: float) -> list[tuple[float, float]]:
    """Places (P1, P2) of the paper's grid, in deviations.

    Rows from the top (+reach) down, columns from left (-reach) to right. One column or row stands at zero.
    """
    across = np.linspace(-reach, reach, columns) if columns > 1 else np.zeros(1)
    down = np.linspace(reach, -reach, rows) if rows > 1 else np.zeros(1)
    return [(float(x), float(y)) for y in down for x in across]


def takes(rng: np.random.Generator, space: ClassSpace, code: Vector, count: int, spread: float) -> Points:
    """Humanised siblings of a code, as a drummer's successive strokes: (count, D), the code itself first.

    The displacement is an autoregression in units of the class's own deviations, so that all classes stray alike.
    Take k is the same however many are asked for.
    """
    fresh = (rng.standard_normal(space.dimensions).astype(np.float32) for _ in range(1, count))
    strayed = [displace(space, code, state * spread) for state in autoregression(fresh, TAKE_CORRELATION)]
    return np.stack([code, *strayed]).astype(np.float32)


def autoregression(fresh: Iterable[NDArray[Any]], correlation: float) -> Iterator[Any]:
    """Independent draws (P,), one by one, to a stationary first-order autoregression of the same variance (P,)."""
    state: Any = None
    for drawn in fresh:
        state = drawn if state is None else correlation * state + np.sqrt(1 - correlation**2) * drawn
        yield state


def displace(space: ClassSpace, code: Vector, steps: Vector) -> Vector:
    """Move a code by `steps` (D,), given in deviations along each principal axis."""
    return (code + (steps[: len(space.axes)] * space.deviations) @ space.axes).astype(np.float32)


def nudged(space: ClassSpace, drum: str, code: Vector, amount: float, seed: int, attempt: int = 0) -> Vector:
    """A code (D,) moved by a seed along every axis of its class, `amount` deviations in the root mean square."""
    rng = generator(seed, drum, 0, Stream.VARIATION, attempt=attempt)
    return displace(space, code, rng.standard_normal(len(space.deviations)).astype(np.float32) * amount)


def drawn_back(code: Vector, base: Vector) -> Iterator[Vector]:
    """A code (D,), then halfway back to its base, and again halfway, without end."""
    while True:
        yield code
        code = ((code + base) / 2).astype(np.float32)
