"""Promises of every kit format, and the structure of those that no program here can open."""

from __future__ import annotations

import dataclasses
import re
import zipfile
from pathlib import Path

import pytest

from packgen.errors import OutputError, PackError
from packgen.formats import FORMATS, read
from packgen.formats.pads import pads
from tests.formats.conftest import PLANS
from tests.formats.tones import Plan, TonePack, make_pack

every_format = pytest.mark.parametrize("name", FORMATS)


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
    paths = FORMATS[name].write(own_pack.kit, own_pack.folder)
    assert set(own_pack.folder.rglob("*")) - before == {own_pack.folder / path for path in paths}
    assert all(len(path.parts) == 1 and re.fullmatch(r"[\w-]+\.\w+", path.name, re.ASCII) for path in paths)


@every_format
def test_missing_sample_is_told_and_nothing_written(name: str, own_pack: TonePack) -> None:
    before = set(own_pack.folder.glob("*"))
    (own_pack.folder / own_pack.sound("open_hat").takes[0].path).unlink()
    with pytest.raises(PackError, match=r"TP_open_hat.*render the pack again"):
        FORMATS[name].write(own_pack.kit, own_pack.folder)
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
        FORMATS[name].write(kit, own_pack.folder)


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
        FORMATS[name].write(dataclasses.replace(own_pack.kit, sounds=()), own_pack.folder)


@every_format
def test_unwritable_folder_is_told(name: str, own_pack: TonePack) -> None:
    for path in FORMATS[name].write(own_pack.kit, own_pack.folder):
        (own_pack.folder / path).unlink()
        (own_pack.folder / path).mkdir()  # nothing can be renamed over a folder
    with pytest.raises(OutputError, match="cannot write"):
        FORMATS[name].write(own_pack.kit, own_pack.folder)


@every_format
def test_what_is_written_is_read_back(name: str, tmp_path: Path) -> None:
    """Each file plays every sample that the format's row promises, and no other."""
    row = FORMATS[name]
    pack = make_pack(tmp_path, [*PLANS, *[Plan("tom", layers=2, takes=2, seconds=0.05)] * 10])
    sounds = pads(pack.kit)[: row.most_pads]
    layers = [layer for s in sounds for layer in (s.layers() if row.velocity_layers else s.layers()[-1:])]
    wanted = [take.path for layer in layers for take in (layer if row.round_robin else layer[:1])]
    paths = pack.export(name)
    assert tuple(path.suffix for path in paths) == row.suffixes
    for path in paths:
        reading = read(path)
        assert reading.problems == ()
        assert (sorted(reading.samples), reading.contained) in ((sorted(wanted), 0), ([], len(wanted)))


def test_a_suffix_belongs_to_one_format() -> None:
    suffixes = [suffix for row in FORMATS.values() for suffix in row.suffixes]
    assert len(set(suffixes)) == len(suffixes)


@every_format
def test_how_to_load_names_the_files(name: str) -> None:
    assert all(f"*{suffix}" in FORMATS[name].how_to_load for suffix in FORMATS[name].suffixes)


def test_a_file_of_no_format_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "kit.xpm").write_bytes(b"")
    assert read(tmp_path / "kit.xpm").problems == ("is of no format that packgen reads",)


def test_a_file_that_plays_nothing_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "kit.sfz").write_bytes(b"// nothing\n")
    assert read(tmp_path / "kit.sfz").problems == ("plays no sample",)


def test_an_archive_under_lock_is_a_problem(own_pack: TonePack) -> None:
    (path,) = own_pack.export("sitala")
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1  # says that the first entry is encrypted
    path.write_bytes(data)
    assert zipfile.is_zipfile(path)
    assert "cannot be read (RuntimeError" in read(path).problems[0]
