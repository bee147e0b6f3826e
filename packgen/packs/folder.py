"""The folder of a pack: what stands in it, and how the pack in it is replaced by another."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from packgen.classes import BY_NAME
from packgen.errors import PackError, RecipeError
from packgen.files.bounded import read_file
from packgen.files.documents import parse_json
from packgen.files.folders import RESUMABLE, WORK
from packgen.files.names import check_path
from packgen.packs import journal
from packgen.packs.manifest import MOST_BYTES, read_manifest

T = TypeVar("T")
MOST_SHARDS = 100_000

JOURNAL = "journal.jsonl"  # in the hidden folder of a pack that is not finished: a line a finished sound
NEW = "new"  # in it: a pack in the making that is to replace the one that stands in the folder
WHOLE = "whole"  # in it: the same once it is whole, until the files of the old one are removed
MOVING = "moving"  # in it: the same after that, until all its files have moved to their places
REPLACED = "replaced.json"  # in it: manifest of a pack that is being removed
SAMPLES = "Samples"
MANIFEST = "manifest.json"
TEXTS = ("manifest.csv", "README.txt", "LICENSE.txt")
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
            raise RecipeError(f"shard {text!r} is no part of a pack: write 1/4, 2/4, 3/4 or 4/4")
        return cls(int(number), int(of))

    def part(self, things: Iterable[T]) -> list[T]:
        """The shard's share of a list.

        >>> Shard(2, 3).part("abcdefgh")
        ['b', 'e', 'h']
        """
        return list(islice(things, self.number - 1, None, self.of))


def finished(folder: Path) -> bool:
    """Whether a whole pack or a whole shard stands in a folder."""
    return any((folder / name).is_file() for name in (MANIFEST, SHARD_FACTS))


def inside(folder: Path, path: str) -> Path:
    """The place that a path of a pack leads to. It lies in the pack's folder, whatever links there are.

    Raises:
        PackError: if it leads out.
    """
    place = folder / check_path(path)
    try:
        stays = place.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # links in a ring
        stays = False
    if not stays:
        raise PackError(f"{place}: a link that leads out of the pack's folder; put the file itself there")
    return place


def check_replaceable(folder: Path) -> None:
    """Whether what stands in a folder is a whole pack or shard, and can be replaced by another.

    Raises:
        PackError: if it is not, or its lists cannot be read.
    """
    if not finished(folder):
        raise PackError(
            f"{folder} is not an empty folder and holds no pack of packgen: only packs are replaced"
        )
    if (folder / MANIFEST).is_file():
        read_manifest(folder)  # one that cannot be read is no list of what to remove


def remove_unfinished(folder: Path) -> None:
    """Remove what an interrupted run has made of a pack. The whole pack that it was to replace stays."""
    if (folder / WORK / NEW).is_dir():
        shutil.rmtree(folder / WORK / NEW)
    elif not finished(folder):  # a run may be killed after its pack is whole, and before it has tidied up
        _remove_files(folder, [folder / WORK / JOURNAL])
    for name in (JOURNAL, RESUMABLE):
        (folder / WORK / name).unlink(missing_ok=True)


def replace(folder: Path) -> None:
    """Move the pack in `WHOLE` to the place of the one that stands in the folder. Without one there is nothing to do.

    Files are removed and renamed, none is written. A killed run's successor calls this again and goes on where that
    one stopped; meanwhile nothing says that a pack is whole.
    """
    whole, moving = folder / WORK / WHOLE, folder / WORK / MOVING
    if whole.is_dir():
        _remove_old(folder)
        whole.rename(moving)
    if moving.is_dir():
        files = [path for path in moving.rglob("*") if path.is_file()]
        for path in sorted(files, key=lambda path: (path.name in (MANIFEST, SHARD_FACTS), path)):
            target = folder / path.relative_to(moving)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)
        shutil.rmtree(moving)


def _remove_old(folder: Path) -> None:
    """Remove the files of a whole pack or shard; other files stay.

    What says that it is whole goes first and what lists its files last, so that a killed run's successor goes on.
    """
    replaced = folder / WORK / REPLACED
    if (folder / MANIFEST).is_file():
        os.replace(folder / MANIFEST, replaced)
    (folder / SHARD_FACTS).unlink(missing_ok=True)
    _remove_files(folder, [path for path in (folder / SHARD_SOUNDS, replaced) if path.is_file()])


def _remove_files(folder: Path, lists: Sequence[Path]) -> None:
    """Remove the files that these manifests and journals list, the texts beside them, and the lists last."""
    for name in (path for each in lists for path in (*_listed(each), *TEXTS)):
        with contextlib.suppress(PackError):  # no list can reach out of its folder
            inside(folder, name).unlink(missing_ok=True)
    for drum in BY_NAME.values():
        _remove_empty(folder / SAMPLES / drum.folder)
    _remove_empty(folder / SAMPLES)
    for path in lists:
        path.unlink(missing_ok=True)


def _listed(path: Path) -> list[str]:
    """The files that a manifest or a journal lists; a torn line of a journal lists nothing."""
    if path.suffix == ".json":
        manifest = parse_json(read_file(path, MOST_BYTES))
        rows = (row["path"] for row in manifest["files"])
        return [*rows, *manifest["exports"], *manifest["contact_sheets"]]
    return [row["path"] for _, record in journal.lines(path) for row in record["files"]]


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
