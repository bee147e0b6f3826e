"""The base sound of every lane: chosen by seed, coordinates or pack, and how it answers to velocity and chance.

Rendering is handed in as a function that measures many codes, so that nothing here needs networks and the
caller decides how many it renders at a time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packgen.audio.descriptors import Descriptors
from packgen.classes import find_class
from packgen.errors import ClassNameError, PackError, RecipeError
from packgen.humanizer.calibration import Mel, reaches
from packgen.humanizer.events import Lane
from packgen.humanizer.groove import BaseSound
from packgen.humanizer.notemaps import height
from packgen.latent.space import ClassSpace, Vector, at, displace, draw_fitted
from packgen.latent.streams import Stream, generator
from packgen.packs.manifest import read_manifest

CANDIDATES = 6  # drawn for a class, and as many for each further note of it, in each round
SURE = 0.5  # probability that the class filter gives a base sound; else there is another round
# Of the draws: base sounds should be typical; where none of those is sure, the class's rarer sounds may be.
TEMPERATURES = (0.8, 1.0, 1.0, 1.0)
PROBES = 3  # principal axes along which brightness and level are measured
STEP = 0.5  # deviations to either side


@dataclass(frozen=True)
class Measured:
    """What was heard at a code.

    Attributes:
        brightness: spectral centroid, hertz.
        level: loudest 50 ms, dB.
        pitch: fundamental in hertz, None where there is none.
        probability: the class filter's, for the class that was asked for.
        log_mel: compressed mel spectrogram (F, T).
    """

    brightness: float
    level: float
    pitch: float | None
    probability: float
    log_mel: Mel


Job = tuple[str, Vector]  # class and code
Measure = Callable[[Sequence[Job]], Sequence[Measured | None]]  # None where a code gives no sound


def cast(
    lanes: Iterable[Lane],
    spaces: Mapping[str, ClassSpace],
    measure: Measure,
    seed: int,
    given: Mapping[Lane, Vector] | None = None,
) -> dict[Lane, BaseSound]:
    """A base sound for every lane.

    Codes that are not given are drawn from the class: of several candidates those that the class filter is
    surest of, and where a class has several notes, low sounds for low notes.

    Raises:
        RecipeError: if too few of a class's candidates give a sound.
    """
    lanes = low_to_high(lanes)
    chosen = dict(given or {})
    open_lanes: defaultdict[str, list[Lane]] = defaultdict(list)
    for lane in lanes:
        if lane not in chosen:
            open_lanes[lane.drum].append(lane)
    heard: defaultdict[str, list[tuple[Measured, Vector]]] = defaultdict(list)
    for attempt, temperature in enumerate(TEMPERATURES):
        jobs: list[Job] = []
        for drum, group in open_lanes.items():
            if sum(sound.probability >= SURE for sound, _ in heard[drum]) < len(group):
                count = CANDIDATES * len(group)
                indices = range(attempt * count, (attempt + 1) * count)
                jobs += ((drum, _draw(spaces[drum], drum, seed, i, temperature)) for i in indices)
        for (drum, code), sound in zip(jobs, measure(jobs), strict=True):
            if sound is not None:
                heard[drum].append((sound, code))
    for drum, group in open_lanes.items():
        if len(heard[drum]) < len(group):
            raise RecipeError(f"seed {seed} finds no {drum} that sounds: choose another --seed, or give --at")
        chosen.update(zip(group, choose(heard[drum], len(group)), strict=True))
    codes = {lane: chosen[lane] for lane in lanes}
    directions = loudness(codes, spaces, measure)
    others = {
        drum: [_draw(spaces[drum], drum, seed, index, TEMPERATURES[0]) for index in range(CANDIDATES)]
        for drum in dict.fromkeys(lane.drum for lane in lanes)
    }

    def hear(jobs: Sequence[Job]) -> list[Mel | None]:
        return [None if sound is None else sound.log_mel for sound in measure(jobs)]

    reach = reaches(codes, others, spaces, hear, seed)
    return {lane: BaseSound(code, directions[lane], reach[lane]) for lane, code in codes.items()}


def _draw(space: ClassSpace, drum: str, seed: int, index: int, temperature: float) -> Vector:
    return draw_fitted(generator(seed, drum, index, Stream.CANDIDATE), space, temperature)


def choose(heard: Sequence[tuple[Measured, Vector]], count: int) -> list[Vector]:
    """The best `count` of the codes that were heard, from low to high.

    One alone is the one the class filter is surest of; several are taken from the surest half, less those it
    is not sure of while there are enough, as far apart in pitch as they come.
    """
    surest = sorted(heard, key=lambda pair: -pair[0].probability)
    sure = sum(sound.probability >= SURE for sound, _ in heard)
    best = surest[: max(count, min(sure, len(surest) // 2))] if count > 1 else surest[:1]
    best.sort(key=lambda pair: height_of(pair[0]))
    places = np.rint(np.linspace(0, len(best) - 1, count)).astype(int)
    return [best[place][1] for place in places]


def height_of(measured: Measured | Descriptors) -> float:
    """Hertz by which sounds of one class are ordered from low to high."""
    return measured.pitch or measured.brightness


def loudness(
    codes: Mapping[Lane, Vector], spaces: Mapping[str, ClassSpace], measure: Measure
) -> dict[Lane, Vector]:
    """Unit vectors (P,) along which brightness and level rise around each code; zero where neither changes.

    Both are regressed (least squares) on the first principal axes, from probes to either side of the code,
    brightness as a logarithm; the two gradients count alike, whatever their units.
    """
    steps = np.concatenate([np.zeros((1, PROBES)), STEP * np.eye(PROBES), -STEP * np.eye(PROBES)])
    jobs, found = [], {}
    for lane, code in codes.items():
        space = spaces[lane.drum]
        width = max(PROBES, len(space.deviations))
        padded = np.pad(steps, ((0, 0), (0, width - PROBES)))[:, : len(space.deviations)]
        jobs += [(lane.drum, displace(space, code, row.astype(np.float32))) for row in padded]
    heard = iter(measure(jobs))
    for lane in codes:
        found[lane] = np.zeros(len(spaces[lane.drum].deviations), np.float32)
        sounds = [next(heard) for _ in steps]
        gradient = _rise(steps, sounds)[: len(found[lane])]
        found[lane][: len(gradient)] = gradient
    return found


def _rise(steps: NDArray[np.float64], sounds: Sequence[Measured | None]) -> NDArray[np.float64]:
    """Unit vector (k,) of the common rise of brightness and level over `steps` (n, k)."""
    kept = [(row, sound) for row, sound in zip(steps, sounds, strict=True) if sound and sound.brightness > 0]
    if len(kept) <= steps.shape[1]:
        return np.zeros(steps.shape[1])
    design = np.array([[1.0, *row] for row, _ in kept])
    targets = np.array([[np.log(sound.brightness), sound.level] for _, sound in kept])
    gradients = np.linalg.lstsq(design, targets, rcond=None)[0][1:]  # (k, 2)
    lengths = np.linalg.norm(gradients, axis=0)
    # A gradient that is rounding noise must not be blown up to length one.
    combined = (gradients * (lengths > 1e-6) / np.maximum(lengths, 1e-6)).sum(axis=1)
    size = float(np.linalg.norm(combined))
    return combined / size if size > 1e-3 else np.zeros(steps.shape[1])


def check_classes(lanes: Iterable[Lane], spaces: Mapping[str, ClassSpace]) -> None:
    """Whether the model has all classes that are played.

    Raises:
        RecipeError: if not.
    """
    for lane in lanes:
        if lane.drum not in spaces:
            raise RecipeError(
                f"this model does not know {lane.drum}: map its notes to one of {', '.join(spaces)}, "
                "or choose another --model"
            )


def low_to_high(lanes: Iterable[Lane]) -> list[Lane]:
    """Voices once each, by class and pitch of the drum that the note stands for."""
    return sorted(set(lanes), key=lambda lane: (lane.drum, height(lane.drum, lane.note)))


def parse_coordinates(
    texts: Sequence[str], lanes: Iterable[Lane], spaces: Mapping[str, ClassSpace]
) -> dict[Lane, Vector]:
    """``kick=0.5,-1,0`` or ``45=1,0``: a class or one note, and P1, P2, … in deviations.

    A class stands for all its notes; a note goes before its class.

    Raises:
        RecipeError: for another form, values beyond ±6, or a drum that is not played.
    """
    by_class: dict[Lane, Vector] = {}
    by_note: dict[Lane, Vector] = {}
    lanes = set(lanes)
    for text in texts:
        word, equals, values = text.partition("=")
        try:
            steps = [float(value) for value in values.split(",")]
        except ValueError:
            steps = []
        if not equals or not steps or not all(abs(step) <= 6 for step in steps):
            raise RecipeError(
                f"--at {text!r}: write a class or note and its coordinates, such as kick=0.5,-1,0"
            )
        word = word.strip()
        try:
            drum = None if word.isdecimal() else find_class(word).name
        except ClassNameError as error:
            raise RecipeError(f"--at {text!r}: {error}") from error
        matching = {lane for lane in lanes if lane.drum == drum or str(lane.note) == word}
        if not matching:
            raise RecipeError(f"--at {text!r}: the file plays no {word}")
        for lane in matching:
            space = spaces[lane.drum]
            if len(steps) > len(space.deviations):
                raise RecipeError(f"--at {text!r}: there are {len(space.deviations)} axes, not {len(steps)}")
            (by_note if word.isdecimal() else by_class)[lane] = at(space, steps)
    return by_class | by_note


def from_pack(folder: Path, lanes: Iterable[Lane], spaces: Mapping[str, ClassSpace]) -> dict[Lane, Vector]:
    """The first takes of a pack's sounds as base codes, in its order; classes that it lacks are left out.

    Raises:
        PackError: if there is no manifest that can be read, or its codes do not fit this model.
    """
    path = folder / "manifest.json"
    sounds: defaultdict[str, list[Vector]] = defaultdict(list)
    try:
        files = read_manifest(folder)["files"]
        for file in sorted(files, key=lambda file: (file["class"], file["sound"], file["take"])):
            if file["take"] == 0:
                with np.errstate(over="ignore"):  # beyond single precision is infinite, and refused below
                    sounds[file["class"]].append(np.asarray(file["code"], np.float32))
    except (KeyError, TypeError, ValueError) as error:
        raise PackError(
            f"{path}: damaged ({type(error).__name__}: {error}); render the pack again"
        ) from error
    given: dict[Lane, Vector] = {}
    used: Counter[str] = Counter()
    for lane in low_to_high(lanes):
        if not sounds[lane.drum]:
            continue
        code = sounds[lane.drum][used[lane.drum] % len(sounds[lane.drum])]
        used[lane.drum] += 1
        if code.shape != spaces[lane.drum].mean.shape or not np.isfinite(code).all():
            raise PackError(f"{path}: its codes are not of this model; give the --model that made the pack")
        given[lane] = code
    return given
