"""Which MIDI note is which drum: General MIDI and its dialects as tables, or a TOML file of one's own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from packgen.classes import CLASS_NAMES, DRUM_CLASSES, find_class
from packgen.errors import ClassNameError, MidiError
from packgen.files.documents import read_toml, shown

NoteMap = Mapping[int, str]  # note -> class name

GENERAL: dict[int, str] = {note: drum.name for drum in DRUM_CLASSES for note in drum.notes}

# General MIDI 1 has no finger snap: Yamaha put one on 19 (XG), Roland on 26 (GS), where Roland's V-Drums
# have the edge of the open hi-hat. The plain map takes both for snaps. The edges of V-Drums' cymbals are on
# notes of their own classes: 55 and 52 (crash), 59 (ride), whose bell is on 53; the cross stick is on 37 (rim).
MAPS: dict[str, NoteMap] = {
    "gm": GENERAL,
    "gs": {note: drum for note, drum in GENERAL.items() if note != 19},
    "xg": {note: drum for note, drum in GENERAL.items() if note != 26},
    "roland": GENERAL | {22: "closed_hat", 26: "open_hat", 58: "tom"},
}

# fmt: off
_FIRST_NAME = 27  # General MIDI 2 begins here, General MIDI 1 at 35
_NAMES = (
    "High Q", "Slap", "Scratch Push", "Scratch Pull", "Sticks", "Square Click", "Metronome Click",
    "Metronome Bell", "Acoustic Bass Drum", "Bass Drum 1", "Side Stick", "Acoustic Snare", "Hand Clap",
    "Electric Snare", "Low Floor Tom", "Closed Hi-Hat", "High Floor Tom", "Pedal Hi-Hat", "Low Tom",
    "Open Hi-Hat", "Low-Mid Tom", "Hi-Mid Tom", "Crash Cymbal 1", "High Tom", "Ride Cymbal 1",
    "Chinese Cymbal", "Ride Bell", "Tambourine", "Splash Cymbal", "Cowbell", "Crash Cymbal 2", "Vibraslap",
    "Ride Cymbal 2", "Hi Bongo", "Low Bongo", "Mute Hi Conga", "Open Hi Conga", "Low Conga", "High Timbale",
    "Low Timbale", "High Agogo", "Low Agogo", "Cabasa", "Maracas", "Short Whistle", "Long Whistle",
    "Short Guiro", "Long Guiro", "Claves", "Hi Wood Block", "Low Wood Block", "Mute Cuica", "Open Cuica",
    "Mute Triangle", "Open Triangle", "Shaker", "Jingle Bell", "Bell Tree", "Castanets", "Mute Surdo",
    "Open Surdo",
)
# fmt: on

# What plays a class's notes in models that do not know it: a side stick is played on the snare.
STAND_INS: dict[str, str] = {"rim": "snare"}

# Drums of one class from low to high; General MIDI's numbers do not follow the pitch.
LOW_TO_HIGH: dict[str, tuple[int, ...]] = {
    "kick": (35, 36),
    "tom": (41, 43, 45, 47, 48, 50, 58),
    "conga": (64, 63, 62),
    "bongo": (61, 60),
    "crash": (52, 57, 49, 55),
    "ride": (51, 59, 53),
    "cowbell": (56, 68, 67),
}


def note_name(note: int) -> str:
    """What General MIDI calls a percussion note.

    >>> note_name(56), note_name(3)
    ('Cowbell', 'note 3')
    """
    index = note - _FIRST_NAME
    return _NAMES[index] if 0 <= index < len(_NAMES) else f"note {note}"


def height(drum: str, note: int) -> float:
    """A key that sorts notes of one class from low to high; unknown notes by their number."""
    order = LOW_TO_HIGH.get(drum, ())
    return float(order.index(note)) if note in order else note / 128 + len(order)


def among(notes: NoteMap, known: Collection[str]) -> NoteMap:
    """The part of a map that a model with these classes can play; a missing class may have a stand-in.

    >>> among({36: "kick", 37: "rim", 49: "crash"}, ("kick", "snare"))
    {36: 'kick', 37: 'snare'}
    """
    playing = {note: drum if drum in known else STAND_INS.get(drum, drum) for note, drum in notes.items()}
    return {note: drum for note, drum in playing.items() if drum in known}


def load(name: str, known: Collection[str] = CLASS_NAMES) -> NoteMap:
    """A named map, cut to the classes that a model knows; or one from a TOML file.

    The file has a table ``[notes]`` of ``note = "class"``, and may start from a named map with ``base``. What it
    says itself is kept, whatever the model knows.

    Raises:
        MidiError: for a name that is no map and no file, or a file with wrong notes or classes.
    """
    if name in MAPS:
        return among(MAPS[name], known)
    path = Path(name)
    if path.suffix.lower() != ".toml":
        raise MidiError(f"no note map {name!r}: there are {', '.join(MAPS)}; or give a .toml file")
    try:
        table = read_toml(path)
    except (OSError, ValueError) as error:
        raise MidiError(f"{path}: not a note map that can be read ({error})") from error
    for key in table.keys() - {"base", "notes"}:
        raise MidiError(f"{path}: unknown key {shown(key)}; a note map has 'base' and a table [notes]")
    base, notes = table.get("base"), table.get("notes", {})
    if not isinstance(notes, dict) or (base is None and not notes):
        raise MidiError(f'{path}: write a table [notes] with lines such as 36 = "kick"')
    if base is not None and not (isinstance(base, str) and base in MAPS):
        raise MidiError(f"{path}: base = {shown(base)} is no note map; there are {', '.join(MAPS)}")
    return {
        **among(MAPS.get(base or "", {}), known),
        **dict(_row(path, key, word) for key, word in notes.items()),
    }


def _row(path: Path, key: str, word: object) -> tuple[int, str]:
    """One line of a map file: ``36 = "kick"``."""
    # isdecimal alone would take other scripts' digits, which is fine for int() but not for the reader.
    if not (key.isascii() and key.isdecimal() and len(key) <= 3 and int(key) <= 127):
        raise MidiError(f"{path}: {shown(key)} is no MIDI note; notes are 0 to 127")
    if not isinstance(word, str):
        raise MidiError(f'{path}: note {key} must name a class in quotes, as in {key} = "kick"')
    try:
        return int(key), find_class(word).name
    except ClassNameError as error:
        raise MidiError(f"{path}: note {key}: {error}") from error
