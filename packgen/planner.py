"""The planner: a recipe becomes a list of latent points to render. Pure and seeded.

Every sound is an `Entry` of its own: what it is depends on the recipe's seed, its class and its index, never on
what else is in the pack. That is what makes packs resumable, shardable and the same on any machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from packgen import latent
from packgen.classes import BY_NAME
from packgen.errors import RecipeError

MODES = ("mixed", "grid", "random")
PRIORS = ("fitted", "standard")
MOST_TAKES = 64
MOST_VARIATIONS = 100_000
TAKES_PURPOSE = 1  # stream of a sound's generator; 0 draws its code

# (name, least, most) of the recipe's numbers, as they are checked and as errors name them.
_LIMITS: tuple[tuple[str, float, float], ...] = (
    ("takes", 1, MOST_TAKES),
    ("reach", 0.0, 6.0),
    ("p3", -6.0, 6.0),
    ("spread", 0.0, 2.0),
    ("strict", 0.0, 0.99),
    ("temperature", 0.1, 2.0),
    ("polish", -1, 1000),
)
_OPTION_NAMES = {"reach": "range"}  # where the command line calls it otherwise


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a pack sounds like.

    Attributes:
        counts: (class name, number of sounds), in the pack's order.
        seed: of all draws, 0 … 2^63 - 1.
        takes: humanised takes of each sound, 1 for none.
        mode: ``grid`` walks the class's axes P1 × P2 at P3, ``random`` draws, ``mixed`` does half each.
        reach: how far the grid goes, in standard deviations: the paper's range selector.
        p3: where the grid stands on the third axis, likewise: the paper's fine knob.
        grid: (columns, rows) of the grid, None for near-square.
        spread: how far takes stray from their sound, in deviations.
        prior: ``fitted`` draws from the class's fitted posterior, ``standard`` from N(0, I) as the paper does.
        temperature: scales the deviations of random draws.
        strict: redraw until the class filter gives the class at least this probability; 0 takes every draw.
        polish: Griffin-Lim steps after the vocoder; None for the engine's choice.
    """

    counts: tuple[tuple[str, int], ...]
    seed: int
    takes: int = 4
    mode: str = "mixed"
    reach: float = 2.0
    p3: float = 0.0
    grid: tuple[int, int] | None = None
    spread: float = 0.15
    prior: str = "fitted"
    temperature: float = 1.0
    strict: float = 0.5
    polish: int | None = None

    def __post_init__(self) -> None:
        if not self.counts:
            raise RecipeError("a pack needs at least one class: give --classes")
        for name, count in self.counts:
            if name not in BY_NAME:
                raise RecipeError(f"unknown drum class {name!r} in the recipe")
            if not 1 <= count <= MOST_VARIATIONS:
                raise RecipeError(f"variations of {name} must be 1 … {MOST_VARIATIONS}, not {count}")
        for name, least, most in _LIMITS:
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and least <= value <= most):
                raise RecipeError(
                    f"{_OPTION_NAMES.get(name, name)} must be {least:g} … {most:g}, not {value:g}"
                )
        if self.mode not in MODES:
            raise RecipeError(f"unknown mode {self.mode!r}: choose {', '.join(MODES)}")
        if self.prior not in PRIORS:
            raise RecipeError(f"unknown prior {self.prior!r}: choose {' or '.join(PRIORS)}")
        if not 0 <= self.seed < 2**63:
            raise RecipeError(f"seed must be 0 … 2^63 - 1, not {self.seed}")
        if self.grid is not None:
            columns, rows = self.grid
            if columns < 1 or rows < 1:
                raise RecipeError(f"grid must be at least 1x1, not {columns}x{rows}")
            most = max(count for _, count in self.counts)
            if self.mode == "grid" and columns * rows < most:
                raise RecipeError(
                    f"a {columns}x{rows} grid has {columns * rows} points, fewer than {most} variations"
                )

    @property
    def num_sounds(self) -> int:
        """Sounds of the whole pack, takes not counted."""
        return sum(count for _, count in self.counts)


@dataclass(frozen=True)
class Entry:
    """One sound to render.

    Attributes:
        drum: class name.
        index: number within its class, from 0.
        coordinates: (P1, P2, P3) in deviations for a grid point, None for a random draw.
    """

    drum: str
    index: int
    coordinates: tuple[float, float, float] | None


def plan(recipe: Recipe) -> Iterator[Entry]:
    """The sounds of a pack in order.

    >>> [entry.index for entry in plan(Recipe((("kick", 3),), seed=1))]
    [0, 1, 2]
    """
    for drum, count in recipe.counts:
        points = _grid_points(recipe, count)
        for index in range(count):
            yield Entry(drum, index, points[index] if index < len(points) else None)


def _grid_points(recipe: Recipe, count: int) -> list[tuple[float, float, float]]:
    """The points of a class's grid, row by row from the top left, as the paper's pad shows them."""
    wanted = {"grid": count, "random": 0, "mixed": count // 2}[recipe.mode]
    if wanted == 0:
        return []
    columns = recipe.grid[0] if recipe.grid else math.ceil(math.sqrt(wanted))
    rows = recipe.grid[1] if recipe.grid else math.ceil(wanted / columns)
    across = np.linspace(-recipe.reach, recipe.reach, columns) if columns > 1 else np.zeros(1)
    down = np.linspace(recipe.reach, -recipe.reach, rows) if rows > 1 else np.zeros(1)
    return [(float(x), float(y), recipe.p3) for y in down for x in across][:wanted]


def candidate(recipe: Recipe, entry: Entry, space: latent.ClassSpace, attempt: int = 0) -> latent.Vector:
    """The latent code to try for an entry: (D,). Each attempt is another one.

    A grid point that is refused is moved a little further each time; a random draw is drawn again.
    """
    rng = latent.generator(recipe.seed, entry.drum, entry.index, attempt=attempt)
    if entry.coordinates is not None:
        code = latent.at(space, entry.coordinates)
        if attempt == 0:
            return code
        return latent.displace(
            space, code, latent.draw_standard(rng, space.dimensions) * 0.1 * math.sqrt(attempt)
        )
    if recipe.prior == "standard":
        return latent.draw_standard(rng, space.dimensions) * np.float32(recipe.temperature)
    return latent.draw_fitted(rng, space, recipe.temperature)


def take_codes(recipe: Recipe, entry: Entry, space: latent.ClassSpace, code: latent.Vector) -> latent.Points:
    """Codes of an entry's takes: (takes, D), the sound's own code first."""
    rng = latent.generator(recipe.seed, entry.drum, entry.index, purpose=TAKES_PURPOSE)
    return latent.takes(rng, space, code, recipe.takes, recipe.spread)
