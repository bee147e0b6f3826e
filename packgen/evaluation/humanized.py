"""How a humanised drum varies: 32 identical notes of every class, played, against different sounds of the class."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from packgen.classes import BY_NAME
from packgen.engine.protocol import SoundEngine
from packgen.errors import NoSound
from packgen.humanizer import groove
from packgen.humanizer.calibration import distance, mean_distance
from packgen.humanizer.events import Note
from packgen.humanizer.groove import Feel
from packgen.humanizer.performance import perform
from packgen.humanizer.tempo import TempoMap
from packgen.latent.space import draw_fitted
from packgen.latent.streams import Stream, generator

HITS = 32
OTHERS = 12  # different sounds of the class
TICKS = 480  # between hits: half a second
VELOCITY = 100


@dataclass(frozen=True)
class Variation:
    """What was measured for one class.

    Attributes:
        drum: class name.
        distinct: different sounds among the hits.
        between_hits: mean distance of any two hits' compressed mel spectrograms, per bin.
        nearest: the smallest distance of successive hits.
        between_sounds: the same mean for different sounds drawn from the class.
        probability: least and median class probability of the hits.
        base_probability: of the base sound.
        correlation: of successive displacements, as rendered.
        reach: of the base sound (`packgen.humanizer.groove.BaseSound`).
    """

    drum: str
    distinct: int
    between_hits: float
    nearest: float
    between_sounds: float
    probability: tuple[float, float]
    base_probability: float
    correlation: float
    reach: float


def variation(engine: SoundEngine, drum: str, seed: int, feel: Feel | None = None) -> Variation:
    """Play `HITS` identical notes of a class and measure how they differ."""
    feel = feel or Feel()
    clock = TempoMap(np.zeros(1, np.int64), np.zeros(1), np.full(1, 0.5 / TICKS), TICKS)
    key, last = BY_NAME[drum].notes[0], HITS * TICKS
    notes = [
        Note(
            time=0.5 * hit,
            tick=TICKS * hit,
            last=last,
            note=key,
            velocity=VELOCITY,
            drum=drum,
            channel=10,
            track=0,
            event=hit,
            off=None,
        )
        for hit in range(HITS)
    ]
    performance = perform(engine, notes, clock, feel, seed)
    takes = [performance.takes[hit.stroke] for hit in performance.hits]
    base = performance.bases[notes[0].lane]
    mels = [take.log_mel for take in takes]
    space = engine.spaces[drum]
    # The common shift by velocity is no displacement of the walk.
    louder = [
        (hit.stroke.velocity - groove.REFERENCE_VELOCITY) / 127 * groove.REACH for hit in performance.hits
    ]
    moved = np.stack([(take.code - base.code) @ space.axes.T / space.deviations for take in takes])
    moved -= feel.amount * np.outer(louder, base.loudness)
    chances = [take.probability for take in takes]
    successive = [distance(a, b) for a, b in itertools.pairwise(mels)]
    rendered = engine.render(drum, base.code)
    return Variation(
        drum=drum,
        distinct=len({take.samples.tobytes() for take in takes}),
        between_hits=mean_distance(mels),
        nearest=min(successive),
        between_sounds=mean_distance(_other_sounds(engine, drum, seed)),
        probability=(min(chances), float(np.median(chances))),
        base_probability=float(rendered.probabilities[engine.classes.index(drum)]),
        correlation=float((moved[1:] * moved[:-1]).mean() / (moved**2).mean()),
        reach=base.reach,
    )


def _other_sounds(engine: SoundEngine, drum: str, seed: int) -> list[NDArray[np.float32]]:
    """Spectrograms of different sounds drawn from the class; draws without sound are left out."""
    mels = []
    for index in range(OTHERS):
        code = draw_fitted(generator(seed, drum, index, Stream.HUMANIZED_BASE), engine.spaces[drum])
        with contextlib.suppress(NoSound):
            mels.append(engine.render(drum, code).log_mel)
    return mels


def as_table(rows: Sequence[Variation]) -> Table:
    """Every class's figures, for a person at a terminal."""
    title = f"{HITS} identical notes of each class, played: distances of spectrograms per bin"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for number, name in enumerate(
        ("", "distinct", "hits apart", "nearest", "sounds apart", "class, least", "median", "correlation")
    ):
        table.add_column(name, justify="right" if number else "left", no_wrap=not number)
    for row in rows:
        table.add_row(
            row.drum,
            str(row.distinct),
            f"{row.between_hits:.3f}",
            f"{row.nearest:.3f}",
            f"{row.between_sounds:.3f}",
            f"{row.probability[0]:.2f}",
            f"{row.probability[1]:.2f}",
            f"{row.correlation:.2f}",
        )
    return table
