"""Names to drum classes: real hits find theirs, loops and voices are refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from packgen.classes import CLASS_NAMES, DRUM_CLASSES
from packgen.training.names import recognise, refusal


@pytest.mark.parametrize("drum", DRUM_CLASSES, ids=CLASS_NAMES)
def test_a_class_is_known_by_its_own_names(drum) -> None:  # type: ignore[no-untyped-def]
    for word in (drum.name, drum.title, drum.folder):
        assert recognise(Path(f"{word} 01.wav")) == drum.name
        assert recognise(Path(word) / "x_01.wav") == drum.name


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("Kicks/Kick Loop 120.wav", "its name says loop"),
        ("Kick Loops/Kick 01.wav", "its folder says loops"),
        ("Kick & Snare 01.wav", "its name speaks of kick and snare"),
        ("Kicks and Snares/01.wav", "its folder speaks of kick and snare"),
        ("Stuff/01.wav", "no drum class in its name or folders"),
        ("Kick 01.wav", ""),
    ],
)
def test_a_refusal_gives_its_reason(path: str, reason: str) -> None:
    assert refusal(Path(path)) == reason
