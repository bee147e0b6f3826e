"""Sound files in, as mono samples at the rate that is asked for."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from packgen.errors import AudioError

Samples = NDArray[np.float32]  # (N,) mono, in [-1, 1]

MAX_SECONDS = (
    60.0  # of an input file that is read: a drum hit lasts a second, an hour must not fill the memory
)
BLOCK = 1 << 18  # samples of all channels that are read at a time: a file may have a thousand channels
SLOWEST, FASTEST = 1000, 1_000_000  # hertz, of the files that are read
LARGEST = 1e9  # what a file of floats may hold and can still be resampled and squared
# Power of the mean of the channels, relative to what it would be if they had nothing in common. Below it they cancel:
# a copy of opposite sign has 0, one at half the level 0.2.
CANCELS = 0.25
MOST_MENDED = 1 << 26  # bytes that are read of a WAV file whose header is wrong
MOST_CHUNKS = 1000  # looked at in search of its samples
PLAIN_WAV = {
    1,
    3,
    6,
    7,
    0xFFFE,
}  # format tags whose samples stand alone: PCM, float, A-law, µ-law, extensible


def read(path: Path, rate: int, max_seconds: float = MAX_SECONDS) -> Samples:
    """Read a sound file as mono samples (N,) at `rate` hertz.

    Channels are averaged, or the strongest one taken where they cancel each other. Values that are not finite become
    zero, what follows `max_seconds` is not read.

    Raises:
        AudioError: if the file is missing, is no sound, or holds no samples.
    """
    try:
        path.open("rb").close()  # whose error says more than the library's "System error"
        try:
            mono, source_rate = _read_mono(path, max_seconds)
        except soundfile.SoundFileError:
            if (mended := _mended_wav(path)) is None:
                raise
            mono, source_rate = _read_mono(mended, max_seconds)
        if mono.size == 0 and (mended := _mended_wav(path)):
            mono, source_rate = _read_mono(mended, max_seconds)
    except (soundfile.SoundFileError, OSError, TypeError, ValueError) as error:
        raise AudioError(f"{path}: not a sound file that can be read ({_cause(error)})") from error
    if mono.size == 0:
        raise AudioError(f"{path}: holds no samples")
    if not SLOWEST <= source_rate <= FASTEST:
        raise AudioError(f"{path}: its rate of {source_rate} Hz is not that of a sound")
    return resample(mono, source_rate, rate)


def _read_mono(place: Path | io.BytesIO, max_seconds: float) -> tuple[Samples, int]:
    """The samples (N,) of a sound file, and its rate."""
    with soundfile.SoundFile(place) as file:
        frames = int(max_seconds * file.samplerate)
        mean, strongest = _mean(file, frames)
        if strongest is None:
            return mean, file.samplerate
    if isinstance(place, io.BytesIO):
        place.seek(0)
    with soundfile.SoundFile(place) as file:  # again from the start: not every format can seek
        parts = [_finite(block[:, strongest]) for block in _blocks(file, frames)]
        return np.concatenate(parts), file.samplerate


def _mean(file: soundfile.SoundFile, frames: int) -> tuple[Samples, int | None]:
    """The mean of the channels (N,), and the strongest channel if they cancel each other in it."""
    means = [np.zeros(0, np.float32)]
    moments = np.zeros((2, file.channels + 1))  # sums and sums of squares, of each channel and of the mean
    for block in _blocks(file, frames):
        with np.errstate(invalid="ignore", over="ignore"):
            means.append(_finite(block.mean(axis=1)))
        if file.channels > 1:
            every = np.column_stack([_finite(block), means[-1]])
            moments += (
                every.sum(axis=0, dtype=np.float64),
                np.einsum("nc,nc->c", every, every, dtype=np.float64),
            )
    mean = np.concatenate(means)
    # Variances, not powers: an offset that the channels share must not pass for a sound.
    *channels, together = moments[1] - moments[0] ** 2 / max(1, len(mean))
    cancelled = together < CANCELS * sum(channels) / file.channels**2
    return mean, int(np.argmax(channels)) if cancelled else None


def _blocks(file: soundfile.SoundFile, frames: int) -> Iterator[NDArray[np.float32]]:
    """At most so many frames from where the file stands, a few at a time: (n, C)."""
    most = max(1, BLOCK // file.channels)
    while frames > 0 and len(block := file.read(min(frames, most), dtype="float32", always_2d=True)):
        frames -= len(block)
        yield block


def _finite(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    clipped = np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0).clip(-LARGEST, LARGEST)
    return np.asarray(clipped, np.float32)


def _mended_wav(path: Path) -> io.BytesIO | None:
    """A WAV file's samples under a header that is right; None if it is no WAV file, or holds none.

    Two faults are common: a recorder that stopped before it could write how many samples there are, and a program
    that forgets the pad byte behind a chunk of odd length.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return None
        data = memoryview(file.read(MOST_MENDED))
    chunks: dict[bytes, memoryview] = {}
    for name, content in islice(_riff_chunks(data), MOST_CHUNKS):
        chunks.setdefault(name, content)
        if name == b"data":
            break
    form, samples = chunks.get(b"fmt ", b""), chunks.get(b"data", b"")
    if len(form) < 16 or struct.unpack_from("<H", form)[0] not in PLAIN_WAV or not samples:
        return None
    parts = (
        b"WAVE",
        b"fmt ",
        struct.pack("<I", len(form)),
        form,
        b"data",
        struct.pack("<I", len(samples)),
        samples,
    )
    return io.BytesIO(b"".join([b"RIFF", struct.pack("<I", sum(map(len, parts))), *parts]))


def _riff_chunks(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """The chunks behind a RIFF header; a `data` chunk of size 0 with no chunk behind it reaches to the end."""
    start = 0
    while start + 8 <= len(data):
        name, size = struct.unpack_from("<4sI", data, start)
        start += 8
        if name == b"data" and size == 0 and not _is_chunk(data[start:]):
            size = len(data) - start
        yield name, data[start : start + size]
        start += size
        if size % 2 and not _is_chunk(data[start:]):
            start += 1  # the pad byte


def _is_chunk(data: memoryview) -> bool:
    """Whether bytes begin as a chunk does: a name of four printable letters, and a size that fits."""
    if len(data) < 8:
        return False
    name, size = struct.unpack_from("<4sI", data)
    return all(32 <= letter < 127 for letter in name) and size <= len(data) - 8


def resample(samples: Samples, source_rate: int, rate: int) -> Samples:
    """Change the sample rate with soxr's best quality; (N,) -> (round(N · rate / source_rate),)."""
    if source_rate == rate or samples.size == 0:
        return samples
    resampled = soxr.resample(samples, source_rate, rate, quality="VHQ")
    return np.ascontiguousarray(resampled, dtype=np.float32)


def _cause(error: BaseException) -> str:
    """What an error says, in one line and without the path, which the caller names."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    text = str(getattr(error, "error_string", error)).strip().rstrip(".")
    return text.splitlines()[0] if text else type(error).__name__
