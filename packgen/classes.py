"""The drum classes: one table of names, folders, General MIDI notes, choke groups and the words users type.

The first eleven are the paper's, in its order; the four after them are what real drum tracks need beside them. A
trained model stores its own list in its weight file, and the index of a class there is its one-hot position. A new
class is one row here and a retrain.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from packgen.errors import ClassNameError
from packgen.files.documents import shown


@dataclass(frozen=True)
class DrumClass:
    """One kind of drum.

    Attributes:
        name: identifier used in options, manifests and weight files.
        title: the words printed for people.
        folder: folder of its samples in a pack.
        notes: MIDI notes that belong to it, the preferred one first. General MIDI percussion, except
            ``snap``, which General MIDI 1 lacks.
        choke: choke group, or 0 for none; a new hit cuts the ringing ones of its group.
        pitched: whether a fundamental is worth naming in a key.
        words: other words that users type for it; those of file names are in `packgen.training.names`.
        paper: whether it is one of the eleven classes of the Neural Drum Machine.
        longest: seconds that its sounds may ring; cymbals outlast the second that the networks see.
    """

    name: str
    title: str
    folder: str
    notes: tuple[int, ...]
    choke: int
    pitched: bool
    words: tuple[str, ...]
    paper: bool = True
    longest: float = 1.0


# fmt: off
DRUM_CLASSES: tuple[DrumClass, ...] = (
    DrumClass("kick", "Kick", "Kicks", (36, 35), 0, True,
              ("bass drum", "bassdrum", "bd", "kik", "kd", "808 kick")),
    DrumClass("clap", "Clap", "Claps", (39,), 0, False,
              ("hand clap", "handclap", "cp", "clp")),
    DrumClass("snare", "Snare", "Snares", (38, 40), 0, False,
              ("snare drum", "sd", "sn", "snr")),
    DrumClass("open_hat", "Open hi-hat", "Open Hats", (46,), 1, False,
              ("open hihat", "open hi-hat", "hihat open", "hi-hat open", "hat open", "ohh", "oh", "openhat", "op hat"),
              longest=3.0),
    DrumClass("closed_hat", "Closed hi-hat", "Closed Hats", (42, 44), 1, False,
              ("closed hihat", "closed hi-hat", "hihat closed", "hi-hat closed", "hat closed", "chh", "ch", "hh",
               "hat", "hihat", "hi-hat", "closedhat", "cl hat", "pedal hat", "pedal hihat")),
    DrumClass("tom", "Tom", "Toms", (45, 47, 48, 50, 43, 41), 0, True,
              ("tomtom", "tom-tom", "floor tom", "low tom", "mid tom", "hi tom", "high tom", "lt", "mt", "ht")),
    DrumClass("conga", "Conga", "Congas", (63, 64, 62), 0, True,
              ("cga", "tumba", "quinto", "conga open", "conga slap")),
    DrumClass("bongo", "Bongo", "Bongos", (60, 61), 0, True,
              ("bng", "bongo high", "bongo low", "bongos high")),
    DrumClass("tambourine", "Tambourine", "Tambourines", (54,), 0, False,
              ("tamb", "tambo", "tamborine", "jingle", "jingles")),
    DrumClass("shaker", "Shaker", "Shakers", (70, 69, 82), 0, False,
              ("shk", "shake", "maraca", "maracas", "cabasa", "egg")),
    DrumClass("snap", "Finger snap", "Snaps", (26, 19), 0, False,
              ("finger snap", "fingersnap", "fs", "click")),
    DrumClass("crash", "Crash", "Crashes", (49, 57, 55, 52), 0, False,
              ("crash cymbal", "cymbal crash", "cymbal", "splash", "splash cymbal", "china", "china cymbal",
               "chinese cymbal", "cym", "cy"), paper=False, longest=3.0),
    DrumClass("ride", "Ride", "Rides", (51, 59, 53), 0, False,
              ("ride cymbal", "cymbal ride", "ride bell", "ride tip", "ride edge", "rd"), paper=False, longest=3.0),
    DrumClass("rim", "Rim", "Rims", (37,), 0, False,
              ("rimshot", "rim shot", "sidestick", "side stick", "cross stick", "crossstick", "x stick", "rs"),
              paper=False),
    DrumClass("cowbell", "Cowbell", "Cowbells", (56, 67, 68), 0, True,
              ("cow bell", "cb", "agogo", "agogo bell"), paper=False),
)
# fmt: on

CLASS_NAMES: tuple[str, ...] = tuple(drum.name for drum in DRUM_CLASSES)
BY_NAME: dict[str, DrumClass] = {drum.name: drum for drum in DRUM_CLASSES}


def _normalise(word: str) -> str:
    """Lower case, one blank between words, no plural: ``"Hi-Hats_Open "`` -> ``"hi hat open"``."""
    words = word.lower().replace("_", " ").replace("-", " ").split()
    return " ".join(w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in words)


_WORDS: dict[str, DrumClass] = {
    _normalise(word): drum
    for drum in DRUM_CLASSES
    for word in (drum.name, drum.title, drum.folder, *drum.words)
}
# Without their blanks too ("handclap", "openhihat"), unless that is another word already.
for _word, _drum in list(_WORDS.items()):
    _WORDS.setdefault(_word.replace(" ", ""), _drum)


def find_class(word: str) -> DrumClass:
    """The class that a user's word names.

    Raises:
        ClassNameError: if no class goes by that word; the message gives the nearest names.

    >>> find_class("hats").name, find_class("hihat-open").name, find_class("oh").name
    ('closed_hat', 'open_hat', 'open_hat')
    """
    key = _normalise(word)
    drum = _WORDS.get(key) or _WORDS.get(key.replace(" ", ""))
    if drum is not None:
        return drum
    near = difflib.get_close_matches(key[:40], _WORDS, n=4, cutoff=0.5)
    names = list(dict.fromkeys(_WORDS[match].name for match in near))
    hint = f"did you mean {' or '.join(names)}?" if names else f"there are {', '.join(CLASS_NAMES)}"
    raise ClassNameError(f"unknown drum class {shown(word)}: {hint}")


def parse_classes(text: str | Iterable[str]) -> tuple[DrumClass, ...]:
    """A comma list of words to classes, each once, in the order given; ``all`` means every class.

    Raises:
        ClassNameError: for an unknown word or an empty list.

    >>> [drum.name for drum in parse_classes("kick, snares,kick")]
    ['kick', 'snare']
    """
    words = [word.strip() for word in (text.split(",") if isinstance(text, str) else text)]
    words = [word for word in words if word]
    if not words:
        raise ClassNameError(f"no drum class given: choose from {', '.join(CLASS_NAMES)}, or all")
    if any(word.lower() == "all" for word in words):
        return DRUM_CLASSES
    return tuple(dict.fromkeys(find_class(word) for word in words))
