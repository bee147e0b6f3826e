"""Real MIDI files: Debian's openttd-openmsx (GPL-2), fetched and unpacked, never installed or shipped."""

from __future__ import annotations

import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

PACKAGE = "openttd-openmsx"


@functools.cache
def openmsx_files() -> tuple[Path, ...]:
    """The package's 31 MIDI files; skips the test that asks where apt cannot fetch them."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        pytest.skip("apt-get and dpkg are needed to fetch real MIDI files")
    folder = Path(tempfile.gettempdir()) / f"packgen-{PACKAGE}"
    if not folder.is_dir():
        with tempfile.TemporaryDirectory(dir=tempfile.gettempdir()) as name:
            fetched = subprocess.run(
                ["apt-get", "download", PACKAGE], cwd=name, capture_output=True, text=True
            )
            debs = list(Path(name).glob("*.deb"))
            if fetched.returncode or not debs:
                pytest.skip(f"apt-get download {PACKAGE} failed: {fetched.stderr.strip()[-200:]}")
            subprocess.run(["dpkg", "-x", str(debs[0]), f"{name}/unpacked"], check=True)
            found = Path(name) / "songs"
            found.mkdir()
            for path in Path(name, "unpacked").rglob("*.mid"):
                shutil.copy(path, found)
            found.rename(folder)
    return tuple(sorted(folder.glob("*.mid")))
