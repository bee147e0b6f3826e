"""Whether a pack on disk is what its manifest says: schema, hashes, files with their exact case, sampler files."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import soundfile

from packgen import formats
from packgen.errors import PackError
from packgen.files.bounded import sha256_of
from packgen.files.folders import WORK
from packgen.packs.folder import SAMPLES, SHARD_FACTS, TEXTS, inside
from packgen.packs.journal import median
from packgen.packs.manifest import SCHEMA_PATH, Manifest, ManifestRow, parse_manifest
from packgen.packs.schema import complaints

MOST_COMPLAINTS = 20  # of the schema's: a manifest of another program fails in every line


@dataclass(frozen=True)
class Report:
    """What an inspection found.

    Attributes:
        problems: one line each; none for a sound pack.
        notes: what is no fault, such as further files.
        summary: the pack in figures.
    """

    problems: tuple[str, ...]
    notes: tuple[str, ...]
    summary: dict[str, Any]


def inspect(folder: Path) -> Report:
    """Inspect a finished pack; nothing is changed.

    Raises:
        PackError: if the folder holds no finished pack.
    """
    if not folder.is_dir():
        raise PackError(f"{folder}: no such folder; give the folder of a pack")
    if not (folder / "manifest.json").is_file():
        if (folder / SHARD_FACTS).is_file():
            raise PackError(f"{folder} holds a shard, not a whole pack; packgen merge brings shards together")
        if (folder / WORK).is_dir():
            raise PackError(f"{folder} holds an unfinished pack; packgen kit --resume goes on with it")
    manifest = parse_manifest(folder)
    wrong = list(complaints(manifest, json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))))
    if wrong:  # what does not fit the schema cannot be read further
        more = [f"and {len(wrong) - MOST_COMPLAINTS} more like this"] if len(wrong) > MOST_COMPLAINTS else []
        return Report(tuple(f"manifest.json: {line}" for line in wrong[:MOST_COMPLAINTS] + more), (), {})
    problems = [*_files(folder, manifest), *_samplers(folder, manifest), *_texts(folder, manifest)]
    return Report(tuple(problems), tuple(_strangers(folder, manifest)), _summary(manifest))


def exact(folder: Path, path: str) -> str | None:
    """What is wrong with a path of a pack, if anything: it must exist, spelt exactly so even where case is ignored."""
    try:
        parts = inside(folder, path).relative_to(folder).parts
    except PackError as error:
        return str(error)
    place = folder
    for part in parts:
        names = _names(place)
        if part not in names:
            other = [name for name in names if name.lower() == part.lower()]
            return f"{path}: stands there as {other[0]}" if other else f"{path}: missing"
        place /= part
    return None if place.is_file() else f"{path}: is no file"


@cache
def _listed(folder: Path, changed: int) -> frozenset[str]:
    return frozenset(entry.name for entry in folder.iterdir())


def _names(folder: Path) -> frozenset[str]:
    """Names in a folder, read once for its thousands of files."""
    return _listed(folder, folder.stat().st_mtime_ns) if folder.is_dir() else frozenset()


def _files(folder: Path, manifest: Manifest) -> Iterator[str]:
    rows = manifest["files"]
    for path, count in Counter(row["path"].lower() for row in rows).items():
        if count > 1:
            yield f"{path}: listed {count} times"
    for row in rows:
        if (wrong := exact(folder, row["path"])) is not None:
            yield wrong
        else:
            yield from _sample(folder / row["path"], row, manifest["pack"]["rate"])


def _sample(path: Path, row: ManifestRow, rate: int) -> Iterator[str]:
    if sha256_of(path) != row["sha256"]:
        yield f"{row['path']}: changed since it was rendered"
        return
    try:
        info = soundfile.info(path)
    except (soundfile.SoundFileError, RuntimeError) as error:
        yield f"{row['path']}: no sound file ({error})"
        return
    if (info.frames, info.samplerate) != (row["frames"], rate):
        yield f"{row['path']}: {info.frames} frames at {info.samplerate} Hz, {row['frames']} at {rate} expected"
    if row["low_velocity"] > row["high_velocity"]:
        yield f"{row['path']}: velocities {row['low_velocity']} … {row['high_velocity']} fall"


def _samplers(folder: Path, manifest: Manifest) -> Iterator[str]:
    known = {row["path"] for row in manifest["files"]}
    for path in manifest["exports"]:
        if (wrong := exact(folder, path)) is not None:
            yield wrong
            continue
        reading = formats.read(folder / path)
        yield from (f"{path}: {problem}" for problem in reading.problems)
        for sample in dict.fromkeys(reading.samples):
            if (wrong := exact(folder, sample)) is not None:
                yield f"{path}: {wrong}"
            elif sample not in known:
                yield f"{path}: {sample} is not in the manifest"


def _texts(folder: Path, manifest: Manifest) -> Iterator[str]:
    for path in (*manifest["contact_sheets"], *TEXTS):
        if (wrong := exact(folder, path)) is not None:
            yield wrong
    table = folder / "manifest.csv"
    if table.is_file():
        with table.open(newline="", encoding="utf-8-sig", errors="replace") as file:
            listed = [(row.get("path"), row.get("sha256")) for row in csv.DictReader(file)]
        if listed != [(row["path"], row["sha256"]) for row in manifest["files"]]:
            yield "manifest.csv: lists other files than manifest.json"


def _strangers(folder: Path, manifest: Manifest) -> Iterator[str]:
    known = {row["path"] for row in manifest["files"]}
    for path in sorted((folder / SAMPLES).rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in known:
            yield f"{name}: not of this pack"


def _summary(manifest: Manifest) -> dict[str, Any]:
    rows = manifest["files"]
    sounds = Counter(drum for drum, _ in {(row["class"], row["sound"]) for row in rows})
    order = dict.fromkeys(row["class"] for row in rows)
    return {
        "name": manifest["pack"]["name"],
        "label": manifest["pack"]["label"],
        "seed": manifest["seed"],
        "model": manifest["model"]["name"],
        "sounds": {drum: sounds[drum] for drum in order},
        "files": len(rows),
        "layers": 1 + max(row["layer"] for row in rows),
        "takes": 1 + max(row["take"] for row in rows),
        "seconds": round(sum(row["duration"] for row in rows), 2),
        "rate": manifest["pack"]["rate"],
        "bits": manifest["pack"]["bits"],
        "exports": manifest["exports"],
        "brightness": median([row["brightness"] for row in rows]),
        "decay": median([row["decay"] for row in rows]),
        "command": manifest["command"],
    }
