"""Hydrogen: ``.h2drumkit``, a tar.gz of ``drumkit.xml`` and its samples in one folder, in the 1.2 schema.

Later versions upgrade it by themselves. Of the layers whose velocity range a note falls in, it plays the next
in turn: so takes and velocity layers stand side by side in one instrument.
"""

from __future__ import annotations

import tarfile
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from packgen.errors import PackError
from packgen.files.bounded import read_stream
from packgen.files.names import ascii_text, unique
from packgen.formats.containers import sized, write_tar_gz, xml_bytes
from packgen.formats.pads import MOST_BYTES, Reading, file_name, pads, sample, velocity_range
from packgen.kit import Kit, Sound, Take

HOW_TO_LOAD = "*.h2drumkit: Hydrogen, Drumkits > Import library."
NAMESPACE = "http://www.hydrogen-music.org/drumkit"
MAX_LAYERS = 16  # of an instrument component, unless the user raises it: takes × velocity layers


def write(kit: Kit, folder: Path) -> list[Path]:
    """Write ``<name>.h2drumkit``."""
    target = file_name(kit, ".h2drumkit")
    top = target.removesuffix(".h2drumkit")
    chosen = {sound: _layers(sound) for sound in pads(kit)}
    takes = [take for layers in chosen.values() for layer in layers for take in layer]
    names = unique([Path(take.path).stem for take in takes])  # the folders are gone: see that none collide
    files = {take: f"{name}.wav" for take, name in zip(takes, names, strict=True)}
    samples = [(f"{top}/{files[take]}", sample(folder, take)) for take in takes]
    write_tar_gz(folder / target, [(f"{top}/drumkit.xml", drumkit(kit, chosen, files)), *samples])
    return [Path(target)]


def read(path: Path) -> Reading:
    """The samples that the drumkit names, all of them in the archive."""
    with tarfile.open(path, "r:gz") as archive:
        held, head = set(), b""
        for member in sized(path, archive):
            held.add(PurePosixPath(member.name).name)
            file = archive.extractfile(member)
            if file is not None and member.name.endswith("/drumkit.xml"):
                head = read_stream(file, MOST_BYTES)
    if not head:
        return Reading(problems=("holds no drumkit.xml",))
    names = [e.text or "" for e in ET.fromstring(head).iter() if e.tag.rpartition("}")[2] == "filename"]
    problems = tuple(f"{name}: not in the archive" for name in names if name not in held)
    return Reading(contained=len(held.intersection(names)), problems=problems)


def drumkit(kit: Kit, chosen: dict[Sound, list[tuple[Take, ...]]], files: dict[Take, str]) -> bytes:
    """``drumkit.xml``: instruments by MIDI note, since some importers map them by position."""
    root = ET.Element("drumkit_info", xmlns=NAMESPACE)
    head = {"name": file_name(kit, ""), "author": ascii_text(kit.label)}
    head |= {"info": f"packgen {kit.version}, seed {kit.seed}", "license": "see LICENSE.txt of the pack"}
    _texts(root, head | {"image": "", "imageLicense": ""})
    component = ET.SubElement(ET.SubElement(root, "componentList"), "drumkitComponent")
    _texts(component, {"id": 0, "name": "Main", "volume": 1})
    instruments = ET.SubElement(root, "instrumentList")
    for number, (sound, layers) in enumerate(chosen.items()):
        _instrument(instruments, number, sound, layers, files)
    return xml_bytes(root)


def _layers(sound: Sound) -> list[tuple[Take, ...]]:
    """The velocity layers, with as many takes each as an instrument can hold."""
    layers = sound.layers()
    if len(layers) > MAX_LAYERS:
        raise PackError(f"{sound.title}: {len(layers)} velocity layers, but Hydrogen holds {MAX_LAYERS}")
    return [layer[: MAX_LAYERS // len(layers)] for layer in layers]


def _instrument(
    parent: ET.Element, number: int, sound: Sound, layers: list[tuple[Take, ...]], files: dict[Take, str]
) -> None:
    instrument = ET.SubElement(parent, "instrument")
    turns = any(len(layer) > 1 for layer in layers)
    # The schema wants this very order.
    _texts(
        instrument,
        {"id": number, "name": ascii_text(sound.title), "volume": 1, "isMuted": "false", "isSoloed": "false"}
        | {"pan": 0, "pitchOffset": 0, "randomPitchFactor": 0, "gain": 1, "applyVelocity": "true"}
        | {"filterActive": "false", "filterCutoff": 1, "filterResonance": 0}
        | {"Attack": 0, "Decay": 0, "Sustain": 1, "Release": 1000}  # samples
        | {"muteGroup": sound.choke or -1, "midiOutChannel": -1, "midiOutNote": sound.note}
        | {"isStopNote": "false", "sampleSelectionAlgo": "ROUND_ROBIN" if turns else "VELOCITY"}
        | {"isHihat": -1, "lower_cc": 0, "higher_cc": 127}
        | {f"FX{n}Level": 0 for n in range(1, 5)},
    )
    component = ET.SubElement(instrument, "instrumentComponent")
    _texts(component, {"component_id": 0, "gain": 1})
    for layer in layers:
        low, high = velocity_range(layer)
        # Between two MIDI velocities, so that a note falls in one layer only.
        bounds = (0.0 if low <= 1 else (low - 0.5) / 127, 1.0 if high >= 127 else (high + 0.5) / 127)
        for take in layer:
            place = {"min": f"{bounds[0]:.6g}", "max": f"{bounds[1]:.6g}"}
            _texts(
                ET.SubElement(component, "layer"), {"filename": files[take], **place, "gain": 1, "pitch": 0}
            )


def _texts(parent: ET.Element, values: Mapping[str, object]) -> None:
    for tag, value in values.items():
        ET.SubElement(parent, tag).text = str(value)
