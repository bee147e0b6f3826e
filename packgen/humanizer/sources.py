"""Base sounds that are not simply drawn: from coordinates, a pack, or a preset."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packgen.classes import find_class
from packgen.errors import ClassNameError, PackError, RecipeError
from packgen.humanizer.casting import low_to_high
from packgen.humanizer.events import Lane
from packgen.latent.space import ClassSpace, Vector, at
from packgen.packs.manifest import first_takes
from packgen.planning.presets import Preset, from_preset
from packgen.planning.recipe import Recipe

LARGEST = float(np.finfo(np.float32).max)  # magnitude in a latent code


@dataclass(frozen=True)
class Sources:
    """Where base sounds come from; what none of these gives is drawn.

    Attributes:
        at: coordinates, as `parse_coordinates` reads them; they go before a preset.
        pack: folder of a pack.
        preset: its name, and what it says.
    """

    at: tuple[str, ...] = ()
    pack: Path | None = None
    preset: tuple[str, Preset] | None = None


def check_classes(lanes: Iterable[Lane], spaces: Mapping[str, ClassSpace]) -> None:
    """Whether the model has all classes that are played.

    Raises:
        RecipeError: if not.
    """
    for lane in lanes:
        if lane.drum not in spaces:
            raise RecipeError(
                f"this model does not know {lane.drum}: map its notes to one of {', '.join(spaces)}, "
                "or choose another model"
            )


def parse_coordinates(
    texts: Sequence[str], lanes: Iterable[Lane], spaces: Mapping[str, ClassSpace]
) -> dict[Lane, Vector]:
    """``kick=0.5,-1,0`` or ``45=1,0``: a class or one note, and P1, P2, … in deviations.

    A class stands for all its notes; a note goes before its class.

    Raises:
        RecipeError: for another form, values beyond ±6, or a drum that is not played.
    """
    by_class: dict[Lane, Vector] = {}
    by_note: dict[Lane, Vector] = {}
    lanes = set(lanes)
    for text in texts:
        word, equals, values = text.partition("=")
        try:
            steps = [float(value) for value in values.split(",")]
        except ValueError:
            steps = []
        if not equals or not steps or not all(abs(step) <= 6 for step in steps):
            raise RecipeError(
                f"base sound {text!r}: write a class or note and its coordinates, such as kick=0.5,-1,0"
            )
        word = word.strip()
        try:
            drum = None if word.isdecimal() else find_class(word).name
        except ClassNameError as error:
            raise RecipeError(f"base sound {text!r}: {error}") from error
        matching = {lane for lane in lanes if lane.drum == drum or str(lane.note) == word}
        if not matching:
            raise RecipeError(f"base sound {text!r}: the file plays no {word}")
        for lane in matching:
            space = spaces[lane.drum]
            if len(steps) > len(space.deviations):
                raise RecipeError(
                    f"base sound {text!r}: there are {len(space.deviations)} axes, not {len(steps)}"
                )
            (by_note if word.isdecimal() else by_class)[lane] = at(space, steps)
    return by_class | by_note


def read_pack(folder: Path, lanes: Iterable[Lane], spaces: Mapping[str, ClassSpace]) -> dict[Lane, Vector]:
    """Base codes from the first takes of a pack's sounds, in its order; classes that it lacks are left out.

    Raises:
        PackError: if there is no manifest that can be read, or its codes do not fit this model.
    """
    codes: defaultdict[str, list[tuple[float, ...]]] = defaultdict(list)
    for take in first_takes(folder):
        codes[take.drum].append(take.code)
    given: dict[Lane, Vector] = {}
    used: Counter[str] = Counter()
    for lane in low_to_high(lanes):
        if not codes[lane.drum]:
            continue
        code = codes[lane.drum][used[lane.drum] % len(codes[lane.drum])]
        used[lane.drum] += 1
        if len(code) != len(spaces[lane.drum].mean) or not all(abs(value) <= LARGEST for value in code):
            raise PackError(f"{folder}: its codes are not of this model; give the model that made the pack")
        given[lane] = np.asarray(code, np.float32)
    return given


def left_to_chance(preset: Preset, lanes: Iterable[Lane]) -> set[str]:
    """Classes that are played and that a preset does not name."""
    return {lane.drum for lane in lanes} - {drum for drum, _ in preset.counts}


def recipe_of(preset: Preset, lanes: Iterable[Lane], seed: int) -> Recipe | None:
    """A preset's recipe with one sound for each lane; None where it names none of the drums that are played.

    Entry for entry it is that of ``packgen kit --preset P --seed S --classes tom --variations 3`` for three toms.

    Raises:
        RecipeError: if the seed is out of range.
    """
    named = dict(preset.counts)
    counts = Counter(lane.drum for lane in set(lanes) if lane.drum in named)
    if not counts:
        return None
    return from_preset(preset, seed, tuple(sorted(counts.items())), takes=1, layers=1)
