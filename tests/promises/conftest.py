"""A workshop: inputs for every command that writes, and what each makes of them undisturbed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.humanizer.loops import DATA
from tests.promises import interfere
from tests.promises.program import packgen

SIZE = ("--classes", "kick,snare", "--variations", "2", "--takes", "2", "--seed", "9", "--strict", "0")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too, by its path in it."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def visible(folder: Path) -> dict[str, bytes]:
    """The files that a user sees."""
    return {path: data for path, data in contents(folder).items() if not path.startswith(".")}


@dataclass(frozen=True)
class Workshop:
    """A folder with inputs, and commands that write into its folder ``out``.

    Attributes:
        folder: to run in; holds no ``out`` yet.
        commands: words by name.
        expected: what each writes, undisturbed.
        changes: the changes to the file system that this takes.
    """

    folder: Path
    commands: dict[str, list[str]]
    expected: dict[str, dict[str, bytes]]
    changes: dict[str, list[str]]

    def moment(self, name: str, share: float) -> int:
        """The change that a command makes after this share of all its changes."""
        return int(share * len(self.changes[name]))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Workshop:
    """The workshop that others are copied from."""
    folder = tmp_path_factory.mktemp("workshop") / "inputs"
    (folder / "library" / "Kicks").mkdir(parents=True)
    time = np.arange(8000) / 22_050
    for number in range(3):
        hit = 0.5 * np.sin(2 * np.pi * (60 + 20 * number) * time) * np.exp(-9 * time)
        soundfile.write(folder / "library" / "Kicks" / f"kick {number}.wav", hit, 22_050)
        soundfile.write(folder / f"kick{number}.wav", hit, 22_050)
    shutil.copy(DATA / "loop.mid", folder)
    kit, model = ["kit", *SIZE, "--workers", "2"], ["--model", str(tiny_model)]
    for part in ("1", "2"):
        done = packgen(folder, *kit, *model, "--shard", f"{part}/2", "--out", part)
        assert done.code == 0, done
    commands = {
        "kit": [*kit, *model],
        "merge": ["merge", "1", "2"],
        "humanize": ["humanize", "loop.mid", "--seed", "1", "--renders", "16", *model],
        "corpus": ["corpus", "library", "--per-class", "2", "--workers", "1"],
        "reconstruct": ["reconstruct", "kick0.wav", "kick1.wav", "kick2.wav", "--quiet", *model],
    }
    expected, changes = {}, {}
    for name, words in commands.items():
        words += ["--out", "out"]
        log = folder.parent / name
        done = packgen(folder, *words, before=partial(interfere.log_changes, log))
        assert done.code == 0, done
        expected[name], changes[name] = contents(folder / "out"), log.read_text().splitlines()
        shutil.rmtree(folder / "out")
    return Workshop(folder, commands, expected, changes)


@pytest.fixture
def workshop(made: Workshop, tmp_path: Path) -> Workshop:
    """A workshop of the test's own, in which every command can be run."""
    shutil.copytree(made.folder, tmp_path / "work")
    return Workshop(tmp_path / "work", made.commands, made.expected, made.changes)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that nobody can write into: not root either, whom modes would not stop."""
    folder = tmp_path / "read-only"
    folder.mkdir()
    if os.geteuid() != 0:
        folder.chmod(0o555)
        yield folder
        return
    mount = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)
