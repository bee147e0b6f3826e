"""Folders that are written: by one process at a time, and filled whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from packgen.errors import InUseError, OccupiedError, UnfinishedError, WriteError

WORK = ".packgen"  # hidden folder in one that is being written
RESUMABLE = "recipe.json"  # in it: where it stands, an interrupted run has left what another can go on with
_NEW = "new"  # in it: what is moved out once it is whole


@contextlib.contextmanager
def writing(place: Path) -> Iterator[None]:
    """A block whose operating-system errors mean that `place` cannot be written.

    Raises:
        WriteError: in their stead.
    """
    try:
        yield
    except OSError as error:
        raise WriteError(f"cannot write {place}: {error.strerror or error}") from error


class Claim:
    """The right to write into a folder. It ends with the process that has it, however that ends.

    The operating system keeps the lock, so none is left by a killed run; no process number is ever guessed at.
    """

    def __init__(self, folder: Path) -> None:
        """Claim a folder, which is made if it does not exist.

        Raises:
            InUseError: if another process has it.
            WriteError: if it cannot be written.
        """
        self.folder, self.work = folder, folder / WORK
        with writing(folder):
            self._made = not folder.exists()
            self.work.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.work / "lock", blocking=False, thread_local=False)
            try:
                self._lock.acquire()
            except Timeout:
                raise InUseError(f"{folder} is being written by another process") from None

    def release(self) -> None:
        """End the claim: the hidden folder goes unless it is `resumable`, and the folder if it was made for nothing."""
        if not self._lock.is_locked:
            return  # ended before, and perhaps another's by now
        keep = resumable(self.folder)
        if os.name == "nt":  # where nobody can delete an open file
            self._lock.release()
        if not keep:
            shutil.rmtree(self.work, ignore_errors=True)
        self._lock.release()
        if self._made and not keep:
            with contextlib.suppress(OSError):  # not empty: it was made for something
                self.folder.rmdir()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


def resumable(folder: Path) -> bool:
    """Whether an interrupted run has left something in a folder that another run can go on with."""
    return (folder / WORK / RESUMABLE).is_file()


def is_free(folder: Path) -> bool:
    """Whether a folder does not exist, or is empty but for the hidden folder."""
    if folder.is_dir():
        return all(path.name == WORK for path in folder.iterdir())
    return not folder.exists()


def check_free(folder: Path, force: bool = False) -> None:
    """Whether results may be written to a folder.

    Args:
        folder: what is looked at.
        force: whether it may hold something.

    Raises:
        UnfinishedError: if an interrupted run has left a pack there that can be gone on with.
        OccupiedError: if something else stands there.
        WriteError: if it cannot be looked at.
    """
    with writing(folder):
        if resumable(folder):
            raise UnfinishedError(f"{folder} holds an unfinished pack")
        if not (is_free(folder) or (force and folder.is_dir())):
            raise OccupiedError(f"{folder} is not an empty folder")


@contextlib.contextmanager
def whole_folder(out: Path, force: bool, last: str = "") -> Iterator[Path]:
    """A folder for results, which are moved to `out` once the block has ended well.

    With `force`, entries of the same names are replaced and others stay.

    Args:
        out: made if it does not exist, and claimed meanwhile.
        force: write into a folder that is not empty.
        last: the entry that says that all others are there: goes first and comes last.

    Raises:
        OutputError: if `out` is not free or cannot be written; nothing is left behind.
    """
    check_free(out, force)
    with Claim(out) as claim, writing(out):
        check_free(out, force)  # and nobody has filled it meanwhile
        new = claim.work / _NEW
        shutil.rmtree(new, ignore_errors=True)  # of a killed run
        new.mkdir()
        yield new
        names = sorted((path.name for path in new.iterdir()), key=lambda name: (name == last, name))
        if last in names:
            (out / last).unlink(missing_ok=True)
        for name in names:
            target = out / name
            if target.is_dir() and not target.is_symlink():
                shutil.rmtree(target)
            os.replace(new / name, target)


def check_room(folder: Path, num_bytes: int, what: str) -> None:
    """Whether the disk has room for something, before hours go into it.

    Args:
        folder: that it will be written to; need not exist.
        num_bytes: that it takes.
        what: it is, for the message.

    Raises:
        WriteError: if it will not fit.
    """
    with writing(folder):
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
        free = shutil.disk_usage(there).free
    if num_bytes > free:
        raise WriteError(f"{folder}: {what} needs {size_of(num_bytes)}, and {size_of(free)} are free")


def size_of(num_bytes: int) -> str:
    """A number of bytes in words.

    >>> size_of(280_400_000), size_of(1_250_000_000), size_of(900)
    ('280 MB', '1.2 GB', '1 MB')
    """
    if num_bytes >= 1e9:
        return f"{num_bytes / 1e9:.1f} GB"
    return f"{max(1, round(num_bytes / 1e6))} MB"
