"""DecentSampler: its documented checks, since the player itself cannot run here."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

from packgen.formats.pads import pads
from tests.formats.tones import TonePack, exact


def preset_paths(root: ET.Element) -> list[str]:
    """What the player's own "Validate Preset" looks for."""
    wanted = {"sample": "path", "effect": "irFile", "image": "path", "ui": "bgImage"}
    paths = [element.get(wanted.get(element.tag, "file")) for element in root.iter()]
    return [path for path in paths if path is not None]


def test_decentsampler_preset_is_valid(pack: TonePack) -> None:
    preset, _ = pack.export("decentsampler")
    root = ET.fromstring(preset.read_bytes())
    paths = preset_paths(root)
    assert sorted(paths) == sorted(take.path for sound in pads(pack.kit) for take in sound.takes)
    assert all(exact(preset.parent, path) for path in paths)
    assert len(root.findall("groups")) == 1


def test_decentsampler_maps_takes_layers_and_chokes(pack: TonePack) -> None:
    root = ET.fromstring(pack.export("decentsampler")[0].read_bytes())
    groups = {group[0].get("path"): group for group in root.iter("group")}
    for sound in pads(pack.kit):
        layers = sound.layers()
        for number, layer in enumerate(layers):
            group = groups[layer[0].path]
            samples = list(group)
            assert [s.get("path") for s in samples] == [take.path for take in layer]
            assert {(s.get("loNote"), s.get("hiNote"), s.get("rootNote")) for s in samples} == {
                (str(sound.note),) * 3
            }
            if len(layer) > 1:
                assert (group.get("seqMode"), group.get("seqLength")) == ("round_robin", str(len(layer)))
                assert [s.get("seqPosition") for s in samples] == [str(n + 1) for n in range(len(layer))]
            if len(layers) > 1:
                low = layer[0].low_velocity if number else 0
                assert {(s.get("loVel"), s.get("hiVel")) for s in samples} == {
                    (str(low), str(layer[0].high_velocity))
                }
            assert (group.get("tags") == group.get("silencedByTags") == "choke1") == (sound.choke == 1)
    longest = max(take.frames for sound in pack.kit.sounds for take in sound.takes) / pack.kit.rate
    envelope = root.find("groups")
    assert envelope is not None
    assert float(envelope.get("release", "0")) > longest


def test_dslibrary_is_the_preset_and_its_samples(pack: TonePack, tmp_path: Path) -> None:
    preset, library = pack.export("decentsampler")
    with zipfile.ZipFile(library) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        archive.extractall(tmp_path)
    assert (tmp_path / preset.name).read_bytes() == preset.read_bytes()
    for path in preset_paths(ET.fromstring(preset.read_bytes())):
        assert exact(tmp_path, path)
        assert (tmp_path / path).read_bytes() == (pack.folder / path).read_bytes()
