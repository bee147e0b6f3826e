"""What a folder of sounds holds: every file of it becomes a source or is named with the reason why not."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import soundfile

from packgen.classes import find_class
from packgen.errors import ClassNameError, CorpusError
from packgen.training.corpus import KINDS, ORIGINS, SPLITS, read_table
from packgen.training.names import Reading, read_name

# Columns that a manifest must have; kind and origin it may have.
COLUMNS = {"path", "class", "source", "licence", "group", "split"}
FOREIGN = tuple(origin for origin in ORIGINS if origin != "voice")  # packgen's own voices come in no folder
VALIDATION_SHARE = 0.2

# What the reader opens, by suffix. A file of any other name is opened to see whether it holds sound.
READABLE = set(
    ".wav .wave .bwf .rf64 .w64 .aif .aiff .aifc .flac .ogg .oga .opus .mp3 .caf .au .snd .voc".split()
)
# Sounds that it does not open.
UNREADABLE = set(
    """.aac .ac3 .alac .amr .ape .dff .dsf .gsm .m4a .m4b .m4r .mka .mp4 .mpc .oma .pcm .ra .raw .rcy .rex .rx2 .shn
    .tak .tta .vox .wma .wv""".split()
)
# Formats with so weak a mark that a text or a picture may be taken for them: only their own suffix vouches for them.
WEAK = {"MP3": ".mp3", "HTK": ".htk", "RAW": ".raw"}

Skipped = list[tuple[str, str]]


@dataclass(frozen=True)
class Source:
    """A sound file and what is known about it.

    Attributes:
        path: where it is.
        drum: its class.
        source: the collection that it comes from.
        licence: of that collection.
        group: sounds of one instrument share a group, and a group is never split.
        split: "train" or "val".
        kind: "acoustic", "electronic" or, if unknown, empty.
        origin: "recorded", or "rendered" by an instrument program.
    """

    path: Path
    drum: str
    source: str
    licence: str
    group: str
    split: str
    kind: str = ""
    origin: str = "recorded"


def scan(folder: Path) -> tuple[list[Source], Skipped]:
    """Find the sounds of a folder by its ``manifest.csv``, or else by file and folder names.

    Returns:
        The sources, and what was skipped as (path within the folder, reason).

    Raises:
        CorpusError: if the folder is missing or its manifest lacks columns.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder; give the folder that holds your sounds")
    manifest = folder / "manifest.csv"
    return _scan_manifest(folder, manifest) if manifest.is_file() else _scan_names(folder)


def _scan_manifest(folder: Path, manifest: Path) -> tuple[list[Source], Skipped]:
    found: list[Source] = []
    skipped: Skipped = []
    listed = {os.path.normpath(manifest.name)}
    for row in read_table(manifest, COLUMNS):
        reason = _row_fault(row) or _unusable(folder / row["path"])
        place = os.path.normpath(row["path"])
        if place in listed:
            reason = "listed more than once in manifest.csv"
        listed.add(place)
        if reason:
            skipped.append((row["path"], reason))
            continue
        drum, group = find_class(row["class"]).name, f"{row['source']}/{row['group']}"
        found.append(
            Source(folder / row["path"], drum, row["source"], row["licence"], group, row["split"],
                   row.get("kind", ""), row.get("origin") or "recorded")
        )  # fmt: skip
    for name, reason in _walk(folder):
        if name not in listed:
            skipped.append((name, reason or "not in manifest.csv"))
    return found, skipped


def _row_fault(row: dict[str, str]) -> str:
    """Why a row of a manifest cannot be used; empty if it can."""
    try:
        find_class(row["class"])
    except ClassNameError as error:
        return str(error)
    if row["split"] not in SPLITS:
        return f"its split is not {' or '.join(SPLITS)}"
    if row.get("kind", "") not in KINDS:
        return "its kind is not acoustic, electronic or empty"
    if row.get("origin", "") not in (*FOREIGN, ""):
        return f"its origin is not {' or '.join(FOREIGN)}"
    if (place := PurePath(row["path"])).is_absolute() or ".." in place.parts:
        return "its path leads out of the folder"
    return ""


def _scan_names(folder: Path) -> tuple[list[Source], Skipped]:
    found: list[Source] = []
    skipped: Skipped = []
    for name, closed in _walk(folder):
        relative = Path(name)
        reason = closed or _unusable(folder / name)
        said = Reading(None, reason) if reason else read_name(relative)
        if said.drum is None:
            skipped.append((name, said.reason))
            continue
        group = f"{relative.parent}/{re.sub(r'[0-9]+', '', relative.stem).strip(' _-')}"
        share = int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") / 2**32
        split = "val" if share < VALIDATION_SHARE else "train"
        found.append(Source(folder / name, said.drum, folder.name, "unknown", group, split))
    return found, skipped


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file below a folder in the order of names, and why it is passed over; empty if it is not.

    Folders that are hidden, linked to or locked come as one entry. Only one folder's names are held at a time, and
    those that wait above it.
    """
    waiting = [""]
    while waiting:
        name = waiting.pop()
        whole = os.path.join(folder, name)
        if reason := _closed(name, whole):
            yield name.encode("utf-8", "replace").decode(), reason
        elif os.path.isdir(whole):
            try:
                inner = sorted(os.listdir(whole), reverse=True)
            except OSError as error:
                yield name, f"folder that cannot be opened ({error.strerror})"
                continue
            waiting.extend(os.path.join(name, each) for each in inner)
        else:
            yield name, ""


def _closed(name: str, whole: str) -> str:
    """Why a file or a folder is not looked into; empty if it is."""
    base = os.path.basename(name)
    if (
        base.startswith(".") or base == "__MACOSX"
    ):  # what macOS, editors and version control keep for themselves
        return "hidden"
    if (
        name.encode("utf-8", "replace").decode() != name
    ):  # bytes of another encoding: no index could hold them
        return "its name is not UTF-8: rename it"
    # A link may lead back to where it stands, or to a file that another group of sounds holds already.
    if os.path.islink(whole) and os.path.isdir(whole) and name:
        return "link to a folder: give that folder itself"
    return ""


def _unusable(path: Path) -> str:
    """Why a file cannot be read as sound, as far as its name and its first bytes tell; empty if it can."""
    suffix = path.suffix.lower()
    try:
        if not path.is_file():
            return "not a file" if path.exists() else "no such file"
        if (suffix in READABLE and os.access(path, os.R_OK)) or _is_sound(path):
            return ""
    except OSError as error:
        return f"cannot be opened ({error.strerror})"
    if suffix in UNREADABLE:
        return f"{suffix[1:]} cannot be read: convert it to WAV or FLAC"
    return f"not a sound file ({suffix if suffix[1:].isalnum() and len(suffix) < 10 else 'no suffix'})"


def _is_sound(path: Path) -> bool:
    """Whether the reader opens a file whose suffix does not vouch for it.

    Raises:
        OSError: if it cannot be read at all.
    """
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        head = file.read(3)
    # The mark of an MP3 is so weak that its reader would search the whole file for more, and tell about it.
    if head[:1] == b"\xff" and suffix != WEAK["MP3"]:
        return False
    try:
        form = soundfile.info(path).format
    except (soundfile.SoundFileError, TypeError, ValueError):
        return False
    return form not in WEAK or suffix == WEAK[form] or head == b"ID3"
