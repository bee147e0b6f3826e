"""From a folder of sounds to a training corpus: prepared in parallel, classes filled up with voices."""

from __future__ import annotations

import functools
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np

from packgen.audio.mel import SignalConfig
from packgen.audio.preparation import prepare
from packgen.audio.samples import Samples, read
from packgen.classes import CLASS_NAMES
from packgen.errors import AudioError, CorpusError
from packgen.files.folders import check_room, size_of
from packgen.training.corpus import Corpus, Entry, load, longest, write_index
from packgen.training.scan import Source, scan
from packgen.training.voices import draw

READ_SECONDS = 10.0  # of a file: the hit is looked for in them
MOST_TRIES = 50
WORTH_SAYING = 100_000_000  # bytes
USUAL_SECONDS = 0.6  # of a sound, for the size that is announced

Item = TypeVar("Item")
Result = TypeVar("Result")
Report = Callable[[str, int, int], None]  # what is done, how much of it, of how much


def build(
    folder: Path,
    out: Path,
    signal: SignalConfig,
    per_class: int = 1500,
    seed: int = 0,
    workers: int = 1,
    report: Report = lambda what, done, total: None,
    say: Callable[[str], None] = lambda text: None,
) -> tuple[Corpus, list[tuple[str, str]]]:
    """Prepare every sound of `folder`, fill each class with voices to `per_class` training sounds, and write `out`.

    Variants of the sounds are not kept: training makes them anew. Validation holds recordings only.

    Returns:
        The corpus, and what was skipped as (path, reason).

    Raises:
        CorpusError: if no sound can be used.
        OutputError: if `out` cannot be written.
    """
    sources, skipped = scan(folder)
    out.mkdir(parents=True, exist_ok=True)
    _announce(sources, per_class, signal, out, say)
    entries: list[Entry] = []
    temporary = out / f".sounds.{os.getpid()}.part"
    try:
        with temporary.open("wb") as file:

            def keep(sound: Samples, entry: Entry) -> None:
                file.write(np.round(sound * 32767).astype("<i2").tobytes())
                entries.append(entry)

            found = _map(functools.partial(_prepared, signal=signal), sources, workers)
            for index, (source, sound) in enumerate(zip(sources, found, strict=True)):
                report("reading sounds", index, len(sources))
                if isinstance(sound, str):  # a manifest may name sounds of elsewhere
                    skipped.append((os.path.relpath(source.path, folder), sound))
                else:
                    keep(sound, _entry(source, len(sound)))
            if not entries:
                raise CorpusError(f"{folder}: holds no sound that can be used ({len(skipped)} skipped)")
            tasks = list(_filling(entries, per_class, seed))
            for index, (sound, entry) in enumerate(
                _map(functools.partial(_voice, signal=signal), tasks, workers)
            ):
                report("synthesising voices", index, len(tasks))
                keep(sound, entry)
        os.replace(temporary, out / "sounds.i16")
    finally:
        temporary.unlink(missing_ok=True)
    write_index(out, entries, signal, seed)
    return load(out), skipped


def _announce(
    sources: Sequence[Source], per_class: int, signal: SignalConfig, out: Path, say: Callable[[str], None]
) -> None:
    """Say how many sounds come and about how much room they take; refuse a disk that has less.

    Raises:
        OutputError: if it has.
    """
    there = Counter(source.drum for source in sources if source.split == "train")
    voices = sum(max(0, per_class - there[name]) for name in CLASS_NAMES)
    size = round((len(sources) + voices) * USUAL_SECONDS * signal.sample_rate * 2)
    if size >= WORTH_SAYING:
        say(f"{len(sources)} sound files and {voices} voices: about {size_of(size)} will be written")
    check_room(out, size, "the corpus")


def _map(function: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    if workers <= 1:
        yield from map(function, items)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(function, items, chunksize=32)


def _prepared(source: Source, signal: SignalConfig) -> Samples | str:
    """A source's sound, or why it has none."""
    try:
        samples = read(source.path, signal.sample_rate, max_seconds=READ_SECONDS)
        return prepare(samples, signal, longest(source.drum, signal))
    except AudioError as error:
        return str(error).removeprefix(f"{source.path}: ")


def _entry(source: Source, num_samples: int) -> Entry:
    return Entry(
        drum=source.drum,
        split=source.split,
        origin=source.origin,
        kind=source.kind,
        source=source.source,
        licence=source.licence,
        group=source.group,
        name=source.path.name,
        num_samples=num_samples,
    )


Task = tuple[str, int, int]  # a voice to make: class, number within the class, and the seed of all


def _filling(entries: list[Entry], per_class: int, seed: int) -> Iterator[Task]:
    """The voices that each class lacks; they are rendered sounds, as those of outside code are."""
    for name in CLASS_NAMES:
        missing = per_class - sum(entry.drum == name and entry.split == "train" for entry in entries)
        for index in range(missing):
            yield name, index, seed


def _voice(task: Task, signal: SignalConfig) -> tuple[Samples, Entry]:
    """Make one sound from its own generator, so that the result does not depend on the workers."""
    drum, index, seed = task
    rng = np.random.Generator(np.random.Philox(key=[seed, CLASS_NAMES.index(drum) * 1_000_000 + index]))
    for _ in range(MOST_TRIES):  # few settings give a click too short to use: draw again
        voiced = draw(drum, rng, signal.sample_rate)
        try:
            sound = prepare(voiced.samples, signal, longest(drum, signal))
        except AudioError:
            continue
        return sound, Entry(
            drum, "train", "voice", voiced.kind, "packgen", "MIT", "", voiced.name, len(sound)
        )
    raise CorpusError(f"no usable {drum} in {MOST_TRIES} tries")
