"""SoundFont 2: one drum preset on bank 128, preset 0, where channel 10 of a General MIDI file looks for it.

Layout and generator numbers: E-mu, "SoundFont Technical Specification 2.04", sections 5 to 8. The format has
no round robin: the first take of each velocity layer plays. Samples are 16 bit; other packs are dithered.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile

from packgen.audio.wav import chunk, quantise
from packgen.errors import PackError
from packgen.files.atomic import atomic_file
from packgen.files.names import ascii_text, unique
from packgen.formats.pads import Reading, file_name, pads, sample, velocity_range
from packgen.kit import Kit, Sound, Take

HOW_TO_LOAD = "*.sf2: any SoundFont player; bank 128 (drums), General MIDI notes."
DRUM_BANK = 128
ZERO_FRAMES = 46  # after every sample (7.10): an interpolating player reads past its end
MONO = 1
MAX_BYTES = 2**32 - 1
NAME_LENGTH = 19  # and a zero
SECTIONS = (b"phdr", b"pbag", b"pmod", b"pgen", b"inst", b"ibag", b"imod", b"igen", b"shdr")  # of pdta
SAMPLE_HEADER = 46  # bytes of a record of shdr

# Generators (8.1.2)
RELEASE, INSTRUMENT, KEY_RANGE, VELOCITY_RANGE = 38, 41, 43, 44
SAMPLE, SAMPLE_MODES, SCALE_TUNING, EXCLUSIVE_CLASS, ROOT_KEY = 53, 54, 56, 57, 58
LONGEST_RELEASE = 8000  # timecents, 101 s: a drum rings out after the key is up
# The default modulator "velocity to attenuation" (8.4.1); naming it again in a zone replaces its amount.
VELOCITY_CONCAVE, ATTENUATION, DEFAULT_CENTIBELS = 0x0502, 48, 960


@dataclass(frozen=True)
class Zone:
    """One sample on one key and velocity range."""

    sound: Sound
    take: Take
    low: int
    high: int
    layers: int
    start: int  # frame of the sample data


def write(kit: Kit, folder: Path) -> list[Path]:
    """Write ``<name>.sf2``.

    Raises:
        PackError: if the samples do not fit in the 4 GiB of a SoundFont, or are not what the kit says.
    """
    zones = list(_zones(kit))
    frames = sum(zone.take.frames + ZERO_FRAMES for zone in zones)
    info = chunk(b"LIST", b"INFO" + _info(kit))
    pdta = chunk(b"LIST", b"pdta" + _presets(kit) + _instruments(kit, zones) + _headers(kit, zones))
    total = 4 + len(info) + 8 + 4 + 8 + 2 * frames + len(pdta)
    if total > MAX_BYTES:
        raise PackError(
            f"kit {kit.name!r}: {total >> 30} GiB of samples, but a SoundFont holds 4; leave sf2 out"
        )
    path = Path(file_name(kit, ".sf2"))
    with atomic_file(folder / path) as file:
        file.write(b"RIFF" + struct.pack("<I", total) + b"sfbk" + info)
        file.write(b"LIST" + struct.pack("<I", 4 + 8 + 2 * frames) + b"sdta")
        file.write(b"smpl" + struct.pack("<I", 2 * frames))
        for number, zone in enumerate(zones):
            _copy_sample(kit, folder, zone.take, number, file)
        file.write(pdta)
    return [path]


def read(path: Path) -> Reading:
    """The number of samples; the file is as long as it says, and its chunks follow each other as they must."""
    length = path.stat().st_size
    with path.open("rb") as file:
        name, size, kind = struct.unpack("<4sI4s", file.read(12))
        if (name, kind) != (b"RIFF", b"sfbk"):
            return Reading(problems=("is no SoundFont",))
        if size + 8 != length:
            return Reading(problems=(f"is {length} bytes long and says {size + 8}",))
        for part in (b"INFO", b"sdta", b"pdta"):
            name, size, kind = struct.unpack("<4sI4s", file.read(12))
            if (name, kind) != (b"LIST", part):
                return Reading(problems=(f"holds no {part.decode()} where it belongs",))
            if part != b"pdta":
                file.seek(size - 4, os.SEEK_CUR)
        for section in SECTIONS:
            name, size = struct.unpack("<4sI", file.read(8))
            if name != section:
                return Reading(problems=(f"holds no {section.decode()} where it belongs",))
            file.seek(size, os.SEEK_CUR)
    return Reading(contained=max(0, size // SAMPLE_HEADER - 1))  # the last record ends the list


def _zones(kit: Kit) -> Iterator[Zone]:
    start = 0
    for sound in pads(kit):
        layers = sound.layers()
        for layer in layers:
            low, high = velocity_range(layer)
            # The lowest layer also takes velocity 0, as the format's range does.
            yield Zone(sound, layer[0], 0 if low <= 1 else low, high, len(layers), start)
            start += layer[0].frames + ZERO_FRAMES


def _copy_sample(kit: Kit, folder: Path, take: Take, number: int, target: BinaryIO) -> None:
    path = sample(folder, take)
    try:
        # 16-bit samples pass as they are; others are dithered, each by its own seed.
        samples, rate = soundfile.read(path, dtype="int16" if kit.bits == "16" else "float32")
    except soundfile.SoundFileError as error:
        raise PackError(f"{path}: not a WAV that can be read; render the pack again") from error
    if samples.shape != (take.frames,) or rate != kit.rate:
        raise PackError(
            f"{path}: not the mono WAV of {take.frames} frames that was rendered; render the pack again"
        )
    data = samples.astype("<i2").tobytes() if samples.dtype == np.int16 else quantise(samples, "16", number)
    target.write(data + bytes(2 * ZERO_FRAMES))


def _info(kit: Kit) -> bytes:
    texts = {
        b"isng": "EMU8000",
        b"INAM": kit.name,
        b"IENG": kit.label,
        b"ICMT": f"seed {kit.seed}",
        b"ISFT": f"packgen {kit.version}",
    }
    version = chunk(b"ifil", struct.pack("<HH", 2, 1))
    return version + b"".join(chunk(name, _text(text)) for name, text in texts.items())


def _text(text: str) -> bytes:
    """ASCII, at most 256 bytes, even, with at least one closing zero (5)."""
    data = ascii_text(text).encode()[:254] + b"\0"
    return data + b"\0" * (len(data) & 1)


def _name(text: str) -> bytes:
    return text.encode("ascii")[:NAME_LENGTH]


def _generator(operator: int, amount: int) -> bytes:
    return struct.pack("<HH", operator, amount & 0xFFFF)


def _range(operator: int, low: int, high: int) -> bytes:
    return struct.pack("<HBB", operator, low, high)


def _presets(kit: Kit) -> bytes:
    """One preset, whose one zone is the instrument; each list ends with its terminal record (7.2 to 7.5)."""
    preset = struct.pack("<20sHHHIII", _name(file_name(kit, "")), 0, DRUM_BANK, 0, 0, 0, 0)
    end = struct.pack("<20sHHHIII", b"EOP", 0, 0, 1, 0, 0, 0)
    return (
        chunk(b"phdr", preset + end)
        + chunk(b"pbag", struct.pack("<HHHH", 0, 0, 1, 0))
        + chunk(b"pmod", bytes(10))
        + chunk(b"pgen", _generator(INSTRUMENT, 0) + bytes(4))
    )


def _instruments(kit: Kit, zones: list[Zone]) -> bytes:
    """One instrument with a zone for each sample (7.6 to 7.9)."""
    bags, modulators, generators = b"", b"", b""
    for number, zone in enumerate(zones):
        bags += struct.pack("<HH", len(generators) // 4, len(modulators) // 10)
        generators += _zone_generators(zone, number)
        if zone.layers > 1:
            # Layers bring their own level, so velocity has the less to do the more of them there are.
            amount = DEFAULT_CENTIBELS // zone.layers
            modulators += struct.pack("<HHhHH", VELOCITY_CONCAVE, ATTENUATION, amount, 0, 0)
    bags += struct.pack("<HH", len(generators) // 4, len(modulators) // 10)
    instrument = struct.pack("<20sH", _name(file_name(kit, "")), 0)
    return (
        chunk(b"inst", instrument + struct.pack("<20sH", b"EOI", len(zones)))
        + chunk(b"ibag", bags)
        + chunk(b"imod", modulators + bytes(10))
        + chunk(b"igen", generators + bytes(4))
    )


def _zone_generators(zone: Zone, number: int) -> bytes:
    """The key range comes first, the velocity range second, the sample last (8.1.2)."""
    note = zone.sound.note
    choke = _generator(EXCLUSIVE_CLASS, zone.sound.choke) if zone.sound.choke else b""
    return (
        _range(KEY_RANGE, note, note)
        + _range(VELOCITY_RANGE, zone.low, zone.high)
        + _generator(RELEASE, LONGEST_RELEASE)
        + _generator(SAMPLE_MODES, 0)
        + _generator(SCALE_TUNING, 0)
        + choke
        + _generator(ROOT_KEY, note)
        + _generator(SAMPLE, number)
    )


def _headers(kit: Kit, zones: list[Zone]) -> bytes:
    """Sample headers (7.10). Loops are unused, yet kept inside the sample, for readers that look at them."""
    names = unique([f"{zone.sound.drum[:10]} {zone.sound.index + 1} {zone.take.layer + 1}" for zone in zones])
    records = b""
    for name, zone in zip(names, zones, strict=True):
        end = zone.start + zone.take.frames
        inset = 8 if zone.take.frames >= 48 else 0
        loop = (zone.start + inset, end - inset)
        note = zone.sound.note
        records += struct.pack("<20s5IBbHH", _name(name), zone.start, end, *loop, kit.rate, note, 0, 0, MONO)
    return chunk(b"shdr", records + struct.pack("<20s5IBbHH", b"EOS", 0, 0, 0, 0, 0, 0, 0, 0, 0))
