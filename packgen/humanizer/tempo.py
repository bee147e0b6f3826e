"""When a tick sounds: tempo and time signatures of a MIDI file, SMPTE time included."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from packgen.errors import MidiError

DEFAULT_TEMPO = 500_000  # microseconds per quarter note, until a tempo event says otherwise
SMPTE_RATES = {24: 24.0, 25: 25.0, 29: 30 / 1.001, 30: 30.0}  # the 29 of the header is 29.97 drop frame


@dataclass(frozen=True)
class TempoMap:
    """Seconds by ticks: linear between tempo changes.

    Attributes:
        ticks: where each tempo begins (K,), ascending, the first 0.
        seconds: the same in seconds (K,).
        seconds_per_tick: from there on (K,).
        ticks_per_beat: 0 for SMPTE time, which has no beats.
    """

    ticks: NDArray[np.int64]
    seconds: NDArray[np.float64]
    seconds_per_tick: NDArray[np.float64]
    ticks_per_beat: int

    def to_seconds(self, ticks: ArrayLike) -> NDArray[np.float64]:
        """Ticks (n,) -> seconds (n,)."""
        values = np.asarray(ticks, np.float64)
        index = np.searchsorted(self.ticks, values, side="right") - 1
        return self.seconds[index] + (values - self.ticks[index]) * self.seconds_per_tick[index]

    def to_ticks(self, seconds: ArrayLike) -> NDArray[np.float64]:
        """Inverse of `to_seconds`, not rounded."""
        values = np.asarray(seconds, np.float64)
        index = np.maximum(np.searchsorted(self.seconds, values, side="right") - 1, 0)
        return self.ticks[index] + (values - self.seconds[index]) / self.seconds_per_tick[index]


def tempo_map(division: int, tempos: Iterable[tuple[int, bytes]]) -> TempoMap:
    """The map of a file.

    Args:
        division: the header's last word.
        tempos: (tick, event FF 51 03 and three bytes of microseconds per beat), in order of time.

    Raises:
        MidiError: for a division that is none, or a damaged tempo or one of zero.
    """
    if division & 0x8000:
        rate, ticks = SMPTE_RATES.get(256 - (division >> 8)), division & 0xFF
        if rate is None or ticks == 0:
            raise MidiError(
                f"its time division {division:#06x} is neither beats nor an SMPTE rate; export it again"
            )
        return TempoMap(np.zeros(1, np.int64), np.zeros(1), np.array([1 / (rate * ticks)]), 0)
    if division == 0:
        raise MidiError("its time division is zero ticks per beat; export it again")
    changes = {0: DEFAULT_TEMPO}
    for tick, body in tempos:
        if len(body) < 6 or not 3 <= body[2] < 0x80:
            raise MidiError(f"the tempo event at tick {tick} is damaged; export it again")
        tempo = int.from_bytes(body[3:6], "big")
        if tempo == 0:
            raise MidiError(f"tempo of zero at tick {tick}: nothing can follow it in time; remove that event")
        changes[tick] = tempo
    starts = np.array(list(changes), np.int64)
    rates = np.array(list(changes.values())) / (1e6 * division)
    seconds = np.concatenate([[0.0], np.cumsum(np.diff(starts) * rates[:-1])])
    return TempoMap(starts, seconds, rates, division)


def meters(ticks_per_beat: int, signatures: Iterable[tuple[int, bytes]]) -> tuple[tuple[int, int], ...]:
    """(tick, ticks per bar); a damaged signature counts for nothing: only a loop asks for bars."""
    if ticks_per_beat == 0:
        return ()
    found = {0: 4 * ticks_per_beat}
    for tick, body in signatures:
        if len(body) >= 5 and body[3] > 0 and body[4] < 8:  # FF 58 length numerator log2(denominator)
            found[tick] = max(1, 4 * ticks_per_beat * body[3] >> body[4])
    return tuple(found.items())
