"""The Ableton rack against what is known of racks that Live saved: Live itself cannot run here."""

from __future__ import annotations

import gzip
import hashlib
import xml.etree.ElementTree as ET

import pytest
import soundfile

from packgen.formats.pads import pads
from tests.formats.tones import TonePack, exact


@pytest.fixture
def rack(pack: TonePack) -> ET.Element:
    return ET.fromstring(gzip.decompress(pack.export("ableton")[0].read_bytes()))


def value(element: ET.Element, path: str) -> str:
    found = element.find(path)
    assert found is not None, path
    return found.attrib["Value"]


def test_rack_pads_are_notes_from_128_down(rack: ET.Element, pack: TonePack) -> None:
    branches = rack.findall("./GroupDevicePreset/BranchPresets/DrumBranchPreset")
    sounds = pads(pack.kit)
    assert [128 - int(value(b, "ZoneSettings/ReceivingNote")) for b in branches] == [s.note for s in sounds]
    assert [int(value(b, "ZoneSettings/ChokeGroup")) for b in branches] == [s.choke for s in sounds]
    assert [value(b, "Name") for b in branches] == [s.title for s in sounds]
    assert len({b.attrib["Id"] for b in branches}) == len(branches)


def test_rack_samples_are_those_of_the_pack(rack: ET.Element, pack: TonePack) -> None:
    branches = rack.findall(".//DrumBranchPreset")
    for sound, branch in zip(pads(pack.kit), branches, strict=True):
        parts = branch.findall(".//MultiSamplePart")
        for layer, part in zip(sound.layers(), parts, strict=True):
            path = value(part, "SampleRef/FileRef/RelativePath")
            assert path == value(part, "SampleRef/FileRef/Path") == layer[0].path
            assert exact(pack.folder, path)
            assert value(part, "SampleRef/FileRef/RelativePathType") == "1"
            assert (
                int(value(part, "SampleRef/FileRef/OriginalFileSize")) == (pack.folder / path).stat().st_size
            )
            info = soundfile.info(pack.folder / path)
            assert int(value(part, "SampleRef/DefaultDuration")) == info.frames
            assert int(value(part, "SampleRef/DefaultSampleRate")) == info.samplerate
            for end in ("SampleEnd", "SustainLoop/End", "ReleaseLoop/End"):
                assert int(value(part, end)) == info.frames - 1
            velocities = (int(value(part, "VelocityRange/Min")), int(value(part, "VelocityRange/Max")))
            assert velocities == (layer[0].low_velocity, layer[0].high_velocity)


def test_rack_names_no_one_and_no_machine(rack: ET.Element, pack: TonePack) -> None:
    values = [text for element in rack.iter() for text in element.attrib.values()]
    assert not [
        text for text in values if text.startswith(("/", "userfolder:")) or "\\" in text or ":/" in text
    ]
    assert not [text for text in values if "{" in text]  # every word was filled in
    paths = {
        text
        for element in rack.iter()
        if element.tag in ("Path", "RelativePath")
        for text in element.attrib.values()
    }
    assert paths - {""} == {layer[0].path for sound in pads(pack.kit) for layer in sound.layers()}


def test_rack_stays_the_same_byte_for_byte(pack: TonePack) -> None:
    """Live itself cannot run here, so no change of what it is given may pass unseen."""
    rack = gzip.decompress(pack.export("ableton")[0].read_bytes())
    assert hashlib.sha256(rack).hexdigest() == (
        "9fca35b46704d7b56a4ce0bc6997d9c99cee997814a6079e79960c58d8599f4f"
    )


def test_rack_is_gzip_without_time_or_name(pack: TonePack) -> None:
    header = pack.export("ableton")[0].read_bytes()[:10]
    assert header[:4] == b"\x1f\x8b\x08\x00"
    assert header[4:8] == bytes(4)
