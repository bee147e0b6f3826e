"""MIDI files to drum notes and back: note pairs, and a rewrite that touches nothing but drum hits.

The only module that knows mido, which decodes and encodes single messages; `packgen.humanizer.smf` has the bytes.
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from packgen.errors import MidiError, NoNotesError
from packgen.humanizer import smf
from packgen.humanizer.events import Hit, Lane, Note
from packgen.humanizer.notemaps import NoteMap, note_name
from packgen.humanizer.tempo import TempoMap, meters, tempo_map

MAX_BYTES = 32 * 2**20  # of a MIDI file: an hour of dense music is a hundredth of it
MAX_SECONDS = 3 * 3600.0  # a 24-bit stereo WAV of more than four hours does not fit its own header
MOST_BEATS = 200  # drawn in a picture
NOTE_OFF, NOTE_ON, TEMPO, TIME_SIGNATURE = 0x80, 0x90, 0x51, 0x58


@dataclass(frozen=True)
class Song:
    """A MIDI file, understood.

    Attributes:
        file: its chunks and events.
        tempo: its tempo map.
        meters: (tick, ticks per bar) of each time signature, ascending, the first at 0; none in SMPTE time.
        end: last tick of its longest track.
    """

    file: smf.File
    tempo: TempoMap
    meters: tuple[tuple[int, int], ...]
    end: int

    def beats(self, start: float, stop: float) -> list[float]:
        """Seconds of the quarter notes in a span of seconds; none in SMPTE time, or where they are a blur."""
        size = self.tempo.ticks_per_beat
        if not size:
            return []
        first, last = np.rint(self.tempo.to_ticks([start, stop]) / size).astype(np.int64).tolist()
        if last - first > MOST_BEATS:
            return []
        return [float(time) for time in self.tempo.to_seconds(np.arange(first, last + 1) * size)]

    def bar_after(self, tick: int) -> int:
        """The first bar line at `tick` or later.

        Raises:
            MidiError: in SMPTE time, which has no bars.
        """
        if not self.meters:
            raise MidiError("this file counts SMPTE frames: it has no bars, so it makes no loop")
        start, size = [meter for meter in self.meters if meter[0] <= tick][-1]
        line = start + -(-(tick - start) // size) * size
        later = [meter[0] for meter in self.meters if tick <= meter[0] < line]
        return later[0] if later else line  # a time signature begins a bar, also in the middle of one


def load(path: Path) -> Song:
    """Read a MIDI file.

    Raises:
        MidiError: if it cannot be read or played: not MIDI, truncated, of type 2, with a tempo of zero, ….
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MidiError(f"{path}: larger than {MAX_BYTES >> 20} MiB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise MidiError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        return parse(data)
    except MidiError as error:
        raise MidiError(f"{path}: {error}") from error


def parse(data: bytes) -> Song:
    """The content of a MIDI file to a song.

    Raises:
        MidiError: as `load`, without the file's name.
    """
    file = smf.read(data)
    if file.format == 2:
        raise MidiError("type 2 holds independent patterns, not one song: export the pattern as type 0 or 1")
    if file.format > 2:
        raise MidiError(f"unknown MIDI file type {file.format}; types 0 and 1 can be read")
    metas = sorted(_metas(file), key=lambda meta: meta[0])
    end = max((track.events[-1].tick for track in file.tracks if track.events), default=0)
    tempo = tempo_map(file.division, [(tick, body) for tick, kind, body in metas if kind == TEMPO])
    length = float(tempo.to_seconds(end))
    if length > MAX_SECONDS:
        raise MidiError(f"lasts {length / 3600:.1f} hours, the longest that can be rendered is 3; split it")
    signatures = [(tick, body) for tick, kind, body in metas if kind == TIME_SIGNATURE]
    return Song(file, tempo, meters(tempo.ticks_per_beat, signatures), end)


def drum_notes(
    song: Song, notes: NoteMap, channels: Collection[int] | None, track: int | None = None
) -> tuple[tuple[Note, ...], Counter[int]]:
    """The notes that name a drum, in order of time; and how often every other note of these channels occurs.

    Args:
        song: from `load`.
        notes: MIDI note -> class name.
        channels: 1…16; None for all.
        track: only this one, counted from 0; None for all.

    Raises:
        MidiError: if there is no drum note; the message says where notes are.
    """
    if track is not None and not 0 <= track < len(song.file.tracks):
        raise MidiError(f"there is no track {track}: this file has 0 to {len(song.file.tracks) - 1}")
    found: list[Note] = []
    others: Counter[int] = Counter()
    elsewhere: Counter[int] = Counter()
    for number, chunk in enumerate(song.file.tracks):
        chosen = track in (None, number)
        for event, off in _pairs(chunk.events):
            message = mido.Message.from_bytes(chunk.events[event].data)
            channel = message.channel + 1
            elsewhere[channel] += 1
            if not chosen or (channels is not None and channel not in channels):
                continue
            if message.note not in notes:
                others[message.note] += 1
                continue
            tick, last = chunk.events[event].tick, chunk.events[-1].tick
            found.append(
                Note(
                    time=0.0,  # all at once, below
                    tick=tick,
                    last=last,
                    note=message.note,
                    velocity=message.velocity,
                    drum=notes[message.note],
                    channel=channel,
                    track=number,
                    event=event,
                    off=off,
                )
            )
    if not found:
        raise NoNotesError(_nothing(channels, track, others, elsewhere))
    found.sort(key=lambda note: note.tick)
    seconds = song.tempo.to_seconds([note.tick for note in found])
    return tuple(
        dataclasses.replace(note, time=float(time)) for note, time in zip(found, seconds, strict=True)
    ), others


def rewrite(song: Song, hits: Iterable[Hit], keys: Mapping[Lane, int] | None = None) -> bytes:
    """The file with its hits as played; every other event keeps its bytes and its tick.

    A note-off moves with its note-on, but never past the next hit on its note. Ticks of hits must not lie
    after the end of their track.

    Args:
        song: the file as read.
        hits: what is played for which note.
        keys: the note that each lane is written on; None leaves the notes alone.
    """
    by_track: defaultdict[int, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_track[hit.source.track].append(hit)
    chunks = list(song.file.chunks)
    positions = [index for index, chunk in enumerate(chunks) if isinstance(chunk, smf.Track)]
    for number, track_hits in by_track.items():
        chunks[positions[number]] = _rewrite_track(song.file.tracks[number], track_hits, keys)
    return smf.write(dataclasses.replace(song.file, chunks=tuple(chunks)))


def _rewrite_track(track: smf.Track, hits: list[Hit], keys: Mapping[Lane, int] | None) -> smf.Track:
    events = list(track.events)
    last = events[-1].tick
    following: dict[
        tuple[int, int], tuple[int, int]
    ] = {}  # the next hit on (channel, note): tick before and after
    for hit in sorted(hits, key=lambda hit: (hit.tick, hit.source.event), reverse=True):
        source = hit.source
        key = source.note if keys is None else keys[source.lane]
        on = events[source.event]
        if (hit.tick, hit.velocity, key) != (on.tick, source.velocity, source.note):
            message = mido.Message("note_on", channel=source.channel - 1, note=key, velocity=hit.velocity)
            events[source.event] = smf.Event(hit.tick, bytes(message.bytes()), on.running)
        if source.off is not None:
            off = track.events[source.off]
            tick = min(off.tick + hit.tick - source.tick, last)
            before, after = following.get((source.channel, source.note), (0, 0))
            if off.tick <= before:
                tick = min(tick, after)
            data = bytes((off.status, key, *off.data[2:]))
            events[source.off] = smf.Event(max(tick, hit.tick), data, off.running)
        following[source.channel, source.note] = source.tick, hit.tick
    if events == list(track.events):
        return track
    # Stable: events of one tick keep the order of the file.
    return smf.Track(tuple(sorted(events, key=lambda event: event.tick)))


def _metas(file: smf.File) -> Iterable[tuple[int, int, bytes]]:
    """(tick, type, event) of every meta event that the clock depends on."""
    for track in file.tracks:
        for event in track.events:
            if event.status == smf.META and event.data[1] in (TEMPO, TIME_SIGNATURE):
                yield event.tick, event.data[1], event.data


def _pairs(events: tuple[smf.Event, ...]) -> list[tuple[int, int | None]]:
    """(note-on, its note-off or None) by index; overlapping notes end first in, first out."""
    offs: dict[int, int] = {}
    ons: list[int] = []
    sounding: defaultdict[tuple[int, int], deque[int]] = defaultdict(deque)
    for index, event in enumerate(events):
        kind, key = event.status & 0xF0, (event.status & 0x0F, event.data[1])
        if kind == NOTE_ON and event.data[2] > 0:
            ons.append(index)
            sounding[key].append(index)
        elif kind in (NOTE_ON, NOTE_OFF) and sounding[key]:
            offs[sounding[key].popleft()] = index
    return [(on, offs.get(on)) for on in ons]


def _nothing(
    channels: Collection[int] | None, track: int | None, others: Counter[int], elsewhere: Counter[int]
) -> str:
    """Why there is no drum note, and where to look."""
    where = "any channel" if channels is None else "channel " + ", ".join(map(str, sorted(channels)))
    where += "" if track is None else f" of track {track}"
    if others:
        names = ", ".join(
            f"{note} ({note_name(note)}) {count} times" for note, count in others.most_common(5)
        )
        return f"no drum notes on {where}: its notes {names} belong to no class"
    if not elsewhere:
        return "no drum notes: the file holds no notes at all"
    have = ", ".join(
        f"{channel} ({count} note{'s' * (count > 1)})" for channel, count in sorted(elsewhere.items())
    )
    return f"no drum notes on {where}: notes are on channel {have}"
