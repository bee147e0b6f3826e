"""Sitala: a zip of ``kit1.xml`` and its samples, after the maker's own writer (SitalaConverter).

Sixteen pads, one sample each: the first sound of every class, then the second, and so on; of each the first take
of the hardest layer. What is known of the format has no round robin, velocity layers or chokes.
"""

from __future__ import annotations

import hashlib
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import IO

from packgen.files.bounded import read_stream
from packgen.files.names import ascii_text, unique
from packgen.formats.containers import check_size, incomplete, write_zip, xml_bytes
from packgen.formats.pads import MOST_BYTES, Reading, file_name, hardest, pads, sample
from packgen.kit import Kit, Sound

HOW_TO_LOAD = "*.sitala: open in Sitala (the first 16 sounds)."
HEAD = "kit1.xml"
MAX_PADS = 16
# Neutral settings of one pad: element -> attributes, children.
TONE = {
    "lowPass": {"hz": "22000", "q": "0.7"},
    "notch": {"hz": "400", "q": "3.5", "gainDb": "0"},
    "highPass": {"hz": "1", "q": "0.7"},
}


def write(kit: Kit, folder: Path) -> list[Path]:
    """Write ``<name>.sitala``."""
    chosen = [(sound, hardest(sound)) for sound in first_pads(kit)]
    names = unique([Path(take.path).stem for _, take in chosen])
    files = [
        (f"Samples/{name}.wav", sample(folder, take)) for name, (_, take) in zip(names, chosen, strict=True)
    ]
    root = ET.Element("sitala", version="4", creator=f"packgen {kit.version}")
    body = ET.SubElement(root, "kit", label=ascii_text(kit.name))
    sounds = ET.SubElement(body, "sounds")
    for slot, ((_, take), name, (internal, path)) in enumerate(zip(chosen, names, files, strict=True)):
        attributes = {"slot": str(slot), "name": name, "internal": internal, "md5": _md5_of(path)}
        _parameters(ET.SubElement(sounds, "sound", attributes), 1000 * take.frames / kit.rate)
    ET.SubElement(body, "meta", creator=ascii_text(kit.label), description=f"packgen, seed {kit.seed}")
    target = Path(file_name(kit, ".sitala"))
    write_zip(folder / target, [(HEAD, xml_bytes(root)), *files], zipfile.ZIP_DEFLATED)
    return [target]


def read(path: Path) -> Reading:
    """The samples of all pads, each held against its digest."""
    with zipfile.ZipFile(path) as archive:
        held = archive.namelist()
        if HEAD not in held:
            return Reading(problems=(f"holds no {HEAD}",))
        check_size(path, (entry.file_size for entry in archive.infolist()))
        with archive.open(HEAD) as file:
            sounds = ET.fromstring(read_stream(file, MOST_BYTES)).iter("sound")
        wanted = {sound.attrib["internal"]: sound.attrib["md5"] for sound in sounds}
        problems = list(incomplete(archive, wanted))
        for name, digest in wanted.items():
            if name in held:
                with archive.open(name) as file:
                    if _md5(file) != digest:
                        problems.append(f"{name}: is not the sample it was made with")
        return Reading(contained=len(wanted), problems=tuple(problems))


def _md5(file: IO[bytes]) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    while part := file.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()


def _md5_of(path: Path) -> str:
    with path.open("rb") as file:
        return _md5(file)


def first_pads(kit: Kit) -> list[Sound]:
    """At most sixteen sounds, as many of each class as fit, in slot order."""
    padded = set(pads(kit))
    # Sorting is stable: within a number the classes keep the kit's order.
    return sorted((s for s in kit.sounds if s in padded), key=lambda s: s.index)[:MAX_PADS]


def _parameters(sound: ET.Element, length_ms: float) -> None:
    parameters = ET.SubElement(sound, "parameters")
    ET.SubElement(parameters, "volume", db="0.0")
    shape = ET.SubElement(parameters, "shape", macro="0.5")
    for tag, value in (("attack", "0"), ("hold", f"{length_ms:.3f}"), ("decay", "0")):
        ET.SubElement(shape, tag, ms=value)
    ET.SubElement(shape, "makeup", db="0")
    ET.SubElement(ET.SubElement(parameters, "compression", macro="0"), "bypassed")
    ET.SubElement(parameters, "tuning", ct="0")
    ET.SubElement(parameters, "pan", position="C")
    tone = ET.SubElement(parameters, "tone", macro="0.5")
    for tag, attributes in TONE.items():
        ET.SubElement(tone, tag, attributes)
