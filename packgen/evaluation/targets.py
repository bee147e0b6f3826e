"""The project's targets of sound quality, each figure with its reference of the same run."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from packgen.classes import BY_NAME
from packgen.evaluation.attack import MILLISECONDS
from packgen.evaluation.evaluate import Evaluation, PackQuality
from packgen.evaluation.fidelity import polish_words
from packgen.evaluation.traits import ByClass, mean_of


@dataclass(frozen=True)
class Target:
    """A figure, what it is to be, and what stands beside it.

    Attributes:
        measure: what is measured.
        value: what was found, over all packs of the run.
        sign: ``≤`` or ``≥``.
        bound: the value is to be on that side of it.
        reference: of the same run, in words.
    """

    measure: str
    value: float
    sign: str
    bound: float
    reference: str

    @property
    def met(self) -> bool:
        """Whether the value is on the right side of its bound."""
        return self.value <= self.bound if self.sign == "≤" else self.value >= self.bound


def targets(found: Evaluation) -> Iterator[Target]:
    """The targets in order, with what was found."""
    yield from _of_sets(found)
    generated = mean_of([pack.traits for pack in found.packs])
    real = found.reference.traits
    pitched = {name for name in real.modes if BY_NAME[name].pitched or name == "snare"}
    for measure, bound, ours, theirs in (
        ("texture, dB off", 0.5, generated.texture, real.texture),
        (
            "modes, dB off",
            0.5,
            generated.modes,
            {name: level for name, level in real.modes.items() if name in pitched},
        ),
        ("air, dB off", 2.0, generated.air, real.air),
    ):
        yield _worst(measure, bound, ours, theirs)
    yield from _of_rebuilding(found)
    for name, closer, nearest in (
        (
            "embedding",
            sum(pack.copies_embedding.closer for pack in found.packs),
            found.packs[0].copies_embedding.reference,
        ),
        ("mel", sum(pack.copies_mel.closer for pack in found.packs), found.packs[0].copies_mel.reference),
    ):
        yield Target(f"copies, by {name}", closer, "≤", 0, f"real pairs: {nearest:.3g}")


def over_packs(found: Evaluation, figure: Callable[[PackQuality], float]) -> float:
    """The mean of a figure over the packs."""
    return float(np.mean([figure(pack) for pack in found.packs]))


def of_distances(embedding: str, figure: str) -> Callable[[PackQuality], float]:
    """A pack's ``frechet``, ``kernel``, ``coverage`` or ``density`` in an embedding."""
    return lambda pack: float(getattr(pack.distances[embedding], figure))


def hit_rate(found: Evaluation, drum: str) -> float:
    """A class's hit rate over all packs."""
    return over_packs(found, lambda pack: pack.hit_rate[drum])


def ratio(value: float, reference: float) -> float:
    """A figure over its reference; infinite over nothing, 1 for nothing over nothing.

    An unbiased estimate (KID) may fall below zero; that is nothing, too.

    >>> ratio(3.0, 2.0), ratio(0.1, -0.01), ratio(-0.02, 0.0)
    (1.5, inf, 1.0)
    """
    if reference > 0:
        return value / reference
    return math.inf if value > 0 else 1.0


def _of_sets(found: Evaluation) -> Iterator[Target]:
    real = found.reference
    for name, training in real.distances.items():
        frechet = ratio(over_packs(found, of_distances(name, "frechet")), training.frechet)
        yield Target(f"FAD / training's, {name}", frechet, "≤", 1.1, f"training: {training.frechet:.3g}")
    training = real.distances["judge"]
    yield Target(
        "can it be told? AUC", over_packs(found, lambda pack: pack.told_apart), "≤", 0.7, "chance: 0.5"
    )
    mean = ratio(over_packs(found, lambda pack: pack.mean_hit_rate), real.mean_hit_rate)
    yield Target("hit rate / real's", mean, "≥", 1.0, f"real: {real.mean_hit_rate:.3f}")
    shares = {name: ratio(hit_rate(found, name), rate) for name, rate in real.hit_rate.items()}
    worst = min(shares, key=lambda name: shares[name])
    yield Target(f"hit rate / real's, {worst}", shares[worst], "≥", 0.85, f"real: {real.hit_rate[worst]:.3f}")
    coverage = ratio(over_packs(found, of_distances("judge", "coverage")), training.coverage)
    yield Target("coverage / training's", coverage, "≥", 0.95, f"training: {training.coverage:.3f}")


def _worst(measure: str, bound: float, generated: ByClass, real: ByClass) -> Target:
    """Of all classes the one whose trait is furthest from the recordings'."""
    off = {name: abs(generated[name] - real[name]) for name in real if name in generated}
    if not off:
        return Target(measure, math.inf, "≤", bound, "no sound long enough")
    worst = max(off, key=lambda name: off[name])
    within = sum(value <= bound for value in off.values())
    words = f"real: {real[worst]:.1f}; {within} of {len(off)} within"
    return Target(f"{measure}, {worst}", off[worst], "≤", bound, words)


def _of_rebuilding(found: Evaluation) -> Iterator[Target]:
    steps = polish_words(found.polish)
    rival = found.vocoding["Griffin-Lim 16"]
    vocoder, coded = found.vocoding[f"vocoder, {steps}"], found.coding[f"refined, {steps}"]
    first = f"{MILLISECONDS[0]} ms"
    yield Target(
        f"attack, first {first}, dB off",
        coded.attack_db[first],
        "≤",
        3.0,
        f"Griffin-Lim 16: {rival.attack_db[first]:.1f}",
    )
    yield Target(
        "vocoder below 2 kHz, mel-SC dB",
        vocoder.low_sc_db,
        "≤",
        -20.0,
        f"Griffin-Lim 16: {rival.low_sc_db:.1f}",
    )
