"""Audio: sound files in and out, resampling, and files that are there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from packgen.errors import AudioError, OutputError

Samples = NDArray[np.float32]  # (N,) mono, in [-1, 1]

MAX_SECONDS = (
    60.0  # of an input file that is read: a drum hit lasts a second, an hour must not fill the memory
)
BLOCK = 1 << 14  # frames read at a time: a file may have a thousand channels
SLOWEST, FASTEST = 1000, 1_000_000  # hertz, of the files that are read
LOUDEST = 1e9  # what a file of floats may hold and can still be resampled and squared
SUBTYPES = {"16": "PCM_16", "24": "PCM_24", "32f": "FLOAT"}


def read(path: Path, rate: int, max_seconds: float = MAX_SECONDS) -> Samples:
    """Read a sound file as mono samples (N,) at `rate` hertz.

    Channels are averaged, values that are not finite become zero, what follows `max_seconds` is not read.

    Raises:
        AudioError: if the file is missing, is no sound, or holds no samples.
    """
    try:
        with soundfile.SoundFile(path) as file:
            source_rate = file.samplerate
            mono = _mono(file, int(max_seconds * source_rate))
    except (soundfile.SoundFileError, OSError, TypeError, ValueError) as error:
        raise AudioError(f"{path}: not a sound file that can be read ({_first_line(error)})") from error
    if mono.size == 0:
        raise AudioError(f"{path}: holds no samples")
    if not SLOWEST <= source_rate <= FASTEST:
        raise AudioError(f"{path}: its rate of {source_rate} Hz is not that of a sound")
    return resample(mono, source_rate, rate)


def _mono(file: soundfile.SoundFile, frames: int) -> Samples:
    """At most so many frames from where the file stands, as the mean of its channels: (N,)."""
    parts = [np.zeros(0, np.float32)]
    while frames > 0 and len(block := file.read(min(frames, BLOCK), dtype="float32", always_2d=True)):
        with np.errstate(invalid="ignore", over="ignore"):
            mean = block.mean(axis=1)
        parts.append(np.nan_to_num(mean, nan=0.0, posinf=0.0, neginf=0.0).clip(-LOUDEST, LOUDEST))
        frames -= len(block)
    return np.concatenate(parts).astype(np.float32)


def resample(samples: Samples, source_rate: int, rate: int) -> Samples:
    """Change the sample rate with soxr's best quality; (N,) -> (round(N · rate / source_rate),)."""
    if source_rate == rate or samples.size == 0:
        return samples
    resampled = soxr.resample(samples, source_rate, rate, quality="VHQ")
    return np.ascontiguousarray(resampled, dtype=np.float32)


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file beside `path`, and rename it to `path` once the block has ended well.

    Raises:
        OutputError: if it cannot be written (read-only folder, full disk); nothing is left behind.
    """
    # Of the name 40 characters at most: systems count bytes, 255 of them, and an emoji has four.
    temporary = path.with_name(f".{path.name[:40]}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        with temporary.open("xb") as file:
            yield file
        os.replace(temporary, path)
    except OSError as error:
        raise OutputError(
            f"cannot write {path}: {error.strerror or error}; free space or choose another --out"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def is_leftover(path: Path) -> bool:
    """Whether a path is a temporary file of `atomic_file`, as a killed run leaves it.

    >>> is_leftover(Path("Samples/.kick.wav.123-00c0ffee.part")), is_leftover(Path(".mine.part"))
    (True, False)
    """
    return re.fullmatch(r"\..+\.\d+-[0-9a-f]{8}\.part", path.name) is not None


def write_atomic(path: Path, data: bytes) -> None:
    """Write bytes to a file that is there whole or not at all.

    Raises:
        OutputError: if it cannot be written.
    """
    with atomic_file(path) as file:
        file.write(data)
