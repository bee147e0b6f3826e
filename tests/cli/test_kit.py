"""`packgen kit` as a user meets it, with the tiny model: what it writes, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from packgen.classes import CLASS_NAMES
from packgen.packs.manifest import read_manifest

COMMAND = [sys.executable, "-c", "from packgen.cli.main import main; main()"]


def packgen(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words], cwd=cwd, capture_output=True, text=True, check=False, env=os.environ | environment
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Path:
    """A pack of two classes, written once by the real program."""
    folder = tmp_path_factory.mktemp("kit")
    done = packgen("kit", "--classes", "kick,snare", "--variations", "3", "--takes", "2", "--seed", "9",
                   "--strict", "0", "--model", str(tiny_model), "--out", "pack", "--json", cwd=folder)  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["sounds"], result["files"], result["seed"]) == (6, 12, 9)
    assert "--seed 9" in result["command"] and "--takes 2" in result["command"]
    return folder / "pack"


def digests(folder: Path) -> dict[str, str]:
    return {row["path"]: row["sha256"] for row in read_manifest(folder)["files"]}


@pytest.mark.promise("Reproducible")
def test_one_class_alone_and_other_workers_give_the_same_bytes(
    small: Path, tiny_model: Path, tmp_path: Path
) -> None:
    for workers in ("1", "3"):
        done = packgen("kit", "--classes", "snares", "--variations", "3", "--takes", "2", "--seed", "9",
                       "--strict", "0", "--model", str(tiny_model), "--out", workers, "--workers", workers,
                       cwd=tmp_path, OMP_NUM_THREADS=workers)  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip() == workers
        expected = {path: digest for path, digest in digests(small).items() if "/Snares/" in path}
        assert digests(tmp_path / workers) == expected


def test_formats_are_all_unless_chosen_and_do_not_change_the_samples(
    small: Path, tiny_model: Path, tmp_path: Path
) -> None:
    words = ["kit", "--classes", "kick,snare", "--variations", "3", "--takes", "2", "--seed", "9", "--strict", "0",
             "--model", str(tiny_model), "--formats", "wav", "--out", "bare"]  # fmt: skip
    done = packgen(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "--formats wav" in done.stderr
    assert read_manifest(tmp_path / "bare")["exports"] == []
    assert digests(tmp_path / "bare") == digests(small)
    suffixes = {Path(name).suffix for name in read_manifest(small)["exports"]}
    assert suffixes == {".sfz", ".h2drumkit", ".dspreset", ".dslibrary", ".adg", ".sf2", ".sitala"}


def test_a_dry_run_writes_nothing(tmp_path: Path, tiny_model: Path) -> None:
    done = packgen("kit", "--classes", "all", "--variations", "2", "--dry-run", "--seed", "1",
                   "--model", str(tiny_model), cwd=tmp_path)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "30 sounds" in done.stdout and "120 files" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["--classes", "all"], ["--preset", "default"]], ids=["all", "preset"])
def test_a_model_of_fewer_classes_renders_those_that_it_knows(
    tmp_path: Path, paper_model: Path, words: list[str]
) -> None:
    words = ["kit", *words, "--variations", "1", "--takes", "1", "--seed", "1", "--strict", "0", "--formats", "wav",
             "--model", str(paper_model), "--out", "pack"]  # fmt: skip
    planned = packgen(*words, "--dry-run", cwd=tmp_path)
    assert planned.returncode == 0 and "11 sounds" in planned.stdout
    line = f"model {paper_model.name} does not know crash, ride, rim, cowbell: left out\n"
    assert planned.stderr == line
    done = packgen(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(line)
    assert len(digests(tmp_path / "pack")) == 11
    assert packgen(*words, "--force", "--quiet", cwd=tmp_path).stderr == ""


@pytest.mark.promise("One line for an error")
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--classes", "crash"], "does not know crash: choose from kick, clap, "),
        (["--classes", "kick,sidestick,cymbals"], "does not know rim, crash: choose from kick, "),
        (["--preset", "cymbals.toml"], "does not know ride, crash: choose from kick, "),
        (["--classes", "crash", "--dry-run"], "or another --model"),
        (["--classes", "crash", "--like", "hit.wav"], "does not know crash"),
    ],
)
def test_a_class_that_the_model_does_not_know_is_one_line(
    tmp_path: Path, paper_model: Path, words: list[str], message: str
) -> None:
    (tmp_path / "cymbals.toml").write_text("[classes.ride]\n[classes.crash]\n")
    done = packgen("kit", *words, "--model", str(paper_model), "--out", "pack", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr and done.stderr.startswith("packgen: ") and done.stderr.count("\n") == 1
    assert not (tmp_path / "pack").exists()


@pytest.mark.promise("One line for an error")
@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["--classes", "kik-drun"], 1, "unknown drum class 'kik-drun': did you mean kick"),
        (["--variations", "0"], 1, "variations of kick must be 1"),
        (["--variations", "-4"], 1, "not -4"),
        (["--variations", "many"], 2, "--variations"),
        (["--takes", "0"], 1, "takes must be"),
        (["--grid", "4by4"], 1, "write 4x4"),
        (["--mode", "gird"], 1, "unknown mode"),
        (["--rate", "11"], 1, "rate 11 is not offered"),
        (["--bits", "12"], 1, "bits '12'"),
        (["--model", "nowhere"], 1, "no model 'nowhere'"),
        (["--label", "♥"], 1, "label"),
        (["--formats", "sfz,mp3"], 1, "unknown format 'mp3': choose wav, sfz"),
        (["--preset", "huose"], 1, "no preset 'huose': did you mean house?"),
        (["--layers", "9"], 1, "layers must be 1 … 8"),
        (["--layers", "2", "--seed", "1"], 1, "layers need a model that predicts descriptors"),
        (["--brightness", "2"], 1, "--brightness: a bias is -1 … 1"),
        (["--decay", "long"], 1, "--decay: 'long' is neither a bias"),
        (["--classes", "snare", "--pitch", "50-60"], 1, "pitch needs a class that has one"),
        (["--brightness", "-0.5", "--mode", "grid"], 1, "brightness -0.5 needs mode"),
        (["--shard", "3/2", "--seed", "1"], 1, "shard '3/2' is no part of a pack"),
        (["--shard", "1/2"], 1, "--shard needs --seed"),
        (["--colour", "red"], 2, "--colour"),
    ],
)
def test_wrong_options_are_one_line_and_write_nothing(
    tmp_path: Path, tiny_model: Path, words: list[str], code: int, message: str
) -> None:
    defaults = [] if "--model" in words else ["--model", str(tiny_model)]
    done = packgen("kit", *words, *defaults, cwd=tmp_path)
    assert done.returncode == code
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    if code:
        assert done.stderr.startswith("packgen: ") and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.promise("Nothing overwritten")
def test_a_folder_in_use_is_refused(small: Path, tiny_model: Path) -> None:
    before = sorted(small.rglob("*"))
    done = packgen(
        "kit", "--classes", "kick", "--model", str(tiny_model), "--out", str(small), cwd=small.parent
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        "not an empty folder; choose another --out, or --force" in done.stderr
        and done.stderr.count("\n") == 1
    )
    assert sorted(small.rglob("*")) == before


@pytest.mark.promise("One line for an error")
@pytest.mark.parametrize("damage", ["missing", "truncated", "swapped"])
def test_damaged_weights_are_named(tmp_path: Path, tiny_model: Path, damage: str) -> None:
    model = tmp_path / "model"
    model.mkdir()
    for path in tiny_model.iterdir():
        (model / path.name).write_bytes(path.read_bytes())
    target = model / "mcnn.safetensors"
    if damage == "missing":
        target.unlink()
    elif damage == "truncated":
        target.write_bytes(target.read_bytes()[:1000])
    else:
        target.write_bytes((model / "cwae.safetensors").read_bytes())
    done = packgen("kit", "--classes", "kick", "--model", str(model), "--out", "pack", cwd=tmp_path)
    assert done.returncode == 1
    assert "mcnn.safetensors" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "pack").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, tiny_model: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    done = packgen("kit", "--classes", "kick", "--model", str(tiny_model), "--out", "file/pack", cwd=tmp_path)
    assert done.returncode == 1
    assert "cannot write" in done.stderr and done.stderr.count("\n") == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 400 kB, which only root can mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.promise("No half files")
@pytest.mark.promise("Resumable")
def test_a_full_disk_is_one_line_and_leaves_whole_files_only(small_disk: Path, tiny_model: Path) -> None:
    words = ("kit", "--classes", "kick", "--seed", "1", "--strict", "0", "--model", str(tiny_model))
    done = packgen(*words, "--out", str(small_disk / "pack"), cwd=small_disk.parent)
    assert done.returncode == 1
    assert "No space left" in done.stderr and done.stderr.count("\n") == 1
    sounds = list(small_disk.rglob("*.wav"))
    assert sounds and not list(small_disk.rglob("*.part"))
    for path in sounds:
        assert soundfile.info(path).frames > 0 and len(soundfile.read(path)[0]) == soundfile.info(path).frames
    # The same pack on a disk with room goes on where this one stopped.
    shutil.copytree(small_disk / "pack", small_disk.parent / "roomy")
    done = packgen(*words, "--out", "roomy", "--resume", cwd=small_disk.parent)
    assert done.returncode == 0, done.stderr


@pytest.mark.promise("Resumable")
@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_is_one_line_and_resumable(tmp_path: Path, tiny_model: Path) -> None:
    words = ["kit", "--classes", "kick", "--variations", "400", "--seed", "1", "--strict", "0", "--name", "p",
             "--model", str(tiny_model), "--formats", "wav"]  # fmt: skip
    process = subprocess.Popen([*COMMAND, *words], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not list(tmp_path.rglob("*.wav")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert errors.count("\n") == 1 and "interrupted" in errors
    assert not (tmp_path / "p" / "manifest.json").exists()
    done = packgen(*words, "--resume", "--quiet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "p" / "manifest.json").exists()
    assert not (tmp_path / "p" / ".packgen").exists()


def test_a_read_only_folder_is_named(small_disk: Path, tiny_model: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)  # modes would not stop root
    out = str(small_disk / "pack")
    done = packgen(
        "kit", "--classes", "kick", "--model", str(tiny_model), "--out", out, cwd=small_disk.parent
    )
    assert done.returncode == 1
    assert "Read-only" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["kit", "presets", "merge", "inspect", "classes", "corpus", "train"])
def test_every_command_has_help_with_an_example(tmp_path: Path, command: str) -> None:
    done = packgen(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert command == "classes" or f"packgen {command}" in done.stdout


def test_classes_and_version(tmp_path: Path) -> None:
    rows = json.loads(packgen("classes", "--json", cwd=tmp_path).stdout)
    assert [row["name"] for row in rows] == list(CLASS_NAMES)
    assert [row["name"] for row in rows if not row["paper"]] == ["crash", "ride", "rim", "cowbell"]
    lines = packgen("classes", cwd=tmp_path).stdout.splitlines()
    assert sum(" yes " in line for line in lines) == 11 and any(line.startswith("cowbell ") for line in lines)
    assert packgen("--version", cwd=tmp_path).stdout.startswith("packgen 0.")
