"""The training corpus: prepared, labelled sounds.

On disk it is a folder of three files: ``sounds.i16`` (16-bit samples, one sound after another), ``index.csv`` (a row
each: class, split, origin, kind, licence, …) and ``corpus.json``. `packgen.training.collect` makes it.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packgen.audio.mel import SignalConfig
from packgen.audio.samples import Samples
from packgen.audio.shaping import fade_out
from packgen.classes import BY_NAME, CLASS_NAMES
from packgen.errors import CorpusError
from packgen.files.atomic import write_atomic
from packgen.files.documents import parse_json, shown
from packgen.networks.checkpoint import build_config

FORMAT = "packgen-corpus-2"
SPLITS = ("train", "val")
ORIGINS = ("recorded", "rendered", "voice")  # rendered by outside code, or by packgen's own voices
KINDS = ("acoustic", "electronic", "")  # empty where nobody says
TAIL_FADE = 0.005  # seconds


@dataclass(frozen=True)
class Entry:
    """A row of a prepared corpus."""

    drum: str
    split: str  # of SPLITS
    origin: str  # of ORIGINS
    kind: str  # of KINDS
    source: str
    licence: str
    group: str
    name: str
    num_samples: int


@dataclass(frozen=True)
class Corpus:
    """A prepared corpus, memory-mapped.

    Attributes:
        folder: where it lies.
        signal: sizes of the signal that networks are trained on.
        classes: names of the drum classes.
        entries: a row a sound.
        samples: of all sounds, one after another.
        starts: of each sound in `samples`, and the end of the last (sounds + 1,).
    """

    folder: Path
    signal: SignalConfig
    classes: tuple[str, ...]
    entries: tuple[Entry, ...]
    samples: NDArray[np.int16]
    starts: NDArray[np.int64]

    def labels(self) -> NDArray[np.int64]:
        """Class index of every entry."""
        index = {name: number for number, name in enumerate(self.classes)}
        return np.array([index[entry.drum] for entry in self.entries])

    def where(self, split: str, origins: Iterable[str] = ORIGINS) -> NDArray[np.int64]:
        """Indices of the entries of a split and of the given origins."""
        origins = set(origins)
        return np.array(
            [i for i, e in enumerate(self.entries) if e.split == split and e.origin in origins], np.int64
        )

    def whole(self, index: int) -> Samples:
        """One sound with all of its tail, (N,)."""
        return self.samples[self.starts[index] : self.starts[index + 1]].astype(np.float32) / 32767.0

    def sound(self, index: int) -> Samples:
        """One sound, at most as long as the networks see, without padding: (N,)."""
        return heard(self.whole(index), self.signal)

    def audio(self, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        """Sounds of the networks' length: (B,) -> (B, N)."""
        found = np.zeros((len(indices), self.signal.num_samples), np.float32)
        for row, index in zip(found, indices, strict=True):
            sound = self.sound(int(index))
            row[: len(sound)] = sound
        return found


def heard(sound: Samples, signal: SignalConfig) -> Samples:
    """What the networks see of a sound: its first second, faded where it is cut."""
    if len(sound) <= signal.num_samples:
        return sound
    return fade_out(sound[: signal.num_samples], round(TAIL_FADE * signal.sample_rate))


def longest(drum: str, signal: SignalConfig) -> int:
    """Samples that are kept of a sound of a class; the signal's length is what the paper calls a second."""
    return round(BY_NAME[drum].longest * signal.num_samples)


def write_index(out: Path, entries: list[Entry], signal: SignalConfig, seed: int) -> None:
    """Write what `load` reads beside the sounds: ``index.csv`` and ``corpus.json``."""
    names = [field.name for field in dataclasses.fields(Entry)]
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerow(names)
    rows = csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows.writerows(dataclasses.astuple(entry) for entry in entries)
    write_atomic(out / "index.csv", table.getvalue().encode())
    about = {
        "format": FORMAT,
        "signal": dataclasses.asdict(signal),
        "classes": CLASS_NAMES,
        "seed": seed,
        "counts": counts(entries),
    }
    write_atomic(out / "corpus.json", (json.dumps(about, indent=1) + "\n").encode())


def counts(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """How many sounds of each class are recorded (train), recorded (val), rendered and voices."""
    tally = Counter((e.drum, e.origin if e.origin != "recorded" else f"recorded_{e.split}") for e in entries)
    columns = ("recorded_train", "recorded_val", "rendered", "voice")
    return {name: {column: tally[name, column] for column in columns} for name in CLASS_NAMES}


def load(folder: Path) -> Corpus:
    """Open a prepared corpus.

    Raises:
        CorpusError: if the folder holds none, or its files do not fit together.
    """
    try:
        about = parse_json((folder / "corpus.json").read_bytes())
        if about["format"] != FORMAT:
            raise CorpusError(f"{folder}: a corpus of another packgen; run packgen corpus again")
        signal, classes = build_config(SignalConfig, about["signal"]), tuple(about["classes"])
        rows = read_table(folder / "index.csv", {field.name for field in dataclasses.fields(Entry)})
        entries = tuple(_entry(row, classes, signal) for row in rows)
        starts = np.concatenate([[0], np.cumsum([entry.num_samples for entry in entries])])
        samples = np.memmap(folder / "sounds.i16", "<i2", "r")
        if len(samples) != starts[-1]:
            raise ValueError(f"sounds.i16 holds {len(samples)} samples, not the {starts[-1]} of index.csv")
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise CorpusError(
            f"{folder}: not a prepared corpus ({reason}); make one with packgen corpus FOLDER"
        ) from error
    return Corpus(folder, signal, classes, entries, samples, starts)


def _entry(row: dict[str, str], classes: tuple[str, ...], signal: SignalConfig) -> Entry:
    """A row of the index; ValueError if it cannot be one."""
    values = {field.name: row[field.name] for field in dataclasses.fields(Entry)}
    entry = Entry(**{**values, "num_samples": int(row["num_samples"])})  # type: ignore[arg-type]
    if entry.drum not in classes or entry.drum not in BY_NAME or entry.split not in SPLITS:
        raise ValueError(f"index.csv: no sound of class {shown(entry.drum)} and split {shown(entry.split)}")
    if entry.origin not in ORIGINS or entry.kind not in KINDS:
        raise ValueError(f"index.csv: a sound of origin {shown(entry.origin)} and kind {shown(entry.kind)}")
    if not 0 < entry.num_samples <= longest(entry.drum, signal):
        raise ValueError(f"index.csv: a sound of {shown(entry.num_samples)} samples")
    return entry


def read_table(path: Path, columns: set[str]) -> list[dict[str, str]]:
    """The rows of a table with at least these columns; in a row cut short, the rest is empty.

    Raises:
        CorpusError: if it cannot be read or lacks columns.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file, restval="", restkey="")
            if missing := columns - set(reader.fieldnames or ()):
                raise CorpusError(f"{path}: lacks the columns {', '.join(sorted(missing))}")
            return list(reader)
    except (OSError, ValueError, csv.Error) as error:
        raise CorpusError(f"{path}: cannot be read as a table ({error})") from error
