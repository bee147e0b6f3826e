"""Promises of every kit format, and the structure of those that no program here can open."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from packgen.errors import OutputError, PackError
from packgen.formats import EXPORTERS
from tests.formats.conftest import PLANS
from tests.formats.tones import TonePack, make_pack

every_format = pytest.mark.parametrize("name", EXPORTERS)


@every_format
def test_same_kit_same_bytes(name: str, tmp_path: Path) -> None:
    """Wherever the pack is, whenever it is written, and over an older version of itself."""
    first, second = (make_pack(tmp_path / folder, PLANS) for folder in ("a", "b/deeper"))
    for path in second.folder.rglob("*.wav"):
        path.touch()
        path.chmod(0o600)
    files = [first.export(name), second.export(name), second.export(name)]
    contents = [[(path.name, path.read_bytes()) for path in paths] for paths in files]
    assert contents[0] == contents[1] == contents[2]


@every_format
def test_files_are_at_the_top_and_nothing_else_is_left(name: str, own_pack: TonePack) -> None:
    before = set(own_pack.folder.rglob("*"))
    paths = EXPORTERS[name](own_pack.kit, own_pack.folder)
    assert set(own_pack.folder.rglob("*")) - before == {own_pack.folder / path for path in paths}
    assert all(len(path.parts) == 1 and re.fullmatch(r"[\w-]+\.\w+", path.name, re.ASCII) for path in paths)


@every_format
def test_missing_sample_is_told_and_nothing_written(name: str, own_pack: TonePack) -> None:
    before = set(own_pack.folder.glob("*"))
    (own_pack.folder / own_pack.sound("open_hat").takes[0].path).unlink()
    with pytest.raises(PackError, match=r"TP_open_hat.*render the pack again"):
        EXPORTERS[name](own_pack.kit, own_pack.folder)
    assert set(own_pack.folder.glob("*")) == before


@every_format
@pytest.mark.parametrize(
    "path", ["../x.wav", "/etc/x.wav", "a\\b.wav", "C:/x.wav", "a//b.wav", "", "a\nb.wav", "ü.wav"]
)
def test_no_sample_outside_the_pack(name: str, path: str, own_pack: TonePack) -> None:
    sound = own_pack.sound("open_hat")
    take = dataclasses.replace(sound.takes[0], path=path)
    kit = dataclasses.replace(own_pack.kit, sounds=(dataclasses.replace(sound, takes=(take,)),))
    with pytest.raises(PackError, match="inside the pack's folder"):
        EXPORTERS[name](kit, own_pack.folder)


@every_format
def test_sounds_without_a_pad_are_left_out(name: str, own_pack: TonePack) -> None:
    last = dataclasses.replace(own_pack.kit.sounds[-1], note=-1)
    with_it = dataclasses.replace(
        own_pack, kit=dataclasses.replace(own_pack.kit, sounds=(*own_pack.kit.sounds[:-1], last))
    )
    without = dataclasses.replace(
        own_pack, kit=dataclasses.replace(own_pack.kit, sounds=own_pack.kit.sounds[:-1])
    )
    contents = [[path.read_bytes() for path in pack.export(name)] for pack in (with_it, without)]
    assert contents[0] == contents[1]


@every_format
def test_a_kit_without_pads_is_told(name: str, own_pack: TonePack) -> None:
    with pytest.raises(PackError, match="no sound on a MIDI note"):
        EXPORTERS[name](dataclasses.replace(own_pack.kit, sounds=()), own_pack.folder)


@every_format
def test_unwritable_folder_is_told(name: str, own_pack: TonePack) -> None:
    for path in EXPORTERS[name](own_pack.kit, own_pack.folder):
        (own_pack.folder / path).unlink()
        (own_pack.folder / path).mkdir()  # nothing can be renamed over a folder
    with pytest.raises(OutputError, match="cannot write"):
        EXPORTERS[name](own_pack.kit, own_pack.folder)
