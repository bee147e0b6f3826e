"""Packs that the tests of the formats share, and the tools that play them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.exporters.tones import Plan, TonePack, make_pack

PLANS = [
    Plan("kick", takes=4),
    Plan("kick"),
    Plan("kick"),
    Plan("snare", layers=3),
    Plan("clap", layers=2, takes=3),
    Plan("closed_hat"),
    Plan("open_hat", seconds=1.5),
    Plan("snap", takes=2),
]

Tool = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> TonePack:
    """A pack with round robin, velocity layers, both at once, and chokes. Do not change it."""
    return make_pack(tmp_path_factory.mktemp("pack"), PLANS)


@pytest.fixture
def own_pack(tmp_path: Path) -> TonePack:
    """The same pack, the test's own."""
    return make_pack(tmp_path / "pack", PLANS)


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """Run a program that CI installs; where it is missing the test is skipped."""
    home = tmp_path_factory.mktemp("home")

    def call(*command: str | Path, check: bool = True, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        program = shutil.which(str(command[0]))
        if program is None:
            pytest.skip(f"{command[0]} is not installed")
        environment = {"QT_QPA_PLATFORM": "offscreen", "HOME": str(home), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        result = subprocess.run(
            [program, *map(str, command[1:])],
            check=False, capture_output=True, text=True, timeout=180, env=environment, cwd=cwd,
        )  # fmt: skip
        assert not check or result.returncode == 0, result.stdout + result.stderr
        return result

    return call
