"""The training corpus: prepared, labelled, balanced sounds of one length.

On disk it is a folder of three files: ``sounds.i16`` (rows of 16-bit samples, each padded to the model's length),
``index.csv`` (a row each: class, split, kind, licence, …) and ``corpus.json``. `packgen.training.collect` makes it.
"""

from __future__ import annotations

import csv
import dataclasses
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packgen.audio import Samples, write_atomic
from packgen.classes import CLASS_NAMES
from packgen.documents import parse_json, shown
from packgen.dsp.mel import SignalConfig
from packgen.dsp.shaping import fade_out, normalise, peak, trim_onset, trim_tail
from packgen.errors import AudioError, CorpusError
from packgen.networks.checkpoint import build_config

SPLITS = ("train", "val")
KINDS = ("real", "augmented", "voice")
SHORTEST = 0.02  # seconds; the paper keeps sounds from 0.1 s, but closed hats and snaps are shorter
TAIL_FADE = 0.005  # seconds


@dataclass(frozen=True)
class Entry:
    """A row of a prepared corpus."""

    drum: str
    split: str
    kind: str  # of KINDS
    source: str
    licence: str
    group: str
    name: str
    num_samples: int  # before padding


@dataclass(frozen=True)
class Corpus:
    """A prepared corpus, memory-mapped."""

    folder: Path
    signal: SignalConfig
    classes: tuple[str, ...]
    entries: tuple[Entry, ...]
    sounds: NDArray[np.int16]  # (sounds, num_samples)

    def labels(self) -> NDArray[np.int64]:
        """Class index of every entry."""
        return np.array([self.classes.index(entry.drum) for entry in self.entries])

    def where(self, split: str, kinds: Iterable[str] = KINDS) -> NDArray[np.int64]:
        """Indices of the entries of a split and of the given kinds."""
        kinds = set(kinds)
        return np.array(
            [i for i, e in enumerate(self.entries) if e.split == split and e.kind in kinds], np.int64
        )

    def audio(self, indices: NDArray[np.int64]) -> NDArray[np.float32]:
        """Sounds as floats: (B,) -> (B, N)."""
        return self.sounds[indices].astype(np.float32) / 32767.0

    def sound(self, index: int) -> Samples:
        """One sound without its padding: (N,)."""
        found: Samples = self.audio(np.array([index]))[0, : self.entries[index].num_samples]
        return found


def prepare(samples: Samples, signal: SignalConfig) -> Samples:
    """One sound as the paper prepares it: from its onset, at most the model's length, faded, peak 1.

    Raises:
        AudioError: if nothing in it could be a drum hit.
    """
    sound = trim_tail(trim_onset(samples, signal.sample_rate), signal.sample_rate)
    if peak(sound) < 1e-4:
        raise AudioError("silent")
    if len(sound) < SHORTEST * signal.sample_rate:
        raise AudioError(f"shorter than {SHORTEST * 1000:.0f} ms")
    cut = sound[: signal.num_samples]
    return normalise(fade_out(cut, round(TAIL_FADE * signal.sample_rate)))


def write_index(out: Path, entries: list[Entry], signal: SignalConfig, seed: int) -> None:
    """Write what `load` reads beside the sounds: ``index.csv`` and ``corpus.json``."""
    names = [field.name for field in dataclasses.fields(Entry)]
    lines = [",".join(names)]
    for entry in entries:
        lines.append(",".join('"' + str(getattr(entry, name)).replace('"', '""') + '"' for name in names))
    write_atomic(out / "index.csv", ("\n".join(lines) + "\n").encode())
    about = {
        "format": "packgen-corpus-1",
        "signal": dataclasses.asdict(signal),
        "classes": CLASS_NAMES,
        "seed": seed,
        "counts": counts(entries),
    }
    write_atomic(out / "corpus.json", (json.dumps(about, indent=1) + "\n").encode())


def counts(entries: Iterable[Entry]) -> dict[str, dict[str, int]]:
    """How many sounds of each class are real (train), real (val), augmented and voices."""
    table: dict[str, dict[str, int]] = {}
    tally = Counter((e.drum, e.kind if e.kind != "real" else f"real_{e.split}") for e in entries)
    for name in CLASS_NAMES:
        table[name] = {kind: tally[name, kind] for kind in ("real_train", "real_val", "augmented", "voice")}
    return table


def load(folder: Path) -> Corpus:
    """Open a prepared corpus.

    Raises:
        CorpusError: if the folder holds none, or its files do not fit together.
    """
    try:
        about = parse_json((folder / "corpus.json").read_bytes())
        if about["format"] != "packgen-corpus-1":
            raise CorpusError(f"{folder}: a corpus of another packgen; run packgen corpus again")
        signal, classes = build_config(SignalConfig, about["signal"]), tuple(about["classes"])
        rows = read_table(folder / "index.csv", {field.name for field in dataclasses.fields(Entry)})
        entries = tuple(_entry(row, classes, signal) for row in rows)
        sounds = np.memmap(folder / "sounds.i16", "<i2", "r").reshape(len(entries), signal.num_samples)
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise CorpusError(
            f"{folder}: not a prepared corpus ({reason}); make one with packgen corpus FOLDER"
        ) from error
    return Corpus(folder, signal, classes, entries, sounds)


def _entry(row: dict[str, str], classes: tuple[str, ...], signal: SignalConfig) -> Entry:
    """A row of the index; ValueError if it cannot be one."""
    values = {field.name: row[field.name] for field in dataclasses.fields(Entry)}
    entry = Entry(**{**values, "num_samples": int(row["num_samples"])})  # type: ignore[arg-type]
    if entry.drum not in classes or entry.split not in SPLITS:
        raise ValueError(f"index.csv: no sound of class {shown(entry.drum)} and split {shown(entry.split)}")
    if entry.kind not in KINDS:
        raise ValueError(f"index.csv: a sound of kind {shown(entry.kind)}")
    if not 0 < entry.num_samples <= signal.num_samples:
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
