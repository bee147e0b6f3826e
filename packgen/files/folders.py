"""Folders that are written: by one process at a time, and filled whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from packgen.errors import OutputError

WORK = ".packgen"  # hidden folder in one that is being written
RECIPE = "recipe.json"  # in it: of a pack that can be resumed
_NEW = "new"  # in it: what is moved out once it is whole


@contextlib.contextmanager
def writing(place: Path, way_out: str = "free space or choose another --out") -> Iterator[None]:
    """A block whose operating-system errors mean that `place` cannot be written.

    Raises:
        OutputError: in their stead.
    """
    try:
        yield
    except OSError as error:
        raise OutputError(f"cannot write {place}: {error.strerror or error}; {way_out}") from error


class Claim:
    """The right to write into a folder. It ends with the process that has it, however that ends.

    The operating system keeps the lock, so none is left by a killed run; no process number is ever guessed at.
    """

    def __init__(self, folder: Path, option: str = "--out") -> None:
        """Claim a folder, which is made if it does not exist.

        Args:
            folder: what is claimed.
            option: that names it on the command line, for messages.

        Raises:
            OutputError: if another process has it, or it cannot be written.
        """
        self.folder, self.work = folder, folder / WORK
        with writing(folder, f"choose another {option}"):
            self._made = not folder.exists()
            self.work.mkdir(parents=True, exist_ok=True)
            self._lock = FileLock(self.work / "lock", blocking=False, thread_local=False)
            try:
                self._lock.acquire()
            except Timeout:
                raise OutputError(
                    f"{folder} is being written by another process; wait for it, or choose another {option}"
                ) from None

    def release(self) -> None:
        """Give the folder free, without its hidden folder unless a pack can be resumed; unmade if made for nothing."""
        if not self._lock.is_locked:
            return  # given free before, and perhaps another's by now
        keep = (self.work / RECIPE).is_file()
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


def check_free(out: Path, force: bool, option: str = "--out") -> None:
    """Whether a folder may be written.

    Args:
        out: the folder.
        force: write into one that is not empty.
        option: that names it on the command line, for messages.

    Raises:
        OutputError: if something stands there that is not to be replaced.
    """
    with writing(out, f"choose another {option}"):
        occupied = out.exists() and (not out.is_dir() or any(path.name != WORK for path in out.iterdir()))
        unfinished = (out / WORK / RECIPE).is_file()
    if unfinished:
        raise OutputError(f"{out} holds an unfinished pack; choose another {option}")
    if occupied and not (force and out.is_dir()):
        raise OutputError(
            f"{out} is not an empty folder; choose another {option}, or --force to write into it"
        )


@contextlib.contextmanager
def whole_folder(out: Path, force: bool, last: str = "", option: str = "--out") -> Iterator[Path]:
    """A folder for results, which are moved to `out` once the block has ended well.

    With `force`, entries of the same names are replaced and others stay.

    Args:
        out: made if it does not exist, and claimed meanwhile.
        force: write into a folder that is not empty.
        last: the entry that says that all others are there: goes first and comes last.
        option: that names the folder on the command line, for messages.

    Raises:
        OutputError: if `out` is not free or cannot be written; nothing is left behind.
    """
    check_free(out, force, option)
    with Claim(out, option) as claim, writing(out, f"free space or choose another {option}"):
        check_free(out, force, option)  # and nobody has filled it meanwhile
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


def check_room(folder: Path, num_bytes: int, what: str, option: str = "--out") -> None:
    """Whether the disk has room for something, before hours go into it.

    Args:
        folder: that it will be written to; need not exist.
        num_bytes: that it takes.
        what: it is, for the message.
        option: that names the folder on the command line.

    Raises:
        OutputError: if it will not fit.
    """
    with writing(folder, f"choose another {option}"):
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
        free = shutil.disk_usage(there).free
    if num_bytes > free:
        raise OutputError(
            f"{folder}: {what} needs {size_of(num_bytes)}, and {size_of(free)} are free; "
            f"free space or choose another {option}"
        )


def size_of(num_bytes: int) -> str:
    """A number of bytes in words.

    >>> size_of(280_400_000), size_of(1_250_000_000), size_of(900)
    ('280 MB', '1.2 GB', '1 MB')
    """
    if num_bytes >= 1e9:
        return f"{num_bytes / 1e9:.1f} GB"
    return f"{max(1, round(num_bytes / 1e6))} MB"
