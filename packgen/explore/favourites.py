"""Favourites become a pack: rendered anew, cut at their handles, written as every other pack is."""

from __future__ import annotations

import itertools
import shlex
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packgen.audio.descriptors import describe
from packgen.audio.samples import Samples
from packgen.audio.shaping import fade_out, peak
from packgen.engine.protocol import SoundEngine
from packgen.errors import WriteError
from packgen.explore.requests import Favourite, PackWish, Refused, pack_json
from packgen.explore.sounds import find
from packgen.files.names import portable
from packgen.packs.build import write_pack
from packgen.packs.info import PackInfo, choose_formats
from packgen.rendering.takes import RenderedSound, RenderedTake

SHORTEST = 0.01  # seconds between the handles
FADE = 0.002  # seconds at a cut: it must not click
MOST_NUMBERED = 10_000  # packs of one name


@dataclass(frozen=True)
class ModelInfo:
    """The model, as packs name it.

    Attributes:
        name: of its folder.
        attribution: licence text of its training data.
    """

    name: str
    attribution: str


def save(engine: SoundEngine, model: ModelInfo, wish: PackWish, out: Path) -> Path:
    """Write a pack into a new folder in `out`, and return the folder.

    Raises:
        Refused: if a sound cannot be rendered or nothing of it is left.
        RecipeError: if the name has no letter for a file name.
        WriteError: if it cannot be written; no folder is left behind then.
    """
    order = list(engine.classes)
    favourites = sorted(wish.favourites, key=lambda favourite: order.index(favourite.sound.drum))
    info = PackInfo(
        name=wish.name,
        label="",
        seed=0,
        recipe=pack_json(wish),
        command=f"packgen explore --again manifest.json --model {shlex.quote(model.name)}",
        model={"name": model.name, "digest": engine.digest},
        model_rate=engine.signal.sample_rate,
        attribution=model.attribution,
        drums=tuple(favourite.sound.drum for favourite in favourites),
        formats=choose_formats(None),
    )
    folder = _new_folder(out, portable(wish.name, "pack name"))
    try:
        write_pack(engine, _sounds(engine, favourites), info, folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _sounds(engine: SoundEngine, favourites: Sequence[Favourite]) -> Iterator[RenderedSound]:
    counts: Counter[str] = Counter()
    for favourite in favourites:
        drum = favourite.sound.drum
        yield RenderedSound(drum, counts[drum], "explore", (_cut(engine, favourite),))
        counts[drum] += 1


def cut(samples: Samples, rate: int, start: float, end: float | None) -> Samples:
    """The part between two handles, given in seconds: (N,) -> (M,), without clicks at the cuts.

    Raises:
        Refused: if less than `SHORTEST` seconds are left.
    """
    first = round(start * rate)
    last = len(samples) if end is None else min(round(end * rate), len(samples))
    if last - first < SHORTEST * rate:
        raise Refused(f"less than {1000 * SHORTEST:g} ms of a sound are left: move its handles apart")
    kept, fade = samples[first:last], round(FADE * rate)
    if last < len(samples):
        kept = fade_out(kept, fade)
    return fade_out(kept[::-1], fade)[::-1] if first else kept


def _cut(engine: SoundEngine, favourite: Favourite) -> RenderedTake:
    take, rate = find(engine, favourite.sound), engine.signal.sample_rate
    samples = cut(take.samples, rate, favourite.start, favourite.end)
    if len(samples) == len(take.samples):
        return take
    if (top := peak(samples)) == 0.0:
        raise Refused("a sound is silent between its handles: move them apart")
    return replace(
        take, samples=samples, log_mel=engine.analyse(samples / top), descriptors=describe(samples, rate)
    )


def _new_folder(out: Path, name: str) -> Path:
    """A new folder of that name, or of the first that is free: ``Name``, or ``Name-2``, ``Name-3``, …"""
    try:
        out.mkdir(parents=True, exist_ok=True)
        for number in itertools.count(1):
            folder = out / (name if number == 1 else f"{name}-{number}")
            try:
                folder.mkdir()
                return folder
            except FileExistsError:
                if number == MOST_NUMBERED:
                    raise
    except OSError as error:
        raise WriteError(f"cannot make a folder in {out}: {error.strerror or error}") from error
    raise AssertionError("unreachable")
