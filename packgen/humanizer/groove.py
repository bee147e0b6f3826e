"""The performance model: programmed notes to played hits. Pure and seeded; no audio here.

Three things of a hit are played: its time, its velocity, and its sound. The sound is a point near the drum's
base point in latent space; the points of successive hits are a first-order autoregression, as a stroke
depends on the one before it, and a flam or a roll is one gesture and varies less.

Letters: n hits, P principal axes, D latent dimensions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packgen.errors import RecipeError
from packgen.humanizer.events import ROLL_SECONDS, Hit, Lane, Note, Stroke
from packgen.latent.space import ClassSpace, Vector, autoregression, displace
from packgen.latent.streams import Stream, generator

Ticks = NDArray[np.int64]

CORRELATION = 0.6  # between successive strokes: the displacement and the timing of a hand
GESTURE = 0.3  # how far, relative to a free stroke, the strokes of one roll lie apart
TOGETHER = 0.001  # seconds that simultaneous hits may differ by on either side
GAP_SHARE = 0.45  # of the gap to its neighbour that a hit may move: less than half, so they never cross
REFERENCE_VELOCITY = 96  # the velocity that a base sound belongs to
REACH = 1.0  # deviations that the whole velocity range moves a sound along its loudness direction
ZONE = 16  # velocities that share a timbre once hits share strokes
SIBLINGS = 4  # variants of a take in a roll, likewise
FEWEST_RENDERS = 16


class Clock(Protocol):
    """The part of a tempo map that the model needs (`packgen.humanizer.tempo.TempoMap`)."""

    @property
    def ticks_per_beat(self) -> int:
        """0 where there are no beats."""

    def to_seconds(self, ticks: ArrayLike) -> NDArray[np.float64]:
        """Ticks to seconds."""

    def to_ticks(self, seconds: ArrayLike) -> NDArray[np.float64]:
        """Seconds to ticks."""


@dataclass(frozen=True)
class Feel:
    """How it is played.

    Attributes:
        amount: 0 as programmed … 1; scales all that follows, except swing.
        spread: how far the hits of a drum lie apart, as a share of how far different sounds of its class do.
        timing: seconds that a hit may be early or late.
        velocity: MIDI velocity steps that a hit may be softer or louder.
        swing: where in a pair of sixteenths the second stands, 0.5 straight … 0.75.
        renders: most distinct sounds in a performance; longer ones share them.
    """

    amount: float = 1.0
    spread: float = 0.2
    timing: float = 0.004
    velocity: float = 6.0
    swing: float = 0.5
    renders: int = 256

    def __post_init__(self) -> None:
        limits = {
            "amount": (0, 1),
            "spread": (0, 2),
            "timing": (0, 0.1),
            "velocity": (0, 64),
            "swing": (0.5, 0.75),
            "renders": (FEWEST_RENDERS, 100_000),
        }
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                raise RecipeError(f"{name} must lie between {low} and {high}, not {getattr(self, name)}")


@dataclass(frozen=True)
class BaseSound:
    """The sound that a lane's strokes stray from.

    Attributes:
        code: its latent code (D,).
        loudness: unit vector (P,), in deviations along the principal axes, along which measured brightness
            and level rise; zero where nothing was measured.
        reach: standard deviation, in deviations of the class, of the displacement that a spread of 1 asks for.
    """

    code: Vector
    loudness: Vector
    reach: float = 1.0


def play(notes: Sequence[Note], clock: Clock, feel: Feel, seed: int) -> tuple[Hit, ...]:
    """Notes, in order of time, to hits in the same order.

    Raises:
        RecipeError: for swing in a file without beats.
    """
    ticks = move(notes, clock, feel, seed)
    velocities = dynamics([note.velocity for note in notes], feel, seed)
    times = clock.to_seconds(ticks)
    chosen = strokes([note.lane for note in notes], times, velocities, feel)
    return tuple(
        Hit(note, int(tick), float(time), int(velocity), stroke)
        for note, tick, time, velocity, stroke in zip(notes, ticks, times, velocities, chosen, strict=True)
    )


def move(notes: Sequence[Note], clock: Clock, feel: Feel, seed: int) -> Ticks:
    """When each note is played (n,): order kept, never before 0, simultaneous notes together.

    Notes of one tick drift together, an autoregression over the whole song, and differ by at most
    2 · `TOGETHER`. No note passes the middle between two neighbours, or the end of its track.
    """
    programmed, group = np.unique([note.tick for note in notes], return_inverse=True)
    base = swing(programmed, clock.ticks_per_beat, feel.swing)
    limit = feel.amount * feel.timing
    fresh = generator(seed, "timing", 0, Stream.DRIFT).standard_normal((len(base), 1))
    drift = np.reshape([*autoregression(fresh, CORRELATION)], -1)
    own = generator(seed, "timing", 0, Stream.OWN_TIMING).standard_normal(len(notes))
    reach = min(TOGETHER, limit / 4)
    shift = np.clip(drift * limit / 2, reach - limit, limit - reach)[group]
    shift += np.clip(own * reach / 2, -reach, reach)
    gaps = np.diff(base) * GAP_SHARE
    earliest = base - np.floor(np.concatenate([base[:1], gaps])).astype(np.int64)
    latest = base + np.floor(np.concatenate([gaps, [np.inf]])).clip(max=2**40).astype(np.int64)
    wanted = np.rint(clock.to_ticks(clock.to_seconds(base[group]) + shift)).astype(np.int64)
    ticks = np.where(shift == 0, base[group], wanted.clip(earliest[group], latest[group]))
    ticks = np.minimum(ticks, [note.last for note in notes])
    # Swing may have pushed notes over the end of one track, but not of another: keep the order all the same.
    first = np.full(len(base) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, group, ticks)
    following: Ticks = np.minimum.accumulate(first[::-1])[::-1]
    kept: Ticks = np.minimum(ticks, following[group + 1])
    return kept


def swing(ticks: Ticks, ticks_per_beat: int, share: float) -> Ticks:
    """Delay the second of each pair of sixteenths to `share` of the pair; notes between move in proportion.

    Raises:
        RecipeError: if there are no beats.

    >>> swing(np.array([0, 120, 240]), 480, 2 / 3).tolist()
    [0, 160, 240]
    """
    if share == 0.5:
        return ticks
    if ticks_per_beat == 0:
        raise RecipeError("this file counts SMPTE frames: it has no beats, so it does not swing")
    pair = ticks_per_beat / 2
    start, position = ticks // pair * pair, ticks % pair / pair
    moved = np.where(position < 0.5, position * 2 * share, share + (position - 0.5) * 2 * (1 - share))
    return np.asarray(np.rint(start + moved * pair), np.int64)


def dynamics(velocities: Sequence[int], feel: Feel, seed: int) -> Ticks:
    """Velocities as played (n,), 1…127."""
    limit = feel.amount * feel.velocity
    noise = generator(seed, "velocity", 0, Stream.DYNAMICS).standard_normal(len(velocities))
    change = np.rint(np.clip(noise * limit / 2, -limit, limit)).astype(np.int64)
    return np.asarray(np.clip(np.asarray(velocities, np.int64) + change, 1, 127))


def strokes(lanes: Sequence[Lane], times: ArrayLike, velocities: ArrayLike, feel: Feel) -> tuple[Stroke, ...]:
    """Which sound each hit plays: never that of the hit before it on the same drum.

    A lane with few hits has a take for each. One with more than its share of `feel.renders` walks to and
    fro over as many takes as it may have, and hits of one velocity zone share a timbre: a stationary
    autoregression reads the same backwards, so the walk is still the same process. In a roll the take stays
    and its siblings alternate. With amount 0 all hits of a lane share one sound.
    """
    if feel.amount == 0:
        return tuple(Stroke(lane, 0, 0, REFERENCE_VELOCITY) for lane in lanes)
    counts = Counter(lanes)
    share = shares(counts, feel.renders)
    rolled = rolls(lanes, times)
    played = np.asarray(velocities, np.int64).tolist()
    zones: defaultdict[Lane, set[int]] = defaultdict(set)
    siblings: dict[Lane, int] = {}
    for lane, roll, velocity in zip(lanes, rolled, played, strict=True):
        zones[lane].add(velocity // ZONE)
        siblings[lane] = SIBLINGS if roll else siblings.get(lane, 1)
    steps: Counter[Lane] = Counter()
    chosen = []
    for lane, roll, velocity in zip(lanes, rolled, played, strict=True):
        steps[lane] += roll == 0
        step = steps[lane] - 1
        if counts[lane] <= share[lane]:
            chosen.append(Stroke(lane, step, roll, velocity))
            continue
        takes = max(2, share[lane] // (len(zones[lane]) * siblings[lane]))
        middle = min(127, velocity // ZONE * ZONE + ZONE // 2)
        chosen.append(Stroke(lane, to_and_fro(step, takes), roll % siblings[lane], middle))
    return tuple(chosen)


def rolls(lanes: Sequence[Lane], times: ArrayLike) -> list[int]:
    """How many hits of the same roll or flam came before each hit on its drum (n,); 0 for a free stroke."""
    before: dict[Lane, float] = {}
    count: Counter[Lane] = Counter()
    places = []
    for lane, time in zip(lanes, np.asarray(times, np.float64).tolist(), strict=True):
        close = lane in before and time - before[lane] < ROLL_SECONDS
        count[lane] = count[lane] + 1 if close else 0
        before[lane] = time
        places.append(count[lane])
    return places


def shares(counts: Mapping[Lane, int], budget: int) -> dict[Lane, int]:
    """Divide a budget evenly; what small demands leave over goes to the larger ones.

    >>> kick, snare, hat = Lane("kick", 36), Lane("snare", 38), Lane("closed_hat", 42)
    >>> [*shares({kick: 10, snare: 500, hat: 900}, 100).values()]
    [10, 45, 45]
    """
    share: dict[Lane, int] = {}
    for left, (lane, count) in zip(
        range(len(counts), 0, -1), sorted(counts.items(), key=lambda item: item[1]), strict=True
    ):
        share[lane] = min(count, (budget - sum(share.values())) // left)
    return share


def to_and_fro(step: int, count: int) -> int:
    """Position after `step` steps on 0 … count-1, turning at both ends.

    >>> [to_and_fro(step, 3) for step in range(6)]
    [0, 1, 2, 1, 0, 1]
    """
    position = step % (2 * count - 2)
    return min(position, 2 * count - 2 - position)


def codes(
    wanted: Iterable[Stroke],
    bases: Mapping[Lane, BaseSound],
    spaces: Mapping[str, ClassSpace],
    feel: Feel,
    seed: int,
) -> dict[Stroke, Vector]:
    """The latent code (D,) of each stroke: base + displacement + velocity along the loudness direction."""
    by_lane: defaultdict[Lane, list[Stroke]] = defaultdict(list)
    for stroke in dict.fromkeys(wanted):
        by_lane[stroke.lane].append(stroke)
    found = {}
    for lane, group in by_lane.items():
        space, base, stream = spaces[lane.drum], bases[lane], f"{lane.drum} {lane.note}"
        axes = len(space.deviations)
        takes = max(stroke.take for stroke in group) + 1
        # One generator a take: take k is the same however many there are.
        fresh = [generator(seed, stream, take, Stream.STROKE).standard_normal(axes) for take in range(takes)]
        states = [*autoregression(fresh, CORRELATION)]
        for stroke in group:
            state = states[stroke.take]
            if stroke.variant:
                sibling = generator(
                    seed, stream, stroke.take, Stream.SIBLING, stroke.variant
                ).standard_normal(axes)
                state = np.sqrt(1 - GESTURE**2) * state + GESTURE * sibling
            louder = (stroke.velocity - REFERENCE_VELOCITY) / 127 * REACH
            steps = feel.amount * (feel.spread * base.reach * state + louder * base.loudness)
            found[stroke] = displace(space, base.code, steps.astype(np.float32))
    return found
