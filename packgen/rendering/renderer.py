"""From a plan's entry to a rendered sound: candidates, redraws, takes. A pure map, so it runs anywhere."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from packgen.audio.shaping import peak
from packgen.engine.protocol import SoundEngine
from packgen.errors import NoSound, RecipeError
from packgen.latent import space as latent
from packgen.latent.electronic import NAME as CHARACTER
from packgen.planning.plan import Entry, aim_of, aimed_candidate, candidate, take_codes
from packgen.planning.recipe import Recipe
from packgen.planning.wishes import Outcome, judge, misses
from packgen.rendering.layers import soften_sound
from packgen.rendering.takes import (
    MOST_ATTEMPTS,
    RenderedSound,
    RenderedTake,
    render_take,
    sibling,
    treat,
)

MOST_AIMED = 6  # draws for one sound that are rendered to meet a wish
FARTHEST_AIM = 3.5  # deviations: beyond it no class has sounds


def render_sound(engine: SoundEngine, recipe: Recipe, entry: Entry) -> RenderedSound:
    """Render an entry: candidates until one passes the filter, its takes, its softer layers, their effects.

    Raises:
        RecipeError: if none of `MOST_ATTEMPTS` candidates gives a sound.
    """
    style = recipe.style(entry.drum)
    choose = _choose_aimed if style.wishes else _choose
    base, redrawn, degenerate, outcomes = choose(engine, recipe, entry)
    takes = [base]
    for code in take_codes(recipe, entry, engine.spaces[entry.drum], base.code)[1:]:
        take, failed = sibling(engine, recipe, entry.drum, latent.drawn_back(code, base.code))
        takes.append(take)
        degenerate += failed
    drawn = "aimed" if style.wishes else "like" if style.like else "random"
    origin = "grid" if entry.coordinates is not None else drawn
    sound = RenderedSound(
        entry.drum, entry.index, origin, tuple(takes), redrawn, degenerate, outcomes=outcomes
    )
    if recipe.layers > 1:
        return soften_sound(engine, recipe, entry, sound)
    if style.effects:
        gain = 1 / peak(base.samples)
        treated = tuple(treat(engine, style.effects, take, gain) for take in takes)
        return replace(sound, takes=treated)
    return sound


Choice = tuple[RenderedTake, int, int, tuple[Outcome, ...]]  # take, redrawn, degenerate, outcomes


def _choose(engine: SoundEngine, recipe: Recipe, entry: Entry) -> Choice:
    """The first candidate that the filter takes for its class, or else the likeliest; and the two counters.

    The filter first scores a candidate's spectrogram, which is cheap, and then the rendered sound.
    """
    space = engine.spaces[entry.drum]
    rendered: list[RenderedTake] = []
    refused: list[tuple[float, latent.Vector]] = []
    degenerate = 0
    for attempt in range(MOST_ATTEMPTS):
        code = candidate(recipe, entry, space, attempt)
        score = engine.score(entry.drum, code) if recipe.strict else 1.0
        if score < recipe.strict:
            refused.append((score, code))
            continue
        try:
            take = render_take(engine, entry.drum, code, recipe.polish)
        except NoSound:
            degenerate += 1
            continue
        if take.probability >= recipe.strict:
            return take, len(refused) + len(rendered), degenerate, ()
        rendered.append(take)
    if rendered:
        likeliest = max(rendered, key=lambda take: take.probability)
        return likeliest, len(refused) + len(rendered) - 1, degenerate, ()
    for _, code in sorted(refused, key=lambda pair: -pair[0]):
        try:
            return render_take(engine, entry.drum, code, recipe.polish), len(refused) - 1, degenerate, ()
        except NoSound:
            degenerate += 1
    raise _nothing(entry)


def _choose_aimed(engine: SoundEngine, recipe: Recipe, entry: Entry) -> Choice:
    """The candidate that meets the entry's wishes, or else comes nearest of those that pass the filter.

    A prediction errs; what the last sound missed by is added to where the next is looked for. Not so the character,
    which is chosen by prediction alone, so that the listener that judges it has not chosen it.
    """
    drum, space = entry.drum, engine.spaces[entry.drum]
    predictor = engine.predictors[drum]
    wishes = recipe.style(drum).wishes
    chasing = tuple(wish for wish in wishes if wish.name != CHARACTER)
    aim = aim_of(recipe, entry, predictor)
    pointed = dict(aim)
    rendered: list[tuple[bool, float, RenderedTake]] = []  # whether it fails the filter, its miss
    redrawn = degenerate = 0
    for attempt in range(MOST_ATTEMPTS):
        code = aimed_candidate(recipe, entry, space, predictor, pointed, attempt)
        last = attempt + 1 == MOST_ATTEMPTS and not rendered
        if recipe.strict and not last and engine.score(drum, code) < recipe.strict:
            redrawn += 1
            continue
        try:
            take = render_take(engine, drum, code, recipe.polish)
        except NoSound:
            degenerate += 1
            continue
        missed = misses(aim, take.descriptors, predictor)
        rendered.append((take.probability < recipe.strict, sum(x * x for x in missed.values()), take))
        met = all(outcome.met for outcome in judge(chasing, aim, take.descriptors, take.log_mel, predictor))
        if met and take.probability >= recipe.strict:
            break
        if len(rendered) == MOST_AIMED:
            break
        pointed |= {
            name: float(np.clip(pointed[name] + 0.7 * miss, -FARTHEST_AIM, FARTHEST_AIM))
            for name, miss in missed.items()
        }
    if not rendered:
        raise _nothing(entry)
    best = min(rendered, key=lambda trial: trial[:2])[2]
    redrawn += len(rendered) - 1
    return best, redrawn, degenerate, judge(wishes, aim, best.descriptors, best.log_mel, predictor)


def _nothing(entry: Entry) -> RecipeError:
    return RecipeError(
        f"no {entry.drum} came out of {MOST_ATTEMPTS} draws: lower the range, or use the fitted prior"
    )
