"""Words and keys follow from measured values."""

from __future__ import annotations

import numpy as np
import pytest

from packgen.audio.descriptors import Descriptors
from packgen.packs.naming import PLAIN, adjectives, key

RANGES = np.array([[0.1, 0.2, 0.3, 0.4, 0.5], [100, 200, 300, 400, 500], [0.01, 0.02, 0.03, 0.04, 0.05],
                   [0.1, 0.2, 0.3, 0.4, 0.5]], np.float32)  # fmt: skip


def measured(brightness: float = 300, decay: float = 0.03, noisiness: float = 0.3) -> Descriptors:
    return Descriptors(0.3, brightness, decay, noisiness, None, -10)


@pytest.mark.parametrize(
    ("sound", "words"),
    [
        (measured(), (PLAIN,)),
        (measured(brightness=150), ("dark",)),
        (measured(brightness=50), ("muffled",)),
        (measured(brightness=450, decay=0.015), ("bright", "tight")),
        (measured(brightness=900, decay=0.09, noisiness=0.9), ("crisp", "boomy")),
        (measured(noisiness=0.15), ("clean",)),
    ],
)
def test_a_sound_is_called_by_what_sets_it_apart(sound: Descriptors, words: tuple[str, ...]) -> None:
    assert adjectives(sound, RANGES) == words


def test_keys_are_equal_tempered() -> None:
    for note, hertz in (("A4", 440.0), ("C4", 261.63), ("E1", 41.2), ("As2", 116.54)):
        assert key(hertz) == note
