"""Names to drum classes: what a sound file's name and the folders above it say it is.

A name is cut into the words of `packgen.training.name_words` (``512hhop``: hat, open; ``SNARETop_v3``: snare, top),
and these decide:

* A veto word (loop, roll, vox, riser …) in the file's name refuses it, whatever its folders say. A folder kept for
  loops, voices or melodic sounds refuses the files in it, even ``Kick 01``; a folder of one-shots below it does not.
* Words beat short forms: ``Splash SABIAN-HH`` is a crash.
* A hat is closed unless its name, or else its folders, say open.
* Of two classes in a name the last is the noun (``Snap Clap`` is a clap) if such a sound is ever called so;
  otherwise (``Kick Snare 1``, ``Kick & Clap``) the sound is a layer or a pattern, and refused.
* A name that says nothing asks the folders, the nearest first. A folder speaks if its noun is a class (``Deep House
  Kicks``), not if it only begins with one (``Snare Jordan Kit``).

In doubt a sound is refused: a wrong label poisons training, a missing sound hardly matters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from packgen.training.name_words import (
    CLASS_WORDS,
    DRUM_MACHINES,
    ENDINGS,
    HARD,
    HAT_LETTERS,
    HAT_STATES,
    IDIOMS,
    JOINTS,
    KITS,
    MACHINES,
    NEUTRAL,
    PAIRS,
    PITCH_LETTERS,
    RISKY_FORMS,
    SHORT_FORMS,
    SOFT,
    STARTS,
    STEMS,
    VETOES,
)

LONGEST_JOINED = 32  # letters; the ways to split a token double with every few of them
ONE_SHOTS = re.compile(r"(?<![a-z])(one[ _-]?shots?|single[ _-]?(hit|shot)s?|hits|singles)(?![a-z])", re.I)
TEMPO = re.compile(r"\d+[ _-]*(bpm|bars?|beats?)(?![a-z])|(?<!\d)(8th|16th|32nd)s?(?![a-z])", re.I)
IMPULSE_RESPONSE = re.compile(r"(?<![a-z])s\d+[ _-]?r\d+(?![a-z\d])", re.I)  # source 1, receiver 1
DIPHONE = re.compile(r"kd\d_\d{3}$", re.I)  # speech of Festival's, in every Tidal installation
FREESOUND = re.compile(r"^\d{3,}_+[^_].*?__")  # number__user__title

RISKY, SHORT, WORD = range(3)  # how far a word that names a class can be trusted


@dataclass(frozen=True)
class Reading:
    """What a path says: a class, or the reason why none."""

    drum: str | None
    reason: str = ""


class Word(NamedTuple):
    """A word of a name.

    Attributes:
        meaning: a key of the tables, or "neutral", "kit", "joint", "number", "unknown".
        text: as it stands in the name, in lower case.
        rank: RISKY, SHORT or WORD.
        gap: what stands before it: 0 nothing or a blank, 1 a hyphen or an underscore, 2 a dash, a comma or a bracket.
    """

    meaning: str
    text: str
    rank: int = WORD
    gap: int = 0

    @property
    def is_drum(self) -> bool:
        return self.meaning in CLASS_WORDS


Words = tuple[Word, ...]


@dataclass(frozen=True)
class Folder:
    """What a folder's name says of the files in it.

    Attributes:
        kept: what it is kept for, if that refuses all files; else "".
        beats: "beats" or "breaks", if it is kept for them, which refuses the files directly in it; else "".
        shields: whether it is kept for one-shots.
        reading: a class, a refusal or neither, for files whose names say nothing.
        rank: how far its class can be trusted.
        state: how it says that hats are: "open", "closed", "both" or "".
    """

    kept: str
    beats: str
    shields: bool
    reading: Reading
    rank: int
    state: str


def recognise(path: Path) -> str | None:
    """The class that a file's name, or else its folders, speak of; None if none does.

    >>> recognise(Path("Deep House/Hats/DH_OP_03.wav")), recognise(Path("Kicks/Kick Loop 120.wav"))
    ('open_hat', None)
    """
    return read_name(path).drum


def refusal(path: Path) -> str:
    """Why `recognise` gives no class, or "" if it gives one.

    >>> refusal(Path("Kicks/Kick Loop 120.wav"))
    'its name says loop'
    """
    return read_name(path).reason


def read_name(path: Path) -> Reading:
    """The class, or the reason why none: from vetoes first, then from the name, then from the nearest folder."""
    words = words_of(path.stem)
    drums, rank = _drums(words)
    if veto := _veto(words):
        return Reading(None, f"its name says {veto}")
    if len(drums) > 1:
        return Reading(None, f"its name speaks of {_listed(drums)}")
    folders = _folders(path)
    if kept := _kept(folders):
        return Reading(None, f"its folder says {kept}")
    above = _above(folders)
    if drums and not _overruled(drums[0], rank, above.drum):
        return _settled(drums[0], words, folders)
    return _settled(above.drum, words, folders) if above.drum else above


def _overruled(drum: str, rank: int, above: str | None) -> bool:
    """``Kicks/MA_01`` has its maker's initials in front, and a cymbal among hats is a hat."""
    if above is None:
        return False
    if drum == "cymbal":
        return above in ("hat", "open_hat", "closed_hat", "ride")
    return rank == RISKY and not _may_join(drum, above)


def _listed(classes: tuple[str, ...]) -> str:
    return " and ".join(drum.replace("_", " ") for drum in classes)


def _folders(path: Path) -> list[Folder]:
    """What the folders above a file say, the nearest first, without the user's own ("/home/tom")."""
    parts = path.parts[:-1]
    if path.is_absolute():
        parts = parts[3:] if len(parts) > 1 and parts[1] in ("home", "Users") else parts[1:]
    return [_folder(part) for part in reversed(parts)]


def _kept(folders: list[Folder]) -> str:
    """What a folder is kept for that refuses every file below it, or ""."""
    if folders and folders[0].beats:
        return folders[0].beats
    for folder in folders:
        if folder.kept or folder.shields:
            return folder.kept
    return ""


def _above(folders: list[Folder]) -> Reading:
    """What the nearest folder that says anything says; a short form gives way to a word further up."""
    said = [folder for folder in folders if folder.reading.drum or folder.reading.reason]
    if not said:
        return Reading(None, "no drum class in its name or folders")
    drum = said[0].reading.drum
    if drum and said[0].rank == RISKY:
        for folder in said[1:]:
            if folder.rank == WORD and folder.reading.drum and not _may_join(drum, folder.reading.drum):
                return folder.reading  # "Snares/oh": a microphone
    return said[0].reading


def _settled(drum: str, words: Words, folders: list[Folder]) -> Reading:
    """A hat made an open or a closed one, a cymbal a crash or, if it is open or closed, a hat."""
    state = _state(words)
    if drum not in ("hat", "cymbal") or (drum == "cymbal" and not state):
        return Reading("crash" if drum == "cymbal" else drum)
    if state == "both":
        return Reading(None, "its name speaks of open and closed hats")
    state = state or next((folder.state for folder in folders if folder.state), "closed")
    if state == "both":
        return Reading(None, "its folder speaks of open and closed hats")
    return Reading(f"{state}_hat")


def _state(words: Words) -> str:
    """How words say that a hat is: "open", "closed", "both" or ""."""
    states = {word.meaning for word in words if word.meaning in HAT_STATES}
    if "half" in states:
        return "open"
    return "both" if len(states) == 2 else "".join(states)


def _may_join(first: str, second: str) -> bool:
    same = {"open_hat": "hat", "closed_hat": "hat", "cymbal": "crash"}
    pair = {same.get(first, first), same.get(second, second)}
    return len(pair) == 1 or pair in PAIRS


def _veto(words: Words) -> str:
    """The word that refuses a file with this name, or ""."""
    named = any(word.is_drum for word in words)
    joined = any(word.meaning == "joint" for word in words)
    for index, word in enumerate(words):
        if word.meaning not in VETOES or (word.meaning == SOFT and named and not joined):
            continue
        if word.meaning == "break" and any(behind.is_drum for behind in words[index + 1 : index + 2]):
            continue  # "Breakbeat Kick": cut out of a break
        return word.text
    return ""


@lru_cache(maxsize=4096)
def _folder(name: str) -> Folder:
    words = words_of(name)
    reading, rank = _folder_reading(words)
    named = any(word.meaning.endswith("hat") for word in words)
    strange = any(word.meaning == "unknown" for word in words)
    state = _state(words) if named or not strange else ""  # "Open Air Kit" does not speak of its hats
    if reading.drum in ("open_hat", "closed_hat"):
        state = reading.drum.removesuffix("_hat")  # "rolandtr808-oh"
    shields = bool(ONE_SHOTS.search(name))
    hard = set(HARD)
    if shields:
        hard.remove("loop")  # "Loops and One Shots"
    if any(word.is_drum for word in words):
        hard.remove("instrument")  # "Claves & Cowbells"
    beats = _kept_for(words, {"break"})
    return Folder(_kept_for(words, hard), beats if beats.endswith("s") else "", shields, reading, rank, state)


def _kept_for(words: Words, vetoes: set[str]) -> str:
    """The noun of a folder's name if it is one of these vetoes, or ""."""
    for index, word in enumerate(words):
        if word.meaning in vetoes and _is_noun(words, index, 2):
            return word.text
    return ""


def _folder_reading(words: Words) -> tuple[Reading, int]:
    drums, rank = _drums(words, in_folder=True)
    if not drums or _veto(words):
        veto = next((word.text for word in words if word.meaning in VETOES), "")
        return Reading(None, f"its folder says {veto}" if veto else ""), rank
    last = max(index for index, word in enumerate(words) if word.is_drum and word.rank == rank)
    if not _is_noun(words, last, 1):
        return Reading(None), rank
    if len(drums) > 1:
        return Reading(None, f"its folder speaks of {_listed(drums)}"), rank
    return Reading(drums[0]), rank


def _is_noun(words: Words, index: int, gap: int) -> bool:
    """Whether a folder's word is what it holds: no other noun behind it, short of a division as wide as `gap`."""
    word, behind = words[index], words[index + 1 :]
    if any(other.meaning == "kit" for other in behind):
        return False
    if word.is_drum and word.rank == WORD and word.text.endswith("s"):
        return True  # "Hats Metallic"
    for other in behind:
        if other.gap >= gap:
            return True
        if other.meaning == "unknown":
            return False
    return True


def _drums(words: Words, in_folder: bool = False) -> tuple[tuple[str, ...], int]:
    """The classes that words name, several if they cannot be one sound, and how far they can be trusted."""
    named = [(index, word.meaning, word.rank) for index, word in enumerate(words) if word.is_drum]
    if not named:
        return (), RISKY
    best = max(rank for _, _, rank in named)
    if best < WORD and not _short_form_counts(words, best, in_folder):
        return (), RISKY
    kept = [(index, drum) for index, drum, rank in named if rank == best]
    if best == RISKY and in_folder:
        kept = kept[-1:]
    drums = _one_sound(kept, words)
    behind = [drum for index, drum, rank in named if rank == SHORT < best and index > kept[-1][0]]
    if len(drums) == 1 and behind and not _may_join(drums[0], behind[-1]):
        return (drums[0], behind[-1]), best  # "Kick_HH_01", but not "HH Crash"
    return drums, best


def _short_form_counts(words: Words, rank: int, in_folder: bool) -> bool:
    """Whether a name's short form is no mere syllable: see `RISKY_FORMS`; a folder's must end it ("rolandtr808-bd")."""
    telling = [word for word in words if word.meaning != "number"]
    if in_folder:
        last, alone = telling[-1], len(telling) == 1
        return last.is_drum and last.rank == rank and (alone or rank > RISKY or last.gap > 0)
    if rank > RISKY:
        return True
    strange = [word.text for word in words if word.meaning == "unknown"]
    if telling[-1].is_drum and len(strange) == 1 and len(strange[0]) <= 3:
        return True  # initials: "Grv CH 04"
    return not strange and (telling[0].is_drum or telling[-1].is_drum)


def _one_sound(named: list[tuple[int, str]], words: Words) -> tuple[str, ...]:
    """The classes reduced to one where they can be one sound."""
    drums = dict.fromkeys(drum for _, drum in named)
    if any(drum.endswith("_hat") for drum in drums):
        drums.pop("hat", None)
    if {"crash", "ride", "hat", "open_hat", "closed_hat"} & set(drums):
        drums.pop("cymbal", None)
    if len(drums) != 2:
        return tuple(drums)
    places = [index for index, drum in named if drum in drums]
    joined = any(word.meaning == "joint" for word in words[places[0] : places[-1]])
    if joined or not _may_join(*drums):
        return tuple(drums)
    return ("rim",) if set(drums) == {"snare", "rim"} else (words[places[-1]].meaning,)


@lru_cache(maxsize=4096)
def words_of(name: str) -> Words:
    """Cut a file's or a folder's name into words and look them up.

    >>> [word.meaning for word in words_of("512hhop")], [word.meaning for word in words_of("SNARETop_v3")]
    (['number', 'hat', 'open'], ['snare', 'neutral', 'neutral', 'number'])
    """
    text = FREESOUND.sub("", _plain(name))
    for pattern, says in ((TEMPO, "rhythm"), (IMPULSE_RESPONSE, "impulse response"), (DIPHONE, "diphone")):
        if pattern.search(text):
            text += f" {says}"
    text = _IDIOMS.sub(" idiom ", text)
    text = MACHINES.sub(" model ", DRUM_MACHINES.sub(" drummodel ", text))
    found = list(_looked_up(list(_tokens(text))))
    return tuple(_with_hat_letters(found))


def _plain(text: str) -> str:
    """Without accents."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Runs of letters, split where capitals begin a word, numbers and joints, each with the gap before it."""
    for match in re.finditer(r"([^\w&+]*_*[^\w&+]*)([^\W\d_]+|\d+|[&+])", text):
        gap = 2 if re.search(r"\s-+\s|[(\[{,~]", match[1]) else int("_" in match[1] or "-" in match[1])
        for token in _uncamelled(match[2]):
            yield token, gap
            gap = 0


@lru_cache(maxsize=16384)
def _uncamelled(token: str) -> tuple[str, ...]:
    """``RackTom`` -> rack, tom; ``HHats`` -> h, hats; ``HHclosed`` -> hh, closed; ``KiCk`` -> kick."""
    for border in (r"(?<=[A-Z])(?=[A-Z][a-z])", r"(?<=[A-Z][A-Z])(?=[a-z])"):
        words = tuple(re.sub(rf"(?<=[a-z])(?=[A-Z])|{border}", " ", token).casefold().split())
        if all(piece.meaning != "unknown" for word in words for piece in _pieces(word)):
            return words
    whole = token.casefold()
    if _pieces(whole)[0].meaning != "unknown":
        return (whole,)
    return tuple(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", token).casefold().split())


def _looked_up(tokens: list[tuple[str, int]]) -> Iterator[Word]:
    """Phrases of three and two tokens first, then single tokens, which may join several words."""
    index = 0
    while index < len(tokens):
        for size in (3, 2, 1):
            phrase = " ".join(token for token, _ in tokens[index : index + size])
            if size == 1 or _exact(phrase):
                break
        for place, word in enumerate(_pieces(phrase)):
            yield word if place else word._replace(gap=tokens[index][1])
        index = min(index + size, len(tokens))


def _with_hat_letters(words: list[Word]) -> Iterator[Word]:
    """An O or a C beside a hat says how it is; so does an "oh" (else overhead microphones) if nothing else does."""
    told = any(word.meaning in HAT_STATES for word in words)
    for index, word in enumerate(words):
        beside = words[max(0, index - 1) : index] + words[index + 1 : index + 2]
        if word.text in HAT_LETTERS and not told and any(other.meaning == "hat" for other in beside):
            yield word._replace(meaning=HAT_LETTERS[word.text])
        elif word.text == "oh" and not told and any(other.meaning == "hat" for other in words):
            yield word._replace(meaning="open", rank=WORD)
        else:
            yield word


def _vocabulary() -> dict[str, Word]:
    # The first table that holds a word has it.
    ranks = {RISKY: RISKY_FORMS, SHORT: SHORT_FORMS, WORD: CLASS_WORDS | HAT_STATES | VETOES}
    rows = [(meaning, words, rank) for rank, table in ranks.items() for meaning, words in table.items()]
    rows += [("kit", KITS, WORD), ("joint", JOINTS, WORD), ("neutral", NEUTRAL, WORD)]
    rows += [("neutral", "idiom model drummodel", WORD), ("kick", "drummodel_bass", WORD)]
    known: dict[str, Word] = {}
    for meaning, words, rank in rows:
        for word in _plain(words).casefold().split():
            for text in (word.replace("_", " "), word.replace("_", "")):
                known.setdefault(text, Word(meaning, text, rank))
    return known


def _pattern(idioms: str) -> re.Pattern[str]:
    # The longest first: an alternation takes the first that fits.
    phrases = [re.escape(phrase) for phrase in sorted(idioms.split(), key=len, reverse=True)]
    choices = "|".join(phrase.replace("_", "[ _-]*").replace(r"\*", "[a-z]*") for phrase in phrases)
    return re.compile(rf"(?<![a-z])(?:{choices}|\w+-ish|\w+esque)(?![a-z])", re.I)


VOCABULARY = _vocabulary()
_IDIOMS = _pattern(IDIOMS)


def _exact(text: str) -> Word | None:
    """The table's word for a text or its singular."""
    word = VOCABULARY.get(text)
    if word is None and len(text) > 3 and text.endswith("s"):
        word = VOCABULARY.get(text[:-1]) or (VOCABULARY.get(text[:-2]) if text.endswith("es") else None)
    return word._replace(text=text) if word else None


@lru_cache(maxsize=16384)
def _pieces(token: str) -> Words:
    """The words of one token: itself, or those it joins, or the sure one it begins or ends with."""
    if token.isdigit():
        return (Word("number", token),)
    if token.endswith("hhh"):
        return (Word("voice", token),)  # "Ohhh"
    if token.endswith("fx"):
        return (Word("effect", "fx"),)  # "SNAREFX"; "fxshaker" is a shaker all the same
    if word := _exact(token):
        return (word,)
    for text in (token, token.removesuffix("s")):
        if joined := _split(text) or _stem(text):
            return joined
    return (Word("unknown", token),)


def _stem(token: str) -> Words:
    for stem in STEMS:
        if token.startswith(stem) or token.endswith(stem):
            return (VOCABULARY[stem],)
    for stem in ENDINGS:
        if token.endswith(stem) and len(token) > len(stem) + 1:
            return _pieces(stem)
    for stem in STARTS:
        if token.startswith(stem) and len(token) > 4:
            return _pieces(stem)
    return ()


def _split(token: str) -> Words:
    """The fewest known words that a token joins, one of them with something to say; () if there is no way."""
    if len(token) > LONGEST_JOINED:
        return ()
    ways = (way for way in _ways(token, 0) if _makes_sense(way))
    best = min(ways, key=len, default=())
    return tuple(word._replace(meaning=HAT_LETTERS.get(word.text, word.meaning)) for word in best)


def _ways(token: str, start: int) -> Iterator[Words]:
    if start == len(token):
        yield ()
    for end in range(start + 1, min(len(token), start + 12) + 1):
        if word := _joinable(token, start, end):
            for rest in _ways(token, end):
                yield (word, *rest)


def _joinable(token: str, start: int, end: int) -> Word | None:
    text, word = token[start:end], VOCABULARY.get(token[start:end])
    if len(text) == 1:  # only at an end: "hhc", "ltom"
        is_letter = text in HAT_LETTERS or text in PITCH_LETTERS
        return Word("neutral", text) if is_letter and (start == 0 or end == len(token)) else None
    if word is None or word.rank == RISKY or " " in text or (word.meaning in VETOES and len(text) < 3):
        return None
    return word


def _makes_sense(words: Words) -> bool:
    for index, word in enumerate(words):
        if len(word.text) == 1:
            beside = words[max(0, index - 1) : index] + words[index + 1 : index + 2]
            wanted = {"hat"} if word.text in HAT_LETTERS else PITCH_LETTERS[word.text]
            if not any(other.meaning in wanted for other in beside):
                return False
    return any(word.is_drum or word.meaning in VETOES for word in words)
