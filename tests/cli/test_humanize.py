"""`packgen humanize` in process, on a fake engine; real MIDI from Debian's openttd-openmsx."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner, Result

from packgen.cli.app import app
from packgen.engine.engine import Engine
from packgen.errors import PackgenError
from packgen.files.resources import known_classes
from tests.fakes import FakeEngine
from tests.humanizer.loops import DATA, KICK, hit, midi_bytes
from tests.humanizer.openmsx import openmsx_files

LOOP = str(DATA / "loop.mid")


@pytest.fixture(autouse=True)
def clicks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A model folder that loads as clicks; work happens in a folder of the test's own."""
    monkeypatch.setattr(Engine, "load", lambda folder: FakeEngine())
    model = tmp_path / "clicks"
    model.mkdir()
    monkeypatch.setenv("PACKGEN_MODELS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return model


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["humanize", *words], catch_exceptions=True)


def good(*words: str) -> Result:
    result = run(*words, "--model", "clicks")
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def refused(*words: str) -> str:
    result = run(*words, "--model", "clicks")
    assert isinstance(result.exception, PackgenError), (result.output, result.exception)
    return str(result.exception)


def test_as_in_the_readme(tmp_path: Path) -> None:
    result = good(LOOP)
    assert result.stdout == "loop_humanized\n"
    assert (tmp_path / "loop_humanized" / "loop.wav").is_file()
    assert "Hi Wood Block (76) 1" in result.stderr
    assert "the same again: packgen humanize" in result.stderr


def test_the_command_it_names_gives_the_same_recording(tmp_path: Path) -> None:
    words = ["--swing", "56", "--at", "kick=0.5,-1", "--at", "42=1", "--mono", "--loop", "--no-pack"]
    result = json.loads(good(LOOP, *words, "--json", "--out", "a").stdout)
    again = shlex.split(result["command"])
    assert again[:2] == ["packgen", "humanize"]
    assert good(*again[2:], "--out", "b", "-q").exit_code == 0
    for name in ("loop.wav", "loop.mid", "humanize.json", "pianoroll.png", "stems/kick.wav"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    assert not (tmp_path / "a" / "kit").exists()
    assert result["real_time_factor"] > 0


def test_a_pack_lends_its_sounds(tmp_path: Path) -> None:
    good(LOOP, "--seed", "1", "--out", "first")
    good(LOOP, "--seed", "2", "--out", "second", "--kit", "first/kit", "--amount", "0")
    kit = json.loads((tmp_path / "first" / "kit" / "manifest.json").read_text())["files"]
    first = {row["class"]: row["code"] for row in kit if row["take"] == 0}
    lanes = json.loads((tmp_path / "second" / "humanize.json").read_text())["voices"]
    assert {lane["class"]: lane["code"] for lane in lanes} == first


PRESET = """
mode = "random"
[classes.kick]
effects = [{ effect = "drive", db = 18 }, { effect = "low_pass", hz = 3000 }]
[classes.closed_hat]
"""


def test_a_preset_plays_what_kit_makes_of_it(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(PRESET)
    words = ["--preset", "mine.toml", "--seed", "3"]
    result = json.loads(good(LOOP, *words, "--amount", "0", "--json", "--out", "a").stdout)
    assert "--preset mine.toml" in result["command"]
    assert result["without_preset"] == ["clap", "crash", "open_hat", "snare"]
    kit = ["kit", *words, "--model", "clicks", "-n", "1", "--takes", "1", "--formats", "wav", "--out", "b"]
    assert CliRunner().invoke(app, [*kit, "-q"]).exit_code == 0
    played, made = (
        {row["class"]: row for row in json.loads((folder / "manifest.json").read_text())["files"]}
        for folder in (tmp_path / "a" / "kit", tmp_path / "b")
    )
    for drum, row in made.items():
        assert played[drum]["code"] == row["code"]
        ours, theirs = (
            soundfile.read(folder / rows[drum]["path"])[0]
            for folder, rows in ((tmp_path / "a" / "kit", played), (tmp_path / "b", made))
        )
        np.testing.assert_array_equal(ours, theirs)
    pack = json.loads((tmp_path / "a" / "kit" / "manifest.json").read_text())
    (kick,) = (style for drum, style in pack["recipe"]["preset"]["recipe"]["styles"] if drum == "kick")
    assert [effect["name"] for effect in kick["effects"]] == ["drive", "low_pass"]
    assert good(*shlex.split(result["command"])[2:], "--out", "c", "-q").exit_code == 0
    for path in (tmp_path / "a").rglob("*.wav"):
        assert path.read_bytes() == (tmp_path / "c" / path.relative_to(tmp_path / "a")).read_bytes()


def test_a_dry_run_lists_drums_and_renders_nothing(tmp_path: Path) -> None:
    rows = json.loads(good(LOOP, "--dry-run", "--json").stdout)
    assert {"drum": "Bass Drum 1", "note": 36, "class": "kick", "hits": 8} in rows
    assert {"drum": "Crash Cymbal 1", "note": 49, "class": "crash", "hits": 1} in rows
    assert {"drum": "Hi Wood Block", "note": 76, "class": None, "hits": 1} in rows
    assert "Open Hi-Hat            46  open_hat              8" in good(LOOP, "--dry-run").stdout
    assert [path.name for path in tmp_path.iterdir()] == ["clicks"]


def test_a_model_of_fewer_classes_leaves_the_others_in_the_midi(
    paper_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = known_classes(paper_model)
    monkeypatch.setattr(Engine, "load", lambda folder: FakeEngine(known))
    words = [LOOP, "--model", str(paper_model)]
    rows = json.loads(run(*words, "--dry-run", "--json").stdout)
    assert {"drum": "Crash Cymbal 1", "note": 49, "class": None, "hits": 1} in rows
    result = json.loads(run(*words, "--json", "--out", "out").stdout)
    assert [row["note"] for row in result["without_class"]] == [49, 76]
    (tmp_path / "own.toml").write_text('base = "gm"\n[notes]\n49 = "crash"\n')
    error = run(*words, "--map", "own.toml", "--out", "other").exception
    assert isinstance(error, PackgenError) and "does not know crash: map its notes to one of" in str(error)


def test_a_name_without_letters_and_an_upper_case_suffix(tmp_path: Path) -> None:
    path = tmp_path / "ドラム.MID"
    path.write_bytes((DATA / "loop.mid").read_bytes())
    good(str(path), "--out", "out", "--no-stems")
    assert (tmp_path / "out" / "loop.wav").is_file()


def test_a_full_folder_needs_force(tmp_path: Path) -> None:
    good(LOOP, "--out", "out", "--seed", "1")
    assert "--force" in refused(LOOP, "--out", "out")
    good(LOOP, "--out", "out", "--seed", "2", "--force")
    assert json.loads((tmp_path / "out" / "humanize.json").read_text())["seed"] == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["no.mid"], "no.mid: cannot be read"),
        ([__file__], "not a Standard MIDI File"),
        ([LOOP, "--channel", "2"], "belong to no class"),
        ([LOOP, "--channel", "3"], r"notes are on channel 2 (8 notes), 10"),
        ([LOOP, "--channel", "3"], "; see --channel, --track and --map"),
        ([LOOP, "--channel", "17"], "channels are 1 to 16"),
        ([LOOP, "--track", "7"], "there is no track 7"),
        ([LOOP, "--map", "what"], "no note map 'what'"),
        ([LOOP, "--amount", "2"], "amount must lie between 0 and 1"),
        ([LOOP, "--swing", "80"], "swing must lie between"),
        ([LOOP, "--at", "kick"], "write a class or note"),
        ([LOOP, "--at", "kick=6,6,6,6,6"], "the base sound of kick (note 36) is silent"),
        ([LOOP, "--kit", "nowhere"], "no manifest.json"),
        ([LOOP, "--kit", "nowhere", "--at", "kick=1"], "give one of them"),
        ([LOOP, "--kit", "nowhere", "--preset", "house"], "--kit and --preset both name base sounds"),
        ([LOOP, "--preset", "huose"], "no preset 'huose': did you mean house?"),
        ([LOOP, "--preset", "house"], "needs a model that predicts descriptors"),
        ([LOOP, "--model", "nothing"], "no model 'nothing'"),
    ],
)
def test_what_cannot_be_done_is_one_line(words: list[str], message: str, tmp_path: Path) -> None:
    result = run("--model", "clicks", *words)
    assert isinstance(result.exception, PackgenError), (result.output, result.exception)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["clicks"]


def test_an_hour_long_song(tmp_path: Path) -> None:
    path = tmp_path / "hour.mid"
    path.write_bytes(midi_bytes([[*hit(0, KICK), *hit(2 * 3600 * 480 - 60, KICK)]]))
    result = json.loads(good(str(path), "--json", "--mono", "--no-stems", "--no-pack").stdout)
    assert result["music"] == pytest.approx(3600, abs=0.2)


def test_a_real_song_is_rendered_and_all_others_are_planned() -> None:
    refusals = []
    for path in openmsx_files():
        result = run(str(path), "--dry-run", "--json", "--model", "clicks")
        if result.exit_code:
            assert isinstance(result.exception, PackgenError)
            refusals.append(str(result.exception))
        else:
            assert sum(row["hits"] for row in json.loads(result.stdout)) > 0
    assert len(refusals) == 1
    assert "notes are on channel" in refusals[0]
    song = min(openmsx_files(), key=lambda path: path.stat().st_size)
    result = json.loads(good(str(song), "--json", "--out", "song").stdout)
    assert result["hits"] > 200
    assert result["sounds"] <= 256
