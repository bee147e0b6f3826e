"""Sets of generated sounds, drawn as `packgen kit` draws, against real ones: class, distribution, copies."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.audio.samples import Samples
from packgen.engine.protocol import SoundEngine
from packgen.errors import AudioError, CorpusError, RecipeError
from packgen.evaluation import distances, metrics
from packgen.evaluation.judge import Opinion, as_corpus
from packgen.evaluation.plan import Indices, Plan, matched
from packgen.planning.plan import plan
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound

KICK_BAND_HZ = (40.0, 80.0)
END_SECONDS = 0.001  # a click at the end would stand here
FEWEST = 3  # points: a covariance and a nearest neighbour need them


@dataclass(frozen=True)
class Sounds:
    """Sounds as the corpus holds them, with their class.

    Attributes:
        samples: (n, N), padded.
        lengths: before padding, in samples, (n,).
        labels: class index, (n,).
    """

    samples: NDArray[np.float32]
    lengths: Indices
    labels: Indices

    def cut(self, chosen: Indices) -> list[Samples]:
        """Some of the sounds without their padding."""
        return [self.samples[i, : self.lengths[i]] for i in chosen]


@dataclass(frozen=True)
class Drawn:
    """A set of generated sounds and what it took.

    Attributes:
        sounds: those that came out.
        asked: sounds asked for of each class.
        missing: sounds that no draw gave.
        redrawn: draws that the class filter refused.
        degenerate: draws that gave no sound.
        milliseconds: median time a sound, redraws included.
    """

    sounds: Sounds
    asked: int
    missing: int
    redrawn: int
    degenerate: int
    milliseconds: float


@dataclass(frozen=True)
class SetQuality:
    """A set of sounds against the validation sounds.

    Attributes:
        hit_rate: share that the judge puts in the asked class, per class.
        mean_hit_rate: mean over classes.
        frechet, kernel: distances in the judge's embedding (FAD and KID).
        coverage, density: likewise.
        compared: sounds in each of the matched sets behind those four.
    """

    hit_rate: dict[str, float]
    mean_hit_rate: float
    frechet: float
    kernel: float
    coverage: float
    density: float
    compared: int


@dataclass(frozen=True)
class Copies:
    """Distance of every sound to the nearest real training sound.

    Attributes:
        nearest, reference: the smallest, of generated and of real validation sounds.
        median, median_reference: the typical ones.
        closer: generated sounds nearer to a training sound than any validation sound is.
    """

    nearest: float
    reference: float
    median: float
    median_reference: float
    closer: int


def recipes(plan: Plan, classes: tuple[str, ...]) -> dict[str, Recipe]:
    """The ways of drawing that are compared; the first is what packs are made of."""
    counts = tuple((name, plan.draws_per_class) for name in classes)

    def recipe(mode: str, prior: str, strict: float) -> Recipe:
        return Recipe(counts, plan.seed, takes=1, mode=mode, prior=prior, strict=strict)

    return {
        "fitted, filtered": recipe("random", "fitted", plan.strict),
        "grid, filtered": recipe("grid", "fitted", plan.strict),
        "fitted, unfiltered": recipe("random", "fitted", 0.0),
        "N(0, I), unfiltered": recipe("random", "standard", 0.0),
    }


def draw(engine: SoundEngine, recipe: Recipe, tick: Callable[[], None]) -> Drawn:
    """Render a recipe's sounds; `tick` is called after each.

    Raises:
        RecipeError: if nothing at all comes out.
    """
    kept: list[Samples] = []
    lengths, labels, seconds = [], [], []
    redrawn = degenerate = missing = 0
    reason = ""
    for entry in plan(recipe):
        start = time.perf_counter()
        try:
            sound = render_sound(engine, recipe, entry)
            samples = sound.takes[0].samples
            kept.append(as_corpus(samples, engine.signal))
        except (RecipeError, AudioError) as error:
            missing, reason = missing + 1, str(error)
        else:
            lengths.append(min(len(samples), engine.signal.num_samples))
            labels.append(engine.classes.index(entry.drum))
            redrawn, degenerate = redrawn + sound.redrawn, degenerate + sound.degenerate
        seconds.append(time.perf_counter() - start)
        tick()
    if not kept:
        raise RecipeError(f"not one sound came out of the model ({reason}); train it first")
    sounds = Sounds(np.stack(kept), np.array(lengths), np.array(labels))
    return Drawn(sounds, recipe.counts[0][1], missing, redrawn, degenerate, 1000 * float(np.median(seconds)))


def hit_rates(
    opinion: Opinion, labels: Indices, classes: tuple[str, ...], asked: int = 0
) -> dict[str, float]:
    """Share of each class's sounds that the judge puts there; a sound that never came out is a miss.

    Args:
        opinion: on n sounds.
        labels: their class indices (n,).
        classes: names; one without sounds is left out, unless some were asked for.
        asked: sounds asked for of each class; 0 where all are there.
    """
    rates = {}
    for index, name in enumerate(classes):
        members = np.flatnonzero(labels == index)
        if count := max(asked, len(members)):
            rates[name] = float((opinion.classes[members] == index).sum()) / count
    return rates


def quality(
    opinion: Opinion, labels: Indices, others: tuple[Opinion, Indices], sizes: list[Indices],
    classes: tuple[str, ...], asked: int = 0,
) -> SetQuality:  # fmt: skip
    """Compare a set with the validation sounds.

    Args:
        opinion, labels: of the set.
        others: opinion and labels of the validation sounds.
        sizes: labels of all further sets of the report; every set is cut to the class counts that all
            have, so that distances can be set side by side.
        classes: names.
        asked: see `hit_rates`.

    Raises:
        CorpusError: if the sets share too few sounds to be compared.
    """
    real, real_labels = others
    chosen, real_chosen, *_ = matched([labels, real_labels, *sizes], len(classes))
    if len(chosen) < FEWEST:
        raise CorpusError(
            f"only {len(chosen)} sounds of the same classes to compare; prepare a corpus with more real sounds"
        )
    x, y = opinion.embedding[chosen], real.embedding[real_chosen]
    rates = hit_rates(opinion, labels, classes, asked)
    coverage, density = distances.coverage_density(y, x)
    return SetQuality(
        rates, float(np.mean(list(rates.values()))), distances.frechet(x, y), distances.kernel_distance(x, y),
        coverage, density, len(chosen),
    )  # fmt: skip


def copies(generated: NDArray[np.float64], real: NDArray[np.float64]) -> Copies:
    """Nearest distances of generated and of real sounds to training sounds, compared."""
    reference = float(real.min())
    return Copies(
        float(generated.min()), reference, float(np.median(generated)), float(np.median(real)),
        int((generated < reference).sum()),
    )  # fmt: skip


def kick_level(sounds: list[Samples], rate: int) -> float:
    """Mean level of the fundamental's band relative to the whole sound, dB."""
    return float(np.mean([metrics.band_level(sound, rate, *KICK_BAND_HZ) for sound in sounds]))


def end_level(sounds: list[Samples], rate: int) -> float:
    """Level of the last millisecond relative to the peak, dB: high where the cut clicks."""
    size = max(1, round(END_SECONDS * rate))
    return metrics.power_mean([metrics.tail_level(sound, len(sound) - size) for sound in sounds])
