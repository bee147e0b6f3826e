"""Packs on disk: complete, described, resumable, the same bytes again."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import asdict, replace
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import soundfile
from PIL import Image

from packgen.engine.engine import Engine
from packgen.errors import OutputError, PackError, RecipeError
from packgen.files.folders import WORK
from packgen.formats import FORMATS
from packgen.packs import contact_sheet
from packgen.packs.folder import Shard
from packgen.packs.info import PackInfo
from packgen.packs.manifest import SCHEMA_PATH, read_manifest
from packgen.packs.shards import merge
from packgen.packs.sounds import dither_seed
from packgen.packs.writer import PackWriter
from packgen.planning.plan import plan
from packgen.planning.recipe import Recipe
from packgen.planning.wishes import Outcome, Wish
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound

RECIPE = Recipe((("kick", 2), ("open_hat", 1)), seed=5, takes=2, strict=0.0)
INFO = PackInfo(
    name="Test Pack", label="me", seed=5, recipe=asdict(RECIPE), command="packgen kit --seed 5",
    model={"name": "tiny", "digest": "0"}, attribution="Nobody.", drums=("kick", "kick", "open_hat"),
)  # fmt: skip


@pytest.fixture(scope="module")
def sounds(tiny_engine: Engine) -> list[RenderedSound]:
    return [render_sound(tiny_engine, RECIPE, entry) for entry in plan(RECIPE)]


def write(
    folder: Path, engine: Engine, sounds: list[RenderedSound], info: PackInfo = INFO, **how: Any
) -> None:
    writer = PackWriter(folder, info, engine.ranges, **how)
    for sound in sounds:
        if not writer.has(sound.drum, sound.index):
            writer.add(sound, engine.signal.sample_rate)
    writer.finish()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_pack_holds_what_its_manifest_says(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    write(tmp_path / "pack", tiny_engine, sounds)
    manifest = read_manifest(tmp_path / "pack")
    jsonschema.validate(manifest, json.loads(SCHEMA_PATH.read_text()))
    assert len(manifest["files"]) == 6
    for row in manifest["files"]:
        path = tmp_path / "pack" / row["path"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
        info = soundfile.info(path)
        assert (info.samplerate, info.subtype, info.frames, info.channels) == (
            44_100,
            "PCM_24",
            row["frames"],
            1,
        )
    assert {row["note"] for row in manifest["files"]} == {36, 35, 46}
    names = {path.name for path in (tmp_path / "pack").iterdir()}
    assert names == {
        "Samples",
        "manifest.json",
        "manifest.csv",
        "contact_sheet.png",
        "LICENSE.txt",
        "README.txt",
    }
    with (tmp_path / "pack" / "manifest.csv").open(newline="") as file:
        assert [row["path"] for row in csv.DictReader(file)] == [row["path"] for row in manifest["files"]]
    assert "Nobody." in (tmp_path / "pack" / "LICENSE.txt").read_text()
    assert "packgen kit --seed 5" in (tmp_path / "pack" / "README.txt").read_text()


def test_the_loudest_take_of_a_sound_peaks_at_minus_one(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    write(tmp_path / "pack", tiny_engine, sounds)
    peaks: dict[tuple[str, int], list[float]] = {}
    for row in read_manifest(tmp_path / "pack")["files"]:
        samples = soundfile.read(tmp_path / "pack" / row["path"])[0]
        peaks.setdefault((row["class"], row["sound"]), []).append(20 * np.log10(np.abs(samples).max()))
        assert row["peak_db"] == pytest.approx(peaks[row["class"], row["sound"]][-1], abs=0.02)
    for levels in peaks.values():
        assert -1.6 < max(levels) <= -0.99


def test_the_same_sounds_give_the_same_bytes_and_a_resumed_pack_too(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    write(tmp_path / "a", tiny_engine, sounds)
    broken = PackWriter(tmp_path / "b", INFO, tiny_engine.ranges)
    broken.add(sounds[0], tiny_engine.signal.sample_rate)
    broken.write(sounds[1], tiny_engine.signal.sample_rate)  # its files, but no line in the journal
    with (tmp_path / "b" / WORK / "journal.jsonl").open("a") as file:
        file.write('{"drum": "kick", "ind')  # killed in the middle of a line
    (tmp_path / "b" / "Samples" / ".x.wav.123-00c0ffee.part").write_bytes(b"half a file")
    broken.close()
    write(tmp_path / "b", tiny_engine, sounds[::-1], resume=True)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_a_folder_with_something_in_it_is_not_touched(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    (tmp_path / "note.txt").write_text("mine")
    hows: list[dict[str, Any]] = [{}, {"resume": True}, {"force": True}]
    for how in hows:
        with pytest.raises((OutputError, PackError), match="not an empty folder"):
            write(tmp_path, tiny_engine, sounds, **how)
    assert (tmp_path / "note.txt").read_text() == "mine"
    assert not (tmp_path / "Samples").exists()


def test_force_replaces_the_pack_and_nothing_else(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    write(tmp_path / "pack", tiny_engine, sounds)
    (tmp_path / "pack" / "Samples" / "Kicks" / "mine.wav").write_bytes(b"mine")
    other = replace(INFO, name="Other")
    write(tmp_path / "pack", tiny_engine, sounds, other, force=True)
    write(tmp_path / "clean", tiny_engine, sounds, other)
    left = contents(tmp_path / "pack")
    assert left.pop("Samples/Kicks/mine.wav") == b"mine"
    assert left == contents(tmp_path / "clean")


def test_another_recipe_cannot_resume(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    writer = PackWriter(tmp_path / "pack", INFO, tiny_engine.ranges)
    writer.add(sounds[0], tiny_engine.signal.sample_rate)
    writer.close()
    with pytest.raises(OutputError, match="another recipe"):
        PackWriter(tmp_path / "pack", replace(INFO, seed=6), tiny_engine.ranges, resume=True)


@pytest.mark.parametrize("how", [{}, {"resume": True}, {"force": True}], ids=str)
def test_a_second_writer_is_refused(tmp_path: Path, tiny_engine: Engine, how: dict[str, Any]) -> None:
    writer = PackWriter(tmp_path / "pack", INFO, tiny_engine.ranges)
    with pytest.raises(OutputError, match="is being written by another process"):
        PackWriter(tmp_path / "pack", INFO, tiny_engine.ranges, **how)
    writer.close()
    PackWriter(tmp_path / "pack", INFO, tiny_engine.ranges, resume=True).close()


def test_an_unfinished_pack_does_not_finish(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    writer = PackWriter(tmp_path / "pack", INFO, tiny_engine.ranges)
    writer.add(sounds[0], tiny_engine.signal.sample_rate)
    with pytest.raises(OutputError, match="2 sounds are missing"):
        writer.finish()
    assert not (tmp_path / "pack" / "manifest.json").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "schema None"),
        ('{"schema": "packgen-manifest-9"}', "'packgen-manifest-9'"),
    ],
)
def test_manifests_of_others_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(PackError, match=message):
        read_manifest(tmp_path)


@pytest.mark.parametrize("change", [{"rate": 44_000}, {"bits": "8"}, {"formats": ("mp3",)}, {"label": "???"}])
def test_facts_that_cannot_be_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(RecipeError):
        replace(INFO, **change)  # type: ignore[arg-type]


def test_tiles_survive_the_journal_and_make_pages(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    sounds = [rng.standard_normal(3000).astype(np.float32) for _ in range(2)]
    picture = contact_sheet.tile("kick 1\ndark", rng.random((48, 30)).astype(np.float32) * 12, sounds, 8000)
    back = contact_sheet.from_text(json.loads(json.dumps(contact_sheet.to_text(picture))))
    assert back.label == picture.label
    assert (back.mel == picture.mel).all() and (back.waves == picture.waves).all()
    names = contact_sheet.write_sheets(tmp_path, "many", [picture] * (contact_sheet.PER_PAGE + 1))
    assert names == ["contact_sheet.png", "contact_sheet_2.png"]
    with Image.open(tmp_path / names[0]) as sheet:
        assert sheet.width > 1000


def test_layers_and_wishes_are_in_names_and_rows(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    soft = [replace(t, layer=0, low_velocity=1, high_velocity=64) for t in sounds[0].takes]
    hard = [replace(t, layer=1, low_velocity=65, high_velocity=127) for t in sounds[0].takes]
    outcome = Outcome(Wish("brightness", bias=0.5), 2000.0, 1900.0, True)
    layered = replace(sounds[0], takes=(*hard, *soft), outcomes=(outcome,))
    write(tmp_path / "pack", tiny_engine, [layered], replace(INFO, drums=("kick",), formats=("sfz",)))
    manifest = read_manifest(tmp_path / "pack")
    jsonschema.validate(manifest, json.loads(SCHEMA_PATH.read_text()))
    rows = manifest["files"]
    assert [(row["layer"], row["take"]) for row in rows] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert [row["path"][-10:] for row in rows] == ["_v1_t1.wav", "_v1_t2.wav", "_v2_t1.wav", "_v2_t2.wav"]
    assert [row["high_velocity"] for row in rows] == [64, 64, 127, 127]
    assert ["wishes" in row for row in rows] == [False, False, True, False]
    assert manifest["wishes"] == [
        {"class": "kick", "descriptor": "brightness", "asked": 0.5, "met": 1, "of": 1, "median": 1900.0}
    ]
    with (tmp_path / "pack" / "manifest.csv").open(newline="") as file:
        assert "wishes" not in next(csv.DictReader(file))


def test_samples_do_not_depend_on_the_formats(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    write(tmp_path / "plain", tiny_engine, sounds)
    write(tmp_path / "all", tiny_engine, sounds, replace(INFO, formats=tuple(FORMATS)))
    plain, full = contents(tmp_path / "plain"), contents(tmp_path / "all")
    assert {name: data for name, data in full.items() if name.startswith("Samples/")} == {
        name: data for name, data in plain.items() if name.startswith("Samples/")
    }
    assert len(full) == len(plain) + len(FORMATS) + 1  # DecentSampler has two files


def test_every_file_of_a_pack_has_a_dither_of_its_own() -> None:
    places = list(product((5, 6), ("kick", "snare"), range(3), range(2), range(4)))
    assert len({dither_seed(*place) for place in places}) == len(places)
    assert all(0 <= dither_seed(*place) < 2**64 for place in places)
    assert dither_seed(5, "kick", 0, 0, 0) == 0xF933961B7B94EBFB  # as ever: a 16-bit pack repeats its bytes


def shard(
    folder: Path, engine: Engine, sounds: list[RenderedSound], part: Shard, info: PackInfo = INFO
) -> Path:
    writer = PackWriter(folder, info, engine.ranges, shard=part)
    for sound in part.part(sounds):
        writer.add(sound, engine.signal.sample_rate)
    writer.seal()
    return folder


def test_merged_shards_are_the_pack_byte_for_byte(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    info = replace(INFO, formats=tuple(FORMATS))
    write(tmp_path / "whole", tiny_engine, sounds, info)
    for of in (1, 2, 3):
        folders = [
            shard(tmp_path / f"{n}of{of}", tiny_engine, sounds, Shard(n, of), info) for n in range(1, of + 1)
        ]
        kept = [contents(folder) for folder in folders]
        merge(folders[::-1], tmp_path / f"merged{of}")
        assert contents(tmp_path / f"merged{of}") == contents(tmp_path / "whole")
        assert [contents(folder) for folder in folders] == kept


def test_shards_that_make_no_pack_are_refused(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    one, two = (shard(tmp_path / str(n), tiny_engine, sounds, Shard(n, 2)) for n in (1, 2))
    again = shard(tmp_path / "again", tiny_engine, sounds, Shard(1, 2))
    other = shard(tmp_path / "other", tiny_engine, sounds, Shard(2, 2), replace(INFO, name="Other"))
    third = shard(tmp_path / "third", tiny_engine, sounds, Shard(2, 3))
    sample = next((tmp_path / "2").rglob("*.wav"))
    for folders, message in (
        ([one], "shards 2/2 are missing"),
        ([one, again], "are both shard 1/2"),
        ([one, two, again], "are both shard 1/2"),
        ([one, other], "is of another pack than"),
        ([one, third], "is of another pack than"),
        ([one, tmp_path / "none"], "no shard of a pack"),
    ):
        with pytest.raises(PackError, match=message):
            merge(folders, tmp_path / "merged")
    sound = sample.read_bytes()
    sample.write_bytes(sound[:-1] + b"x")
    with pytest.raises(PackError, match="changed since it was rendered"):
        merge([one, two], tmp_path / "merged")
    sample.unlink()
    with pytest.raises(PackError, match="missing; render this shard again"):
        merge([one, two], tmp_path / "merged")
    assert not (tmp_path / "merged").exists()
    sample.write_bytes(sound)
    with pytest.raises(OutputError, match="not an empty folder"):
        merge([one, two], one)


def test_a_shard_resumes_as_itself_only(
    tmp_path: Path, tiny_engine: Engine, sounds: list[RenderedSound]
) -> None:
    writer = PackWriter(tmp_path / "s", INFO, tiny_engine.ranges, shard=Shard(1, 2))
    writer.add(sounds[0], tiny_engine.signal.sample_rate)
    with pytest.raises(OutputError, match="1 sounds are missing"):
        writer.seal()
    writer.close()
    with pytest.raises(PackError, match="not finished"):
        merge([tmp_path / "s"], tmp_path / "merged")
    for part in (None, Shard(2, 2)):
        with pytest.raises(OutputError, match="another recipe"):
            PackWriter(tmp_path / "s", INFO, tiny_engine.ranges, resume=True, shard=part)
    resumed = PackWriter(tmp_path / "s", INFO, tiny_engine.ranges, resume=True, shard=Shard(1, 2))
    assert resumed.has("kick", 0)
    resumed.add(sounds[2], tiny_engine.signal.sample_rate)
    resumed.seal()
    finished = contents(tmp_path / "s")
    PackWriter(tmp_path / "s", INFO, tiny_engine.ranges, force=True).close()
    assert finished.items() <= contents(tmp_path / "s").items()  # it stands until another is whole


@pytest.mark.parametrize("text", ["0/4", "5/4", "2", "a/b", "1/0", "-1/4", "1/4/2", "²/4"])
def test_parts_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(RecipeError, match="no part of a pack"):
        Shard.parse(text)
