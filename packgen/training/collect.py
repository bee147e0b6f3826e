"""From a folder of sounds to a training corpus: classes from names, splits by instrument, classes filled up."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np

from packgen.audio import Samples, read
from packgen.classes import CLASS_NAMES, find_class
from packgen.dsp.mel import SignalConfig
from packgen.dsp.shaping import pad
from packgen.errors import AudioError, ClassNameError, CorpusError
from packgen.training.augment import augment
from packgen.training.corpus import SPLITS, Corpus, Entry, load, prepare, read_table, write_index
from packgen.training.voices import draw

SOUND_SUFFIXES = {".wav", ".aif", ".aiff", ".flac", ".ogg", ".mp3"}
VALIDATION_SHARE = 0.2
MOST_VARIANTS = 12  # augmented sounds per real one: beyond that they only repeat each other
MOST_TRIES = 50


@dataclass(frozen=True)
class Source:
    """A sound file and what is known about it."""

    path: Path
    drum: str
    source: str
    licence: str
    group: str  # sounds of one instrument share a group, and a group is never split
    split: str  # "train" or "val"


def recognise(path: Path) -> str | None:
    """The class that a file's name or folders speak of, the most specific first; None if none does.

    >>> recognise(Path("Deep House/Open Hats/DH_OpenHat_03.wav"))
    'open_hat'
    """
    for part in (path.stem, *reversed(path.parent.parts)):
        spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z]+", " ", part)
        words = spaced.split()
        for size in (3, 2, 1):
            for start in range(len(words) - size + 1):
                try:
                    return find_class(" ".join(words[start : start + size])).name
                except ClassNameError:
                    continue
    return None


def scan(folder: Path) -> tuple[list[Source], list[tuple[str, str]]]:
    """Find the sounds of a folder by its ``manifest.csv``, or else by file and folder names.

    Returns:
        The sources, and what was skipped as (path, reason).

    Raises:
        CorpusError: if the folder is missing or its manifest lacks columns.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder; give the folder that holds your sounds")
    manifest = folder / "manifest.csv"
    return _scan_manifest(folder, manifest) if manifest.is_file() else _scan_names(folder)


def _scan_manifest(folder: Path, manifest: Path) -> tuple[list[Source], list[tuple[str, str]]]:
    found, skipped = [], []
    for row in read_table(manifest, {"path", "class", "source", "licence", "group", "split"}):
        try:
            drum = find_class(row["class"]).name
        except ClassNameError as error:
            skipped.append((row["path"], str(error)))
            continue
        if row["split"] not in SPLITS:
            skipped.append((row["path"], f"its split is not {' or '.join(SPLITS)}"))
            continue
        if (place := PurePath(row["path"])).is_absolute() or ".." in place.parts:
            skipped.append((row["path"], "its path leads out of the folder"))
            continue
        group = f"{row['source']}/{row['group']}"
        found.append(Source(folder / row["path"], drum, row["source"], row["licence"], group, row["split"]))
    return found, skipped


def _scan_names(folder: Path) -> tuple[list[Source], list[tuple[str, str]]]:
    found, skipped = [], []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        relative = path.relative_to(folder)
        if path.suffix.lower() not in SOUND_SUFFIXES:
            continue
        drum = recognise(relative)
        if drum is None:
            skipped.append((str(relative), "no drum class in its name or folders"))
            continue
        group = f"{relative.parent}/{re.sub(r'[0-9]+', '', relative.stem).strip(' _-')}"
        share = int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") / 2**32
        found.append(
            Source(path, drum, folder.name, "unknown", group, "val" if share < VALIDATION_SHARE else "train")
        )
    return found, skipped


def build(
    folder: Path,
    out: Path,
    signal: SignalConfig,
    per_class: int = 3000,
    seed: int = 0,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Corpus, list[tuple[str, str]]]:
    """Prepare every sound of `folder`, fill each class to `per_class` training sounds, and write `out`.

    A class is filled in equal parts by augmented real sounds (at most `MOST_VARIANTS` of each) and by
    synthesised voices. Validation holds real sounds only.

    Returns:
        The corpus, and what was skipped as (path, reason).

    Raises:
        CorpusError: if no sound can be used.
        OutputError: if `out` cannot be written.
    """
    sources, skipped = scan(folder)
    out.mkdir(parents=True, exist_ok=True)
    entries: list[Entry] = []
    real: dict[str, list[Samples]] = {name: [] for name in CLASS_NAMES}
    temporary = out / f".sounds.{os.getpid()}.part"
    try:
        with temporary.open("wb") as file:

            def keep(sound: Samples, entry: Entry) -> None:
                file.write(np.round(pad(sound, signal.num_samples) * 32767).astype("<i2").tobytes())
                entries.append(entry)

            for index, source in enumerate(sources):
                progress(index, len(sources))
                try:
                    sound = prepare(read(source.path, signal.sample_rate, max_seconds=10.0), signal)
                except AudioError as error:
                    name = os.path.relpath(source.path, folder)  # a manifest may name sounds of elsewhere
                    skipped.append((name, str(error).removeprefix(f"{source.path}: ")))
                    continue
                if source.split == "train":
                    real[source.drum].append(sound)
                keep(sound, Entry(source.drum, source.split, "real", source.source, source.licence, source.group,
                                  source.path.name, min(len(sound), signal.num_samples)))  # fmt: skip
            if not entries:
                raise CorpusError(f"{folder}: holds no sound that can be used ({len(skipped)} skipped)")
            tasks = list(_filling(real, per_class, seed))
            for index, (sound, entry) in enumerate(_fill(tasks, real, signal, workers)):
                progress(index, len(tasks))
                keep(sound, entry)
        os.replace(temporary, out / "sounds.i16")
    finally:
        temporary.unlink(missing_ok=True)
    write_index(out, entries, signal, seed)
    return load(out), skipped


# A sound to make: class, "augmented" or "voice", number within the class, and the seed of all.
Task = tuple[str, str, int, int]


def _filling(real: dict[str, list[Samples]], per_class: int, seed: int) -> Iterator[Task]:
    for name, sounds in real.items():
        missing = max(0, per_class - len(sounds))
        augmented = min(missing // 2, MOST_VARIANTS * len(sounds))
        for index in range(missing):
            yield name, "augmented" if index < augmented else "voice", index, seed


_REAL: dict[str, list[Samples]] = {}  # the worker processes' copy
_SIGNAL = SignalConfig()


def _start_worker(real: dict[str, list[Samples]], signal: SignalConfig) -> None:
    global _REAL, _SIGNAL
    _REAL, _SIGNAL = real, signal


def _fill(
    tasks: list[Task], real: dict[str, list[Samples]], signal: SignalConfig, workers: int
) -> Iterator[tuple[Samples, Entry]]:
    if workers <= 1:
        _start_worker(real, signal)
        yield from map(_make, tasks)
        return
    with ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(real, signal)) as pool:
        yield from pool.map(_make, tasks, chunksize=64)


def _make(task: Task) -> tuple[Samples, Entry]:
    """Make one sound from its own generator, so that the result does not depend on the workers."""
    drum, kind, index, seed = task
    rng = np.random.Generator(np.random.Philox(key=[seed, CLASS_NAMES.index(drum) * 1_000_000 + index]))
    for _ in range(MOST_TRIES):  # a treatment can shrink a click to nothing: draw again
        if kind == "voice":
            voiced = draw(drum, rng, _SIGNAL.sample_rate)
            sound, name = voiced.samples, voiced.name
        else:
            sounds = _REAL[drum]
            first, second = sounds[index % len(sounds)], sounds[int(rng.integers(len(sounds)))]
            sound, name = (
                augment(first, second, rng, _SIGNAL.sample_rate),
                f"variant of {index % len(sounds)}",
            )
        try:
            sound = prepare(sound, _SIGNAL)
        except AudioError:
            continue
        return sound, Entry(drum, "train", kind, "packgen", "MIT", "", name, len(sound))
    raise CorpusError(f"no usable {drum} in {MOST_TRIES} tries; its real sounds are too short to vary")
