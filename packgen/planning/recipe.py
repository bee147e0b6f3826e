"""The planner: a recipe becomes a list of latent points to render. Pure and seeded.

Every sound is an `Entry` of its own: what it is depends on the recipe's seed, its class and its index, never on
what else is in the pack. That is what makes packs resumable, shardable and the same on any machine.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from packgen.classes import BY_NAME, DRUM_CLASSES
from packgen.errors import RecipeError
from packgen.latent import space as latent
from packgen.latent.predictor import Predictor
from packgen.latent.streams import generator
from packgen.planning.presets import MODES, PLAIN, PRIORS, Preset, Style
from packgen.planning.wishes import Wish, aims, nearest

MOST_TAKES = 64
MOST_LAYERS = 8
MOST_VARIATIONS = 100_000
POOL = 256  # codes that are sieved by their predicted descriptors for one candidate
# Streams of a sound's generator; 0 draws its code.
TAKES_PURPOSE, AIM_PURPOSE, POOL_PURPOSE, LAYER_PURPOSE = 1, 2, 3, 16  # and the layers below the hardest

# (name, least, most) of the recipe's numbers, as they are checked and as errors name them.
_LIMITS: tuple[tuple[str, float, float], ...] = (
    ("takes", 1, MOST_TAKES),
    ("layers", 1, MOST_LAYERS),
    ("reach", 0.0, 6.0),
    ("p3", -6.0, 6.0),
    ("spread", 0.0, 2.0),
    ("distance", 0.0, 2.0),
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
        distance: how far sounds stray from one that they shall resemble, in deviations.
        prior: ``fitted`` draws from the class's fitted posterior, ``standard`` from N(0, I) as the paper does.
        temperature: scales the deviations of random draws.
        strict: redraw until the class filter gives the class at least this probability; 0 takes every draw.
        polish: Griffin-Lim steps after the vocoder; None for the engine's choice.
        layers: velocity layers of each sound, each with its own takes.
        styles: (class name, `packgen.planning.presets.Style`) of the classes that have one.
    """

    counts: tuple[tuple[str, int], ...]
    seed: int
    takes: int = 4
    mode: str = "mixed"
    reach: float = 2.0
    p3: float = 0.0
    grid: tuple[int, int] | None = None
    spread: float = 0.15
    distance: float = 0.5
    prior: str = "fitted"
    temperature: float = 1.0
    strict: float = 0.7
    polish: int | None = None
    layers: int = 1
    styles: tuple[tuple[str, Style], ...] = ()

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
        wished = [str(wish) for _, style in self.styles for wish in style.wishes]
        wished += ["--like" for _, style in self.styles if style.like]
        if wished and self.mode == "grid":
            raise RecipeError(f"a grid stands where it stands, so {wished[0]} needs --mode mixed or random")

    def style(self, drum: str) -> Style:
        """How the sounds of a class are chosen and treated."""
        return dict(self.styles).get(drum, PLAIN)

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
        coordinates: (P1, P2, P3) in deviations for a grid point, None for a draw.
    """

    drum: str
    index: int
    coordinates: tuple[float, float, float] | None


def plan(recipe: Recipe) -> Iterator[Entry]:
    """The sounds of a pack in order. A class with wishes or a model is all drawn: a grid would not heed them.

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
    """The latent code to try for an entry: (D,). Each attempt is another one.

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
    like = recipe.style(entry.drum).like
    if like and entry.index == attempt == 0:
        return np.asarray(like, np.float32)
    return _draw(recipe, entry.drum, space, rng)


def _draw(recipe: Recipe, drum: str, space: latent.ClassSpace, rng: np.random.Generator) -> latent.Vector:
    style = recipe.style(drum)
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
    """What an entry's wishes come to for this very sound, in deviations of its class."""
    rng = generator(recipe.seed, entry.drum, entry.index, purpose=AIM_PURPOSE)
    return aims(recipe.style(entry.drum).wishes, predictor, rng)


def aimed_candidate(
    recipe: Recipe,
    entry: Entry,
    space: latent.ClassSpace,
    predictor: Predictor,
    aim: dict[str, float],
    attempt: int = 0,
) -> latent.Vector:
    """Of a pool of draws the one that is predicted nearest to an aim: (D,). Each attempt has its own pool."""
    rng = generator(recipe.seed, entry.drum, entry.index, POOL_PURPOSE, attempt)
    pool = np.stack([_draw(recipe, entry.drum, space, rng) for _ in range(POOL)])
    return np.asarray(pool[nearest(pool, aim, predictor)], np.float32)


def take_codes(
    recipe: Recipe, entry: Entry, space: latent.ClassSpace, code: latent.Vector, below: int = 0
) -> latent.Points:
    """Codes of an entry's takes: (takes, D), the given code first.

    Args:
        below: how many velocity layers lie above the one whose takes these are.
    """
    purpose = TAKES_PURPOSE if below == 0 else LAYER_PURPOSE + below
    rng = generator(recipe.seed, entry.drum, entry.index, purpose=purpose)
    return latent.takes(rng, space, code, recipe.takes, recipe.spread)


def from_preset(
    preset: Preset,
    seed: int,
    counts: tuple[tuple[str, int], ...] | None = None,
    wishes: tuple[Wish, ...] = (),
    like: Mapping[str, tuple[float, ...]] = MappingProxyType({}),
    **settings: Any,
) -> Recipe:
    """A preset's recipe, with what a user sets otherwise.

    Args:
        preset: the preset.
        seed: of all draws.
        counts: instead of the preset's.
        wishes: for all classes, instead of the preset's for the same descriptors; pitch goes to pitched classes.
        like: class name -> latent code of a sound that its sounds shall resemble.
        settings: further fields of `Recipe`; None leaves the preset's.

    Raises:
        RecipeError: if something is out of range, or no class has a pitch that is wished for.
    """
    counts = preset.counts if counts is None else counts
    styles = []
    for drum, _ in counts:
        style = preset.styles.get(drum, PLAIN)
        own = tuple(wish for wish in wishes if wish.name != "pitch" or BY_NAME[drum].pitched)
        kept = tuple(wish for wish in style.wishes if wish.name not in {new.name for new in own})
        style = replace(
            style, wishes=tuple(wish for wish in kept + own if wish.bias != 0), like=like.get(drum, ())
        )
        if style != PLAIN:
            styles.append((drum, style))
    if any(wish.name == "pitch" for wish in wishes) and not any(BY_NAME[drum].pitched for drum, _ in counts):
        *others, last = (drum.name for drum in DRUM_CLASSES if drum.pitched)
        raise RecipeError(f"--pitch needs a class that has one: {', '.join(others)} or {last}")
    given = {name: value for name, value in settings.items() if value is not None}
    return Recipe(counts, seed, styles=tuple(styles), **preset.settings | given)
