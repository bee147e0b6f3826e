"""From a plan's entry to a rendered sound: candidates, redraws, takes. A pure map, so it runs anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from packgen import latent
from packgen.audio import Samples
from packgen.dsp.descriptors import Descriptors, describe
from packgen.dsp.mel import SignalConfig
from packgen.errors import Degenerate, RecipeError
from packgen.planner import Entry, Recipe, candidate, take_codes

MOST_ATTEMPTS = 24  # draws for one sound before the best so far is taken


class RenderedAudio(Protocol):
    """What an engine gives for a code."""

    @property
    def samples(self) -> Samples: ...
    @property
    def log_mel(self) -> NDArray[np.float32]: ...
    @property
    def probabilities(self) -> NDArray[np.float32]: ...


class SoundEngine(Protocol):
    """What is needed of `packgen.engine.Engine`; tests hand in a small one."""

    classes: tuple[str, ...]
    signal: SignalConfig
    spaces: dict[str, latent.ClassSpace]
    ranges: dict[str, NDArray[np.float32]]
    digest: str

    def score(self, drum: str, code: latent.Vector) -> float:
        """Probability of the class for a code, cheaply, before anything is rendered."""

    def render(self, drum: str, code: latent.Vector, polish: int = ...) -> RenderedAudio:
        """Render a code; raises Degenerate if it gives no sound."""


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
        takes: in order; the first is the sound itself.
        redrawn: candidates refused because the filter did not hear the class.
        degenerate: candidates that gave no sound.
    """

    drum: str
    index: int
    origin: str
    takes: tuple[RenderedTake, ...]
    redrawn: int = 0
    degenerate: int = 0


def render_sound(engine: SoundEngine, recipe: Recipe, entry: Entry) -> RenderedSound:
    """Render an entry: candidates until one passes the filter, then its takes.

    Raises:
        RecipeError: if none of `MOST_ATTEMPTS` candidates gives a sound.
    """
    base, redrawn, degenerate = _choose(engine, recipe, entry)
    takes = [base]
    for code in take_codes(recipe, entry, engine.spaces[entry.drum], base.code)[1:]:
        take, failed = _sibling(engine, recipe, entry.drum, base.code, code)
        takes.append(take)
        degenerate += failed
    origin = "grid" if entry.coordinates is not None else "random"
    return RenderedSound(entry.drum, entry.index, origin, tuple(takes), redrawn, degenerate)


def _choose(engine: SoundEngine, recipe: Recipe, entry: Entry) -> tuple[RenderedTake, int, int]:
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
            take = render_take(engine, recipe, entry.drum, code)
        except Degenerate:
            degenerate += 1
            continue
        if take.probability >= recipe.strict:
            return take, len(refused) + len(rendered), degenerate
        rendered.append(take)
    if rendered:
        likeliest = max(rendered, key=lambda take: take.probability)
        return likeliest, len(refused) + len(rendered) - 1, degenerate
    for _, code in sorted(refused, key=lambda pair: -pair[0]):
        try:
            return render_take(engine, recipe, entry.drum, code), len(refused) - 1, degenerate
        except Degenerate:
            degenerate += 1
    raise RecipeError(
        f"no {entry.drum} came out of {MOST_ATTEMPTS} draws: lower --range or use --prior fitted"
    )


def render_take(engine: SoundEngine, recipe: Recipe, drum: str, code: latent.Vector) -> RenderedTake:
    """Render one code and measure it.

    Raises:
        Degenerate: if it gives no sound.
    """
    rendered = (
        engine.render(drum, code) if recipe.polish is None else engine.render(drum, code, recipe.polish)
    )
    space = engine.spaces[drum]
    return RenderedTake(
        samples=rendered.samples,
        log_mel=rendered.log_mel,
        code=code,
        coordinates=tuple(float(x) for x in latent.coordinates(space, code)),
        probability=float(rendered.probabilities[engine.classes.index(drum)]),
        descriptors=describe(rendered.samples, engine.signal.sample_rate),
    )


def _sibling(
    engine: SoundEngine, recipe: Recipe, drum: str, base: latent.Vector, code: latent.Vector
) -> tuple[RenderedTake, int]:
    """A take at `code`, or halfway back to the base until it sounds; and how many did not."""
    failed = 0
    while True:
        try:
            return render_take(engine, recipe, drum, code), failed
        except Degenerate:
            failed += 1
            if failed > MOST_ATTEMPTS:
                raise RecipeError(f"takes of a {drum} give no sound: lower --spread") from None
            code = ((code + base) / 2).astype(np.float32)
