"""Names to drum classes: what a sound file's name and the folders above it say it is.

A name is cut into tokens (``HHats-CL-V08`` -> ``h hats cl v 08``), each token into words of the tables below
(``512hhop`` -> ``hh op``), and the words decide:

* A veto word (loop, roll, vox, riser …) in the file's name refuses the file, whatever its folders say. Folders that
  are kept for loops, voices or melodic sounds refuse the files in them even if a file is called ``Kick 01``.
* Words beat short forms: ``Splash SABIAN-HH`` is a crash. Short forms beat nothing.
* A hat is closed unless its name, or else its folders, say open.
* Of two classes in a name the last is the noun (``Snap Clap`` is a clap) if such a sound is ever called so;
  otherwise (``Kick Snare 1``, ``Kick & Clap``) the sound is a layer or a pattern, and refused.
* A name that says nothing asks the folders, the nearest first. A folder speaks if its noun is a class (``Deep House
  Kicks``), not if it only begins with one (``Snare Jordan Kit``, ``Hat Trick``).

In doubt a sound is refused: a wrong label poisons training, a missing sound hardly matters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

# Words and phrases (with "_" for a blank) that name a class in any company. "hat" becomes open_hat or closed_hat,
# "cymbal" gives way to a ride, a hat or a crash beside it.
# fmt: off
CLASS_WORDS: dict[str, str] = {
    "kick": """kick kik kck kickdrum kick_drum k_drum kdrum bass_drum b_drum bdrum bassdr bass_dr bass_kick gran_cassa
        grosse_caisse bombo bumbo cassa grosse_trommel bassetrommel basstrommel bochka бочка キック""",
    "snare": """snare snar snr snare_drum s_drum sdrum snaredr caisse_claire redoblante tarola caja caixa rullante
        kleine_trommel малый рабочий スネア""",
    "clap": "clap clp handclap hand_clap klatschen palmas palmada battimani хлопок クラップ",
    "hat": """hat hihat hi_hat high_hat hhat hht hithat charley charleston chimbal хэт хай_хэт ハイハット""",
    "open_hat": "open_high ohihat foot_splash pedal_splash",
    "closed_hat": "chihat hat_chick foot_chick",
    "tom": "tom tomtom tom_tom rototom roto_tom ftom rtom ltom mtom htom stom floor_tom standtom hängetom タム",
    "conga": "conga cong cng cnga congo quinto tumba tumbadora",
    "bongo": "bongo bng bngo bgo",
    "tambourine": """tambourine tambourin tamborine tamburine tamburin tamburello tambo tamb tmb tambor_de_basque
        tambour_de_basque pandereta schellenkranz бубен タンバリン""",
    "shaker": """shaker shkr shake maraca cabasa cabassa afuche caxixi rassel ganza chekere shekere шейкер
        シェイカー""",
    "snap": """snap fingersnap finger_snap finger_click fingerclick snp chasquido schnipsen fingerschnippen
        claquement_doigt schiocco щелчок スナップ""",
    "crash": "crash crsh splash china chinese crash_cymbal crashcym suspended piatti",
    "cymbal": "cymbal cym cymball cymb becken cymbale platillo piatto prato тарелка シンバル",
    "ride": "ride ridebell ride_bell rbell r_bell ライド",
    "rim": """rim rimshot rim_shot rimclick rim_click sidestick side_stick crossstick cross_stick xstick x_stick
        sstick s_stick sidestk xstk crstick rimsh stick_side リムショット""",
    "cowbell": "cowbell cow_bell cowb cwbl agogo kuhglocke campanaccio cencerro cloche_a_vache カウベル",
}

# Short forms that name a class only where no word of the name does. The risky ones are also initials and syllables:
# they must stand at an end of the name.
SHORT_FORMS: dict[str, str] = {
    "kick": "bd kd", "snare": "sd sn sdr", "clap": "cp", "hat": "hh", "shaker": "shk", "crash": "cym", "cowbell": "",
}
RISKY_FORMS: dict[str, str] = {
    "open_hat": "oh", "closed_hat": "ch ph", "tom": "tm lt mt ht ft", "conga": "lc mc hc", "tambourine": "tb tam",
    "shaker": "sh ma cab", "snap": "fs", "crash": "cr cy", "ride": "rd", "rim": "rs", "cowbell": "cb cow",
}

OPEN_WORDS = "open opened op opn opened ouvert ouverte abierto aberto aperto offen auf halfopen semiopen"
HALF_WORDS = "half semi loose slosh sloshy"
CLOSED_WORDS = "closed close cl cls cld clsd closd pedal pdl ped foot ferme cerrado fechado chiuso geschlossen zu"

# Words that refuse a file by its name, under the reason they give. Folders of the first group refuse all they hold.
VETOES: dict[str, str] = {
    "loop": """loop roll fill bpm groove rhythm phrase pattern riff shuffle buildup build_up breakdown tops sequence
        ostinato jam drumloop bars intro outro paradiddle triplet stutter stem flams swirl stir swell
        construction count_in countin metronome""",
    "voice": """vox vocal voc voice speech spoken acapella acappella adlib choir chant shout scream yell laugh whisper
        sing singing yeah hey phoneme""",
    "music": """bass sub_bass chord melody melodic piano organ guitar gtr strings brass flute sax trumpet violin
        cello arp pluck stab bassline lead_synth marimba xylophone glockenspiel kalimba harp horn""",
    "signal": "impulse ir impulse_response convolution preview demo sine_sweep test_tone midi mouse",
    "break": "break breakbeat beat amen",
    "effect": """fx sfx riser uplifter downlifter sweep whoosh swoosh impact transition drone reverse reversed scrape
        bowed scratch laser siren zap explosion applause crowd audience clapping twig branch bone neck camera
        atmosphere atmos ambience""",
    "instrument": """clave woodblock wood_block guiro timbale cajon djembe tabla triangle gong tamtam tam_tam vibraslap
        whistle castanet timpani cuica surdo taiko darbuka dumbek udu chime bell_tree mark_tree sleigh temple_block
        sleigh_bell jingle_bell frame_drum hand_drum steel_drum anvil log_drum""",
    "percussion": "perc percussion synth pad lead key foley",
}
HARD = ("loop", "voice", "music", "signal")  # in a folder's name they speak for all in it
SOFT = ("percussion",)  # in a file's name they give way to a class

# What may stand beside a class, or be joined to it, and change nothing.
NEUTRAL = """hard soft big small fat phat tight dry wet low lo mid med medium hi high short long loud quiet snappy
    punchy
    deep house techno trap ac acoustic elec electro electronic analog digital linn tiny vintage room amb ambient close
    far near top bottom btm in out left right mono stereo vinyl tape lofi clean dirty dark bright warm crispy heavy
    light
    drum sample sound hit shot one single layer layered processed raw vol pack collection library wav aif flac bit khz
    brush rack floor foot alt ghost accent rock jazz funk pop metal garage club hiphop hop hip boom bap rnb dub dnb
    reggae
    latin afro disco retro classic modern old new main extra misc various other all sub distorted distortion noise noisy
    clicky click snappy boomy gated verb reverb rev room plate hall flam edge bell tip bow cup shoulder center centre
    finger hand egg wood metal steel brass maple birch head shell ludwig gretsch pearl tama yamaha sonor premier mapex
    zildjian sabian paiste meinl istanbul bosphorus dmx simmons roland korg univox oberheim emu akai alesis casio boss
    drumtraks rr vl vel v s ch a b c d e f g x tr cr tiny super ultra mega max mini micro power gabba industrial edm"""
KIT_WORDS = "kit drumkit drums drumset session machine producer beatkit"
JOINTS = {"and", "&", "+", "n", "with", "und", "et", "y", "vs", "plus"}
SHIELDS = re.compile(r"one[ _-]?shots?|single[ _-]?(hits?|shots?)|\bhits\b|\bsingles\b", re.I)

# Names and idioms that hold a word of the tables and do not mean it.
IDIOMS = re.compile(
    r"""kick[ _-]?(ass|start|back|off|flip|box|ball|er|in\b|ing)\w*|(side|drop|free|high|door|ball|karate)[ _-]?kicks?\b
    |top[ _-]hat|hat[ _-]?trick|snap[ _-]?(back|shot|chat|dragon|per)\w*|clap[ _-]?(back|ton|trap|per|board|ham)\w*
    |(car|glass|plane|train)[ _-]crash|crash[ _-](test|course|landing|car)|crash(ed|ing)\b
    |(joy|bike|bus|horse|train)[ _-]?rides?\b|ride[ _-](or[ _-]die|on|the)\b|water[ _-]splash
    |open[ _-](source|air|mic)|(dj|uncle|major|peeping)[ _-]tom\b|tom[ _-](waits|cruise|sawyer|misch)|tomorrow
    |loop(masters|man|cloud|hole)\w*|(groove|beat)[ _-]?box(es)?|heart[ _-]?beats?|bongo[ _-]cat
    |drum[ _-]*(and|n|&|'n')[ _-]*bass|(future|uk|ghetto)[ _-]bass|bass[ _-](house|music)
    |rhythm[ _-]?(ace|king|composer|box)|compu[ _-]?rhythm
    |(micro[ _-]?)?rhythmer|dr\.?[ _-]rhythm|(?-i:snarl|SequentialCircuitsTom)""",
    re.I | re.X,
)
# Machines whose names hold a short form: "RolandMT32" is no tom.
MACHINES = re.compile(
    r"mt-?32|mc-?\d{3}|sh-?(?:09|101|32)|tb-?303|rm-?50|rd-?[689](?!\d)|rs-?09|lm-?[12](?!\d)", re.I
)
DRUM_MACHINES = re.compile(r"cr-?(?:8k|78|68|800|[158]000)|linn|dmx|drumtra(?:ks|x)", re.I)  # their bass is a drum
# fmt: on

# Two classes that do stand in one name, the last being the noun; of a snare and a rim it is always the rim.
PAIRS = {
    frozenset(pair.split())
    for pair in (
        "clap snap", "clap snare", "clap rim", "snap snare", "snap rim", "snare rim", "snare tom", "rim tom",
        "kick tom", "tom conga", "tom bongo", "conga bongo", "shaker tambourine", "shaker hat", "crash ride",
        "crash hat", "ride hat", "tambourine hat", "rim conga", "rim bongo",
    )
}  # fmt: skip

RISKY, SHORT, WORD = range(3)  # how much a word that names a class can be trusted


@dataclass(frozen=True)
class Reading:
    """What a path says: a class, or the reason why none."""

    drum: str | None
    reason: str = ""


@dataclass(frozen=True)
class Word:
    """A word of a name.

    Attributes:
        meaning: a key of the tables above, or "open", "half", "closed", "neutral", "kit", "joint", "number", "unknown".
        rank: RISKY, SHORT or WORD.
        text: the word itself.
        gap: what divides it from the word before: 0 nothing or a blank, 1 an underscore, 2 a dash or a bracket.
    """

    meaning: str
    rank: int
    text: str
    gap: int = 0


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
    """The class or the reason why none: first vetoes, then the name, then the folders from the nearest up."""
    name = _words(path.stem)
    folders = _folders(path)
    classes, rank = _classes(name)
    if veto := _veto(name, bool(classes)):
        return Reading(None, f"its name says {veto}")
    for folder in folders:
        if SHIELDS.search(folder):
            break
        if kept := _kept_for(folder):
            return Reading(None, f"its folder says {kept}")
    if len(classes) > 1:
        return Reading(None, f"its name speaks of {' and '.join(classes)}")
    above = _of_folders(folders)
    if not classes:
        return _finish(above, name, folders)
    own = Reading(classes[0])
    if classes[0] == "cymbal" and above.drum in ("crash", "ride", "hat", "open_hat", "closed_hat"):
        own = above
    if rank == RISKY and above.drum and not _may_join(classes[0], above.drum):
        own = above  # "Kicks/MA_01": the maker's initials, not maracas
    return _finish(own, name, folders)


def _finish(reading: Reading, name: tuple[Word, ...], folders: list[str]) -> Reading:
    """A hat made an open or a closed one; a cymbal a crash."""
    if reading.drum == "cymbal":
        return Reading("crash")
    if reading.drum != "hat":
        return reading
    for words in (name, *map(_words, folders)):
        states = {word.meaning for word in words} & {"open", "half", "closed"}
        if words is not name and any(word.meaning == "unknown" for word in words) and not _has_hat(words):
            continue  # "Open Air Kit"
        if "half" in states:
            return Reading("open_hat")
        if states == {"open", "closed"}:
            return Reading(None, "it speaks of open and closed hats")
        if states:
            return Reading(f"{states.pop()}_hat")
    return Reading("closed_hat")


def _has_hat(words: tuple[Word, ...]) -> bool:
    return any(word.meaning.endswith("hat") for word in words)


def _may_join(first: str, second: str) -> bool:
    same = {"open_hat": "hat", "closed_hat": "hat", "cymbal": "crash"}
    pair = {same.get(first, first), same.get(second, second)}
    return len(pair) == 1 or frozenset(pair) in PAIRS


def _folders(path: Path) -> list[str]:
    """The folders above a file, the nearest first, without the user's own name ("/home/tom")."""
    parts = [part for part in path.parts[:-1] if part != path.anchor]
    if path.is_absolute() and parts and parts[0] in ("home", "Users"):
        del parts[:2]
    return parts[::-1]


def _veto(words: tuple[Word, ...], has_class: bool) -> str:
    """The word of a file's name that refuses it, or ""."""
    for index, word in enumerate(words):
        if word.meaning not in VETOES or (word.meaning in SOFT and has_class):
            continue
        behind = words[index + 1] if index + 1 < len(words) else None
        if word.meaning == "break" and behind and behind.meaning in CLASS_WORDS:
            continue  # "Breakbeat Kick": a kick cut out of a break
        return word.text
    return ""


@lru_cache(maxsize=4096)
def _kept_for(folder: str) -> str:
    """What a folder is kept for, if that refuses every file in it; else ""."""
    words = _words(folder)
    if any(word.meaning == "kit" for word in words):
        return ""  # "Kick Loop Kit" is a kit's name
    for index, word in enumerate(words):
        if word.meaning in HARD and _is_noun(words, index, 2):
            return word.text
    return ""


def _of_folders(folders: list[str]) -> Reading:
    for place, folder in enumerate(folders):
        reading = _of_folder(folder, place == 0)
        if reading.drum or reading.reason:
            return reading
    return Reading(None, "no drum class in its name or folders")


@lru_cache(maxsize=4096)
def _of_folder(folder: str, nearest: bool) -> Reading:
    """What a folder says of the files in it that say nothing: a class, a refusal, or neither."""
    words = _words(folder)
    if any(word.meaning == "kit" for word in words):
        return Reading(None)
    classes, rank = _classes(words)
    if len(classes) > 1:
        return Reading(None, f"its folder speaks of {' and '.join(classes)}")
    veto = next((word.text for word in words if word.meaning in VETOES), "")
    if not classes:
        return Reading(None, f"its folder says {veto}" if veto else "")
    if veto and _veto(words, True):
        return Reading(None, f"its folder says {veto}")
    if rank < WORD and (words[-1].meaning in ("number", "unknown") or words[-1].rank == WORD):
        return Reading(None)
    if rank == RISKY and len(words) > 1 and not words[-1].gap:
        return Reading(None)
    last = max(index for index, word in enumerate(words) if word.meaning in CLASS_WORDS)
    if not _is_noun(words, last, 1):
        return Reading(None)
    return Reading(classes[0])


def _is_noun(words: tuple[Word, ...], index: int, gap: int) -> bool:
    """Whether a word is the last that means something, up to the end or a division as wide as `gap`."""
    for word in words[index + 1 :]:
        if word.gap >= gap:
            return True
        if word.meaning == "unknown":
            return False
    return True


@lru_cache(maxsize=65536)
def _parsed(words: tuple[Word, ...]) -> tuple[tuple[str, ...], int]:
    named = [(index, word) for index, word in enumerate(words) if word.meaning in CLASS_WORDS]
    named = [(i, w) for i, w in named if w.rank > RISKY or i in _ends(words)]
    if not named:
        return (), RISKY
    rank = max(word.rank for _, word in named)
    kept = [(index, word.meaning) for index, word in named if word.rank == rank]
    return _reduced(kept, words), rank


def _classes(words: tuple[Word, ...]) -> tuple[tuple[str, ...], int]:
    """The classes that a name speaks of (none, one, or several that cannot be one sound) and the best rank."""
    return _parsed(words)


def _ends(words: tuple[Word, ...]) -> set[int]:
    """The first and the last word that are no numbers."""
    places = [index for index, word in enumerate(words) if word.meaning != "number"]
    return {places[0], places[-1]} if places else set()


def _reduced(kept: list[tuple[int, str]], words: tuple[Word, ...]) -> tuple[str, ...]:
    names = list(dict.fromkeys(name for _, name in kept))
    if len(names) == 1:
        return (names[0],)
    hats = [name for name in names if name.endswith("hat")]
    if len(hats) == len(names):
        exact = [name for name in names if name != "hat"]
        return tuple(exact)
    if "cymbal" in names and {"crash", "ride", *hats} & set(names):
        return _reduced([(index, name) for index, name in kept if name != "cymbal"], words)
    between = words[kept[0][0] : kept[-1][0]]
    if len(names) > 2 or any(word.meaning == "joint" for word in between) or not _may_join(*names):
        return tuple(names)
    return ("rim",) if set(names) == {"snare", "rim"} else (kept[-1][1],)


def _words(name: str) -> tuple[Word, ...]:
    return _words_of(name)


@lru_cache(maxsize=4096)
def _words_of(name: str) -> tuple[Word, ...]:
    """Cut a name into words and look them up."""
    text = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    text = re.sub(r"^\d{3,}_+[^_].*?__", "", text)  # Freesound's number__user__title
    text = IDIOMS.sub(" idiom ", text)
    text = MACHINES.sub(" model ", DRUM_MACHINES.sub(" drummodel ", text))
    if re.search(r"(?:^|[^a-z])s\d+[ _-]?r\d+(?:[^a-z]|$)", text, re.I):
        return (Word("signal", WORD, "an impulse response"),)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    tokens = [
        (match["word"].casefold(), _gap(match["gap"]))
        for match in re.finditer(r"(?P<gap>[^\w&+]*_*[^\w&+]*)(?P<word>[^\W\d_]+|\d+|[&+])", text)
    ]
    found: list[Word] = []
    index = 0
    while index < len(tokens):
        for size in (3, 2, 1):
            phrase = " ".join(token for token, _ in tokens[index : index + size])
            if size == 1 or (index + size <= len(tokens) and _exact(phrase)):
                break
        found += [
            Word(w.meaning, w.rank, w.text, tokens[index][1] if i == 0 else 0)
            for i, w in enumerate(_pieces(phrase))
        ]
        index += size
    return tuple(_hat_letters(found))


def _gap(between: str) -> int:
    if re.search(r"\s-+\s|[(\[{,~]", between):
        return 2
    return 1 if "_" in between else 0


LETTERS = {"o": "open", "c": "closed", "p": "closed"}  # beside a hat: "HH_O", "Hat C 05"


def _hat_letters(words: list[Word]) -> Iterable[Word]:
    for index, word in enumerate(words):
        beside = words[max(0, index - 1) : index] + words[index + 1 : index + 2]
        if word.text in LETTERS and any(other.meaning == "hat" for other in beside):
            yield Word(LETTERS[word.text], WORD, word.text, word.gap)
        elif word.text == "oh" and any(other.meaning == "hat" for other in words):
            yield Word("open", WORD, word.text, word.gap)
        else:
            yield word


def _plain(word: str) -> str:
    """As the tables are looked up: no accents, no case."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


def _vocabulary() -> dict[str, Word]:
    known: dict[str, Word] = {}

    def add(words: str, meaning: str, rank: int = WORD) -> None:
        for word in words.split():
            spaced = _plain(word).replace("_", " ")
            known.setdefault(spaced, Word(meaning, rank, spaced))
            known.setdefault(spaced.replace(" ", ""), Word(meaning, rank, spaced))

    for drum, words in CLASS_WORDS.items():
        add(words, drum)
    for drum, words in SHORT_FORMS.items():
        add(words, drum, SHORT)
    for drum, words in RISKY_FORMS.items():
        add(words, drum, RISKY)
    for meaning, words in VETOES.items():
        add(words, meaning)
    add("drummodel_bass", "kick")
    for meaning, words in (
        ("open", OPEN_WORDS),
        ("half", HALF_WORDS),
        ("closed", CLOSED_WORDS),
        ("kit", KIT_WORDS),
    ):
        add(words, meaning)
    add(" ".join(JOINTS), "joint")
    add(NEUTRAL, "neutral")
    add("idiom model drummodel", "neutral")
    return known


VOCABULARY = _vocabulary()


def _exact(word: str) -> Word | None:
    found = VOCABULARY.get(word)
    if found is None and len(word) > 3 and word.endswith("s"):
        found = VOCABULARY.get(word[:-1]) or (VOCABULARY.get(word[:-2]) if word.endswith("es") else None)
    return found


@lru_cache(maxsize=16384)
def _pieces(token: str) -> tuple[Word, ...]:
    """The words of one token: itself, or what it joins ("512hhop": hh, op), or a long word it begins or ends with."""
    if token.isdigit():
        return (Word("number", WORD, token),)
    if word := _exact(token):
        return (word,)
    if joined := _split(token):
        return joined
    for stem in STEMS:
        if token.startswith(stem) or token.endswith(stem):
            return (VOCABULARY[stem],)
    return (Word("unknown", WORD, token),)


# Long enough to be sure of at either end of a token that is otherwise unknown ("snareslack", "Cabasado").
STEMS = tuple(
    """kick snare snar clap crash shaker conga bongo tambo cowbell cymbal maraca cabasa hihat rimshot sidestick splash
    loop vocal riser percussion""".split()
)
# One letter that may stand at an end of a joined token, and beside which words.
AFFIXES = {"o": {"hat"}, "c": {"hat"}, "p": {"hat"}, "l": {"tom", "conga", "bongo"}, "m": {"tom", "conga", "bongo"},
           "h": {"tom", "conga", "bongo"}, "f": {"tom"}, "r": {"tom"}}  # fmt: skip


def _split(token: str) -> tuple[Word, ...]:
    """The fewest known words that a token joins, one of them naming something; () if there is no such way."""
    ways = [way for way in _ways(token, 0) if _names_something(way)]
    best = min(ways, key=len, default=())
    return tuple(Word(LETTERS[w.text], WORD, w.text) if w.text in LETTERS else w for w in best)


def _ways(token: str, start: int) -> Iterable[tuple[Word, ...]]:
    if start == len(token):
        yield ()
    for end in range(start + 1, len(token) + 1):
        if word := _joinable(token, start, end):
            for rest in _ways(token, end):
                yield (word, *rest)


def _names_something(words: tuple[Word, ...]) -> bool:
    for index, word in enumerate(words):
        beside = {other.meaning for other in words[max(0, index - 1) : index] + words[index + 1 : index + 2]}
        if len(word.text) == 1 and not beside & AFFIXES[word.text]:
            return False
    return any(word.meaning in CLASS_WORDS or word.meaning in VETOES for word in words)


def _joinable(token: str, start: int, end: int) -> Word | None:
    text = token[start:end]
    if end - start == 1:
        return Word("neutral", WORD, text) if text in AFFIXES and (start == 0 or end == len(token)) else None
    word = VOCABULARY.get(text)
    if word is None or word.rank == RISKY or (word.meaning in VETOES and len(text) < 4):
        return None
    return word
