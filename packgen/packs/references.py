"""What the sampler files of a pack refer to, read back from each format by itself."""

from __future__ import annotations

import gzip
import hashlib
import re
import struct
import tarfile
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

# Whatever a damaged file makes its reader raise.
BROKEN = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    ET.ParseError,
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    struct.error,
)


@dataclass(frozen=True)
class Reading:
    """What a sampler file says.

    Attributes:
        samples: paths relative to the pack's folder, for formats that leave the samples there.
        problems: what is wrong inside the file.
    """

    samples: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def read(path: Path) -> Reading:
    """Read a sampler file by its suffix; one of an unknown suffix refers to nothing. What is broken is a problem."""
    reader = _READERS.get(path.suffix)
    if reader is None:
        return Reading()
    try:
        return reader(path)
    except BROKEN as error:
        return Reading(problems=(f"cannot be read ({type(error).__name__}: {error})",))


def _sfz(path: Path) -> Reading:
    text = path.read_text("ascii")
    return Reading(tuple(re.findall(r"\bsample=(.+?)(?=\s+\w+=|\s*$)", text, re.MULTILINE)))


def _dspreset(path: Path) -> Reading:
    return Reading(_dspreset_samples(path.read_bytes()))


def _dspreset_samples(data: bytes) -> tuple[str, ...]:
    return tuple(sample.attrib["path"] for sample in ET.fromstring(data).iter("sample"))


def _dslibrary(path: Path) -> Reading:
    with zipfile.ZipFile(path) as archive:
        presets = [name for name in archive.namelist() if name.endswith(".dspreset")]
        wanted = [sample for name in presets for sample in _dspreset_samples(archive.read(name))]
        return Reading(problems=tuple(_archive(archive, presets, wanted, "a .dspreset")))


def _sitala(path: Path) -> Reading:
    with zipfile.ZipFile(path) as archive:
        kits = [name for name in archive.namelist() if name == "kit1.xml"]
        wanted: dict[str, str] = {}
        for name in kits:
            sounds = ET.fromstring(archive.read(name)).iter("sound")
            wanted |= {sound.attrib["internal"]: sound.attrib["md5"] for sound in sounds}
        problems = list(_archive(archive, kits, list(wanted), "kit1.xml"))
        for name, digest in wanted.items():
            if name in archive.namelist():
                if hashlib.md5(archive.read(name), usedforsecurity=False).hexdigest() != digest:
                    problems.append(f"{name}: is not the sample it was made with")
        return Reading(problems=tuple(problems))


def _archive(archive: zipfile.ZipFile, heads: list[str], wanted: list[str], head: str) -> Iterator[str]:
    if not heads:
        yield f"holds no {head.removeprefix('a ')}"
    if (damaged := archive.testzip()) is not None:
        yield f"{damaged}: damaged inside the archive"
    held = set(archive.namelist())
    yield from (f"{name}: not in the archive" for name in dict.fromkeys(wanted) if name not in held)


def _h2drumkit(path: Path) -> Reading:
    with tarfile.open(path, "r:gz") as archive:
        held, drumkit = {}, b""
        for member in archive:
            held[PurePosixPath(member.name).name] = member.size
            file = archive.extractfile(member)
            if file is not None and member.name.endswith("/drumkit.xml"):
                drumkit = file.read()
    if not drumkit:
        return Reading(problems=("holds no drumkit.xml",))
    names = [e.text or "" for e in ET.fromstring(drumkit).iter() if e.tag.rpartition("}")[2] == "filename"]
    return Reading(problems=tuple(f"{name}: not in the archive" for name in names if name not in held))


def _adg(path: Path) -> Reading:
    root = ET.fromstring(gzip.decompress(path.read_bytes()))
    found = [e.attrib["Value"] for e in root.iter("RelativePath")]
    return Reading(tuple(dict.fromkeys(value for value in found if value.lower().endswith(".wav"))))


def _sf2(path: Path) -> Reading:
    with path.open("rb") as file:
        name, size, kind = struct.unpack("<4sI4s", file.read(12))
        if (name, kind) != (b"RIFF", b"sfbk"):
            return Reading(problems=("is no SoundFont",))
        if size + 8 != path.stat().st_size:
            return Reading(problems=(f"is {path.stat().st_size} bytes long and says {size + 8}",))
    return Reading()


_READERS: dict[str, Callable[[Path], Reading]] = {
    ".sfz": _sfz,
    ".dspreset": _dspreset,
    ".dslibrary": _dslibrary,
    ".h2drumkit": _h2drumkit,
    ".adg": _adg,
    ".sf2": _sf2,
    ".sitala": _sitala,
}
