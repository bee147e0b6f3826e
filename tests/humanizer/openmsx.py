"""Real MIDI files: Debian's openttd-openmsx (GPL-2), which nothing here ships; .ci/run fetches and unpacks it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FOLDER = "PACKGEN_TEST_MIDI"  # environment variable that names the folder


def openmsx_files() -> tuple[Path, ...]:
    """The package's 31 MIDI files; skips the test that asks where they are not."""
    folder = os.environ.get(FOLDER)
    files = tuple(sorted(Path(folder).rglob("*.mid"))) if folder else ()
    if not files:
        pytest.skip(f"{FOLDER} names no folder of MIDI files: .ci/run fetches Debian's openttd-openmsx")
    return files
