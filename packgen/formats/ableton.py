"""Ableton Live: ``.adg``, a drum rack of Simplers, as gzipped XML. Opens from Live 11 on.

No public document describes the format. What is known of it comes from racks that Live saved: a pad's receiving
note is 128 less the MIDI note, choke group 0 is none, the last sample is frames - 1, a path of type 1 is relative
to the preset. A Simpler plays one zone for each velocity layer; it has no round robin before Live 12, so the first
take of a layer plays.
"""

from __future__ import annotations

import functools
import gzip
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from packgen.files.atomic import write_atomic
from packgen.files.names import ascii_text
from packgen.formats.containers import gzipped, xml_bytes
from packgen.formats.pads import Reading, file_name, pads, sample, velocity_range
from packgen.kit import Kit, Sound, Take

HOW_TO_LOAD = "*.adg: copy the whole pack into Ableton Live's User Library, then open the rack from there."
VERSION = {
    "MajorVersion": "5",
    "MinorVersion": "11.0_433",
    "SchemaChangeCount": "6",
    "Creator": "Ableton Live 11.0.10",
    "Revision": "7ddf9fabd37b5275976c943adf92749eb7392f76",
}
TEMPLATE = Path(__file__).with_name("ableton.txt")
HIGHEST_NOTE = 128
VELOCITY_SCALE = 0.45  # of a new Simpler
COLORS = 70  # of Live's palette: neighbours differ, and a class keeps its own

Line = tuple[int, str, str]  # depth, element, rest of the line


def write(kit: Kit, folder: Path) -> list[Path]:
    """Write ``<name>.adg``."""
    root = ET.Element("Ableton", VERSION)
    rack = ET.SubElement(root, "GroupDevicePreset")
    _build(rack, "rack", {})
    for number, sound in enumerate(pads(kit)):
        _pad(_find(rack, "BranchPresets"), number, sound, kit, folder)
    path = Path(file_name(kit, ".adg"))
    write_atomic(folder / path, gzipped(xml_bytes(root)))
    return [path]


def read(path: Path) -> Reading:
    """The samples of all Simplers."""
    root = ET.fromstring(gzip.decompress(path.read_bytes()))
    found = (element.attrib["Value"] for element in root.iter("RelativePath"))
    return Reading(tuple(value for value in found if value.lower().endswith(".wav")))


def _pad(parent: ET.Element, number: int, sound: Sound, kit: Kit, folder: Path) -> None:
    branch = ET.SubElement(parent, "DrumBranchPreset", Id=str(number))
    layers = sound.layers()
    fields = {
        "title": ascii_text(sound.title),
        # Layers bring their own level, so velocity has the less to do the more of them there are.
        "velocity_scale": f"{VELOCITY_SCALE / len(layers):.3g}",
        "color": str(sum(sound.drum.encode()) % COLORS),
        "receiving_note": str(HIGHEST_NOTE - sound.note),
        "choke": str(sound.choke),
    }
    _build(branch, "pad", fields)
    for index, layer in enumerate(layers):
        attributes = {"Id": str(index), "HasImportedSlicePoints": "true", "NeedsAnalysisData": "true"}
        part = ET.SubElement(_find(branch, ".//SampleParts"), "MultiSamplePart", attributes)
        _build(part, "sample", _sample_fields(layer, kit, folder))


def _sample_fields(layer: tuple[Take, ...], kit: Kit, folder: Path) -> dict[str, str]:
    take = layer[0]
    low, high = velocity_range(layer)
    values = {"low": low, "high": high, "end": take.frames - 1, "frames": take.frames, "rate": kit.rate}
    values["size"] = sample(folder, take).stat().st_size
    return {key: str(value) for key, value in values.items()} | {
        "name": Path(take.path).stem,
        "path": take.path,
    }


def _find(element: ET.Element, path: str) -> ET.Element:
    found = element.find(path)
    assert found is not None, f"{TEMPLATE.name} has no {path}"
    return found


def _build(parent: ET.Element, block: str, fields: dict[str, str]) -> None:
    """Append a block of the template, its `{words}` filled in."""
    stack = [parent]
    for depth, name, rest in _lines(block):
        del stack[depth + 1 :]
        if "{" in rest:
            rest = re.sub(r"\{(\w+)\}", lambda m: fields[m[1]], rest)
        stack.append(_element(stack[depth], name, rest))


def _element(parent: ET.Element, name: str, rest: str) -> ET.Element:
    kind, _, value = rest.partition(" ")
    if kind == "=":
        return ET.SubElement(parent, name, Value=value)
    if kind in PARAMETERS:
        return _parameter(ET.SubElement(parent, name), kind, value.split())
    return ET.SubElement(parent, name, dict(pair.split("=", 1) for pair in rest.split()))


# What follows the value of a parameter: the elements that Live keeps for its automation.
PARAMETERS = {
    "knob": ("MidiControllerRange", "AutomationTarget", "ModulationTarget"),
    "choice": ("AutomationTarget",),
    "switch": ("AutomationTarget", "MidiCCOnOffThresholds"),
}


def _parameter(element: ET.Element, kind: str, values: list[str]) -> ET.Element:
    ET.SubElement(element, "LomId", Value="0")
    ET.SubElement(element, "Manual", Value=values[0])
    for name in PARAMETERS[kind]:
        if name.endswith("Target"):
            ET.SubElement(ET.SubElement(element, name, Id="0"), "LockEnvelope", Value="0")
        else:
            low, high = values[1:] or ("64", "127")
            limits = ET.SubElement(element, name)
            ET.SubElement(limits, "Min", Value=low)
            ET.SubElement(limits, "Max", Value=high)
    return element


@functools.cache
def _blocks() -> dict[str, list[str]]:
    """The template's blocks: lines by name."""
    blocks: dict[str, list[str]] = {}
    for line in TEMPLATE.read_text("ascii").splitlines():
        if line.startswith("["):
            blocks[line.strip("[]")] = lines = []
        elif line and not line.startswith("#"):
            lines.append(line)
    return blocks


@functools.cache
def _lines(block: str) -> tuple[Line, ...]:
    """A block with its includes and repetitions written out."""
    return tuple(_expand(_blocks()[block]))


def _expand(lines: list[str]) -> Iterator[Line]:
    position = 0
    while position < len(lines):
        line = lines[position]
        depth = len(line) - len(line.lstrip())
        name, _, rest = line.strip().partition(" ")
        end = position + 1
        while end < len(lines) and lines[end].startswith(" " * (depth + 1)):
            end += 1
        children = lines[position + 1 : end]
        position = end
        if name.startswith("@"):
            yield from ((depth + d, n, r) for d, n, r in _lines(name[1:]))
            continue
        stem, _, last = name.partition("-")
        base, _, first = stem.rpartition(".")
        names = [f"{base}.{n}" for n in range(int(first), int(last) + 1)] if last else [name]
        for each in names:
            yield depth, each, rest
            yield from _expand(children)
