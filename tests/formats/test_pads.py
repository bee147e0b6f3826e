"""Laws of the note rule."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from packgen.classes import BY_NAME, CLASS_NAMES
from packgen.formats.pads import NO_PAD, assign_notes

drum_lists = st.lists(st.sampled_from(CLASS_NAMES), max_size=300)
more_than_notes = example([drum for drum in CLASS_NAMES for _ in range(16)])
few_classes = example(["tom"] * 100 + ["snap", "kick"] * 20)


@given(drum_lists)
@more_than_notes
@few_classes
def test_notes_are_midi_notes_and_no_two_alike(drums: list[str]) -> None:
    notes = assign_notes(drums)
    padded = [note for note in notes if note != NO_PAD]
    assert len(notes) == len(drums)
    assert all(0 <= note <= 127 for note in padded)
    assert len(set(padded)) == len(padded)


@given(drum_lists)
@more_than_notes
@few_classes
def test_a_note_of_a_class_plays_that_class(drums: list[str]) -> None:
    """A General MIDI pattern never hits another drum than it means."""
    owner = {note: drum for drum in set(drums) for note in BY_NAME[drum].notes}
    for drum, note in zip(drums, assign_notes(drums), strict=True):
        assert owner.get(note, drum) == drum


@given(drum_lists)
@more_than_notes
@few_classes
def test_first_sounds_take_the_notes_of_their_class_in_order(drums: list[str]) -> None:
    notes = assign_notes(drums)
    for drum in set(drums):
        own = [note for d, note in zip(drums, notes, strict=True) if d == drum]
        wanted = BY_NAME[drum].notes
        assert own[: len(wanted)] == list(wanted[: len(own)])


@given(drum_lists)
@more_than_notes
@few_classes
def test_a_pad_is_missing_only_where_no_note_is_left(drums: list[str]) -> None:
    notes = assign_notes(drums)
    owned = {note for drum in drums for note in BY_NAME[drum].notes}
    if NO_PAD in notes:
        assert set(notes) | owned == {NO_PAD, *range(128)}


@given(st.integers(1, 40))
def test_classes_share_the_notes_evenly(variations: int) -> None:
    drums = [drum for drum in CLASS_NAMES for _ in range(variations)]
    notes = assign_notes(drums)
    counts = [
        sum(note != NO_PAD for d, note in zip(drums, notes, strict=True) if d == drum) for drum in CLASS_NAMES
    ]
    # A class keeps its own notes in any case; beyond them no class has two pads more than another.
    beyond = [
        count for count, drum in zip(counts, CLASS_NAMES, strict=True) if count > len(BY_NAME[drum].notes)
    ]
    assert not beyond or max(beyond) - min(beyond) <= 1


def test_further_sounds_of_a_class_lie_side_by_side() -> None:
    drums = ["kick"] * 5 + ["clap"] * 4
    assert assign_notes(drums) == [36, 35, 84, 85, 86, 39, 87, 88, 89]


def test_the_first_kick_is_on_36_and_hats_on_42_and_46() -> None:
    assert assign_notes(["open_hat", "closed_hat", "snare", "kick"]) == [46, 42, 38, 36]


def test_cymbals_rims_and_cowbells_are_where_general_midi_has_them() -> None:
    drums = ["crash", "crash", "ride", "ride", "rim", "cowbell", "snare", "snare", "snare"]
    assert assign_notes(drums) == [49, 57, 51, 59, 37, 56, 38, 40, 84]
