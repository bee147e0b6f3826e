"""The folder of a pack: claimed by one process at a time, and cleared of its pack on request."""

from __future__ import annotations

import json
import os
from pathlib import Path

from packgen.classes import BY_NAME
from packgen.errors import OutputError, PackError
from packgen.manifest import read_manifest

WORK = ".packgen"  # hidden folder of a pack that is not finished yet
SAMPLES = "Samples"


def lock(folder: Path) -> None:
    """Claim a pack's folder for this process.

    Raises:
        OutputError: if another running process has it.
    """
    work = folder / WORK
    work.mkdir(parents=True, exist_ok=True)
    path = work / "lock"
    try:
        owner = int(path.read_text())
        if owner != os.getpid() and _alive(owner):
            raise OutputError(
                f"{folder} is being written by process {owner}; wait for it, or choose another --out"
            )
        path.unlink()
    except (FileNotFoundError, ValueError):
        path.unlink(missing_ok=True)
    try:
        with path.open("x") as file:
            file.write(str(os.getpid()))
    except FileExistsError:
        raise OutputError(f"{folder} is being written by another process; choose another --out") from None


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def remove_pack(folder: Path) -> None:
    """Remove the files of the pack that stands in a folder, finished or not; other files stay.

    Raises:
        PackError: if no pack stands there.
    """
    paths: list[str] = []
    if (folder / "manifest.json").is_file():
        manifest = read_manifest(folder)
        paths += [row["path"] for row in manifest["files"]]
        paths += [*manifest["exports"], *manifest["contact_sheets"]]
    journal = folder / WORK / "journal.jsonl"
    if journal.is_file():
        for line in journal.read_text().splitlines():
            paths += [row["path"] for row in json.loads(line)["files"]]
    elif not paths:
        raise PackError(f"{folder} is not empty and holds no pack of packgen; --force replaces packs only")
    root = folder.resolve()
    for path in [*paths, "manifest.json", "manifest.csv", "README.txt", "LICENSE.txt"]:
        target = folder / path
        if target.resolve().is_relative_to(root):  # a manifest cannot reach out of its folder
            target.unlink(missing_ok=True)
    for drum in BY_NAME.values():
        _remove_empty(folder / SAMPLES / drum.folder)
    _remove_empty(folder / SAMPLES)
    journal.unlink(missing_ok=True)


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
