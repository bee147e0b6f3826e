"""Default packs: the sounds that a user gets from `packgen kit` without options, the grid's half included."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.audio.samples import Samples
from packgen.engine.protocol import SoundEngine
from packgen.errors import AudioError, RecipeError
from packgen.evaluation import metrics
from packgen.evaluation.judge import as_corpus
from packgen.evaluation.plan import Indices, Plan
from packgen.planning.plan import plan as entries_of
from packgen.planning.presets import from_preset, load
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound

KICK_BAND_HZ = (40.0, 80.0)
END_SECONDS = 0.001  # a click at the end would stand here


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

    def all(self) -> list[Samples]:
        """All of the sounds without their padding."""
        return self.cut(np.arange(len(self.labels)))


@dataclass(frozen=True)
class DrawnPack:
    """A pack's sounds and what it took.

    Attributes:
        sounds: those that came out.
        grid: which of them are points of the grid (n,); the others are drawn.
        asked: sounds asked for of each class.
        missing: sounds that no draw gave.
        redrawn: draws that the class filter refused.
        degenerate: draws that gave no sound.
        milliseconds: median time a sound, redraws included.
    """

    sounds: Sounds
    grid: NDArray[np.bool_]
    asked: int
    missing: int
    redrawn: int
    degenerate: int
    milliseconds: float


def default_recipe(plan: Plan, classes: tuple[str, ...], seed: int) -> Recipe:
    """What `packgen kit` makes of all classes; without takes, since each sound counts once."""
    counts = tuple((name, plan.draws_per_class) for name in classes)
    return from_preset(load("default"), seed, counts, takes=1, strict=plan.strict)


def draw_pack(engine: SoundEngine, recipe: Recipe, tick: Callable[[], None]) -> DrawnPack:
    """Render a recipe's sounds; `tick` is called after each.

    Raises:
        RecipeError: if nothing at all comes out.
    """
    kept: list[Samples] = []
    lengths, labels, grid, seconds = [], [], [], []
    redrawn = degenerate = missing = 0
    reason = ""
    for entry in entries_of(recipe):
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
            grid.append(sound.origin == "grid")
            redrawn, degenerate = redrawn + sound.redrawn, degenerate + sound.degenerate
        seconds.append(time.perf_counter() - start)
        tick()
    if not kept:
        raise RecipeError(f"not one sound came out of the model ({reason}); train it first")
    return DrawnPack(
        sounds=Sounds(samples=np.stack(kept), lengths=np.array(lengths), labels=np.array(labels)),
        grid=np.array(grid),
        asked=recipe.counts[0][1],
        missing=missing,
        redrawn=redrawn,
        degenerate=degenerate,
        milliseconds=1000 * float(np.median(seconds)),
    )


def kick_level(sounds: list[Samples], rate: int) -> float | None:
    """Mean level of the fundamental's band relative to the whole sound, dB; None without a sound."""
    levels = [metrics.band_level(sound, rate, *KICK_BAND_HZ) for sound in sounds]
    return float(np.mean(levels)) if levels else None


def end_level(sounds: list[Samples], rate: int) -> float:
    """Level of the last millisecond relative to the peak, dB: high where the cut clicks."""
    size = max(1, round(END_SECONDS * rate))
    return metrics.power_mean([metrics.tail_level(sound, len(sound) - size) for sound in sounds])
