"""Files from outside, read within bounds: what counts is what is read, whatever the system says of a file's size."""

from __future__ import annotations

import hashlib
import io
import stat
from pathlib import Path
from typing import Protocol

from packgen.files.folders import size_of


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a regular file. A pipe might never begin, and a device never end.

    Args:
        path: what is read.
        most: how many bytes it may have.

    Raises:
        OSError: if it cannot be read, or is no regular file.
        ValueError: if it is larger.
    """
    with _open(path) as file:
        return read_stream(file, most)


class Readable(Protocol):
    """What bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; fewer at the end alone."""


def read_stream(file: Readable, most: int) -> bytes:
    """What is left of an open file, packed ones included.

    Raises:
        ValueError: if it is more than `most` bytes.
    """
    data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(f"larger than {size_of(most)}")
    return data


def sha256_of(path: Path) -> str:
    """The SHA-256 of a regular file, hexadecimal, however large it is.

    Raises:
        OSError: if it cannot be read, or is no regular file.
    """
    with _open(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open(path: Path) -> io.BufferedReader:
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(f"{path} is no file")
    return path.open("rb")
