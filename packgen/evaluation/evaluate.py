"""One run of every measure: model and corpus in, figures out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.engine.engine import POLISH, Engine
from packgen.errors import WeightsError
from packgen.evaluation import aisfx, metrics
from packgen.evaluation.acoustic import KindRates, kind_rates, known
from packgen.evaluation.comparison import Copies, SetDistances, copies, hit_rates, set_distances
from packgen.evaluation.distances import Points, nearest
from packgen.evaluation.energy import Energy, energy
from packgen.evaluation.fidelity import Fidelity, Rebuild, coding, fidelity, originals, vocoding
from packgen.evaluation.generation import (
    DrawnPack,
    Sounds,
    default_recipe,
    draw_pack,
    end_level,
    kick_level,
)
from packgen.evaluation.judge import Judge, Opinion
from packgen.evaluation.plan import Indices, Plan, matched, spread
from packgen.evaluation.reference import RealSounds, recordings, sounds_of
from packgen.evaluation.traits import Traits, traits
from packgen.evaluation.two_sample import FOLDS, told_apart
from packgen.training.corpus import Corpus

Progress = Callable[[str, int, int], None]  # (what, done, of)
Embed = Callable[[Sounds], Points]  # n sounds -> (n, D)


@dataclass(frozen=True)
class PackQuality:
    """A default pack: how good it is, and what it took to draw.

    Attributes:
        seed: of the pack.
        hit_rate, mean_hit_rate: share that the judge puts in the asked class, by class and as the classes' mean.
        grid_hit_rate, drawn_hit_rate: the mean of the grid's sounds, and of the drawn ones.
        distances: embedding -> distances to the validation sounds.
        told_apart: area under the curve of a fresh classifier that is to tell the pack from recordings.
        traits: of its sounds.
        stripe_ratio: over real validation sounds.
        kick_band_db: level of kicks' 40–80 Hz band.
        end_db: level of the last millisecond, dB re peak.
        copies_embedding, copies_mel: nearest training sounds; mel distances in dB.
        asked, missing, redrawn, degenerate, milliseconds: see `packgen.evaluation.generation.DrawnPack`.
    """

    seed: int
    hit_rate: dict[str, float]
    mean_hit_rate: float
    grid_hit_rate: float
    drawn_hit_rate: float
    distances: dict[str, SetDistances]
    told_apart: float
    traits: Traits
    stripe_ratio: float
    kick_band_db: float | None
    end_db: float
    copies_embedding: Copies
    copies_mel: Copies
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
        distances: embedding -> training sounds that the judge has not heard, against validation sounds.
        traits: of recordings of both splits, no instrument twice before all have been taken once.
        validation: validation sounds of each class.
        twins: how many of them stand in the training split, too, under another name.
        training: training recordings that copies were looked for among.
        kick_band_db: of validation kicks.
        end_db: of validation sounds.
    """

    hit_rate: dict[str, float]
    mean_hit_rate: float
    distances: dict[str, SetDistances]
    traits: Traits
    validation: dict[str, int]
    twins: int
    training: int
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
        energy: energy distances of the same sounds.
        reference: real sounds.
        packs: default packs, a seed each.
        kinds: class -> how often sounds drawn acoustic or electronic are heard so; empty for a model that does
            not know the two apart.
        left_out: measures that were not taken, and why, a line each.
    """

    plan: Plan
    model: str
    judge: str
    polish: int
    pairs: int
    vocoding: dict[str, Fidelity]
    coding: dict[str, Fidelity]
    energy: Energy
    reference: Reference
    packs: tuple[PackQuality, ...]
    kinds: dict[str, KindRates]
    left_out: tuple[str, ...]


def evaluate(engine: Engine, judge: Judge, corpus: Corpus, plan: Plan, progress: Progress) -> Evaluation:
    """Measure a model.

    Raises:
        WeightsError: if engine, judge and corpus do not speak of the same classes and signal.
        CorpusError: if the corpus lacks real sounds.
        RecipeError: if the model gives no sound at all.
    """
    _check_fit(engine, judge, corpus)
    embeddings, left_out = _embeddings(judge, plan)
    progress("real sounds", 0, 2)
    real = RealSounds.of(corpus, judge, plan)
    chosen = spread(corpus.labels(), real.unseen, plan.pairs_per_class, plan.seed)
    rebuilt = originals(engine, corpus, chosen, _counter(progress, "codes of recordings", len(chosen)))

    def rows(ways: dict[str, Rebuild]) -> dict[str, Fidelity]:
        return {
            name: fidelity(engine, rebuilt, way, _counter(progress, name, len(chosen)))
            for name, way in ways.items()
        }

    drawn = {}
    for seed in range(plan.seed, plan.seed + plan.packs):
        recipe = default_recipe(plan, engine.classes, seed)
        drawn[seed] = draw_pack(engine, recipe, _counter(progress, f"pack {seed}", recipe.num_sounds))
    apart = _distances(drawn, real, corpus, embeddings, progress)

    def quality(seed: int, pack: DrawnPack) -> PackQuality:
        facing, groups = recordings(corpus, plan.draws_per_class, seed)
        area = told_apart(
            facing.samples,
            groups,
            pack.sounds.samples,
            rate=engine.signal.sample_rate,
            seed=seed,
            steps=plan.telling_steps,
            tick=_counter(progress, f"can pack {seed} be told?", FOLDS),
        )
        opinion = judge.hear(pack.sounds.samples)
        between = {name: found[seed] for name, found in apart.items()}
        return _pack_quality(seed, pack, opinion, real, corpus, between, area)

    asked = 2 * plan.each_kind * len(known(engine))
    return Evaluation(
        plan=plan,
        model=engine.digest,
        judge=judge.digest,
        polish=POLISH,
        pairs=len(chosen),
        vocoding=rows(vocoding(engine, plan.seed)),
        coding=rows(coding(engine)),
        energy=energy(engine, rebuilt, plan.seed, _counter(progress, "energy distance", len(chosen))),
        reference=_reference(real, corpus, plan, {name: found[None] for name, found in apart.items()}),
        packs=tuple(quality(seed, pack) for seed, pack in drawn.items()),
        kinds=kind_rates(engine, corpus, plan, _counter(progress, "acoustic and electronic", asked)),
        left_out=left_out,
    )


def _check_fit(engine: Engine, judge: Judge, corpus: Corpus) -> None:
    if not engine.signal == judge.signal == corpus.signal:
        raise WeightsError(
            "model, judge and corpus have different signals; prepare the corpus for this model"
        )
    if not engine.classes == judge.classes == corpus.classes:
        raise WeightsError("model, judge and corpus know different classes; train them on one corpus")


def _embeddings(judge: Judge, plan: Plan) -> tuple[dict[str, Embed], tuple[str, ...]]:
    """The embeddings that sets are compared in, and what is to be said of a missing one."""
    found: dict[str, Embed] = {"judge": lambda sounds: judge.hear(sounds.samples).embedding}
    if not plan.both_embeddings:
        return found, ("FAD and KID by aiSFX: not in a quick run",)
    network = aisfx.load()
    if network is None:
        return found, (f"FAD and KID by aiSFX: not installed; {aisfx.HOW_TO}",)
    rate = judge.signal.sample_rate
    return found | {"aiSFX": lambda sounds: network.points(sounds.samples, rate)}, ()


def _counter(progress: Progress, name: str, total: int) -> Callable[[], None]:
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress(name, done, total)

    return tick


def _reference(real: RealSounds, corpus: Corpus, plan: Plan, distances: dict[str, SetDistances]) -> Reference:
    classes, signal = corpus.classes, corpus.signal
    instruments, _ = recordings(corpus, plan.recordings_per_class, plan.seed)
    rates = hit_rates(real.opinion, real.sounds.labels, classes)
    return Reference(
        hit_rate=rates,
        mean_hit_rate=_mean(rates),
        distances=distances,
        traits=traits(instruments.all(), instruments.labels, classes, signal),
        validation={name: int((real.sounds.labels == c).sum()) for c, name in enumerate(classes)},
        twins=real.twins,
        training=len(real.training.spectra),
        kick_band_db=_kicks(real.sounds, corpus),
        end_db=end_level(real.sounds.all(), signal.sample_rate),
    )


def _pack_quality(
    seed: int,
    pack: DrawnPack,
    opinion: Opinion,
    real: RealSounds,
    corpus: Corpus,
    distances: dict[str, SetDistances],
    area: float,
) -> PackQuality:
    classes, signal, labels = corpus.classes, corpus.signal, pack.sounds.labels
    rates = hit_rates(opinion, labels, classes, pack.asked)
    right = opinion.classes == labels
    by_embedding = nearest(opinion.embedding, real.training.embedding)
    by_mel = nearest(opinion.spectra, real.training.spectra)
    return PackQuality(
        seed=seed,
        hit_rate=rates,
        mean_hit_rate=_mean(rates),
        grid_hit_rate=_share_by_class(right[pack.grid], labels[pack.grid]),
        drawn_hit_rate=_share_by_class(right[~pack.grid], labels[~pack.grid]),
        distances=distances,
        told_apart=area,
        traits=traits(pack.sounds.all(), labels, classes, signal),
        stripe_ratio=_stripe_ratio(pack.sounds, real.sounds, corpus),
        kick_band_db=_kicks(pack.sounds, corpus),
        end_db=end_level(pack.sounds.all(), signal.sample_rate),
        copies_embedding=copies(by_embedding, real.apart_embedding),
        copies_mel=copies(by_mel, real.apart_mel),
        asked=pack.asked,
        missing=pack.missing,
        redrawn=pack.redrawn,
        degenerate=pack.degenerate,
        milliseconds=pack.milliseconds,
    )


def _distances(
    drawn: dict[int, DrawnPack],
    real: RealSounds,
    corpus: Corpus,
    embeddings: dict[str, Embed],
    progress: Progress,
) -> dict[str, dict[int | None, SetDistances]]:
    """Embedding -> distances to the validation sounds, of every pack and, under None, of training sounds."""
    packs = [pack.sounds for pack in drawn.values()]
    labels = [real.sounds.labels, corpus.labels()[real.others], *(sounds.labels for sounds in packs)]
    validation, training, *positions = matched(labels, len(corpus.classes))
    sets: dict[int | None, Sounds] = {None: sounds_of(corpus, real.others[training])}
    for seed, sounds, chosen in zip(drawn, packs, positions, strict=True):
        sets[seed] = _part(sounds, chosen)
    found: dict[str, dict[int | None, SetDistances]] = {}
    for name, embed in embeddings.items():
        tick = _counter(progress, f"embedding of {name}", len(sets) + 1)
        wanted = embed(_part(real.sounds, validation))
        tick()
        found[name] = {}
        for key, sounds in sets.items():
            found[name][key] = set_distances(embed(sounds), wanted)
            tick()
    return found


def _part(sounds: Sounds, chosen: Indices) -> Sounds:
    return Sounds(
        samples=sounds.samples[chosen], lengths=sounds.lengths[chosen], labels=sounds.labels[chosen]
    )


def _mean(rates: dict[str, float]) -> float:
    return float(np.mean(list(rates.values())))


def _share_by_class(right: NDArray[np.bool_], labels: Indices) -> float:
    """The mean over classes of the share that is right; 0 for no sounds at all."""
    shares = [float(right[labels == drum].mean()) for drum in np.unique(labels)]
    return float(np.mean(shares)) if shares else 0.0


def _stripe_ratio(sounds: Sounds, real: Sounds, corpus: Corpus) -> float:
    """Stripes over those of real sounds, on as many of each class."""
    found, expected = matched([sounds.labels, real.labels], len(corpus.classes))
    return metrics.stripe_ratio(sounds.cut(found), real.cut(expected), corpus.signal)


def _kicks(sounds: Sounds, corpus: Corpus) -> float | None:
    chosen = np.flatnonzero(sounds.labels == corpus.classes.index("kick"))
    return kick_level(sounds.cut(chosen), corpus.signal.sample_rate)
