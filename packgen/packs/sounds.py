"""The files of one sound: named, brought to level, resampled, written, and recorded."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

import packgen
from packgen.audio.samples import Samples, resample
from packgen.audio.shaping import amplitude, decibels, peak
from packgen.audio.wav import WavInfo, write_wav
from packgen.classes import BY_NAME
from packgen.files.folders import writing
from packgen.files.names import portable
from packgen.packs import contact_sheet
from packgen.packs import folder as pack_folder
from packgen.packs.info import PackInfo
from packgen.packs.manifest import FileRow, SoundRecord, WishOutcome
from packgen.packs.naming import Ranges, adjectives, key
from packgen.planning.wishes import Outcome
from packgen.rendering.takes import RenderedSound, RenderedTake

PEAK_DB = -1.0


class SoundName(NamedTuple):
    """What a sound is called.

    Attributes:
        name: of its files, without take and suffix.
        title: words for people.
        words: adjectives for how it differs from its class.
        pitch: hertz; None for a class that has none, and where none is heard.
    """

    name: str
    title: str
    words: str
    pitch: float | None


def write_sound(
    folder: Path, info: PackInfo, ranges: Ranges, sound: RenderedSound, model_rate: int
) -> SoundRecord:
    """Write a sound's files, and return its journal record. May be called in several threads and processes.

    Args:
        folder: of the pack.
        info: the pack's facts.
        ranges: descriptor quantiles per class, for the words in names.
        sound: what is written.
        model_rate: hertz of its samples.

    Raises:
        OutputError: if a file cannot be written.
    """
    drum, named = BY_NAME[sound.drum], _name_of(info, ranges, sound)
    gain = amplitude(PEAK_DB) / max(peak(take.samples) for take in sound.takes)
    files = []
    for number, take in _numbered(sound.takes):
        path = f"{pack_folder.SAMPLES}/{drum.folder}/{named.name}{_suffix(sound.takes, take, number)}.wav"
        with writing((folder / path).parent):  # in a folder that is there: one that was removed stays so
            (folder / path).parent.mkdir(exist_ok=True)
        samples = level(resample((take.samples * gain).astype(np.float32), model_rate, info.rate))
        dither = dither_seed(info.seed, sound.drum, sound.index, take.layer, number)
        tags = _tags(info, sound, named, take, number)
        digest = write_wav(folder / path, samples, info.rate, info.bits, tags, dither)
        files.append(_row(info, sound, take, number, samples, path, digest))
    if sound.outcomes:
        files[_first(files)]["wishes"] = {o.wish.name: _outcome(o) for o in sound.outcomes}
    note = f" {key(named.pitch)}" if named.pitch else ""
    label = f"{sound.drum} {sound.index + 1}\n{named.words}{note}"
    outlines = [take.samples * gain for take in sound.takes]
    picture = contact_sheet.tile(label, sound.takes[0].log_mel, outlines, model_rate)
    return {
        "drum": sound.drum,
        "index": sound.index,
        "name": named.name,
        "title": named.title,
        "pitch": None if named.pitch is None else round(named.pitch, 2),
        "redrawn": sound.redrawn,
        "degenerate": sound.degenerate,
        "darkened": sound.darkened,
        "files": files,
        "tile": contact_sheet.to_text(picture),
    }


def _name_of(info: PackInfo, ranges: Ranges, sound: RenderedSound) -> SoundName:
    drum, main = BY_NAME[sound.drum], sound.takes[0].descriptors
    pitch = main.pitch if drum.pitched else None
    words = adjectives(main, ranges[sound.drum])
    parts = [portable(info.label, "label", 16)] if info.label else []
    parts += [portable(info.name, "pack name", 20), sound.drum.replace("_", "-"), "-".join(words)]
    parts += [key(pitch)] if pitch else []
    parts += [f"{sound.index + 1:0{_digits(info.drums)}d}"]
    title = f"{drum.title} {sound.index + 1} {' '.join(words)}"
    return SoundName("_".join(parts), title, " ".join(words), pitch)


def _numbered(takes: Sequence[RenderedTake]) -> list[tuple[int, RenderedTake]]:
    """Takes with their numbers within their layers, the softest layer first."""
    counts: Counter[int] = Counter()
    numbered = []
    for take in takes:
        numbered.append((counts[take.layer], take))
        counts[take.layer] += 1
    return sorted(numbered, key=lambda pair: (pair[1].layer, pair[0]))


def _suffix(takes: Sequence[RenderedTake], take: RenderedTake, number: int) -> str:
    """What tells a take's file from its siblings': ``_v1`` (layer) where there are layers, ``_t1`` likewise."""
    layers = {each.layer for each in takes}
    velocity = f"_v{take.layer + 1}" if len(layers) > 1 else ""
    return f"{velocity}_t{number + 1}" if len(takes) > len(layers) else velocity


def _first(files: Sequence[FileRow]) -> int:
    """Which file is the sound itself: the first take of the hardest layer."""
    return max(range(len(files)), key=lambda i: (files[i]["layer"], -files[i]["take"]))


def _outcome(outcome: Outcome) -> WishOutcome:
    wish = outcome.wish
    return {
        "asked": wish.bias if wish.bias is not None else [wish.low, wish.high],
        "target": round(outcome.target, 4),
        "measured": None if outcome.measured is None else round(outcome.measured, 4),
        "met": outcome.met,
    }


def _tags(info: PackInfo, sound: RenderedSound, named: SoundName, take: RenderedTake, number: int) -> WavInfo:
    """What a take's WAV says of itself."""
    place = ", ".join(f"P{axis + 1} {value:+.2f}" for axis, value in enumerate(take.coordinates))
    layer = f" layer {take.layer + 1}" if take.high_velocity - take.low_velocity < 126 else ""
    return WavInfo(
        title=named.title,
        artist=info.label or "packgen",
        comment=f"packgen seed {info.seed}, {sound.drum} {sound.index + 1}{layer} take {number + 1}, {place}",
        software=f"packgen {packgen.__version__}",
        licence="CC0 1.0",
        genre="Drums",
        pitch_hz=named.pitch,
        note=BY_NAME[sound.drum].notes[0],
        low_velocity=take.low_velocity,
        high_velocity=take.high_velocity,
    )


def _row(
    info: PackInfo,
    sound: RenderedSound,
    take: RenderedTake,
    number: int,
    samples: Samples,
    path: str,
    digest: str,
) -> FileRow:
    """What the manifest says of a take's file."""
    measured = take.descriptors
    return {
        "path": path,
        "class": sound.drum,
        "sound": sound.index,
        "take": number,
        "layer": take.layer,
        "low_velocity": take.low_velocity,
        "high_velocity": take.high_velocity,
        "origin": sound.origin,
        "seed": info.seed,
        "coordinates": [round(value, 4) for value in take.coordinates],
        "code": [round(float(value), 5) for value in take.code],
        "probability": round(take.probability, 4),
        "frames": len(samples),
        "duration": round(len(samples) / info.rate, 4),
        "peak_db": round(decibels(peak(samples)), 2),
        "rms_db": round(decibels(float(np.sqrt((samples.astype(np.float64) ** 2).mean()))), 2),
        "brightness": round(measured.brightness, 1),
        "decay": round(measured.decay, 4),
        "noisiness": round(measured.noisiness, 4),
        "pitch": None if measured.pitch is None else round(measured.pitch, 2),
        "sha256": digest,
    }


def dither_seed(seed: int, drum: str, index: int, layer: int, take: int) -> int:
    """Seed of the dither of one file, 64 bits: no two files of a pack share their noise."""
    words = f"{seed} {drum} {index} {layer} {take}"
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "little")


def _digits(drums: Sequence[str]) -> int:
    return max(2, len(str(max((drums.count(drum) for drum in set(drums)), default=1))))


def level(samples: Samples) -> Samples:
    """Keep a resampled sound's overshoot under full scale: resampling may raise peaks a little."""
    top = peak(samples)
    return samples if top <= amplitude(PEAK_DB) else (samples * (amplitude(PEAK_DB) / top)).astype(np.float32)
