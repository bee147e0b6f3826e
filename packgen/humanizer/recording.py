"""A performance on disk: mix, stems, MIDI, kit, picture and manifest."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import packgen
from packgen.audio.samples import resample
from packgen.audio.shaping import decibels, peak
from packgen.classes import BY_NAME
from packgen.engine.protocol import SoundEngine
from packgen.files.atomic import atomic_file, write_atomic
from packgen.formats import FORMATS
from packgen.humanizer import midi, mixing, pianoroll
from packgen.humanizer.events import Lane, Stroke
from packgen.humanizer.groove import Feel
from packgen.humanizer.mixing import Mix, Placement
from packgen.humanizer.notemaps import note_name
from packgen.humanizer.performance import Performance
from packgen.kit import Kit
from packgen.packs.build import write_pack
from packgen.packs.info import PackInfo
from packgen.rendering.takes import RenderedSound

SCHEMA = "packgen-humanize-1"
MANIFEST = "humanize.json"
MOST_TAKES = 64  # of a lane in the kit: what samplers cycle through


@dataclass(frozen=True)
class Session:
    """What a recording says of itself, and how it is made.

    Attributes:
        name: stem of the files.
        seed, feel: of the performance.
        model: name and digest.
        attribution: of the model's training data.
        command: the line that makes this recording again.
        preset: its name and recipe, effects included; None without one.
        loop: whether tails wrap around the bar.
        mono: one channel.
        stems, kit: whether to write them.
    """

    name: str
    seed: int
    feel: Feel
    model: dict[str, str]
    attribution: str
    command: str
    preset: dict[str, Any] | None = None
    loop: bool = False
    mono: bool = False
    stems: bool = True
    kit: bool = True


def lane_names(lanes: Mapping[Lane, Any]) -> dict[Lane, str]:
    """``snare``, or ``tom_45`` where a class has several notes: names of stems and rows."""
    counts = Counter(lane.drum for lane in lanes)
    return {lane: lane.drum if counts[lane.drum] == 1 else f"{lane.drum}_{lane.note}" for lane in lanes}


def record(
    folder: Path,
    song: midi.Song,
    performance: Performance,
    ignored: Counter[int],
    engine: SoundEngine,
    session: Session,
    advance: Callable[[float], None] = lambda share: None,
) -> dict[str, Any]:
    """Write a performance into an empty folder, and return the head of its manifest.

    Raises:
        OutputError: if a file cannot be written.
        MidiError: if a loop is asked for and the file has no bars.
    """
    names = lane_names(performance.bases)
    mix = arrange(song, performance, engine.signal.sample_rate, session)
    stems: dict[int, Path] = {}
    if session.stems:
        (folder / "stems").mkdir()
        stems = {index: folder / "stems" / f"{name}.wav" for index, (name, _) in enumerate(mix.stems)}
    gain = mixing.write(mix, folder / f"{session.name}.wav", stems, advance)
    write_atomic(folder / f"{session.name}.mid", midi.rewrite(song, performance.hits))
    paths: dict[Stroke, str] = {}
    if session.kit:
        kit, order = write_kit(folder / "kit", performance, engine, session)
        keys = {lane: sound.note for lane, sound in zip(order, kit.sounds, strict=True)}
        for lane, sound in zip(order, kit.sounds, strict=True):
            paths |= zip(order[lane], (f"kit/{take.path}" for take in sound.takes), strict=True)
        write_atomic(folder / f"{session.name}_kit.mid", midi.rewrite(song, performance.hits, keys))
    brightness = {stroke: take.descriptors.brightness for stroke, take in performance.takes.items()}
    title = f"{session.name}, seed {session.seed}"
    first = min(hit.time for hit in performance.hits)
    beats = song.beats(first, first + pianoroll.SECONDS)
    write_atomic(folder / "pianoroll.png", pianoroll.draw(performance.hits, brightness, names, title, beats))
    head = _head(performance, names, ignored, session, mix, gain)
    _write_manifest(folder / MANIFEST, head, performance, names, paths)
    return head


def arrange(song: midi.Song, performance: Performance, rate: int, session: Session) -> Mix:
    """Hits to placements: onsets on their times, choked, at their levels, with all tails to their ends."""
    names = lane_names(performance.bases)
    order = {lane: index for index, lane in enumerate(names)}
    number = {stroke: index for index, stroke in enumerate(performance.takes)}
    sounds = [resample(take.samples, rate, mixing.RATE) for take in performance.takes.values()]
    onsets = [mixing.onset(sound) for sound in sounds]
    # Peaks are taken per lane, as in the kit: what its strokes differ by in level is kept.
    loudest: dict[Lane, float] = {}
    for stroke, index in number.items():
        loudest[stroke.lane] = max(loudest.get(stroke.lane, 0.0), peak(sounds[index]))
    hits = sorted(performance.hits, key=lambda hit: hit.time)
    placements, times, groups = [], [], []
    for hit in hits:
        lane, index = hit.stroke.lane, number[hit.stroke]
        time = round(hit.time * mixing.RATE)
        gain = mixing.velocity_gain(hit.velocity) / loudest[lane]
        placements.append(Placement(order[lane], index, time - onsets[index], gain))
        times.append(time)
        groups.append(BY_NAME[lane.drum].choke)
    loop = loop_length(song, performance) if session.loop else None
    placed = mixing.choke(placements, times, groups, loop)
    end = max(p.start + len(sounds[p.sound]) for p in placed)
    end = max(end, round(float(song.tempo.to_seconds(song.end)) * mixing.RATE))
    stems = tuple((name, lane.drum) for lane, name in names.items())
    ordered = tuple(sorted(placed, key=lambda placement: placement.start))
    mix = Mix(stems, sounds, ordered, end, session.mono)
    return mix if loop is None else mixing.wrap(mix, loop)


def loop_length(song: midi.Song, performance: Performance) -> int:
    """Samples of the song's whole bars: to the bar line at its end, beyond its last hit.

    Writers often end a track a few ticks after the bar line: a sixteenth of a beat counts as on it.

    Raises:
        MidiError: if the file has no bars.
    """
    slack = song.tempo.ticks_per_beat // 16
    last = max(hit.tick for hit in performance.hits)
    end = max(song.bar_after(max(song.end - slack, 0)), song.bar_after(last + 1))
    return max(1, round(float(song.tempo.to_seconds(end)) * mixing.RATE))


def write_kit(
    folder: Path, performance: Performance, engine: SoundEngine, session: Session
) -> tuple[Kit, dict[Lane, list[Stroke]]]:
    """The strokes as a pack, a sound a lane, its takes in the order they are first played.

    A sampler that cycles through them from the first plays a short performance as it was.
    """
    order: dict[Lane, list[Stroke]] = {lane: [] for lane in performance.bases}
    for stroke in performance.takes:
        if len(order[stroke.lane]) < MOST_TAKES:
            order[stroke.lane].append(stroke)
    info = PackInfo(
        name=session.name,
        label="",
        seed=session.seed,
        recipe={"humanize": dataclasses.asdict(session.feel), "preset": session.preset},
        command=session.command,
        model=session.model,
        model_rate=engine.signal.sample_rate,
        attribution=session.attribution,
        drums=tuple(lane.drum for lane in order),
        formats=tuple(name for name, row in FORMATS.items() if row.round_robin),  # its takes are its point
    )
    seen: Counter[str] = Counter()
    sounds = []
    for lane, strokes in order.items():
        takes = tuple(performance.takes[stroke] for stroke in strokes)
        sounds.append(RenderedSound(lane.drum, seen[lane.drum], "humanize", takes))
        seen[lane.drum] += 1
    return write_pack(engine, sounds, info, folder), order


def _head(
    performance: Performance,
    names: Mapping[Lane, str],
    ignored: Counter[int],
    session: Session,
    mix: Mix,
    gain: float,
) -> dict[str, Any]:
    counts = Counter(hit.stroke.lane for hit in performance.hits)
    return {
        "schema": SCHEMA,
        "generator": {"name": "packgen", "version": packgen.__version__},
        "model": session.model,
        "seed": session.seed,
        "feel": dataclasses.asdict(session.feel),
        "preset": session.preset,
        "command": session.command,
        "seconds": round(mix.num_samples / mixing.RATE, 3),
        "loop": session.loop,
        "gain_db": round(decibels(gain), 2),
        "voices": [
            {"name": name, "class": lane.drum, "note": lane.note, "hits": counts[lane],
             "stem": f"stems/{name}.wav" if session.stems else None,
             "code": _rounded(performance.bases[lane].code),
             "loudness": _rounded(performance.bases[lane].loudness)}
            for lane, name in names.items()
        ],
        "without_class": [
            {"note": note, "name": note_name(note), "hits": count} for note, count in sorted(ignored.items())
        ],
    }  # fmt: skip


def _write_manifest(
    path: Path,
    head: dict[str, Any],
    performance: Performance,
    names: Mapping[Lane, str],
    paths: Mapping[Stroke, str],
) -> None:
    """Stream the manifest: the head, then a line for every stroke, then one for every hit."""
    number = {stroke: index for index, stroke in enumerate(performance.takes)}
    strokes = (
        {"voice": names[stroke.lane], "take": stroke.take, "variant": stroke.variant,
         "velocity": stroke.velocity, "path": paths.get(stroke), "probability": round(take.probability, 4),
         "brightness": round(take.descriptors.brightness, 1), "level": round(take.descriptors.level, 2),
         "coordinates": [round(x, 4) for x in take.coordinates], "code": _rounded(take.code)}
        for stroke, take in performance.takes.items()
    )  # fmt: skip
    hits = (
        {"stroke": number[hit.stroke], "tick": hit.tick, "time": round(hit.time, 6), "velocity": hit.velocity,
         "programmed": {"tick": hit.source.tick, "time": round(hit.source.time, 6),
                        "velocity": hit.source.velocity}}
        for hit in performance.hits
    )  # fmt: skip
    with atomic_file(path) as file:
        file.write(json.dumps(head, indent=1).rstrip("}\n ").encode())
        for name, rows in (("strokes", strokes), ("hits", hits)):
            file.write(f',\n "{name}": ['.encode())
            for index, row in enumerate(rows):
                file.write((",\n  " if index else "\n  ").encode() + json.dumps(row).encode())
            file.write(b"\n ]")
        file.write(b"\n}\n")


def _rounded(vector: np.ndarray[Any, np.dtype[np.float32]]) -> list[float]:
    return [round(float(value), 5) for value in vector]
