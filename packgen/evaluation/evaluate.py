"""One run of every measure: model and corpus in, figures out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from packgen.engine.engine import POLISH, Engine
from packgen.errors import WeightsError
from packgen.evaluation import acoustic as character
from packgen.evaluation import distances, generation, metrics
from packgen.evaluation import fidelity as pairs
from packgen.evaluation.acoustic import KindRates
from packgen.evaluation.fidelity import Fidelity
from packgen.evaluation.generation import Copies, SetQuality, Sounds
from packgen.evaluation.judge import Judge
from packgen.evaluation.plan import Plan, matched, spread
from packgen.evaluation.reference import RealSounds
from packgen.training.corpus import Corpus

Progress = Callable[[str, int, int], None]  # (what, done, of)


@dataclass(frozen=True)
class Set:
    """A set of generated sounds: how good it is, and what it took to draw.

    Attributes:
        quality: against the validation sounds.
        stripe_ratio: over real validation sounds.
        kick_band_db: level of kicks' 40–80 Hz band.
        end_db: level of the last millisecond, dB re peak.
        asked, missing, redrawn, degenerate, milliseconds: see `packgen.evaluation.generation.Drawn`.
    """

    quality: SetQuality
    stripe_ratio: float
    kick_band_db: float | None
    end_db: float
    asked: int
    missing: int
    redrawn: int
    degenerate: int
    milliseconds: float


@dataclass(frozen=True)
class Reference:
    """Real sounds, measured like the generated ones.

    Attributes:
        hit_rate, mean_hit_rate: the judge's on validation sounds.
        quality: training sounds that the judge has not heard, against validation sounds.
        validation: validation sounds of each class.
        twins: how many of them stand in the training split, too, under another name.
        kick_band_db: of validation kicks.
        end_db: of validation sounds.
    """

    hit_rate: dict[str, float]
    mean_hit_rate: float
    quality: SetQuality
    validation: dict[str, int]
    twins: int
    kick_band_db: float | None
    end_db: float


@dataclass(frozen=True)
class Evaluation:
    """Everything that a run measured.

    Attributes:
        plan: sizes and seed.
        model, judge: digests of the weights.
        polish: the engine's default number of polish steps.
        pairs: sounds behind the two tables of fidelity.
        vocoding, coding: way of rebuilding -> fidelity.
        reference: real sounds.
        sets: way of drawing -> quality; the first is the default.
        copies_embedding, copies_mel: of the default set; mel distances in dB.
        character: class -> how often sounds drawn acoustic or electronic are heard so; empty for a model that
            does not know the two apart.
    """

    plan: Plan
    model: str
    judge: str
    polish: int
    pairs: int
    vocoding: dict[str, Fidelity]
    coding: dict[str, Fidelity]
    reference: Reference
    sets: dict[str, Set]
    copies_embedding: Copies
    copies_mel: Copies
    character: dict[str, KindRates]


def evaluate(engine: Engine, judge: Judge, corpus: Corpus, plan: Plan, progress: Progress) -> Evaluation:
    """Measure a model.

    Raises:
        WeightsError: if engine, judge and corpus do not speak of the same classes and signal.
        CorpusError: if the corpus lacks real sounds.
        RecipeError: if the model gives no sound at all.
    """
    _check_fit(engine, judge, corpus)
    progress("real sounds", 0, 2)
    real = RealSounds.of(corpus, judge)
    chosen = spread(corpus.labels(), real.unseen, plan.pairs_per_class, plan.seed)

    def fidelity(name: str, rebuild: pairs.Rebuild) -> Fidelity:
        return pairs.measure(engine, corpus, chosen, rebuild, _counter(progress, name, len(chosen)))

    vocoded = {name: fidelity(name, way) for name, way in pairs.vocoding(engine, plan.seed).items()}
    coded = {name: fidelity(name, way) for name, way in pairs.coding(engine).items()}

    drawn, opinions = {}, {}
    for name, recipe in generation.recipes(plan, engine.classes).items():
        drawn[name] = generation.draw(engine, recipe, _counter(progress, name, recipe.num_sounds))
        opinions[name] = judge.hear(drawn[name].sounds.samples)
    labels = [found.sounds.labels for found in drawn.values()] + [real.others_labels]
    validation = (real.opinion, real.sounds.labels)
    sets = {}
    for name, found in drawn.items():
        quality = generation.quality(
            opinions[name], found.sounds.labels, validation, labels, engine.classes, found.asked
        )
        sets[name] = Set(
            quality, *_shape(found.sounds, real.sounds, corpus), found.asked, found.missing, found.redrawn,
            found.degenerate, found.milliseconds,
        )  # fmt: skip
    rates = generation.hit_rates(real.opinion, real.sounds.labels, engine.classes)
    _, kick_band, end = _shape(real.sounds, real.sounds, corpus)
    reference = Reference(
        rates,
        float(np.mean(list(rates.values()))),
        generation.quality(real.others, real.others_labels, validation, labels, engine.classes),
        {name: int((real.sounds.labels == c).sum()) for c, name in enumerate(engine.classes)},
        real.twins,
        kick_band,
        end,
    )
    asked = 2 * character.of_each_kind(plan) * len(character.known(engine))
    sided = character.measure(engine, corpus, plan, _counter(progress, "acoustic and electronic", asked))
    default = opinions[next(iter(opinions))]
    return Evaluation(
        plan, engine.digest, judge.digest, POLISH, len(chosen), vocoded, coded, reference, sets,
        generation.copies(distances.nearest(default.embedding, real.training.embedding), real.apart_embedding),
        generation.copies(distances.nearest(default.spectra, real.training.spectra), real.apart_mel),
        sided,
    )  # fmt: skip


def _check_fit(engine: Engine, judge: Judge, corpus: Corpus) -> None:
    if not engine.signal == judge.signal == corpus.signal:
        raise WeightsError(
            "model, judge and corpus have different signals; prepare the corpus for this model"
        )
    if not engine.classes == judge.classes == corpus.classes:
        raise WeightsError("model, judge and corpus know different classes; train them on one corpus")


def _counter(progress: Progress, name: str, total: int) -> Callable[[], None]:
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(name, done, total)

    return tick


def _shape(sounds: Sounds, real: Sounds, corpus: Corpus) -> tuple[float, float | None, float]:
    """Stripe ratio, kick band and end level of some sounds; stripes on as many of each class as are real."""
    rate = corpus.signal.sample_rate
    found, expected = matched([sounds.labels, real.labels], len(corpus.classes))
    kicks = sounds.cut(np.flatnonzero(sounds.labels == corpus.classes.index("kick")))
    return (
        metrics.stripe_ratio(sounds.cut(found), real.cut(expected), corpus.signal),
        generation.kick_level(kicks, rate) if kicks else None,
        generation.end_level(sounds.cut(np.arange(len(sounds.labels))), rate),
    )
