"""From a MIDI file to a folder of results: midi -> groove -> casting -> performance -> recording."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packgen.engine.protocol import SoundEngine
from packgen.errors import MidiError, RecipeError
from packgen.files.folders import whole_folder
from packgen.files.names import portable
from packgen.humanizer import midi
from packgen.humanizer.casting import Palette
from packgen.humanizer.events import Lane, Note
from packgen.humanizer.notemaps import NoteMap
from packgen.humanizer.performance import Performance, perform
from packgen.humanizer.recording import MANIFEST, Session, record
from packgen.humanizer.sources import Sources, check_classes, parse_coordinates, read_pack, recipe_of
from packgen.rendering.takes import check_recipe

Advance = Callable[[float], None]  # told the share of the work done since it was last told


@dataclass(frozen=True)
class Part:
    """A drum part as it was programmed.

    Attributes:
        name: what its results are called.
        song: the MIDI file.
        notes: its drum notes, in order of time.
        ignored: how often each note occurs that no class plays.
    """

    name: str
    song: midi.Song
    notes: tuple[Note, ...]
    ignored: Counter[int]

    @property
    def lanes(self) -> set[Lane]:
        """The drums that are played."""
        return {note.lane for note in self.notes}


def read(file: Path, note_map: NoteMap, channels: Collection[int] | None, track: int | None = None) -> Part:
    """The drum part in a MIDI file.

    Args:
        file: of type 0 or 1.
        note_map: MIDI note -> class name.
        channels: 1…16; None for all.
        track: only this one, counted from 0; None for all.

    Raises:
        MidiError: if the file cannot be read, or holds no drum note.
    """
    song = midi.load(file)
    try:
        notes, ignored = midi.drum_notes(song, note_map, channels, track)
    except MidiError as error:
        raise type(error)(f"{file}: {error}") from error
    try:
        name = portable(file.stem)
    except RecipeError:  # no letter or digit in it
        name = "loop"
    return Part(name, song, notes, ignored)


def humanize(
    engine: SoundEngine,
    part: Part,
    session: Session,
    sources: Sources,
    folder: Path,
    force: bool = False,
    workers: int = 1,
    progress: Callable[[str], AbstractContextManager[Advance]] = lambda words: nullcontext(
        lambda share: None
    ),
) -> tuple[Performance, dict[str, Any]]:
    """Play a part and write it all down; the performance, and the head of its manifest.

    Args:
        engine: renders.
        part: what to play.
        session: how to play and record it; its preset is filled in here.
        sources: where base sounds come from.
        folder: made, whole or not at all.
        force: replace what stands there.
        workers: sounds rendered at a time.
        progress: a bar for each step of the work, by the words that name it.

    Raises:
        RecipeError: if the model lacks a class, or a base sound cannot be had.
        PackError: if the pack of base sounds cannot be read.
        MidiError: if a loop is asked for and the file has no bars.
        OutputError: if the folder cannot be written.
    """
    check_classes(part.lanes, engine.spaces)
    given = parse_coordinates(sources.at, part.lanes, engine.spaces)
    if sources.pack is not None:
        given = read_pack(sources.pack, part.lanes, engine.spaces)
    recipe = None
    if sources.preset is not None:
        name, preset = sources.preset
        recipe = recipe_of(preset, part.lanes, session.seed)
        session = dataclasses.replace(
            session, preset={"name": name, "recipe": recipe and dataclasses.asdict(recipe)}
        )
    if recipe is not None:
        check_recipe(engine, recipe)
    palette = Palette(given, recipe)
    with whole_folder(folder, force, last=MANIFEST) as temporary:
        with progress("rendering") as advance:
            performance = perform(
                engine, part.notes, part.song.tempo, session.feel, session.seed, palette, workers, advance
            )
        with progress("mixing") as advance:
            head = record(temporary, part.song, performance, part.ignored, engine, session, advance)
    return performance, head
