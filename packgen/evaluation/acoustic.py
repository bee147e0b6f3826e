"""Electronic and acoustic sounds on demand: heard by a listener that chose none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.audio.mel import SignalConfig, log_mel
from packgen.engine.engine import Engine
from packgen.evaluation.generation import draw_pack
from packgen.evaluation.plan import Plan
from packgen.latent.electronic import NAME, Character
from packgen.planning.recipe import Recipe, Style
from packgen.planning.wishes import Wish
from packgen.training.acoustic import Kind, kind_of
from packgen.training.corpus import Corpus


@dataclass(frozen=True)
class KindRates:
    """How often a class's sounds are heard as of their kind.

    Attributes:
        acoustic, electronic: share of the sounds drawn with a character of -1, and of +1.
        real_acoustic, real_electronic: share of the validation recordings; None without any.
        recordings: how many there are of either kind.
    """

    acoustic: float
    electronic: float
    real_acoustic: float | None
    real_electronic: float | None
    recordings: tuple[int, int]


def known(engine: Engine) -> dict[str, Character]:
    """The classes whose electronic and acoustic sounds a model tells apart."""
    found = {name: predictor.character for name, predictor in engine.predictors.items()}
    return {name: each for name, each in found.items() if each is not None}


def kind_recipe(engine: Engine, plan: Plan, bias: float, count: int) -> Recipe:
    """So many sounds of every class whose character is known, all of one kind."""
    styles = tuple((name, Style(wishes=(Wish(NAME, bias=bias),))) for name in known(engine))
    counts = tuple((name, count) for name in known(engine))
    return Recipe(counts, plan.seed, takes=1, mode="random", strict=plan.strict, styles=styles)


def kind_rates(engine: Engine, corpus: Corpus, plan: Plan, tick: Callable[[], None]) -> dict[str, KindRates]:
    """Draw both kinds of every class, and let the listener judge them and the validation recordings.

    The listener was fitted to training recordings and steers nothing (see `packgen.latent.electronic`). A model from
    before there was one gives nothing.
    """
    characters = known(engine)
    if not characters:
        return {}
    shares: dict[Kind, dict[str, float]] = {}
    for which in (Kind.ACOUSTIC, Kind.ELECTRONIC):
        asked = kind_recipe(engine, plan, which, plan.each_kind)
        drawn = draw_pack(engine, asked, tick)
        labels = [engine.classes[i] for i in drawn.sounds.labels]
        heard = hear(characters, labels, drawn.sounds.samples, engine.signal)
        shares[which] = {
            name: sum(score * which > 0 for score, label in zip(heard, labels, strict=True) if label == name)
            / drawn.asked
            for name in characters
        }
    real = {name: _recordings(corpus, name, each, engine.signal) for name, each in characters.items()}
    return {
        name: KindRates(
            acoustic=shares[Kind.ACOUSTIC][name],
            electronic=shares[Kind.ELECTRONIC][name],
            real_acoustic=_share(real[name][0]),
            real_electronic=_share(real[name][1]),
            recordings=(len(real[name][0]), len(real[name][1])),
        )
        for name in characters
    }


def hear(
    characters: dict[str, Character], labels: list[str], sounds: NDArray[np.float32], signal: SignalConfig
) -> list[float]:
    """Character of prepared sounds of the given classes: (n, N) -> n scores."""
    return [
        characters[name].hear(log_mel(samples, signal)) for name, samples in zip(labels, sounds, strict=True)
    ]


def _recordings(
    corpus: Corpus, drum: str, character: Character, signal: SignalConfig
) -> tuple[list[bool], list[bool]]:
    """Of a class's validation recordings, acoustic and electronic: which are heard as such."""
    found: dict[Kind, list[int]] = {Kind.ACOUSTIC: [], Kind.ELECTRONIC: [], Kind.UNKNOWN: []}
    for index in corpus.where("val", ["recorded"]):
        if corpus.entries[index].drum == drum:
            found[kind_of(corpus.entries[index])].append(int(index))

    def right(which: Kind) -> list[bool]:
        chosen = np.array(found[which], np.int64)
        scores = hear({drum: character}, [drum] * len(chosen), corpus.audio(chosen), signal)
        return [score * which > 0 for score in scores]

    return right(Kind.ACOUSTIC), right(Kind.ELECTRONIC)


def _share(right: list[bool]) -> float | None:
    return sum(right) / len(right) if right else None
