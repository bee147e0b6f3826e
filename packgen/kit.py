"""Frozen values that travel between planner, engine, packs and formats.

A *sound* is one drum of a pack (one pad); it holds *takes*: humanised siblings for round robin, in one or more
velocity *layers*. A *kit* is what a format needs to know of a whole pack; audio itself stays in the WAVs.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Take:
    """One WAV of a pack.

    Attributes:
        path: file relative to the pack's folder, forward slashes.
        layer: velocity layer, 0 the softest.
        number: round-robin position within the layer, from 0.
        low_velocity, high_velocity: MIDI velocities that play the layer, 1…127, inclusive.
        frames: length in samples at the kit's rate.
        peak: largest absolute sample value, 0…1.
        sha256: of the file, hexadecimal.
    """

    path: str
    layer: int
    number: int
    low_velocity: int
    high_velocity: int
    frames: int
    peak: float
    sha256: str


@dataclass(frozen=True)
class Sound:
    """One drum of a pack, on one MIDI note, with its takes.

    Attributes:
        drum: class name (`packgen.classes`).
        index: number within its class, from 0.
        name: file name without take and suffix, unique in the pack.
        title: words for people ("Kick 03 dark short").
        note: MIDI note.
        choke: choke group, 0 for none.
        pitch: fundamental in hertz, None where there is none.
        takes: ordered by layer, then number.
    """

    drum: str
    index: int
    name: str
    title: str
    note: int
    choke: int
    pitch: float | None
    takes: tuple[Take, ...]

    def layers(self) -> tuple[tuple[Take, ...], ...]:
        """Takes by velocity layer, softest first."""
        numbers = sorted({take.layer for take in self.takes})
        return tuple(tuple(take for take in self.takes if take.layer == number) for number in numbers)


@dataclass(frozen=True)
class Kit:
    """A pack as formats see it."""

    name: str
    label: str  # who made it
    seed: int
    version: str  # of packgen
    rate: int  # hertz
    bits: str  # "16", "24" or "32f"
    sounds: tuple[Sound, ...]
