"""WAV with what samplers and librarians look for: LIST/INFO, smpl, inst and acid; or plain.

Layouts: Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0" and its update of
1994 (INFO, smpl, inst); acid as libsndfile and ExifTool read it. All little-endian. The samples stand first, at
byte 44 for PCM: simple hardware looks for them there and never reads on.
"""

from __future__ import annotations

import hashlib
import io
import math
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from packgen.audio.descriptors import midi_note
from packgen.audio.samples import Samples
from packgen.errors import AudioError, RecipeError
from packgen.files.atomic import write_atomic
from packgen.files.names import ascii_text

PCM, FLOAT = 1, 3  # format tags
FORMATS: dict[str, tuple[int, int]] = {
    "16": (PCM, 2),
    "24": (PCM, 3),
    "32f": (FLOAT, 4),
}  # tag, bytes a sample
MIDDLE_C = 60  # root of a sound that has neither pitch nor pad
ACID_ONE_SHOT, ACID_ROOT_SET = 1, 2


@dataclass(frozen=True)
class WavInfo:
    """What a WAV says of itself. Empty texts are left out; others become ASCII, since INFO names no encoding.

    Attributes:
        title, artist, comment, software, licence, genre: texts of LIST/INFO.
        pitch_hz: measured fundamental in hertz, None where there is none.
        note: MIDI note of the pad, negative for none.
        low_velocity, high_velocity: MIDI velocities that play it, 1…127.
    """

    title: str
    artist: str = ""
    comment: str = ""
    software: str = ""
    licence: str = ""
    genre: str = ""
    pitch_hz: float | None = None
    note: int = -1
    low_velocity: int = 1
    high_velocity: int = 127


def write_wav(path: Path, samples: Samples, rate: int, bits: str, info: WavInfo, dither_seed: int = 0) -> str:
    """Write mono samples (N,) in [-1, 1] atomically; returns the SHA-256 of the file, hexadecimal.

    Args:
        path: the file; its folder exists.
        rate: hertz.
        bits: "16" (TPDF dither from `dither_seed`), "24" or "32f".

    Raises:
        AudioError: if a sample is not finite.
        RecipeError: for other bits.
        OutputError: if it cannot be written.
    """
    if not np.isfinite(samples).all():
        raise AudioError(f"{path}: the sound holds values that are no numbers, so it is not written")
    data = encode(samples, rate, bits, info, dither_seed)
    write_atomic(path, data)
    return hashlib.sha256(data).hexdigest()


def encode(samples: Samples, rate: int, bits: str, info: WavInfo, dither_seed: int = 0) -> bytes:
    """The bytes of a mono WAV file; arguments as `write_wav`."""
    audio = quantise(samples, bits, dither_seed)
    tag, width = FORMATS[bits]
    layout = struct.pack("<HHIIHH", tag, 1, rate, rate * width, width, 8 * width)
    if tag == FLOAT:  # anything but PCM says the size of its extension (none) and its number of frames
        head = chunk(b"fmt ", layout + b"\0\0") + chunk(b"fact", struct.pack("<I", len(samples)))
    else:
        head = chunk(b"fmt ", layout)
    body = (
        b"WAVE" + head + chunk(b"data", audio) + _smpl(rate, info) + _inst(info) + _acid(info) + _list(info)
    )
    return chunk(b"RIFF", body)


def plain_wav(samples: Samples, rate: int) -> bytes:
    """A mono 24-bit WAV of samples (N,) that says nothing of itself: for sounds that are not of a pack.

    In memory, since on a full disk soundfile would only cut the file short.
    """
    memory = io.BytesIO()
    soundfile.write(memory, samples, rate, format="WAV", subtype="PCM_24")
    return memory.getvalue()


def quantise(samples: Samples, bits: str, dither_seed: int = 0) -> bytes:
    """Samples (N,) as little-endian bytes: dithered at 16 bit, rounded at 24, as they are at 32f.

    TPDF dither (two uniform draws, ±1 step) makes the rounding error independent of the signal's first two
    moments (Lipshitz, Wannamaker, Vanderkooy 1992); at 24 bit it would be far below any converter's noise.

    Raises:
        RecipeError: for other bits.
    """
    if bits not in FORMATS:
        raise RecipeError(f"no sample format {bits!r}: choose {', '.join(FORMATS)}")
    tag, width = FORMATS[bits]
    if tag == FLOAT:
        return samples.astype("<f4").tobytes()
    top = 1 << (8 * width - 1)
    steps = samples.astype(np.float64) * top
    if bits == "16":
        rng = np.random.Generator(np.random.Philox(key=dither_seed % 2**64))
        steps += rng.random(len(steps)) - rng.random(len(steps))
    whole = np.clip(np.rint(steps), -top, top - 1).astype("<i4")
    return whole.view(np.uint8).reshape(-1, 4)[:, :width].tobytes()


def root_note(pitch_hz: float) -> tuple[int, int]:
    """Fundamental to MIDI note 0…127 and the rest above it, in 2⁻³² semitones.

    >>> root_note(440.0), root_note(466.1637615 * 2 ** (1 / 24))[0]
    ((69, 0), 70)
    """
    note = min(max(midi_note(pitch_hz), 0.0), 127.0)
    whole = math.floor(note + 1e-6)  # a tuned note stays on its own key
    return whole, min(max(round((note - whole) * 2**32), 0), 2**32 - 1)


def chunk(name: bytes, data: bytes) -> bytes:
    """A RIFF chunk, padded to an even length."""
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)


def _root(info: WavInfo) -> tuple[int, int]:
    if info.pitch_hz is not None and info.pitch_hz > 0:
        return root_note(info.pitch_hz)
    return (info.note if info.note >= 0 else MIDDLE_C), 0


def _smpl(rate: int, info: WavInfo) -> bytes:
    """Root note of the sound itself, whatever pad it is on; no loops."""
    note, fraction = _root(info)
    return chunk(b"smpl", struct.pack("<9I", 0, 0, round(1e9 / rate), note, fraction, 0, 0, 0, 0))


def _inst(info: WavInfo) -> bytes:
    """The pad: where it plays at its own pitch, and by which velocities. Without a pad, all keys."""
    low, high = (info.note, info.note) if info.note >= 0 else (0, 127)
    note = info.note if info.note >= 0 else _root(info)[0]
    return chunk(
        b"inst", struct.pack("<BbbBBBB", note, 0, 0, low, high, info.low_velocity, info.high_velocity)
    )


def _acid(info: WavInfo) -> bytes:
    """One-shot: a host must not stretch it to the tempo."""
    flags = ACID_ONE_SHOT | (ACID_ROOT_SET if info.pitch_hz else 0)
    return chunk(b"acid", struct.pack("<IHHfIHHf", flags, _root(info)[0], 0x8000, 0.0, 0, 4, 4, 0.0))


def _list(info: WavInfo) -> bytes:
    texts = {
        b"INAM": info.title,
        b"IART": info.artist,
        b"ICMT": info.comment,
        b"ICOP": info.licence,
        b"IGNR": info.genre,
        b"ISFT": info.software,
    }
    entries = [
        chunk(name, ascii_text(text).encode() + b"\0") for name, text in texts.items() if ascii_text(text)
    ]
    return chunk(b"LIST", b"INFO" + b"".join(entries))
