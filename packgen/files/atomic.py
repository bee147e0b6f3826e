"""Files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from packgen.errors import WriteError


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path`, and rename it to `path` once the block has ended well.

    Raises:
        WriteError: if it cannot be written (read-only folder, full disk); nothing is left behind.
    """
    # Of the name 40 characters at most: systems count bytes, 255 of them, and an emoji has four.
    temporary = path.with_name(f".{path.name[:40]}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
        os.replace(temporary, path)
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def is_leftover(path: Path) -> bool:
    """Whether a path is a temporary file of `atomic_file`, as a killed run leaves it.

    >>> is_leftover(Path("Samples/.kick.wav.123-00c0ffee.part")), is_leftover(Path(".mine.part"))
    (True, False)
    """
    return re.fullmatch(r"\..+\.\d+-[0-9a-f]{8}\.part", path.name) is not None


def clear_leftovers(folder: Path) -> None:
    """Delete the temporary files that killed runs left in a folder, which nobody else may be writing to."""
    for path in filter(is_leftover, folder.iterdir()):
        with contextlib.suppress(OSError):
            path.unlink()


def write_atomic(path: Path, data: bytes) -> None:
    """Write bytes to a file that is there whole or not at all.

    Raises:
        WriteError: if it cannot be written.
    """
    with atomic_file(path) as file:
        file.write(data)
