"""The recipe: everything that decides what a pack sounds like."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packgen.classes import BY_NAME
from packgen.errors import RecipeError

if TYPE_CHECKING:  # the command line reads the knobs, and starts without numpy
    from packgen.planning.effects import Chain
    from packgen.planning.wishes import Wish


@dataclass(frozen=True)
class Knob:
    """A number that a user may set: the recipe, presets and the command line all take it from here.

    Attributes:
        field: of `Recipe`; or ``variations``, the number of sounds of a class.
        least, most: what it may be.
        help: what it is, for people.
        option: its name on the command line and in presets, where that is another.
        whole: whether it is a whole number.
        preset: whether presets may set it.
    """

    field: str
    least: float
    most: float
    help: str
    option: str = ""
    whole: bool = False
    preset: bool = True

    @property
    def name(self) -> str:
        """What users call it."""
        return self.option or self.field

    @property
    def default(self) -> float | None:
        """Its value where neither the user nor the preset gives one; None leaves it to the engine."""
        return USUAL_VARIATIONS if self is VARIATIONS else getattr(Recipe, self.field)

    def check(self, value: float, what: str = "") -> None:
        """Refuse a number that is out of range.

        Raises:
            RecipeError: naming it, or `what` it is.
        """
        if not (math.isfinite(value) and self.least <= value <= self.most):
            shown = f"{value:g}" if isinstance(value, float) else str(value)
            raise RecipeError(f"{what or self.name} must be {self.least:g} … {self.most:g}, not {shown}")


USUAL_VARIATIONS = 16
VARIATIONS = Knob("variations", 1, 100_000, "Different sounds of each class.", whole=True)
KNOBS = (
    Knob("takes", 1, 64, "Humanised takes of each sound; 1 for none.", whole=True),
    Knob("layers", 1, 8, "Velocity layers of each sound, softer ones darker.", whole=True),
    Knob("reach", 0, 6, "How far the grid goes, in standard deviations.", option="range"),
    Knob("p3", -6, 6, "Where the grid stands on the third axis, in standard deviations."),
    Knob("spread", 0, 2, "How far takes stray from their sound, in standard deviations."),
    Knob(
        "distance",
        0,
        2,
        "How far sounds stray from the one they resemble, in standard deviations.",
        preset=False,
    ),
    Knob("strict", 0, 0.99, "Redraw until the class filter is this sure; 0 takes every draw."),
    Knob("temperature", 0.1, 2, "Scales the deviations of random draws."),
    Knob("polish", -1, 1000, "Griffin-Lim steps after the vocoder.", whole=True, preset=False),
)
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
        styles: (class name, `Style`) of the classes that have one.
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
            raise RecipeError("a pack needs at least one class")
        for name, count in self.counts:
            if name not in BY_NAME:
                raise RecipeError(f"unknown drum class {name!r} in the recipe")
            VARIATIONS.check(count, f"variations of {name}")
        for knob in KNOBS:
            if (value := getattr(self, knob.field)) is not None:
                knob.check(value)
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
        wished += ["like" for _, style in self.styles if style.like]
        if wished and self.mode == "grid":
            raise RecipeError(f"a grid stands where it stands, so {wished[0]} needs mode mixed or random")

    def style(self, drum: str) -> Style:
        """How the sounds of a class are chosen and treated."""
        return next((style for name, style in self.styles if name == drum), PLAIN)

    @property
    def num_sounds(self) -> int:
        """Sounds of the whole pack, takes not counted."""
        return sum(count for _, count in self.counts)
