"""Who plays which note: every lane gets a base sound, a given one, a preset's, or the surest of several draws.

A preset means here what it means to `packgen kit`: its recipe, entries and effects are the same values, and go
through the same functions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np

from packgen.audio.descriptors import Descriptors
from packgen.audio.shaping import peak
from packgen.engine.protocol import SoundEngine
from packgen.errors import RecipeError
from packgen.humanizer.calibration import DrumCode, Measure, Measured, loudness, reaches
from packgen.humanizer.events import Lane
from packgen.humanizer.groove import BaseSound
from packgen.humanizer.notemaps import height
from packgen.latent.space import ClassSpace, Vector, draw_fitted
from packgen.latent.streams import Stream, generator
from packgen.planning.plan import Entry, plan
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedTake, treat

CANDIDATES = 6  # drawn for a class, and as many for each further note of it, in each round
SURE = 0.5  # probability that the class filter gives a base sound; else there is another round
# Of the draws: base sounds should be typical; where none of those is sure, the class's rarer sounds may be.
TEMPERATURES = (0.8, 1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Palette:
    """The sounds that are not simply drawn, and the effects on all.

    Attributes:
        given: base codes; they go before the preset's.
        recipe: of a preset, for the classes that it names; None without one.
    """

    given: Mapping[Lane, Vector] = field(default_factory=dict)
    recipe: Recipe | None = None

    def codes(self, engine: SoundEngine, lanes: Iterable[Lane], pool: Executor) -> dict[Lane, Vector]:
        """Base codes of the lanes that have one: given, or the preset's, low sounds for low notes.

        Raises:
            RecipeError: if one of the preset's classes gives no sound.
        """
        found: dict[Lane, Vector] = {}
        if self.recipe is not None:
            recipe = self.recipe

            def render(entry: Entry) -> RenderedTake:
                return render_sound(engine, recipe, entry).takes[0]

            sounds: defaultdict[str, list[RenderedTake]] = defaultdict(list)
            entries = list(plan(recipe))
            for entry, take in zip(entries, pool.map(render, entries), strict=True):
                sounds[entry.drum].append(take)
            for group in sounds.values():
                group.sort(key=lambda take: height_of(take.descriptors))
            for lane in low_to_high(lanes):
                if sounds[lane.drum]:
                    found[lane] = sounds[lane.drum].pop(0).code
        return found | dict(self.given)

    def treat(self, engine: SoundEngine, drum: str, take: RenderedTake, base: RenderedTake) -> RenderedTake:
        """A stroke through the effects of its class, as `packgen kit` treats the takes of a sound."""
        chain = () if self.recipe is None else self.recipe.style(drum).effects
        return treat(engine, chain, take, 1 / peak(base.samples)) if chain else take


def cast(
    lanes: Iterable[Lane],
    spaces: Mapping[str, ClassSpace],
    measure: Measure,
    seed: int,
    given: Mapping[Lane, Vector] | None = None,
) -> dict[Lane, BaseSound]:
    """A base sound for every lane.

    Codes that are not given are drawn from the class: of several candidates those that the class filter is
    surest of, and where a class has several notes, low sounds for low notes.

    Raises:
        RecipeError: if too few of a class's candidates give a sound.
    """
    lanes = low_to_high(lanes)
    chosen = dict(given or {})
    open_lanes: defaultdict[str, list[Lane]] = defaultdict(list)
    for lane in lanes:
        if lane not in chosen:
            open_lanes[lane.drum].append(lane)
    heard: defaultdict[str, list[tuple[Measured, Vector]]] = defaultdict(list)
    for attempt, temperature in enumerate(TEMPERATURES):
        jobs: list[DrumCode] = []
        for drum, group in open_lanes.items():
            if sum(sound.probability >= SURE for sound, _ in heard[drum]) < len(group):
                count = CANDIDATES * len(group)
                indices = range(attempt * count, (attempt + 1) * count)
                jobs += ((drum, _draw(spaces[drum], drum, seed, i, temperature)) for i in indices)
        for (drum, code), sound in zip(jobs, measure(jobs), strict=True):
            if sound is not None:
                heard[drum].append((sound, code))
    for drum, group in open_lanes.items():
        if len(heard[drum]) < len(group):
            raise RecipeError(
                f"seed {seed} finds no {drum} that sounds: choose another seed, or give the base sound"
            )
        chosen.update(zip(group, choose(heard[drum], len(group)), strict=True))
    codes = {lane: chosen[lane] for lane in lanes}
    directions = loudness(codes, spaces, measure)
    others = {
        drum: [_draw(spaces[drum], drum, seed, index, TEMPERATURES[0]) for index in range(CANDIDATES)]
        for drum in dict.fromkeys(lane.drum for lane in lanes)
    }
    reach = reaches(codes, others, spaces, measure, seed)
    return {lane: BaseSound(code, directions[lane], reach[lane]) for lane, code in codes.items()}


def _draw(space: ClassSpace, drum: str, seed: int, index: int, temperature: float) -> Vector:
    return draw_fitted(generator(seed, drum, index, Stream.CANDIDATE), space, temperature)


def choose(heard: Sequence[tuple[Measured, Vector]], count: int) -> list[Vector]:
    """The best `count` of the codes that were heard, from low to high.

    One alone is the one the class filter is surest of; several are taken from the surest half, less those it
    is not sure of while there are enough, as far apart in pitch as they come.
    """
    surest = sorted(heard, key=lambda pair: -pair[0].probability)
    sure = sum(sound.probability >= SURE for sound, _ in heard)
    best = surest[: max(count, min(sure, len(surest) // 2))] if count > 1 else surest[:1]
    best.sort(key=lambda pair: height_of(pair[0]))
    places = np.rint(np.linspace(0, len(best) - 1, count)).astype(int)
    return [best[place][1] for place in places]


def height_of(measured: Measured | Descriptors) -> float:
    """Hertz by which sounds of one class are ordered from low to high."""
    return measured.pitch or measured.brightness


def low_to_high(lanes: Iterable[Lane]) -> list[Lane]:
    """Lanes once each, by class and pitch of the drum that the note stands for."""
    return sorted(set(lanes), key=lambda lane: (lane.drum, height(lane.drum, lane.note)))
