"""One take of a sound: what it is, how it is rendered and measured, its siblings and its effects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from packgen.audio.descriptors import Descriptors, describe
from packgen.audio.samples import Samples
from packgen.audio.shaping import peak
from packgen.engine.protocol import SoundEngine
from packgen.errors import NoSound, RecipeError
from packgen.latent import space as latent
from packgen.planning.effects import Chain
from packgen.planning.recipe import Recipe
from packgen.planning.wishes import Outcome

T = TypeVar("T")

MOST_ATTEMPTS = 24  # draws for one sound before the best so far is taken
TRIES = 4  # codes that are tried for one sound where somebody waits


@dataclass(frozen=True)
class RenderedTake:
    """One take at the model's rate, with what is known about it.

    Attributes:
        samples: (N,), all takes of a sound at their relative levels.
        log_mel: compressed mel spectrogram (F, T).
        code: latent code (D,).
        coordinates: P1, P2, P3 of the code, in deviations.
        probability: of the asked class, by the class filter.
        descriptors: measured on the samples.
        layer, low_velocity, high_velocity: the velocity layer it belongs to.
    """

    samples: Samples
    log_mel: NDArray[np.float32]
    code: latent.Vector
    coordinates: tuple[float, ...]
    probability: float
    descriptors: Descriptors
    layer: int = 0
    low_velocity: int = 1
    high_velocity: int = 127


@dataclass(frozen=True)
class RenderedSound:
    """A sound with its takes.

    Attributes:
        drum, index: which one it is.
        origin: ``grid``, ``random`` or another word for where its code came from.
        takes: in order, the hardest layer first; the first of all is the sound itself.
        redrawn: candidates refused because the filter did not hear the class.
        degenerate: candidates that gave no sound.
        darkened: takes of softer layers that only a filter made dark enough.
        outcomes: how the sound, before effects, meets its wishes.
    """

    drum: str
    index: int
    origin: str
    takes: tuple[RenderedTake, ...]
    redrawn: int = 0
    degenerate: int = 0
    darkened: int = 0
    outcomes: tuple[Outcome, ...] = ()


def check_recipe(engine: SoundEngine, recipe: Recipe) -> None:
    """Whether a model can render a recipe.

    Raises:
        RecipeError: if it asks for what the model cannot predict.
    """
    for drum, _ in recipe.counts:
        wished = [wish.name for wish in recipe.style(drum).wishes]
        if (wished or recipe.layers > 1) and drum not in engine.predictors:
            what = f"{wished[0]} needs" if wished else "layers need"
            raise RecipeError(
                f"{what} a model that predicts descriptors, and this one does not: run packgen train finish"
            )
        for name in wished:
            if not engine.predictors[drum].knows(name):
                raise RecipeError(
                    f"this model knows no {name} of a {drum}: leave the {name} or the class out"
                )


def render_take(
    engine: SoundEngine, drum: str, code: latent.Vector, polish: int | None = None
) -> RenderedTake:
    """Render one code and measure it; `polish` None is the engine's choice.

    Raises:
        NoSound: if it gives no sound.
    """
    rendered = engine.render(drum, code) if polish is None else engine.render(drum, code, polish)
    space = engine.spaces[drum]
    return RenderedTake(
        samples=rendered.samples,
        log_mel=rendered.log_mel,
        code=code,
        coordinates=tuple(float(x) for x in latent.coordinates(space, code)),
        probability=float(rendered.probabilities[engine.classes.index(drum)]),
        descriptors=describe(rendered.samples, engine.signal.sample_rate),
    )


def first_sounding(codes: Iterable[latent.Vector], make: Callable[[latent.Vector], T]) -> T:
    """Return what `make` gives for the first code that gives a sound.

    Raises:
        NoSound: if none does.
    """
    for code in codes:
        try:
            return make(code)
        except NoSound:
            continue
    raise NoSound("no code gives a sound")


def sibling(
    engine: SoundEngine, recipe: Recipe, drum: str, codes: Iterator[latent.Vector]
) -> tuple[RenderedTake, int]:
    """Render the first of the codes that sounds (`latent.space.drawn_back`); returns it, and how many did not.

    Raises:
        RecipeError: if none does.
    """
    for failed, code in enumerate(islice(codes, MOST_ATTEMPTS + 1)):
        try:
            return render_take(engine, drum, code, recipe.polish), failed
        except NoSound:
            continue
    raise RecipeError(f"takes of a {drum} give no sound: lower the spread")


def treat(engine: SoundEngine, chain: Chain, take: RenderedTake, gain: float) -> RenderedTake:
    """A take through its class's effects, measured anew.

    Args:
        gain: brings the sound's first take to full scale, where the effects' thresholds are meant.
    """
    samples, log_mel = (take.samples * gain).astype(np.float32), take.log_mel
    if chain:
        from packgen.rendering import effects  # imports pedalboard, which a plain recipe needs not

        samples = effects.apply(chain, samples, engine.signal.sample_rate)
        log_mel = engine.analyse(samples / peak(samples))
    return replace(
        take, samples=samples, log_mel=log_mel, descriptors=describe(samples, engine.signal.sample_rate)
    )
