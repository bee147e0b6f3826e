"""The journal of a pack in the making: a line a finished sound, with everything that its manifest will say."""

from __future__ import annotations

import functools
import json
import statistics
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from packgen.audio.shaping import amplitude
from packgen.classes import BY_NAME
from packgen.files.documents import parse_json
from packgen.kit import Sound, Take
from packgen.packs import contact_sheet, manifest
from packgen.packs.manifest import FileRow, ManifestRow, SoundRecord, WishOutcome, WishRow
from packgen.packs.schema import complaints

MOST_BYTES = 1 << 24  # of a line: that of a sound with all takes and layers has a tenth
Key = tuple[str, int]  # class and index of a sound


def order(drums: Sequence[str]) -> list[Key]:
    """(class, index) of every sound in the pack's order."""
    seen: dict[str, int] = {}
    keys: list[Key] = []
    for drum in drums:
        keys.append((drum, seen.get(drum, 0)))
        seen[drum] = seen.get(drum, 0) + 1
    return keys


def lines(journal: Path) -> Iterator[tuple[bytes, SoundRecord]]:
    """The lines of a journal with their records. Lines that a killed run tore, or that are no records, are left out."""
    return ((line, record) for _, line, record in _places(journal))


def _places(journal: Path) -> Iterator[tuple[int, bytes, SoundRecord]]:
    """As `lines`, each with the place where it starts."""
    if not journal.is_file():
        return
    position = 0
    with journal.open("rb") as file:
        while line := file.readline(MOST_BYTES):  # what is longer is torn in two, and no record
            try:
                record = parse_json(line)
            except ValueError:
                record = None
            if line.endswith(b"\n") and _whole(record):
                yield position, line, record
            position += len(line)


def _whole(record: Any) -> bool:
    """Whether a line is a record: its files fit the schema but for their notes, and its tile can be drawn."""
    try:
        contact_sheet.from_text(record["tile"])
        known = record["drum"] in tuple(BY_NAME) and type(record["index"]) is int
        named = all(isinstance(record[key], str) for key in ("name", "title"))
        pitched = type(record["pitch"]) in (int, float, type(None))
        rows = {"files": [{**row, "note": None} for row in record["files"]]}
    except (KeyError, TypeError, ValueError, zlib.error):
        return False
    files = {"properties": {"files": _schema()["properties"]["files"]}}
    return known and named and pitched and not any(complaints(rows, files, root=_schema()))


@functools.cache
def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(manifest.SCHEMA_PATH.read_text(encoding="utf-8"))
    return schema


def offsets(journal: Path) -> dict[Key, int]:
    """Where each sound's line starts in a journal."""
    return {(record["drum"], record["index"]): position for position, _, record in _places(journal)}


def read(
    journal: Path, keys: Sequence[Key], places: Mapping[Key, int] | None = None
) -> Iterator[SoundRecord]:
    """The records of the given sounds, in their order, one at a time; KeyError where one is missing.

    Args:
        places: where their lines start; without them the journal is looked through.
    """
    places = offsets(journal) if places is None else places
    with journal.open("rb") as file:
        for key in keys:
            file.seek(places[key])
            yield json.loads(file.readline())


def wishes(records: Iterable[SoundRecord]) -> tuple[WishRow, ...]:
    """How well a pack's sounds meet what was asked: a row for every class and descriptor."""
    found: dict[tuple[str, str], list[WishOutcome]] = {}
    for record in records:
        for row in record["files"]:
            for name, outcome in row.get("wishes", {}).items():
                found.setdefault((record["drum"], name), []).append(outcome)
    return tuple(
        {
            "class": drum,
            "descriptor": name,
            "asked": outcomes[0]["asked"],
            "met": sum(outcome["met"] for outcome in outcomes),
            "of": len(outcomes),
            "median": median([o["measured"] for o in outcomes if o["measured"] is not None]),
        }
        for (drum, name), outcomes in found.items()
    )


def median(values: Sequence[float]) -> float | None:
    """The median to four digits; None of no values.

    >>> median([3.0, 1.0]), median([])
    (2.0, None)
    """
    return round(statistics.median(values), 4) if values else None


def rows(records: Iterable[SoundRecord], notes: Sequence[int]) -> Iterator[ManifestRow]:
    """The manifest's rows: a record's files with the note of its pad."""
    for record, note in zip(records, notes, strict=True):
        for row in record["files"]:
            yield {**row, "note": note if note >= 0 else None}


def sound(record: SoundRecord, note: int) -> Sound:
    """A sound as formats see it."""
    drum = BY_NAME[record["drum"]]
    return Sound(
        drum=drum.name,
        index=record["index"],
        name=record["name"],
        title=record["title"],
        note=note,
        choke=drum.choke,
        pitch=record["pitch"],
        takes=tuple(_take(row) for row in record["files"]),
    )


def _take(row: FileRow) -> Take:
    return Take(
        path=row["path"],
        layer=row["layer"],
        number=row["take"],
        low_velocity=row["low_velocity"],
        high_velocity=row["high_velocity"],
        frames=row["frames"],
        peak=amplitude(row["peak_db"]),
        sha256=row["sha256"],
    )
