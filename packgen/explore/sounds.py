"""A request rendered: the WAV that the page plays, and the facts that it shows. Pure; the slow part of a request."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from packgen.audio.descriptors import MEASURED, QUANTILES
from packgen.audio.samples import resample
from packgen.audio.shaping import normalise
from packgen.audio.wav import WavInfo, encode
from packgen.classes import BY_NAME
from packgen.engine.protocol import SoundEngine
from packgen.errors import NoSound, RecipeError
from packgen.explore.requests import (
    AtPoint,
    ByCode,
    Draw,
    Refused,
    SoundRequest,
    Variation,
    code_text,
    from_code,
)
from packgen.latent import space as latent
from packgen.packs.naming import adjectives, key
from packgen.packs.sounds import PEAK_DB, level
from packgen.planning.plan import Entry
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import TRIES, RenderedTake, first_sounding, render_take

RATE = 44_100  # hertz, of what the page plays


@dataclass(frozen=True)
class Facts:
    """The facts that the page shows of a sound.

    Attributes:
        drum: class.
        code: of the sound, for `requests.ByCode`.
        place: P1, P2, P3, in deviations.
        on_axes: whether the sound lies there, or off these axes and this is where it projects to.
        words: adjectives for it.
        key: nearest note, None where there is no pitch worth naming.
        seconds: duration.
        brightness: spectral centroid in hertz.
        probability: of the class, by the class filter.
        shade, ring: brightness and decay among the class's sounds, 0…1.
    """

    drum: str
    code: str
    place: tuple[float, ...]
    on_axes: bool
    words: tuple[str, ...]
    key: str | None
    seconds: float
    brightness: float
    probability: float
    shade: float
    ring: float

    def json(self) -> dict[str, Any]:
        """For the page."""
        return asdict(self)


@dataclass(frozen=True)
class Sound:
    """An answer: the bytes of a WAV, and its facts."""

    wav: bytes
    facts: Facts


def plain_recipe(drum: str, seed: int = 0) -> Recipe:
    """The recipe of one sound without takes, as `packgen kit` would make it."""
    return Recipe(counts=((drum, 1),), seed=seed, takes=1, mode="random")


def render(engine: SoundEngine, request: SoundRequest) -> Sound:
    """Render what was asked for.

    Raises:
        Refused: if no sound comes out.
    """
    take = find(engine, request)
    rate, drum, measured = engine.signal.sample_rate, request.drum, take.descriptors
    ranges, space = engine.ranges[drum], engine.spaces[drum]

    def among(name: str) -> float:
        """Where a measure lies between the class's quantiles."""
        return round(float(np.interp(getattr(measured, name), ranges[MEASURED.index(name)], QUANTILES)), 3)

    pitched = BY_NAME[drum].pitched and measured.pitch is not None
    facts = Facts(
        drum=drum,
        code=code_text(take.code),
        place=tuple(round(value, 4) for value in take.coordinates),
        on_axes=bool(np.allclose(latent.at(space, take.coordinates), take.code, atol=1e-3)),
        words=adjectives(measured, ranges),
        key=key(measured.pitch) if pitched and measured.pitch else None,
        seconds=round(len(take.samples) / rate, 4),
        brightness=round(measured.brightness, 1),
        probability=round(take.probability, 3),
        shade=among("brightness"),
        ring=among("decay"),
    )
    # As in packs: what is heard here is what is saved there.
    samples = level(resample(normalise(take.samples, PEAK_DB), rate, RATE))
    return Sound(encode(samples, RATE, "24", WavInfo(BY_NAME[drum].title)), facts)


def find(engine: SoundEngine, request: SoundRequest) -> RenderedTake:
    """The rendered sound of a request, at the model's rate.

    Raises:
        Refused: if no sound comes out.
    """
    drum, space = request.drum, engine.spaces[request.drum]
    match request:
        case AtPoint(place=place):
            codes = [latent.at(space, place[: len(space.deviations)])]
        case ByCode(code=data):
            codes = [from_code(data)]
        case Variation(code=data, amount=amount, seed=seed):
            codes = [
                latent.nudged(space, drum, from_code(data), amount, seed, attempt) for attempt in range(TRIES)
            ]
        case Draw(seed=seed):
            try:
                return render_sound(engine, plain_recipe(drum, seed), Entry(drum, 0, None)).takes[0]
            except RecipeError:
                raise Refused(f"no {drum} came out of this draw: draw again", 422) from None
    try:
        return first_sounding(codes, lambda code: render_take(engine, drum, code))
    except NoSound:
        raise Refused(f"no sound at this point of {drum}: move towards the middle", 422) from None
