"""Folders that are written: whether one is free, who has the right to, and results that are moved in once whole."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from packgen.errors import InUseError, OccupiedError, OutputError, UnfinishedError, WriteError
from packgen.files.folders import (
    RESUMABLE,
    WORK,
    Claim,
    check_free,
    check_room,
    is_free,
    resumable,
    whole_folder,
    writing,
)


def leave_unfinished(folder: Path) -> None:
    """What an interrupted run leaves, as far as this room knows of it."""
    (folder / WORK).mkdir(parents=True)
    (folder / WORK / RESUMABLE).write_text("{}")


def leave_file(folder: Path) -> None:
    folder.mkdir()
    (folder / "mine.txt").touch()


STANDING: dict[str, tuple[Callable[[Path], object], type[OutputError] | None, type[OutputError] | None]] = {
    "nothing": (lambda p: None, None, None),
    "an empty folder": (lambda p: p.mkdir(), None, None),
    "a folder that a killed run claimed": (lambda p: (p / WORK).mkdir(parents=True), None, None),
    "a folder with a file": (leave_file, OccupiedError, None),
    "a file": (lambda p: p.touch(), OccupiedError, OccupiedError),
    "an unfinished pack": (leave_unfinished, UnfinishedError, UnfinishedError),
}


@pytest.mark.parametrize("name", STANDING)
def test_what_stands_in_the_way_is_told_apart(tmp_path: Path, name: str) -> None:
    make, plain, forced = STANDING[name]
    folder = tmp_path / "out"
    make(folder)
    for force, expected in ((False, plain), (True, forced)):
        if expected is None:
            check_free(folder, force)
        else:
            with pytest.raises(expected, match=str(folder)) as caught:
                check_free(folder, force)
            assert type(caught.value) is expected and "--" not in str(caught.value)
    assert is_free(folder) == (plain is not OccupiedError)


def test_a_claim_keeps_others_out_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    with Claim(folder):
        with pytest.raises(InUseError, match="is being written by another process"):
            Claim(folder)
        assert (folder / WORK).is_dir()
    assert not folder.exists()
    with Claim(folder):
        (folder / "result.txt").touch()
    assert [path.name for path in folder.iterdir()] == ["result.txt"]


def test_a_claim_leaves_what_can_be_gone_on_with(tmp_path: Path) -> None:
    claim = Claim(tmp_path / "out")
    (tmp_path / "out" / WORK / RESUMABLE).write_text("{}")
    claim.release()
    claim.release()  # as often as one likes
    assert resumable(tmp_path / "out")
    Claim(tmp_path / "out").release()
    assert resumable(tmp_path / "out")


def test_results_are_moved_in_once_they_are_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with whole_folder(out, force=False, last="index") as new:
        (new / "index").write_text("one")
        (new / "data").write_text("one")
        assert [path.name for path in out.iterdir()] == [WORK]
    assert {path.name: path.read_text() for path in out.iterdir()} == {"index": "one", "data": "one"}
    with pytest.raises(OccupiedError), whole_folder(out, force=False):
        raise AssertionError("not reached")
    with pytest.raises(KeyboardInterrupt), whole_folder(out, force=True, last="index") as new:
        (new / "data").write_text("two")
        raise KeyboardInterrupt
    assert {path.name: path.read_text() for path in out.iterdir()} == {"index": "one", "data": "one"}


def test_the_entry_that_says_that_all_is_there_goes_first_and_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for name in ("index", "zebra"):
        (out / name).write_text("old")
    with pytest.raises(WriteError, match="No space left"), whole_folder(out, force=True, last="index") as new:
        for name in ("index", "zebra"):
            (new / name).write_text("new")
        monkeypatch.setattr("os.replace", full)
    assert {path.name for path in out.iterdir()} == {"zebra"}


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_errors_of_the_system_are_facts_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(WriteError) as caught, writing(tmp_path):
        full()
    assert str(caught.value) == f"cannot write {tmp_path}: No space left on device"
    with pytest.raises(WriteError, match=r"the corpus needs 11000000000\.0 GB, and .* are free"):
        check_room(tmp_path / "not" / "there", 10**19 + 10**18, "the corpus")
