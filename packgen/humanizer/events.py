"""Frozen values of a performance: what a MIDI file asks for, and what is played instead."""

from __future__ import annotations

from dataclasses import dataclass

ROLL_SECONDS = 0.06  # hits of one drum closer than this are a flam or a roll: one gesture


@dataclass(frozen=True, order=True)
class Lane:
    """One drum of the performance: a class, and the MIDI note that plays it.

    Notes of one class are different drums (a low and a high tom), so each has a sound of its own.
    """

    drum: str
    note: int


@dataclass(frozen=True)
class Note:
    """A drum note as it stands in the file.

    Attributes:
        time: seconds from the start of the file.
        tick: the same in ticks.
        last: last tick of its track, which it cannot move past.
        note, velocity: MIDI, velocity 1…127.
        drum: class name.
        channel: 1…16.
        track: index of its track.
        event: index of its note-on within the track.
        off: index of its note-off within the track, None where the file has none.
    """

    time: float
    tick: int
    last: int
    note: int
    velocity: int
    drum: str
    channel: int
    track: int
    event: int
    off: int | None

    @property
    def lane(self) -> Lane:
        """The drum that it plays."""
        return Lane(self.drum, self.note)


@dataclass(frozen=True)
class Stroke:
    """One distinct sound of a lane; hits that share a stroke are rendered once.

    Attributes:
        lane: the drum.
        take: position on the lane's walk through latent space.
        variant: which of the close siblings of that take, for flams and rolls; 0 is the take itself.
        velocity: the velocity its timbre belongs to (exact, or the middle of its zone in long files).
    """

    lane: Lane
    take: int
    variant: int
    velocity: int


@dataclass(frozen=True)
class Hit:
    """A note as it is played.

    Attributes:
        source: the note in the file.
        tick, time: when it sounds; `time` is the tempo map's value at `tick`, in seconds.
        velocity: as played, 1…127.
        stroke: the sound it plays.
    """

    source: Note
    tick: int
    time: float
    velocity: int
    stroke: Stroke
