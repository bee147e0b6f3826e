"""The folder of a pack: claimed by one process at a time, and cleared of its pack on request."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from packgen.classes import BY_NAME
from packgen.errors import OutputError, PackError, RecipeError
from packgen.packs.manifest import read_manifest

T = TypeVar("T")
MOST_SHARDS = 100_000

WORK = ".packgen"  # hidden folder of a pack that is not finished yet
JOURNAL = "journal.jsonl"  # in it: a line a finished sound
SAMPLES = "Samples"
SHARD_FACTS, SHARD_SOUNDS = "shard.json", "shard.jsonl"  # of a finished shard, which has no manifest


class Shard(NamedTuple):
    """Part `number` (from 1) of `of` parts of a pack: every `of`-th sound."""

    number: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """A shard as users write it, ``2/8``.

        Raises:
            RecipeError: if it is none.

        >>> Shard.parse("2/8")
        Shard(number=2, of=8)
        """
        number, _, of = text.partition("/")
        if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of) <= MOST_SHARDS):
            raise RecipeError(f"--shard {text!r} is no part of a pack: write 1/4, 2/4, 3/4 or 4/4")
        return cls(int(number), int(of))

    def part(self, things: Iterable[T]) -> list[T]:
        """The shard's share of a list.

        >>> Shard(2, 3).part("abcdefgh")
        ['b', 'e', 'h']
        """
        return list(islice(things, self.number - 1, None, self.of))


def finished(folder: Path) -> bool:
    """Whether a whole pack or a whole shard stands in a folder."""
    return any((folder / name).is_file() for name in ("manifest.json", SHARD_FACTS))


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
    journals = [path for path in (folder / WORK / JOURNAL, folder / SHARD_SOUNDS) if path.is_file()]
    for journal in journals:
        for line in journal.read_text().splitlines():
            paths += [row["path"] for row in json.loads(line)["files"]]
    if not journals and not paths:
        raise PackError(f"{folder} is not empty and holds no pack of packgen; --force replaces packs only")
    root = folder.resolve()
    for path in [
        *paths,
        "manifest.json",
        "manifest.csv",
        "README.txt",
        "LICENSE.txt",
        SHARD_FACTS,
        SHARD_SOUNDS,
    ]:
        target = folder / path
        if target.resolve().is_relative_to(root):  # a manifest cannot reach out of its folder
            target.unlink(missing_ok=True)
    for drum in BY_NAME.values():
        _remove_empty(folder / SAMPLES / drum.folder)
    _remove_empty(folder / SAMPLES)
    (folder / WORK / JOURNAL).unlink(missing_ok=True)


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
