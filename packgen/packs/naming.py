"""Words for sounds: measured descriptors, held against the class's own range, become adjectives and a key."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from packgen.audio.descriptors import MEASURED, Descriptors, midi_note

# The words below a class's first and above its last quartile.
_WORDS: dict[str, tuple[str, str]] = {
    "brightness": ("dark", "bright"),
    "decay": ("tight", "long"),
    "noisiness": ("clean", "noisy"),
}
_EXTREME: dict[str, tuple[str, str]] = {
    "brightness": ("muffled", "crisp"),
    "decay": ("clipped", "boomy"),
    "noisiness": ("pure", "dusty"),
}
PLAIN = "round"  # a sound in the middle of its class in every respect
NOTE_NAMES = (
    "C",
    "Cs",
    "D",
    "Ds",
    "E",
    "F",
    "Fs",
    "G",
    "Gs",
    "A",
    "As",
    "B",
)  # s: sharp, since # breaks file names
MOST_WORDS = 2

Ranges = Mapping[str, NDArray[np.float32]]  # of each class: quantiles (len(MEASURED), len(QUANTILES))


def adjectives(measured: Descriptors, ranges: NDArray[np.float32]) -> tuple[str, ...]:
    """One or two words for how a sound differs from its class.

    Args:
        measured: the sound's descriptors.
        ranges: quantiles of the class's training sounds (len(MEASURED), len(QUANTILES)).
    """
    words = []
    for name, (low, high) in _WORDS.items():
        value = getattr(measured, name)
        least, first, _, third, most = ranges[MEASURED.index(name)]
        if value < first:
            words.append(_EXTREME[name][0] if value < least else low)
        elif value > third:
            words.append(_EXTREME[name][1] if value > most else high)
    return tuple(words[:MOST_WORDS]) or (PLAIN,)


def key(hertz: float) -> str:
    """Nearest note name with its octave, A4 = 440 Hz.

    >>> key(440.0), key(51.9)
    ('A4', 'Gs1')
    """
    note = round(midi_note(hertz))
    return f"{NOTE_NAMES[note % 12]}{note // 12 - 1}"
