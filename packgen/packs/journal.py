"""The journal of a pack in the making: a line a finished sound, with everything that its manifest will say."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from packgen.classes import BY_NAME
from packgen.dsp.shaping import amplitude
from packgen.kit import Sound, Take
from packgen.packs import manifest

Record = dict[str, Any]  # a line: a sound, its files, its tile on the contact sheet
Key = tuple[str, int]  # class and index of a sound


def order(drums: Sequence[str]) -> list[Key]:
    """(class, index) of every sound in the pack's order."""
    seen: dict[str, int] = {}
    keys: list[Key] = []
    for drum in drums:
        keys.append((drum, seen.get(drum, 0)))
        seen[drum] = seen.get(drum, 0) + 1
    return keys


def lines(journal: Path) -> Iterator[tuple[bytes, Record]]:
    """The lines of a journal with their records; a line that a killed run tore is passed over."""
    if not journal.is_file():
        return
    with journal.open("rb") as file:
        for line in file:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if line.endswith(b"\n"):
                yield line, record


def offsets(journal: Path) -> dict[Key, int]:
    """Where each sound's line starts in a journal."""
    found: dict[Key, int] = {}
    position = 0
    for line, record in lines(journal):
        found[record["drum"], record["index"]] = position
        position += len(line)
    return found


def read(journal: Path, keys: Sequence[Key]) -> Iterator[Record]:
    """The records of the given sounds, in their order, one at a time; KeyError where one is missing."""
    places = offsets(journal)
    with journal.open("rb") as file:
        for key in keys:
            file.seek(places[key])
            yield json.loads(file.readline())


def wishes(records: Iterable[Record]) -> list[dict[str, Any]]:
    """How well a pack's sounds meet what was asked: a row for every class and descriptor."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in records:
        for row in record["files"]:
            for name, outcome in row.get("wishes", {}).items():
                found.setdefault((record["drum"], name), []).append(outcome)
    return [
        {
            "class": drum,
            "descriptor": name,
            "asked": outcomes[0]["asked"],
            "met": sum(outcome["met"] for outcome in outcomes),
            "of": len(outcomes),
            "median": _median([o["measured"] for o in outcomes if o["measured"] is not None]),
        }
        for (drum, name), outcomes in found.items()
    ]


def _median(values: list[float]) -> float | None:
    return round(statistics.median(values), 4) if values else None


def rows(records: Iterable[Record], notes: Sequence[int]) -> Iterator[manifest.Row]:
    """The manifest's rows: a record's files with the note of its pad."""
    for record, note in zip(records, notes, strict=True):
        for row in record["files"]:
            yield row | {"note": note if note >= 0 else None}


def sound(record: Record, note: int) -> Sound:
    """A sound as exporters see it."""
    drum = BY_NAME[record["drum"]]
    takes = tuple(
        Take(
            f["path"], f["layer"], f["take"], f["low_velocity"], f["high_velocity"], f["frames"],
            amplitude(f["peak_db"]), f["sha256"],
        )
        for f in record["files"]
    )  # fmt: skip
    return Sound(
        drum.name, record["index"], record["name"], record["title"], note, drum.choke, record["pitch"], takes
    )
