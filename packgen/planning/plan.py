"""The plan: a recipe becomes a list of latent points to render. Pure and seeded.

Every sound is an `Entry` of its own: what it is depends on the recipe's seed, its class and its index, never on
what else is in the pack. That is what makes packs resumable, shardable and the same on any machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from packgen.latent import space as latent
from packgen.latent.predictor import Predictor
from packgen.latent.streams import Stream, generator
from packgen.planning.recipe import Recipe, Style
from packgen.planning.wishes import aims, nearest

POOL = 256  # codes that are sieved by their predicted descriptors for one candidate


@dataclass(frozen=True)
class Entry:
    """One sound to render.

    Attributes:
        drum: class name.
        index: number within its class, from 0.
        coordinates: (P1, P2, P3) in deviations for a grid point, None for a draw.
    """

    drum: str
    index: int
    coordinates: tuple[float, float, float] | None


def plan(recipe: Recipe) -> Iterator[Entry]:
    """The sounds of a pack in order. A class with wishes, or with a sound to resemble, is drawn: a grid heeds neither.

    >>> [entry.index for entry in plan(Recipe((("kick", 3),), seed=1))]
    [0, 1, 2]
    """
    for drum, count in recipe.counts:
        style = recipe.style(drum)
        points = [] if style.wishes or style.like else _grid_points(recipe, style, count)
        for index in range(count):
            yield Entry(drum, index, points[index] if index < len(points) else None)


def _grid_points(recipe: Recipe, style: Style, count: int) -> list[tuple[float, float, float]]:
    """The points of a class's grid, row by row from the top left, as the paper's pad shows them."""
    wanted = {"grid": count, "random": 0, "mixed": count // 2}[recipe.mode]
    if wanted == 0:
        return []
    columns = recipe.grid[0] if recipe.grid else math.ceil(math.sqrt(wanted))
    rows = recipe.grid[1] if recipe.grid else math.ceil(wanted / columns)
    reach = recipe.reach if style.reach is None else style.reach
    p1, p2, p3 = style.centre
    return [(p1 + x, p2 + y, p3 + recipe.p3) for x, y in latent.walk(columns, rows, reach)][:wanted]


def candidate(recipe: Recipe, entry: Entry, space: latent.ClassSpace, attempt: int = 0) -> latent.Vector:
    """The latent code (D,) to try for an entry; each attempt gives another one.

    A grid point that is refused is moved a little further each time; a random draw is drawn again. Of sounds
    that shall resemble another, the first is that one itself.
    """
    rng = generator(recipe.seed, entry.drum, entry.index, attempt=attempt)
    if entry.coordinates is not None:
        code = latent.at(space, entry.coordinates)
        if attempt == 0:
            return code
        return latent.displace(
            space, code, latent.draw_standard(rng, space.dimensions) * 0.1 * math.sqrt(attempt)
        )
    style = recipe.style(entry.drum)
    if style.like and entry.index == attempt == 0:
        return np.asarray(style.like, np.float32)
    return _draw(recipe, style, space, rng)


def _draw(recipe: Recipe, style: Style, space: latent.ClassSpace, rng: np.random.Generator) -> latent.Vector:
    if style.like:
        steps = latent.draw_standard(rng, space.dimensions) * np.float32(recipe.distance)
        return latent.displace(space, np.asarray(style.like, np.float32), steps)
    temperature = recipe.temperature if style.temperature is None else style.temperature
    if recipe.prior == "standard":
        code = latent.draw_standard(rng, space.dimensions) * np.float32(temperature)
    else:
        code = latent.draw_fitted(rng, space, temperature)
    if not any(style.centre):
        return code
    steps = np.zeros(len(space.axes), np.float32)
    steps[: len(style.centre)] = style.centre[: len(steps)]
    return latent.displace(space, code, steps)


def aim_of(recipe: Recipe, entry: Entry, predictor: Predictor) -> dict[str, float]:
    """What the sound of an entry aims at for the recipe's wishes, in deviations of its class."""
    rng = generator(recipe.seed, entry.drum, entry.index, Stream.AIM)
    return aims(recipe.style(entry.drum).wishes, predictor, rng)


def aimed_candidate(
    recipe: Recipe,
    entry: Entry,
    space: latent.ClassSpace,
    predictor: Predictor,
    aim: dict[str, float],
    attempt: int = 0,
) -> latent.Vector:
    """The code (D,) of a pool of draws that is predicted nearest to an aim. Each attempt has its own pool."""
    style = recipe.style(entry.drum)
    rng = generator(recipe.seed, entry.drum, entry.index, Stream.POOL, attempt)
    pool = np.stack([_draw(recipe, style, space, rng) for _ in range(POOL)])
    return np.asarray(pool[nearest(pool, aim, predictor)], np.float32)


def take_codes(
    recipe: Recipe, entry: Entry, space: latent.ClassSpace, code: latent.Vector, below: int = 0
) -> latent.Points:
    """Codes of an entry's takes: (takes, D), the given code first.

    Args:
        below: how many velocity layers lie above the one whose takes these are.
    """
    stream = Stream.TAKES if below == 0 else Stream.LAYER + below
    rng = generator(recipe.seed, entry.drum, entry.index, stream)
    return latent.takes(rng, space, code, recipe.takes, recipe.spread)
