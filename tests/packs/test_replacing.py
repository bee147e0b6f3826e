"""A pack that replaces another: whatever happens, and whenever, the old one or the new one is there whole."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from packgen.errors import OutputError
from packgen.files.folders import WORK, resumable
from packgen.packs.folder import Shard
from packgen.packs.info import PackInfo
from packgen.packs.inspection import inspect
from packgen.packs.writer import PackWriter
from packgen.planning.plan import plan
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound
from tests.fakes import FakeEngine
from tests.packs.test_writer import INFO, RECIPE, contents

ENGINE = FakeEngine()
NEW = replace(INFO, name="New", formats=("sfz",))
CHANGES = ("replace", "rename", "unlink", "mkdir", "rmdir")


@pytest.fixture(scope="module")
def sounds() -> list[RenderedSound]:
    return [render_sound(ENGINE, RECIPE, entry) for entry in plan(RECIPE)]


def write(folder: Path, sounds: list[RenderedSound], info: PackInfo, **how: Any) -> None:
    """A pack, or the shard of one, from start to end; whatever happens, the folder is let go."""
    writer = PackWriter(folder, info, ENGINE.ranges, **how)
    try:
        shard = how.get("shard")
        for sound in shard.part(sounds) if shard else sounds:
            if not writer.has(sound.drum, sound.index):
                writer.add(sound, ENGINE.signal.sample_rate)
        if shard:
            writer.seal()
        else:
            writer.finish()
    finally:
        writer.close()


class Interrupted:
    """Changes of the file system that fail from a certain one on, or that one alone."""

    def __init__(self, patch: pytest.MonkeyPatch, number: int, error: BaseException, once: bool) -> None:
        self.number, self.error, self.once, self.count = number, error, once, 0
        for name in CHANGES:
            patch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, change: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            self.count += 1
            if self.count == self.number or (self.count > self.number and not self.once):
                raise self.error
            return change(*arguments, **options)

        return call


def visible(folder: Path) -> dict[str, bytes]:
    return {path: data for path, data in contents(folder).items() if not path.startswith(WORK)}


@pytest.fixture(params=["pack by pack", "shard by pack", "pack by shard"])
def kinds(request: pytest.FixtureRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """How the old one is written, and how the new one is."""
    shard = {"shard": Shard(1, 2)}
    old, new = ((shard if word == "shard" else {}) for word in request.param.split(" by "))
    return old, new


@pytest.mark.parametrize(
    ("error", "once"),
    [(KeyboardInterrupt(), True), (OSError(errno.ENOSPC, "No space left on device"), False)],
    ids=["Ctrl-C", "full disk"],
)
def test_the_old_pack_stands_until_the_new_one_is_whole(
    tmp_path: Path, sounds: list[RenderedSound], kinds: Any, error: BaseException, once: bool
) -> None:
    """The replacing run is stopped at each of its changes in turn; then another one ends what it began."""
    old, new = kinds
    write(tmp_path / "old", sounds, INFO, **old)
    write(tmp_path / "new", sounds, NEW, **new)
    before, after = contents(tmp_path / "old"), contents(tmp_path / "new")
    stood = number = 0
    while True:
        number += 1
        folder = tmp_path / str(number)
        write(folder, sounds, INFO, **old)
        (folder / "mine.txt").write_bytes(b"mine")
        with pytest.MonkeyPatch.context() as patch:
            interrupted = Interrupted(patch, number, error, once)
            try:
                write(folder, sounds, NEW, force=True, **new)
            except (KeyboardInterrupt, OutputError, OSError):
                pass
        if interrupted.count < number:
            break  # the run has fewer changes than that
        left = visible(folder)
        assert left.pop("mine.txt") == b"mine"
        if before.items() <= left.items() and left.keys() == before.keys():
            stood += 1
        else:  # it was stopped while the new one, which is whole, took its place
            assert resumable(folder) or left == after
            assert not {"manifest.json", "shard.json"} & left.keys() or left == after
        if resumable(folder):
            write(folder, sounds, NEW, resume=True, **new)
        elif left != after:
            write(folder, sounds, NEW, force=True, **new)
        assert visible(folder) == after | {"mine.txt": b"mine"}
    assert stood > 20 and number - stood > 10  # it was stopped before and while the new one took its place


def test_a_replacement_that_was_stopped_can_be_given_up(tmp_path: Path, sounds: list[RenderedSound]) -> None:
    write(tmp_path / "pack", sounds, INFO)
    before = contents(tmp_path / "pack")
    writer = PackWriter(tmp_path / "pack", NEW, ENGINE.ranges, force=True)
    writer.add(sounds[0], ENGINE.signal.sample_rate)
    writer.close()
    assert visible(tmp_path / "pack") == before and inspect(tmp_path / "pack").problems == ()
    with pytest.raises(OutputError, match="unfinished pack"):
        PackWriter(tmp_path / "pack", INFO, ENGINE.ranges)
    other = replace(INFO, name="Third")
    write(tmp_path / "pack", sounds, other, force=True)
    write(tmp_path / "third", sounds, other)
    assert contents(tmp_path / "pack") == contents(tmp_path / "third")
