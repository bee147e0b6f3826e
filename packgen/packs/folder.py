"""The folder of a pack: what stands in it, and how it is cleared of its pack on request."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from packgen.classes import BY_NAME
from packgen.errors import PackError, RecipeError
from packgen.files.documents import parse_json
from packgen.files.folders import RESUMABLE, WORK, resumable
from packgen.files.names import check_path
from packgen.packs import journal
from packgen.packs.manifest import read_manifest

T = TypeVar("T")
MOST_SHARDS = 100_000

JOURNAL = "journal.jsonl"  # in the hidden folder of a pack that is not finished: a line a finished sound
REPLACED = "replaced.json"  # in it: manifest of a pack that is being removed
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
    return any((folder / name).is_file() for name in ("manifest.json", SHARD_FACTS))


def inside(folder: Path, path: str) -> Path:
    """Where a path of a pack leads: into its folder, by whatever words and links.

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


def remove_pack(folder: Path) -> None:
    """Remove the files of the pack that stands in a folder, finished or not; other files stay.

    What says that a pack is whole goes first and what lists its files last, so that a killed run leaves no pack
    that looks whole, and the next one goes on.

    Raises:
        PackError: if no pack stands there, or its lists cannot be read.
    """
    manifest, replaced = folder / "manifest.json", folder / WORK / REPLACED
    if manifest.is_file():
        read_manifest(folder)  # one that cannot be read is no list of what to remove
        manifest.replace(replaced)
    lists = [path for path in (folder / WORK / JOURNAL, folder / SHARD_SOUNDS, replaced) if path.is_file()]
    if not lists and not resumable(folder):
        raise PackError(
            f"{folder} is not an empty folder and holds no pack of packgen: only packs are replaced"
        )
    paths = [path for each in lists for path in _listed(each)]
    for path in (folder / WORK / RESUMABLE, folder / SHARD_FACTS):
        path.unlink(missing_ok=True)
    for name in [*paths, "manifest.csv", "README.txt", "LICENSE.txt"]:
        with contextlib.suppress(PackError):  # no list can reach out of its folder
            inside(folder, name).unlink(missing_ok=True)
    for drum in BY_NAME.values():
        _remove_empty(folder / SAMPLES / drum.folder)
    _remove_empty(folder / SAMPLES)
    for path in lists:
        path.unlink()


def _listed(path: Path) -> list[str]:
    """The files that a manifest or a journal lists; a torn line of a journal lists nothing."""
    if path.suffix == ".json":
        manifest = parse_json(path.read_bytes())
        rows = (row["path"] for row in manifest["files"])
        return [*rows, *manifest["exports"], *manifest["contact_sheets"]]
    return [row["path"] for _, record in journal.lines(path) for row in record["files"]]


def _remove_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
