"""The manifest of a pack: every file with what made it and what was measured. Schema in manifest.schema.json."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast

from packgen.errors import PackError
from packgen.files.atomic import atomic_file
from packgen.files.bounded import read_file
from packgen.files.documents import parse_json
from packgen.files.names import check_path
from packgen.packs.schema import complaints

SCHEMA = "packgen-manifest-1"
MOST_BYTES = 1 << 29  # of a manifest: that of half a million files
SCHEMA_PATH = Path(__file__).parent / "manifest.schema.json"


class WishOutcome(TypedDict):
    """How a sound meets a wish."""

    asked: float | list[float]  # a bias, or a range in hertz or seconds
    target: float
    measured: float | None
    met: bool


# A file of a pack, before its sound has a pad. Units and meanings are in the schema.
FileRow = TypedDict(
    "FileRow",
    {
        "path": str,
        "class": str,
        "sound": int,
        "take": int,
        "layer": int,
        "low_velocity": int,
        "high_velocity": int,
        "origin": str,
        "seed": int,
        "coordinates": list[float],
        "code": list[float],
        "probability": float,
        "frames": int,
        "duration": float,
        "peak_db": float,
        "rms_db": float,
        "brightness": float,
        "decay": float,
        "noisiness": float,
        "pitch": "float | None",
        "sha256": str,
        "wishes": NotRequired[dict[str, WishOutcome]],  # by descriptor, on the sound itself
    },
)


class ManifestRow(FileRow):
    """A file of a finished pack."""

    note: int | None


class SoundRecord(TypedDict):
    """A line of the journal: a sound, its files, its tile on the contact sheet."""

    drum: str
    index: int
    name: str
    title: str
    pitch: float | None
    redrawn: int
    degenerate: int
    darkened: int
    files: list[FileRow]
    tile: dict[str, str | int]


# How well the sounds of a class meet a wish.
WishRow = TypedDict(
    "WishRow",
    {
        "class": str,
        "descriptor": str,
        "asked": "float | list[float]",
        "met": int,
        "of": int,
        "median": "float | None",
    },
)


class Generator(TypedDict):
    """The program that made a pack."""

    name: str
    version: str


class Model(TypedDict):
    """The model that a pack's sounds are of."""

    name: str
    digest: str


class Pack(TypedDict):
    """What a pack is called and how its files are made; see `packgen.packs.info.PackInfo`."""

    name: str
    label: str
    rate: int
    bits: str


class ManifestHead(TypedDict):
    """What a manifest says of the pack as a whole, but for the schema's name."""

    generator: Generator
    model: Model
    pack: Pack
    seed: int
    recipe: dict[str, Any]
    command: str
    licence: str
    exports: list[str]
    contact_sheets: list[str]
    wishes: NotRequired[list[WishRow]]


class Manifest(ManifestHead):
    """A whole manifest."""

    schema: str
    files: list[ManifestRow]


def write_json(path: Path, head: ManifestHead, rows: Iterable[ManifestRow]) -> None:
    """Stream a manifest: its head, then the files, a line each.

    Raises:
        OutputError: if it cannot be written.
    """
    with atomic_file(path) as file:
        text = json.dumps({"schema": SCHEMA, **head}, indent=1, ensure_ascii=False)
        file.write(text.rstrip("}\n ").encode() + b',\n "files": [')
        separator = b"\n  "
        for row in rows:
            file.write(separator + json.dumps(row).encode())
            separator = b",\n  "
        file.write(b"\n ]\n}\n")


def write_csv(path: Path, rows: Iterable[ManifestRow]) -> None:
    """Stream the files for spreadsheets: coordinates as columns p1, p2, …, latent codes left out.

    Raises:
        OutputError: if it cannot be written.
    """
    with atomic_file(path) as file:
        text = io.TextIOWrapper(file, "utf-8", newline="", write_through=True)
        writer: csv.DictWriter[str] | None = None
        for row in rows:
            flat = {key: value for key, value in row.items() if key not in ("code", "coordinates", "wishes")}
            flat |= {f"p{axis}": value for axis, value in enumerate(row["coordinates"], 1)}
            if writer is None:
                # The first row names the columns; a resumed journal may hold rows with others.
                writer = csv.DictWriter(text, list(flat), extrasaction="ignore", lineterminator="\n")
                writer.writeheader()
            writer.writerow(flat)
        text.detach()


def read_manifest(folder: Path) -> Manifest:
    """A pack's manifest, whose paths all stay in the pack's folder.

    Raises:
        PackError: as `parse_manifest`, or if a path in it leads out of the folder.
    """
    manifest, path = parse_manifest(folder), folder / "manifest.json"
    try:
        for each in (
            (row["path"] for row in manifest["files"]),
            manifest["exports"],
            manifest["contact_sheets"],
        ):
            for listed in each:
                check_path(listed)
    except (KeyError, TypeError, AttributeError) as error:
        raise PackError(
            f"{path}: damaged ({type(error).__name__}: {error}); render the pack again"
        ) from error
    except PackError as error:
        raise PackError(f"{path}: {error}") from error
    return manifest


@dataclass(frozen=True)
class FirstTake:
    """What another program may render a sound of a pack from: its class, its number therein, its latent code."""

    drum: str
    sound: int
    code: tuple[float, ...]


def first_takes(folder: Path) -> list[FirstTake]:
    """The first takes of a pack's sounds, by class and number.

    Raises:
        PackError: as `read_manifest`, or if one is not as the schema has it.
    """
    fields = json.loads(SCHEMA_PATH.read_text("utf-8"))["properties"]["files"]["items"]["properties"]
    takes = []
    for index, row in enumerate(read_manifest(folder)["files"]):
        for key in ("class", "sound", "take", "code"):
            for complaint in complaints(row.get(key), fields[key], f"files[{index}].{key}"):
                raise PackError(f"{folder / 'manifest.json'}: {complaint}; render the pack again")
        if row["take"] == 0:
            takes.append(FirstTake(row["class"], row["sound"], tuple(row["code"])))
    return sorted(takes, key=lambda take: (take.drum, take.sound))


def parse_manifest(folder: Path) -> Manifest:
    """A pack's manifest, unchecked but for the schema's name.

    Raises:
        PackError: if the folder holds none, or one of another schema.
    """
    path = folder / "manifest.json"
    try:
        manifest = parse_json(read_file(path, MOST_BYTES))
    except FileNotFoundError as error:
        raise PackError(f"{folder}: no manifest.json, so no finished pack of packgen") from error
    except (OSError, ValueError) as error:
        raise PackError(f"{path}: cannot be read ({error})") from error
    if not isinstance(manifest, dict) or manifest.get("schema") != SCHEMA:
        found = manifest.get("schema") if isinstance(manifest, dict) else None
        raise PackError(f"{path}: schema {found!r}, this packgen reads {SCHEMA!r}; update packgen")
    return cast(Manifest, manifest)
