"""What the drums of a performance are made of: codes that are given, and a preset's sounds and effects.

A preset means here what it means to `packgen kit`: its recipe, entries and effects are the same values, and go
through the same functions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field

from packgen.audio.shaping import peak
from packgen.engine.protocol import SoundEngine
from packgen.humanizer.events import Lane
from packgen.humanizer.sources import height_of, low_to_high
from packgen.latent.space import Vector
from packgen.planning.plan import Entry, plan
from packgen.planning.presets import Preset, from_preset
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedTake, treat


@dataclass(frozen=True)
class Palette:
    """Where sounds come from that are not simply drawn.

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


def recipe_of(preset: Preset, lanes: Iterable[Lane], seed: int) -> Recipe | None:
    """A preset's recipe for the drums that are played: a sound a lane; None where it names none of them.

    Entry for entry it is that of ``packgen kit --preset P --seed S --classes tom --variations 3`` for three toms.

    Raises:
        RecipeError: if the seed is out of range.
    """
    named = dict(preset.counts)
    counts = Counter(lane.drum for lane in set(lanes) if lane.drum in named)
    if not counts:
        return None
    return from_preset(preset, seed, tuple(sorted(counts.items())), takes=1, layers=1)
