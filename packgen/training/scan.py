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
from packgen.training.corpus import SPLITS, read_table

COLUMNS = {
    "path",
    "class",
    "source",
    "licence",
    "group",
    "split",
}  # of a manifest; kind and origin may be there
KINDS = ("acoustic", "electronic", "")
ORIGINS = ("recorded", "rendered")
VALIDATION_SHARE = 0.2

# What the reader opens, by suffix. A file of any other name is opened to see whether it holds sound.
READABLE = frozenset(
    ".wav .wave .bwf .rf64 .w64 .aif .aiff .aifc .flac .ogg .oga .opus .mp3 .caf .au .snd .voc".split()
)
# Sounds that it does not open.
UNREADABLE = frozenset(
    ".aac .ac3 .adg .alac .amr .ape .dsf .dff .m4a .m4b .m4r .mka .mp4 .mpc .ra .rx2 .shn .tak .tta .wma .wv".split()
)
# Formats with so weak a mark that a text or a picture may be taken for them; their own suffix has to vouch for them.
WEAK = {"MP3", "HTK", "RAW"}

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
                   row.get("kind", ""), row.get("origin") or ORIGINS[0])
        )  # fmt: skip
    for name, reason in _walk(folder):
        if reason or name not in listed:
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
    if row.get("origin", "") not in (*ORIGINS, ""):
        return f"its origin is not {' or '.join(ORIGINS)}"
    if (place := PurePath(row["path"])).is_absolute() or ".." in place.parts:
        return "its path leads out of the folder"
    return ""


def _scan_names(folder: Path) -> tuple[list[Source], Skipped]:
    found: list[Source] = []
    skipped: Skipped = []
    for name, walk_reason in _walk(folder):
        reason = walk_reason or _unusable(folder / name)
        drum = None if reason else recognise(relative := Path(name))
        if drum is None:
            skipped.append((name, reason or "no drum class in its name or folders"))
            continue
        group = f"{relative.parent}/{re.sub(r'[0-9]+', '', relative.stem).strip(' _-')}"
        share = int.from_bytes(hashlib.sha256(group.encode()).digest()[:4], "big") / 2**32
        split = "val" if share < VALIDATION_SHARE else "train"
        found.append(Source(folder / name, drum, folder.name, "unknown", group, split))
    return found, skipped


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


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    """Every file below a folder in the order of names, and why it cannot be looked at; empty if it can.

    Folders that are hidden, linked to or closed come as one entry.
    """
    waiting = [""]
    while waiting:
        name = waiting.pop()
        whole = os.path.join(folder, name)
        if reason := _closed(name, whole):
            yield os.fsencode(name).decode("utf-8", "replace"), reason
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
    base = os.path.basename(name)
    if base.startswith(".") or base == "__MACOSX":
        return "hidden"
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return "its name is no text: rename it"
    if name and os.path.islink(whole) and os.path.isdir(whole):
        return "link to a folder: give that folder itself"
    return ""


def _unusable(path: Path) -> str:
    """Why a file cannot be read as sound, as far as its name and its first bytes tell; empty if it can."""
    suffix = path.suffix.lower()
    try:
        if not path.is_file():
            return "no such file" if not path.exists() else "not a file"
    except OSError as error:
        return f"cannot be opened ({error.strerror})"
    if not os.access(path, os.R_OK):
        return "cannot be opened (permission denied)"
    if suffix in READABLE or _is_sound(path):
        return ""
    if suffix in UNREADABLE:
        return f"{suffix[1:]} cannot be read: convert it to WAV or FLAC"
    return f"not a sound file ({suffix or 'no suffix'})"


def _is_sound(path: Path) -> bool:
    try:
        return soundfile.info(path).format not in WEAK
    except (soundfile.SoundFileError, OSError, TypeError, ValueError):
        return False
