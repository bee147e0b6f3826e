"""`packgen kit --like`: a sound of the user's own, and others around it."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest
import soundfile

from packgen.engine.engine import Engine
from packgen.engine.inversion import encode_file
from packgen.latent import space as latent
from packgen.packs.manifest import read_manifest
from tests.cli.test_kit import digests, packgen


def hit(path: Path, hertz: float) -> Path:
    t = np.arange(6000) / 22_050
    soundfile.write(path, 0.7 * np.exp(-12 * t) * np.sin(2 * np.pi * hertz * t), 22_050)
    return path


def words(model: Path, *others: object) -> list[str]:
    usual = ["--variations", "4", "--takes", "1", "--seed", "5", "--strict", "0", "--formats", "wav"]
    return ["kit", *usual, "--model", str(model), *map(str, others)]


def codes(folder: Path, drum: str) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    rows = [row["code"] for row in read_manifest(folder)["files"] if row["class"] == drum]
    return np.array(rows, np.float32)


def test_the_first_is_the_sound_and_the_others_stand_around_it(tiny_model: Path, tmp_path: Path) -> None:
    sound = hit(tmp_path / "mine.wav", 90)
    engine = Engine.load(tiny_model)
    expected = encode_file(engine, sound, ["tom"]).code
    spread = []
    for distance in ("0.1", "0.4"):
        done = packgen(*words(tiny_model, "--classes", "tom", "--like", sound, "--distance", distance,
                              "--out", distance), cwd=tmp_path)  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "mine.wav: as tom" in done.stderr and f"--distance {distance}" in done.stderr
        found = codes(tmp_path / distance, "tom")
        np.testing.assert_allclose(found[0], expected, atol=1e-5)
        space = engine.spaces["tom"]
        places = [latent.coordinates(space, code, space.dimensions) for code in found]
        spread.append(float(np.linalg.norm(np.array(places[1:]) - places[0])))
        assert len(np.unique(found, axis=0)) == 4
    assert spread[1] == pytest.approx(4 * spread[0], rel=1e-3)


def test_its_class_is_guessed_and_other_classes_stay_as_they_are(tiny_model: Path, tmp_path: Path) -> None:
    sound = hit(tmp_path / "-mine.wav", 200)
    guessed = encode_file(Engine.load(tiny_model), sound).drum
    alone = packgen(*words(tiny_model, "--like=-mine.wav", "--out", "alone"), cwd=tmp_path)
    assert alone.returncode == 0, alone.stderr
    assert {row["class"] for row in read_manifest(tmp_path / "alone")["files"]} == {guessed}
    assert "resemble a recording" in (tmp_path / "alone" / "LICENSE.txt").read_text()
    other = "kick" if guessed != "kick" else "snare"
    for name, like in (("both", [f"--like={sound}"]), ("plain", [])):
        done = packgen(
            *words(tiny_model, "--classes", f"{guessed},{other}", *like, "--out", name), cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
    assert "resemble a recording" not in (tmp_path / "plain" / "LICENSE.txt").read_text()
    both, plain = digests(tmp_path / "both"), digests(tmp_path / "plain")
    same = {path for path in both if both[path] == plain.get(path)}
    folders = {row["path"]: row["class"] for row in read_manifest(tmp_path / "both")["files"]}
    assert {folders[path] for path in same} == {other} and len(same) == 4


@pytest.mark.promise("Reproducible")
def test_the_line_that_it_ends_with_repeats_the_pack(tiny_model: Path, tmp_path: Path) -> None:
    sound = hit(tmp_path / "my own hit.wav", 120)
    first = packgen(*words(tiny_model, "--like", sound, "--out", "one"), cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    line = first.stderr.split("same pack again: ")[1].splitlines()[0]
    again = packgen(*shlex.split(line)[1:], "--out", "two", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    shards = []
    for number in (1, 2):
        shards.append(f"{number}-of-2")
        done = packgen(*shlex.split(line)[1:], "--shard", f"{number}/2", "--out", shards[-1], cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    merged = packgen("merge", *shards, "--out", "merged", cwd=tmp_path)
    assert merged.returncode == 0, merged.stderr
    assert digests(tmp_path / "merged") == digests(tmp_path / "one")
    licences = [(tmp_path / name / "LICENSE.txt").read_text() for name in ("one", "merged")]
    assert licences[0] == licences[1] and "resemble a recording" in licences[0]


@pytest.mark.promise("One line for an error")
@pytest.mark.parametrize(
    ("others", "message"),
    [
        (["--like", "none.wav"], "none.wav"),
        (["--like", "noise.txt"], "noise.txt"),
        (["--like", "mine.wav", "--like", "mine.wav"], "a second sound taken for a"),
        (["--like", "mine.wav", "--mode", "grid"], "like needs mode mixed or random"),
        (["--like", "mine.wav", "--distance", "9"], "distance must be 0 … 2"),
        (["--distance", "0.3"], "--distance is that from the sound of --like"),
    ],
)
def test_what_cannot_be_is_one_line(
    tiny_model: Path, tmp_path: Path, others: list[str], message: str
) -> None:
    hit(tmp_path / "mine.wav", 100)
    (tmp_path / "noise.txt").write_text("no sound")
    done = packgen(*words(tiny_model, *others, "--out", "pack", "--quiet"), cwd=tmp_path)
    assert done.returncode == 1 and message in done.stderr
    assert done.stderr.startswith("packgen: ") and done.stderr.count("\n") == 1
    assert not (tmp_path / "pack").exists()
