"""Ableton Live: ``.adg``, a drum rack of Simplers, as gzipped XML. Opens from Live 11 on.

No public document describes the format. What is known of it comes from racks that Live saved: a pad's receiving
note is 128 less the MIDI note, choke group 0 is none, the last sample is frames - 1, a path of type 1 is relative
to the preset. A Simpler plays one zone for each velocity layer; it has no round robin before Live 12, so the first
take of a layer plays.
"""

from __future__ import annotations

import gzip
import xml.etree.ElementTree as ET
from pathlib import Path

from packgen.files.atomic import write_atomic
from packgen.files.bounded import read_stream
from packgen.files.names import ascii_text
from packgen.formats import ableton_elements as elements
from packgen.formats.containers import gzipped, xml_bytes
from packgen.formats.pads import MOST_BYTES, Reading, file_name, pads, sample, velocity_range
from packgen.kit import Kit, Sound, Take

HOW_TO_LOAD = "*.adg: copy the whole pack into Ableton Live's User Library, then open the rack from there."
VERSION = {
    "MajorVersion": "5",
    "MinorVersion": "11.0_433",
    "SchemaChangeCount": "6",
    "Creator": "Ableton Live 11.0.10",
    "Revision": "7ddf9fabd37b5275976c943adf92749eb7392f76",
}
HIGHEST_NOTE = 128
VELOCITY_SCALE = 0.45  # of a new Simpler
COLORS = 70  # of Live's palette: neighbours differ, and a class keeps its own


def write(kit: Kit, folder: Path) -> list[Path]:
    """Write ``<name>.adg``."""
    root = ET.Element("Ableton", VERSION)
    rack = ET.SubElement(root, "GroupDevicePreset")
    rack.extend(elements.rack())
    for number, sound in enumerate(pads(kit)):
        _add_pad(_find(rack, "BranchPresets"), number, sound, kit, folder)
    path = Path(file_name(kit, ".adg"))
    write_atomic(folder / path, gzipped(xml_bytes(root)))
    return [path]


def read(path: Path) -> Reading:
    """The samples of all Simplers."""
    with gzip.open(path) as file:
        root = ET.fromstring(read_stream(file, MOST_BYTES))
    found = (element.attrib["Value"] for element in root.iter("RelativePath"))
    return Reading(tuple(value for value in found if value.lower().endswith(".wav")))


def _add_pad(parent: ET.Element, number: int, sound: Sound, kit: Kit, folder: Path) -> None:
    branch = ET.SubElement(parent, "DrumBranchPreset", Id=str(number))
    layers = sound.layers()
    branch.extend(
        elements.pad(
            title=ascii_text(sound.title),
            # Layers bring their own level, so velocity has the less to do the more of them there are.
            velocity_scale=f"{VELOCITY_SCALE / len(layers):.3g}",
            color=sum(sound.drum.encode()) % COLORS,
            receiving_note=HIGHEST_NOTE - sound.note,
            choke=sound.choke,
        )
    )
    for index, layer in enumerate(layers):
        attributes = {"Id": str(index), "HasImportedSlicePoints": "true", "NeedsAnalysisData": "true"}
        part = ET.SubElement(_find(branch, ".//SampleParts"), "MultiSamplePart", attributes)
        part.extend(_sample(layer, kit, folder))


def _sample(layer: tuple[Take, ...], kit: Kit, folder: Path) -> list[ET.Element]:
    take = layer[0]
    low, high = velocity_range(layer)
    return elements.sample(
        name=Path(take.path).stem,
        path=take.path,
        low=low,
        high=high,
        frames=take.frames,
        rate=kit.rate,
        size=sample(folder, take).stat().st_size,
    )


def _find(element: ET.Element, path: str) -> ET.Element:
    found = element.find(path)
    assert found is not None, f"the elements of a rack lack {path}"
    return found
