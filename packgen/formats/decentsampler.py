"""DecentSampler: an XML preset beside its WAVs, and a library, which is both in one zip.

Elements and attributes: DecentSampler Developer's Guide, "The <groups> element" and "Voice muting for drums".
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from pathlib import Path

from packgen.files.atomic import write_atomic
from packgen.files.bounded import read_file, read_stream
from packgen.files.names import ascii_text
from packgen.formats.containers import check_size, incomplete, write_zip, xml_bytes
from packgen.formats.pads import MOST_BYTES, Reading, file_name, pads, sample, velocity_range
from packgen.kit import Kit, Sound, Take

HOW_TO_LOAD = "*.dspreset, *.dslibrary: open in Decent Sampler."
MIN_VERSION = "1.11.0"


def write(kit: Kit, folder: Path) -> list[Path]:
    """Write ``<name>.dspreset`` and ``<name>.dslibrary``."""
    data = preset(kit)
    name, library = Path(file_name(kit, ".dspreset")), Path(file_name(kit, ".dslibrary"))
    takes = dict.fromkeys(take for sound in pads(kit) for take in sound.takes)
    samples = [(take.path, sample(folder, take)) for take in takes]
    write_atomic(folder / name, data)
    write_zip(folder / library, [(str(name), data), *samples])
    return [name, library]


def read(path: Path) -> Reading:
    """A preset's samples stand beside it; a library holds its presets and their samples."""
    if path.suffix == ".dspreset":
        return Reading(tuple(_sample_paths(read_file(path, MOST_BYTES))))
    with zipfile.ZipFile(path) as archive:
        check_size(path, (entry.file_size for entry in archive.infolist()))
        presets = [name for name in archive.namelist() if name.endswith(".dspreset")]
        wanted: dict[str, None] = {}
        for name in presets:
            with archive.open(name) as file:
                wanted |= dict.fromkeys(_sample_paths(read_stream(file, MOST_BYTES)))
        problems = [] if presets else ["holds no .dspreset"]
        return Reading(contained=len(wanted), problems=(*problems, *incomplete(archive, wanted)))


def _sample_paths(preset: bytes) -> Iterator[str]:
    return (sample.attrib["path"] for sample in ET.fromstring(preset).iter("sample"))


def preset(kit: Kit) -> bytes:
    """The preset's XML: one group for each sound and velocity layer, since takes cycle within a group."""
    root = ET.Element("DecentSampler", minVersion=MIN_VERSION)
    root.append(ET.Comment(f" packgen {kit.version}, seed {kit.seed} "))
    # There is no one-shot: a release longer than any sample lets it ring after the key is up.
    longest = max(take.frames for sound in pads(kit) for take in sound.takes) / kit.rate
    envelope = {"attack": "0", "decay": "0", "sustain": "1", "release": f"{longest + 1:.1f}"}
    groups = ET.SubElement(root, "groups", envelope)
    for sound in pads(kit):
        layers = sound.layers()
        for layer in layers:
            _group(groups, sound, layer, len(layers))
    return xml_bytes(root)


def _group(groups: ET.Element, sound: Sound, layer: tuple[Take, ...], layers: int) -> None:
    # Layers bring their own level, so velocity has the less to do the more of them there are.
    attributes = {"name": ascii_text(sound.title), "pitchKeyTrack": "0", "ampVelTrack": f"{1 / layers:.3g}"}
    if len(layer) > 1:
        attributes |= {"seqMode": "round_robin", "seqLength": str(len(layer))}
    if sound.choke:
        tag = f"choke{sound.choke}"
        attributes |= {"tags": tag, "silencedByTags": tag, "silencingMode": "fast"}
    group = ET.SubElement(groups, "group", attributes)
    low, high = velocity_range(layer)
    note = str(sound.note)
    for position, take in enumerate(layer, 1):
        place = {"path": take.path, "rootNote": note, "loNote": note, "hiNote": note}
        if layers > 1:
            # The lowest layer also takes velocity 0, which some hosts send for a very soft hit.
            place |= {"loVel": str(low if low > 1 else 0), "hiVel": str(high)}
        if len(layer) > 1:
            place["seqPosition"] = str(position)
        ET.SubElement(group, "sample", place)
