"""Kit formats: one file each, which writes and reads it, and one row of the table.

A writer takes a kit and the pack's folder, in which the WAVs of all takes already are; it writes its files at
the folder's top level, atomically, and returns their paths relative to it. A reader takes one such file and says
which samples it plays. A new format is one file here and one row. Samples stream from disk, one at a time.
"""

from __future__ import annotations

import struct
import tarfile
import xml.etree.ElementTree as ET
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from packgen.formats import ableton, decentsampler, hydrogen, sf2, sfz, sitala
from packgen.formats.pads import Reading
from packgen.kit import Kit


@dataclass(frozen=True)
class Format:
    """A kit format.

    Attributes:
        suffixes: of its files.
        write: makes them from a kit and the pack's folder.
        read: what one of them plays; may raise any of `BROKEN`.
        how_to_load: a line for the pack's read-me.
        round_robin: whether takes play in turn; else the first of each layer is in it.
        velocity_layers: whether it has them; else the hardest is in it.
        most_pads: how many sounds it holds.
    """

    suffixes: tuple[str, ...]
    write: Callable[[Kit, Path], list[Path]]
    read: Callable[[Path], Reading]
    how_to_load: str
    round_robin: bool = True
    velocity_layers: bool = True
    most_pads: int = 128


FORMATS: dict[str, Format] = {
    "sfz": Format((".sfz",), sfz.write, sfz.read, sfz.HOW_TO_LOAD),
    "hydrogen": Format((".h2drumkit",), hydrogen.write, hydrogen.read, hydrogen.HOW_TO_LOAD),
    "decentsampler": Format(
        (".dspreset", ".dslibrary"), decentsampler.write, decentsampler.read, decentsampler.HOW_TO_LOAD
    ),
    "ableton": Format((".adg",), ableton.write, ableton.read, ableton.HOW_TO_LOAD, round_robin=False),
    "sf2": Format((".sf2",), sf2.write, sf2.read, sf2.HOW_TO_LOAD, round_robin=False),
    "sitala": Format(
        (".sitala",),
        sitala.write,
        sitala.read,
        sitala.HOW_TO_LOAD,
        round_robin=False,
        velocity_layers=False,
        most_pads=sitala.MAX_PADS,
    ),
}

# Whatever a damaged file makes its reader raise.
BROKEN = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    RuntimeError,  # of zipfile: encrypted, or packed in a way that it does not know
    ET.ParseError,
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    struct.error,
)


def read(path: Path) -> Reading:
    """What a sampler file plays, by the reader of its suffix; whatever is wrong with it is a problem."""
    reader = next((each.read for each in FORMATS.values() if path.suffix in each.suffixes), None)
    if reader is None:
        return Reading(problems=("is of no format that packgen reads",))
    try:
        reading = reader(path)
    except BROKEN as error:
        return Reading(problems=(f"cannot be read ({type(error).__name__}: {error})",))
    if not (reading.samples or reading.contained or reading.problems):
        return Reading(problems=("plays no sample",))
    return reading
