"""A client's WAV files: each written whole under a new name, old ones deleted once nobody reads them."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import tempfile
import time
from collections import deque
from pathlib import Path

from packgen.audio.samples import Samples
from packgen.audio.wav import plain_wav
from packgen.errors import OutputError, ServerError, WriteError
from packgen.files.atomic import write_atomic

KEEP = 8  # newest files of a client that stay, whatever their age
MIN_AGE = 10.0  # seconds a file stays at least: a client reads it within milliseconds of the answer
PREFIX = "packgen-serve-"


class Folder:
    """A private folder (mode 0700) that holds the sounds of one server and goes when it stops.

    Raises:
        WriteError: if it cannot be made.
    """

    def __init__(self, parent: Path | None = None) -> None:
        try:
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)).resolve()
        except OSError as error:
            where = parent or tempfile.gettempdir()
            raise WriteError(f"cannot make a folder in {where}: {error.strerror}") from error
        self._numbers = itertools.count(1)

    def new_path(self) -> Path:
        """A new path each time; names come from a counter, never from a packet."""
        return self.path / f"{next(self._numbers):08d}.wav"

    def restore(self) -> None:
        """Make the folder again, should something have cleaned it away."""
        with contextlib.suppress(OSError):
            self.path.mkdir(mode=0o700)

    def remove(self) -> None:
        """Delete the folder and all sounds in it."""
        shutil.rmtree(self.path, ignore_errors=True)


class Ring:
    """The files of one client: the newest `keep`, and all that are younger than `min_age` seconds."""

    def __init__(self, folder: Folder, keep: int = KEEP, min_age: float = MIN_AGE) -> None:
        self.folder, self.keep, self.min_age = folder, keep, min_age
        self._files: deque[tuple[float, Path]] = deque()  # (monotonic seconds, path), oldest first

    def write(self, samples: Samples, rate: int) -> Path:
        """Write samples (N,) at `rate` hertz as a 24-bit WAV, whole, and return its path.

        Raises:
            ServerError: if it cannot be written (full disk).
        """
        data = plain_wav(samples, rate)
        path = self.folder.new_path()
        try:
            try:
                write_atomic(path, data)
            except OutputError:
                self.folder.restore()
                write_atomic(path, data)
        except OutputError as error:
            reason = error.__cause__.strerror if isinstance(error.__cause__, OSError) else None
            raise ServerError(
                f"cannot write a sound into {self.folder.path} ({reason or error}): free space there"
            ) from error
        self._files.append((time.monotonic(), path))
        self._forget_old()
        return path

    def _forget_old(self) -> None:
        now = time.monotonic()
        while len(self._files) > self.keep and now - self._files[0][0] >= self.min_age:
            _delete(self._files.popleft()[1])

    def clear(self) -> None:
        """Delete all files, when the client itself is forgotten."""
        while self._files:
            _delete(self._files.popleft()[1])


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
