"""Shards: parts of one pack rendered apart, and merged to the very bytes of a pack rendered in one piece."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import packgen
from packgen.classes import BY_NAME
from packgen.errors import PackError, RecipeError
from packgen.files.atomic import atomic_file
from packgen.files.bounded import read_file, sha256_of
from packgen.files.documents import parse_json
from packgen.files.folders import WORK, writing
from packgen.kit import Kit
from packgen.packs import journal
from packgen.packs.folder import SHARD_FACTS, SHARD_SOUNDS, Shard, inside
from packgen.packs.info import PackInfo
from packgen.packs.journal import Key
from packgen.packs.manifest import SoundRecord
from packgen.packs.writer import PackWriter

MOST_BYTES = 1 << 26  # of a shard's facts, which name the class of every sound of the pack


@dataclass(frozen=True)
class Part:
    """A finished shard on disk."""

    folder: Path
    shard: Shard
    info: PackInfo  # of the whole pack

    @property
    def sounds(self) -> Path:
        """Its journal."""
        return self.folder / SHARD_SOUNDS


def read_part(folder: Path) -> Part:
    """A finished shard.

    Raises:
        PackError: if the folder holds none, or one of another version.
    """
    path = folder / SHARD_FACTS
    try:
        facts = parse_json(read_file(path, MOST_BYTES))
        if (version := str(facts["version"])) != packgen.__version__:  # which may say the rest in other words
            raise PackError(
                f"{folder} was rendered by packgen {version[:40]}, this is {packgen.__version__}: use one for all"
            )
        number, of = facts["shard"]
        shard, info = Shard.parse(f"{number}/{of}"), _pack_info(dict(facts["info"]))
    except FileNotFoundError as error:
        unfinished = (folder / WORK).is_dir()
        why = "its shard is not finished" if unfinished else "no shard of a pack"
        raise PackError(f"{folder}: {why}") from error
    except (OSError, ValueError, KeyError, TypeError, RecipeError) as error:
        reason = " ".join(str(error).split())[:300]
        raise PackError(f"{path}: damaged ({reason}); render this shard again") from error
    return Part(folder, shard, info)


def _pack_info(values: dict[str, Any]) -> PackInfo:
    """The whole pack's facts from a shard's JSON; ValueError, KeyError or TypeError if they are none."""
    texts = [values[key] for key in ("name", "label", "command", "attribution", "bits")]
    texts += [*dict(values["model"]).values(), *values["drums"], *values["formats"]]
    numbers = [values[key] for key in ("seed", "model_rate")]
    if not all(isinstance(text, str) for text in texts) or any(type(number) is not int for number in numbers):
        raise ValueError("a fact of the pack is of another type")
    if not {*values["drums"], *values["modelled"]} <= set(BY_NAME) or not isinstance(values["recipe"], dict):
        raise ValueError("a class that is none, or no recipe")
    if set(values["model"]) != {"name", "digest"}:
        raise ValueError("another model than one with a name and a digest")
    return PackInfo(**values | {key: tuple(values[key]) for key in ("drums", "formats", "modelled")})


def gather(folders: Sequence[Path]) -> list[Part]:
    """The shards of one pack, whole and in order.

    Raises:
        PackError: if one is of another pack, stands twice, or is missing.
    """
    parts = [read_part(folder) for folder in folders]
    first = parts[0]
    seen: dict[Shard, Part] = {}
    for part in parts:
        if _same(part) != _same(first) or part.shard.of != first.shard.of:
            raise PackError(
                f"{part.folder} is of another pack than {first.folder}: merge shards of one recipe and seed"
            )
        if part.shard in seen:
            twice = f"{seen[part.shard].folder} and {part.folder}"
            raise PackError(f"{twice} are both shard {part.shard.number}/{part.shard.of}: give each once")
        seen[part.shard] = part
    missing = [n for n in range(1, first.shard.of + 1) if Shard(n, first.shard.of) not in seen]
    if missing:
        listed = ", ".join(f"{n}/{first.shard.of}" for n in missing[:4]) + (", …" if len(missing) > 4 else "")
        raise PackError(f"shards {listed} are missing: render them, or give their folders too")
    return [seen[shard] for shard in sorted(seen)]


def _same(part: Part) -> PackInfo:
    """What the shards of a pack agree in: all but how the user spelt the command."""
    return replace(part.info, command="")


def merge(
    folders: Sequence[Path], out: Path, force: bool = False, tick: Callable[[], None] = lambda: None
) -> Kit:
    """Bring the shards of a pack together; they stay as they are.

    Args:
        folders: of all its shards, in any order.
        out: the pack's folder.
        force: replace a pack that stands there.
        tick: called after each sound.

    Raises:
        PackError: if the shards do not make a pack, or a file of one is missing or changed.
        OutputError: if the pack cannot be written.
    """
    parts = gather(folders)
    info = parts[0].info
    keys = journal.order(info.drums)
    for part in parts:  # before anything is written
        for record in _records(part, keys):
            for row in record["files"]:
                _check(part.folder, row["path"], row["sha256"])
    writer = PackWriter(out, info, {}, force=force)
    try:
        for part in parts:
            for record in _records(part, keys):
                for row in record["files"]:
                    _copy(part.folder / row["path"], writer.place / row["path"])
                writer.commit(record)
                tick()
        return writer.finish().kit
    finally:
        writer.close()


def _records(part: Part, keys: Sequence[Key]) -> Iterator[SoundRecord]:
    """The records of a shard's part of the pack's sounds."""
    try:
        yield from journal.read(part.sounds, part.shard.part(keys))
    except (OSError, ValueError, KeyError) as error:
        raise PackError(f"{part.sounds}: incomplete or damaged; render this shard again") from error


def _check(folder: Path, path: str, expected: str) -> None:
    """Whether a sample is still the one that was rendered."""
    try:
        digest = sha256_of(inside(folder, path))
    except OSError as error:
        raise PackError(f"{folder / path}: missing; render this shard again") from error
    if digest != expected:
        raise PackError(f"{folder / path}: changed since it was rendered; render this shard again")


def _copy(source: Path, target: Path) -> None:
    with writing(target.parent):
        target.parent.mkdir(exist_ok=True)  # in a folder that is there: one that was removed stays so
    with atomic_file(target) as file, source.open("rb") as sound:
        shutil.copyfileobj(sound, file, 1 << 20)
