"""Words that users type find their class, or an error that helps."""

from __future__ import annotations

import pytest

from packgen.classes import CLASS_NAMES, DRUM_CLASSES, find_class, parse_classes
from packgen.errors import ClassNameError


@pytest.mark.parametrize("drum", DRUM_CLASSES, ids=CLASS_NAMES)
def test_every_word_of_a_class_finds_it(drum) -> None:  # type: ignore[no-untyped-def]
    for word in (drum.name, drum.title, drum.folder, *drum.words):
        assert find_class(word) is drum
        assert find_class(word.upper().replace(" ", "_")) is drum


def test_no_word_or_note_belongs_to_two_classes() -> None:
    notes = [note for drum in DRUM_CLASSES for note in drum.notes]
    assert len(notes) == len(set(notes))
    assert len({drum.folder.lower() for drum in DRUM_CLASSES}) == len(DRUM_CLASSES)


def test_unknown_class_names_the_nearest() -> None:
    with pytest.raises(ClassNameError, match=r"'kik-drun'.*kick"):
        find_class("kik-drun")


def test_all_means_all_and_nothing_is_refused() -> None:
    assert parse_classes("all") == DRUM_CLASSES
    with pytest.raises(ClassNameError, match="no drum class given"):
        parse_classes(" , ")
