"""Names that people give, and paths by which strangers would reach out of a folder."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.promises.conftest import SIZE, Workshop, contents, visible
from tests.promises.program import packgen

NAMES = {
    "blanks": "my drums  of  June",
    "umlauts": "Größe & Söhne, ドラム",
    "long": "🥁" * 62,  # 248 bytes; a name has 255 at most
    "dash": "-pack",
    "quotes": 'it\'s "mine" $HOME %PATH%',
}


@pytest.mark.promise("Nothing overwritten")
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_pack_takes_any_name_of_a_folder(
    made: Workshop, tmp_path: Path, tiny_model: Path, name: str
) -> None:
    done = packgen(tmp_path, *made.commands["kit"], "--out", name)
    assert (done.code, done.out) == (0, f"{name}\n"), done
    assert contents(tmp_path / name) == made.expected["kit"]
    assert packgen(tmp_path, "inspect", "--", name).code == 0


def test_links_lead_where_they_say(made: Workshop, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to("elsewhere")
    assert packgen(tmp_path, *made.commands["kit"], "--out", "link").code == 0
    assert contents(tmp_path / "elsewhere") == made.expected["kit"]
    assert packgen(tmp_path, "inspect", "link").code == 0
    (tmp_path / "dangling").symlink_to("nowhere")
    assert "cannot write dangling" in packgen(tmp_path, *made.commands["kit"], "--out", "dangling").line


def test_sounds_and_loops_may_be_called_anything(workshop: Workshop, tiny_model: Path) -> None:
    folder = workshop.folder
    for name in NAMES.values():
        shutil.copy(folder / "kick0.wav", folder / f"{name}.wav")
    files = [f"{name}.wav" for name in NAMES.values()]
    done = packgen(folder, "reconstruct", "--model", tiny_model, "--out", "out", "--", *files)
    assert done.code == 0, done
    assert set(contents(folder / "out")) == set(files)
    shutil.copy(folder / "loop.mid", folder / "-loop.mid")
    done = packgen(folder, "humanize", "--json", "--dry-run", "--", "-loop.mid")
    assert done.code == 0, done


def test_the_line_that_repeats_a_recording_takes_a_name_with_a_dash(
    workshop: Workshop, tiny_model: Path
) -> None:
    folder = workshop.folder
    shutil.copy(folder / "loop.mid", folder / "-loop.mid")
    options = ["--json", "--no-stems", "--no-pack", "--renders", "16", "--seed", "3"]
    done = packgen(folder, "humanize", *options, "--model", tiny_model, "--out", "a", "--", "-loop.mid")
    assert done.code == 0, done
    again = shlex.split(json.loads(done.out)["command"])
    assert again[0] == "packgen"
    assert packgen(folder, again[1], "--out", "b", *again[2:]).code == 0
    assert contents(folder / "a") == contents(folder / "b")


@pytest.mark.promise("No code from data")
@pytest.mark.parametrize("name", ["../outside", "/outside", "a/b", "..", "C:\\outside", "a\\b"])
def test_the_name_in_a_preset_is_no_path(tmp_path: Path, tiny_model: Path, name: str) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "mine.toml").write_text(
        f"name = {json.dumps(name)}\n[classes.kick]\nvariations = 1\n"
    )
    done = packgen(tmp_path / "work", "kit", "--preset", "mine.toml", "--model", tiny_model)
    assert "is no name for a folder" in done.line
    assert [path.name for path in tmp_path.rglob("*")] == ["work", "mine.toml"]


@pytest.fixture
def pack(workshop: Workshop) -> Path:
    """A pack in the workshop, with a neighbour that is nobody's business."""
    assert packgen(workshop.folder, *workshop.commands["kit"], "--out", "pack").code == 0
    (workshop.folder / "secret.wav").write_bytes((workshop.folder / "kick0.wav").read_bytes())
    return workshop.folder / "pack"


def edit(path: Path, change: Callable[[Any], None]) -> None:
    value = json.loads(path.read_text())
    change(value)
    path.write_text(json.dumps(value))


OUT = ["../secret.wav", "/etc/passwd", "Samples/../../secret.wav", "C:/secret.wav", "..\\secret.wav"]


@pytest.mark.promise("No code from data")
@pytest.mark.parametrize("path", OUT)
def test_a_manifest_that_points_outside_is_refused_by_all_who_read_it(
    pack: Path, tiny_model: Path, path: str
) -> None:
    edit(pack / "manifest.json", lambda manifest: manifest["files"][0].update(path=path))
    work, before = pack.parent, contents(pack.parent)
    assert packgen(work, "inspect", "pack").code == 1
    model = ["--model", str(tiny_model)]
    for words in (["humanize", "loop.mid", "--kit", "pack", *model, "--out", "out"],
                  ["explore", "--again", "pack/manifest.json", *model, "--out", "out"],
                  ["kit", *SIZE, *model, "--out", "pack", "--force"]):  # fmt: skip
        assert "inside the pack's folder" in packgen(work, *words).line
    assert contents(work) == before


@pytest.mark.promise("No code from data")
def test_a_sample_that_is_a_link_to_outside_is_refused(pack: Path) -> None:
    sample = next(iter(sorted(pack.rglob("*.wav"))))
    secret = pack.parent / "secret.wav"
    secret.write_bytes(sample.read_bytes())  # with the right content: only where it lies is wrong
    sample.unlink()
    sample.symlink_to(secret)
    done = packgen(pack.parent, "inspect", "pack")
    assert done.code == 1 and "leads out of the pack's folder" in done.err


@pytest.mark.promise("No code from data")
@pytest.mark.parametrize("path", [*OUT, "link"])
def test_a_shard_that_points_outside_is_refused(workshop: Workshop, path: str) -> None:
    journal = workshop.folder / "1" / "shard.jsonl"
    lines = journal.read_text().splitlines(keepends=True)
    record = json.loads(lines[0])
    if path == "link":
        sample = workshop.folder / "1" / record["files"][0]["path"]
        sample.rename(workshop.folder / "secret.wav")
        sample.symlink_to(workshop.folder / "secret.wav")
    else:
        record["files"][0]["path"] = path
        journal.write_text("".join([json.dumps(record) + "\n", *lines[1:]]))
    packgen(workshop.folder, *workshop.commands["merge"]).line  # noqa: B018  (asserts that there is one)
    assert not (workshop.folder / "out").exists()


@pytest.mark.promise("Resumable")
def test_an_unfinished_pack_whose_journal_points_outside_is_rendered_anew(workshop: Workshop) -> None:
    from functools import partial

    from tests.promises import interfere

    act = partial(interfere.at_change, workshop.moment("kit", 0.7), interfere.kill)
    packgen(workshop.folder, *workshop.commands["kit"], before=act)
    journal = workshop.folder / "out" / ".packgen" / "journal.jsonl"
    record = json.loads(journal.read_text().splitlines()[0])
    secret = workshop.folder / "secret.wav"
    shutil.copy(workshop.folder / "out" / record["files"][0]["path"], secret)
    record["files"][0]["path"] = "../secret.wav"
    journal.write_text(json.dumps(record) + "\n")
    assert packgen(workshop.folder, *workshop.commands["kit"], "--resume").code == 0
    assert visible(workshop.folder / "out") == workshop.expected["kit"]


@pytest.mark.promise("One line for an error")
def test_a_newer_schema_is_one_clear_line_everywhere(pack: Path, tiny_model: Path) -> None:
    work, model = pack.parent, ["--model", str(tiny_model)]
    edit(
        pack / "manifest.json",
        lambda manifest: manifest.update(schema="packgen-manifest-2", files={"new": 1}),
    )
    edit(work / "1" / "shard.json", lambda facts: facts.update(version="99.0", info=[]))
    before = contents(work)
    for words in (["inspect", "pack"], ["humanize", "loop.mid", "--kit", "pack", *model, "--out", "out"],
                  ["explore", "--again", "pack", *model], ["kit", *SIZE, *model, "--out", "pack", "--force"],
                  ["merge", "1", "2", "--out", "pack", "--force"]):  # fmt: skip
        line = packgen(work, *words).line
        assert ("'packgen-manifest-2'" in line and "update packgen" in line) or "packgen 99.0" in line, line
    assert contents(work) == before
