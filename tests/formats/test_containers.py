"""Archives: what the Hydrogen kit and the Sitala kit hold."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
import shutil
import tarfile
import tracemalloc
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import soundfile

from packgen.formats.containers import Member, write_tar_gz, write_zip
from packgen.formats.pads import pads
from tests.formats.tones import Plan, TonePack, make_pack


def test_drumkit_holds_its_samples_in_one_folder(pack: TonePack) -> None:
    (path,) = pack.export("hydrogen")
    with tarfile.open(path) as archive:
        members = {member.name: member for member in archive}
        listed = archive.extractfile("Tone_Pack/drumkit.xml")
        assert listed is not None
        files = [
            e.text
            for e in ET.fromstring(listed.read()).iter("{http://www.hydrogen-music.org/drumkit}filename")
        ]
    assert set(members) == {"Tone_Pack/drumkit.xml"} | {f"Tone_Pack/{file}" for file in files}
    assert len(files) == sum(len(sound.takes) for sound in pads(pack.kit))
    assert {(m.mtime, m.uid, m.uname) for m in members.values()} == {(0, 0, "")}


def test_hydrogen_keeps_as_many_takes_as_an_instrument_holds(tmp_path: Path) -> None:
    pack = make_pack(tmp_path, [Plan("kick", layers=3, takes=7, seconds=0.01)])
    with tarfile.open(pack.export("hydrogen")[0]) as archive:
        names = [name for name in archive.getnames() if name.endswith(".wav")]
    assert len(names) == 15
    assert {re.sub(r".*_v(\d)_t\d.wav", r"\1", name) for name in names} == {"1", "2", "3"}


def test_sitala_is_sixteen_pads_with_their_samples(tmp_path: Path) -> None:
    plans = [*[Plan("tom", layers=2, takes=2, seconds=0.05)] * 18, Plan("kick", seconds=0.05)]
    pack = make_pack(tmp_path, plans)
    with zipfile.ZipFile(pack.export("sitala")[0]) as archive:
        assert archive.testzip() is None
        root = ET.fromstring(archive.read("kit1.xml"))
        sounds = list(root.iter("sound"))
        assert [s.get("slot") for s in sounds] == [str(n) for n in range(16)]
        files = {s.get("internal", ""): s for s in sounds}
        assert set(archive.namelist()) == {"kit1.xml", *files}
        toms = [pack.sound("tom", index) for index in range(15)]
        wanted = [toms[0], pack.sound("kick"), *toms[1:]]  # first of every class, then the second
        for sound, (file, element) in zip(wanted, files.items(), strict=True):
            data = archive.read(file)
            assert hashlib.md5(data).hexdigest() == element.get("md5")
            assert data == (tmp_path / sound.layers()[-1][0].path).read_bytes()
            hold = element.find("parameters/shape/hold")
            assert hold is not None
            assert float(hold.get("ms", "0")) == pytest.approx(
                1000 * soundfile.info(io.BytesIO(data)).duration, abs=0.01
            )


def test_takes_of_one_file_name_in_two_folders_stay_apart(tmp_path: Path) -> None:
    """Flat formats drop the folders: Kicks/01.wav and Claps/01.wav must not become one."""
    pack = make_pack(tmp_path, [Plan("kick"), Plan("clap")])
    sounds = []
    for sound in pack.kit.sounds:
        (take,) = sound.takes
        path = f"{Path(take.path).parent}/01.wav"
        shutil.move(tmp_path / take.path, tmp_path / path)
        sounds.append(dataclasses.replace(sound, takes=(dataclasses.replace(take, path=path),)))
    pack = dataclasses.replace(pack, kit=dataclasses.replace(pack.kit, sounds=tuple(sounds)))
    with (
        tarfile.open(pack.export("hydrogen")[0]) as archive,
        zipfile.ZipFile(pack.export("sitala")[0]) as zipped,
    ):
        for names in (archive.getnames(), zipped.namelist()):
            waves = [name for name in names if name.endswith(".wav")]
            assert len(set(waves)) == 2


MEBIBYTE = 1 << 20


@pytest.mark.parametrize("write", [write_zip, write_tar_gz])
def test_large_files_stream(write: Callable[[Path, list[Member]], None], tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(64 * MEBIBYTE)
    tracemalloc.start()
    try:
        write(tmp_path / "archive", [("a", tmp_path / "large"), ("b", b"small")])
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * MEBIBYTE


@pytest.mark.parametrize("name", ["hydrogen", "decentsampler", "sf2", "sitala"])
def test_samples_are_not_held_in_memory(name: str, tmp_path: Path) -> None:
    """Of the formats that hold the samples themselves."""
    pack = make_pack(tmp_path, [Plan("tom", seconds=2.0)] * 60)
    pack.export(name)  # once before: caches and imports are not the pack's
    tracemalloc.start()
    try:
        pack.export(name)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < sum(path.stat().st_size for path in tmp_path.rglob("*.wav")) / 4
