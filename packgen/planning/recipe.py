"""The recipe: everything that decides what a pack sounds like."""

from __future__ import annotations

import math
from dataclasses import dataclass

from packgen.classes import BY_NAME
from packgen.errors import RecipeError
from packgen.planning.effects import Chain
from packgen.planning.wishes import Wish

MOST_TAKES = 64
MOST_LAYERS = 8
MOST_VARIATIONS = 100_000

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


MODES = ("mixed", "grid", "random")
PRIORS = ("fitted", "standard")


@dataclass(frozen=True)
class Style:
    """How the sounds of one class are chosen and treated.

    Attributes:
        centre: where the class's grid and draws stand on P1, P2, P3, in deviations.
        reach: of its grid; None for the recipe's.
        temperature: of its draws; None for the recipe's.
        wishes: for measured descriptors, at most one of each.
        effects: applied to every take.
        like: latent code (D,) of a sound that they shall resemble; empty for none. No preset gives it.
    """

    centre: tuple[float, ...] = (0.0, 0.0, 0.0)
    reach: float | None = None
    temperature: float | None = None
    wishes: tuple[Wish, ...] = ()
    effects: Chain = ()
    like: tuple[float, ...] = ()


PLAIN = Style()


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
