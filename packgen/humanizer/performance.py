"""A performance: notes are played, cast with base sounds, and every distinct stroke is rendered."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np

from packgen.audio.shaping import amplitude
from packgen.engine.protocol import SoundEngine
from packgen.errors import NoSound, RecipeError
from packgen.humanizer import groove
from packgen.humanizer.calibration import DrumCode, Measured
from packgen.humanizer.casting import Palette, cast
from packgen.humanizer.events import Hit, Lane, Note, Stroke
from packgen.humanizer.groove import BaseSound, Clock, Feel
from packgen.latent.space import Vector, drawn_back
from packgen.rendering.takes import RenderedTake, render_take
from packgen.rendering.workers import forked

HALVINGS = 4  # of a displacement that loses the sound or the class, before what sounds is taken
FAITHFUL = 0.75  # share of its base sound's class probability that a stroke must keep
STRAY_DB = 4.0  # that the level of a stroke may differ from its base sound's; velocity does the rest


@dataclass(frozen=True)
class Performance:
    """What is played, with its sounds at the model's rate.

    Attributes:
        hits: in order of the notes.
        bases: base sound of each lane, ordered by class and note.
        takes: rendered sound of each distinct stroke, in order of first use.
    """

    hits: tuple[Hit, ...]
    bases: Mapping[Lane, BaseSound]
    takes: Mapping[Stroke, RenderedTake]


def perform(
    engine: SoundEngine,
    notes: Sequence[Note],
    clock: Clock,
    feel: Feel,
    seed: int,
    palette: Palette | None = None,
    workers: int = 1,
    advance: Callable[[float], None] = lambda share: None,
) -> Performance:
    """Play notes and render every stroke once; the result does not depend on the number of workers.

    Args:
        engine: renders.
        notes: in order of time, of classes that the engine has.
        clock: the song's tempo map.
        feel: how to play.
        seed: of everything drawn.
        palette: where sounds come from that are not drawn, and effects.
        workers: sounds rendered at a time.
        advance: told the share of the work done since it was last told.

    Raises:
        RecipeError: if a class gives no sound, or for swing without beats.
    """
    palette = palette or Palette()
    hits = groove.play(notes, clock, feel, seed)
    wanted = list(dict.fromkeys(hit.stroke for hit in hits))
    lanes = sorted({hit.stroke.lane for hit in hits})
    with ThreadPoolExecutor(workers) as pool:
        known: dict[tuple[str, bytes], Measured | None] = {}  # some codes are asked for more than once

        def measure(jobs: Sequence[DrumCode]) -> list[Measured | None]:
            fresh = {(drum, code.tobytes()): (drum, code) for drum, code in jobs}
            fresh = {key: job for key, job in fresh.items() if key not in known}
            known.update(
                zip(fresh, pool.map(lambda job: _measure(engine, *job), fresh.values()), strict=True)
            )
            return [known[drum, code.tobytes()] for drum, code in jobs]

        bases = cast(lanes, engine.spaces, measure, seed, palette.codes(engine, lanes, pool))
        originals = dict(zip(lanes, pool.map(lambda v: _base(engine, v, bases[v].code), lanes), strict=True))
        codes = groove.codes(wanted, bases, engine.spaces, feel, seed)

        def play(stroke: Stroke) -> RenderedTake:
            base = originals[stroke.lane]
            take = _stroke(engine, stroke.lane.drum, codes[stroke], base)
            return palette.treat(engine, stroke.lane.drum, take, base)

        takes = {}
        with forked(play, workers) as played:
            for stroke, take in zip(wanted, pool.map(played, wanted), strict=True):
                takes[stroke] = take
                advance(1 / len(wanted))
    return Performance(hits, {lane: bases[lane] for lane in lanes}, takes)


def _measure(engine: SoundEngine, drum: str, code: Vector) -> Measured | None:
    try:
        take = render_take(engine, drum, code)
    except NoSound:
        return None
    measured = take.descriptors
    return Measured(measured.brightness, measured.level, measured.pitch, take.probability, take.log_mel)


def _base(engine: SoundEngine, lane: Lane, code: Vector) -> RenderedTake:
    try:
        return render_take(engine, lane.drum, code)
    except NoSound:
        raise RecipeError(
            f"the base sound of {lane.drum} (note {lane.note}) is silent: give another, or none"
        ) from None


def _stroke(engine: SoundEngine, drum: str, code: Vector, base: RenderedTake) -> RenderedTake:
    """The sound at `code`, or halfway back to its base until it sounds and is the same drum."""
    if np.array_equal(code, base.code):
        return base
    take, enough = base, FAITHFUL * base.probability
    for attempt, nearer in enumerate(islice(drawn_back(code, base.code), HALVINGS + 1)):
        # The score of a spectrogram costs a tenth of a render: most codes that go astray end here.
        if engine.score(drum, nearer) >= enough or attempt == HALVINGS:
            try:
                take = render_take(engine, drum, nearer)
            except NoSound:
                pass
            else:
                if take.probability >= enough:
                    break
    stray = take.descriptors.level - base.descriptors.level
    gain = amplitude(float(np.clip(stray, -STRAY_DB, STRAY_DB)) - stray)
    return dataclasses.replace(take, samples=(take.samples * gain).astype(np.float32))
