"""Names to drum classes: what a sound file's name and the folders above it say it is.

A name is cut into words of the tables below (``512hhop``: hat, open; ``SNARETop_v3``: snare, top), and these decide:

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

# The tables. A word stands for its plural too, and "_" for a blank or nothing.
# fmt: off

# Words that name a class in any company. "hat" and "cymbal" are settled by the words around them.
CLASS_WORDS: dict[str, str] = {
    "kick": """kick kik kck bdr bassdrm bassdr kick_drum k_drum bass_drum b_drum drum_bass bass_kick gran_cassa cassa
        grosse_caisse bombo bumbo grosse_trommel bochka бочка キック バスドラム
        底鼓 킥 stopa bastrumma""",
    "snare": """snare snar snr snare_drum s_drum snaredr caisse_claire redoblante tarola caja caixa rullante
        kleine_trommel малый_барабан スネア 军鼓 스네어 werbel virveltrumma""",
    "clap": "clap clp hand_clap klatschen palmas palmada battimani хлопок クラップ 拍手 클랩",
    "hat": "hat hihat hi_hat high_hat hhat hht hithat charley charleston chimbal хэт хай_хэт ハイハット 踩镲 하이햇",
    "open_hat": "oht hhod hohh foot_splash pedal_splash",
    "closed_hat": "cht hhcd fhh phh hat_chick foot_chick",
    "tom": """tom tom_tom roto_tom f_tom l_tom m_tom h_tom floor_tom standtom hängetom midtm lotm hitm mtd htd
        タム 通鼓""",
    "conga": "conga cng cnga quinto tumba tumbadora",
    "bongo": "bongo bng bngo bgo",
    "tambourine": """tambourine tambourin tamborine tamburine tamburin tamburello tambo tamb tmb tambour_de_basque
        pandereta schellenkranz бубен タンバリン 铃鼓""",
    "shaker": """shaker shkr maraca maracca cabasa cabassa cabaza afuche caxixi rassel ganza shekere chekere шейкер
        シェイカー 沙锤""",
    "snap": "snap finger_snap finger_click snp chasquido schnipsen fingerschnippen claquement_doigt schiocco スナップ",
    "crash": "crash crsh csh cshd cshda splash china crash_cym crash_cymbal suspended_cymbal piatti クラッシュ",
    "cymbal": "cymbal cym cymball cymbol cymb becken cymbale platillo piatto prato тарелка シンバル bekken 심벌",
    "ride": "ride rided rideda ride_bell r_bell ride_cym ride_cymbal ライド",
    "rim": """rim rim_shot rim_click side_stick cross_stick x_stick s_stick stick_side sidestk sidestik xstk crstick
        rimsh リムショット""",
    "cowbell": """cowbell cow_bell cowb cwbl agogo agogo_bell kuhglocke campanaccio cencerro cloche_a_vache
        カウベル 牛铃""",
}
# Short forms, which name a class only if no word of the name does.
SHORT_FORMS: dict[str, str] = {"kick": "bd", "snare": "sd sn sdr", "clap": "cp", "hat": "hh", "shaker": "shk shake"}
# Short forms that are also initials and syllables: they must begin or end a name without a word unknown here.
RISKY_FORMS: dict[str, str] = {
    "kick": "kd", "open_hat": "oh", "closed_hat": "ch", "tom": "tm lt mt ht ft", "conga": "lc mc hc",
    "tambourine": "tb tam", "shaker": "sh ma", "snap": "fs", "crash": "cr cy cra", "ride": "rd", "rim": "rs",
    "cowbell": "cb",
}
# How far a hat is open.
HAT_STATES: dict[str, str] = {
    "open": "open opened op opn ouvert ouverte abierto aberto aperto offen auf",
    "half": "half semi loose slosh sloshy",
    "closed": "closed close cl cls cld clsd closd pedal pdl ped foot ferme cerrado fechado chiuso geschlossen zu",
}

# Words that refuse a file by its name.
VETOES: dict[str, str] = {
    "loop": """loop roll fill bpm groove rhythm phrase pattern riff shuffle build build_up breakdown tops sequence jam
        ostinato intro outro paradiddle triplet stutter stem swirl stir swell drag ruff construction count_in
        metronome""",
    "voice": """vox vocal voc voice speech spoken acapella acappella adlib choir chant shout scream yell laugh whisper
        sing singing yeah hey uh huh ooh ah aah woah phoneme diphone
        tutorial lesson interview podcast announcement""",
    "music": """bass sub_bass chord melody melodic piano organ guitar gtr strings flute sax trumpet violin cello
        rhodes epiano sitar banjo
        harmonica accordion arp pluck stab bassline marimba xylophone glockenspiel kalimba harp horn""",
    "signal": "impulse ir impulse_response convolution preview demo sine_sweep test_tone midi mouse multitrack mixdown",
    "instrument": """clave woodblock wood_block guiro timbale cajon djembe tabla triangle gong tam_tam vibraslap
        whistle castanet timpani cuica surdo tamborim tambora taiko darbuka dumbek udu chime bell_tree mark_tree sleigh
        temple_block jingle_bell frame_drum hand_drum steel_drum anvil log_drum finger_cymbal zill crotale
        rainstick ratchet whip stomp flexatone bodhran""",
    "break": "break breakbeat beat",
    "effect": """fx sfx riser uplifter downlifter sweep whoosh swoosh impact transition drone reverse reversed rev
        scrape bowed scratch siren explosion applause crowd audience clapping twig branch bone neck camera photo
        atmosphere atmos ambience""",
    "other": "perc percussion synth pad lead key brass foley zap laser glitch water ocean rain",
}
HARD = ("loop", "voice", "music", "signal", "instrument")  # in a folder's name they speak for all that it holds
SOFT = "other"  # beside a class they say nothing

# Words that may stand beside a class, or be joined to it, and change nothing; in the last line those that only sound
# like a class.
NEUTRAL = """hard soft big small fat phat tight dry wet low lo mid med medium hi high short long loud quiet snappy
    punchy deep house techno trap ac acoustic elec electro electronic analog digital tiny vintage room amb ambient far
    near top bottom btm in out left right mono stereo vinyl tape lofi clean dirty dark bright warm crispy heavy light
    drum sample sound hit shot chop one single layer layered processed raw vol pack collection library wav aif flac
    bit khz brush rack floor alt ghost accent rock jazz funk pop metal garage club hiphop hop hip boom bap rnb dub dnb
    reggae latin afro disco retro classic modern old new main extra misc various other all sub distorted distortion
    noise noisy click clicky boomy gated verb reverb plate hall flam edge bell tip bow cup shoulder center centre
    finger hand egg wood steel maple birch head shell ludwig gretsch pearl tama yamaha sonor premier mapex zildjian
    sabian paiste meinl istanbul bosphorus simmons roland korg univox oberheim emu akai alesis casio boss sim real rr
    vl vel v s a b c d e f g h k l m r x super ultra mega max mini micro power gabba industrial edm percussive
    from_break amen
    chat that what custom bottom atom phantom symptom somewhat"""
KITS = "kit drumkit drums drumset session machine producer"
JOINTS = "and & + n with und et y vs plus"

# Sayings and names that hold a word of the tables and do not mean it: "_" may be a blank, "*" more letters.
IDIOMS = """
    kick_ass* kick_start* kick_stand* kick_back* kick_off kick_flip* kick_box* kick_ball* kicker* kickin kicking
    kickless* side_kick* door_kick* ball_kick* karate_kick* hat_trick* hats_off top_hat snap_back* snap_shot*
    snapchat* snapdragon* snapper* snarl* clap_back* clapton clap_trap* clapper* clapboard clapham car_crash
    glass_crash plane_crash train_crash crash_test* crash_course crash_landing crash_car crashed crashing joy_ride*
    bike_ride* bus_ride* horse_ride* train_ride* ride_or_die ride_on water_splash tom_waits tom_cruise tom_sawyer
    tom_misch tom_petty dj_tom uncle_tom major_tom peeping_tom tomorrow sequentialcircuitstom bongo_cat kick_it
    kick_that clap_your clap_it shake_it shake_that shake_your snap_your snap_it ride_the ride_it open_source open_air
    open_mic loopmasters looperman loopcloud* loophole loop_loft groove_box* groove_agent beat_box* heart_beat*
    re_fill* rock_n_roll rock_and_roll rock_&_roll drum_and_bass drum_n_bass drum_&_bass
    drums_and_bass drums_&_bass future_bass uk_bass ghetto_bass bass_house bass_music rhythm_ace rhythm_king
    rhythm_composer rhythm_box rhythm_machine compu_rhythm micro_rhythmer rhythmer dr_rhythm jam_pack* thunder_clap*
    tom's
"""
# Machines whose names hold a short form ("RolandMT32" is no tom), and those whose bass is a drum ("Cr8kbass").
MACHINES = re.compile(r"mt-?32|mc-?\d{3}|sh-?(?:09|101|32)|tb-?303|rm-?50|rd-?[689](?!\d)|rs-?09", re.I)
DRUM_MACHINES = re.compile(r"cr-?(?:8k|78|68|800|[158]000)|lm-?[12](?!\d)|linn|dmx|drumtra(?:ks|x)", re.I)

# Long enough to be sure of at either end of a token that is otherwise unknown ("snareslack", "Cabasado"), at its end
# only ("simtom", "Cavebd", "hcclosedhh"), and at its start only ("HHODA", "Bdrumble").
STEMS = """kick bassdr snare snar clap crash shaker conga bongo tambo cowb cymbal maraca cabasa hihat rimshot
    sidestick splash loop vocal riser percussion""".split()
ENDINGS = "closedhh openhh closedhat openhat hh tom hat snap bd sd".split()
STARTS = "hhc hho bd".split()
# Letters that mean something only beside certain classes: "HH_O", "Hat C 05", "tomh", "Klcng".
HAT_LETTERS = {"o": "open", "c": "closed", "p": "closed"}
PITCH_LETTERS = {letter: {"tom", "conga", "bongo"} for letter in "lmhfr"}

# Two classes that do stand in one name, the last being the noun; of a snare and a rim it is the rim.
PAIRS = {frozenset(pair.split()) for pair in (
    "clap snap", "clap snare", "clap rim", "snap snare", "snap rim", "snare rim", "rim tom", "kick tom",
    "tom conga", "tom bongo", "conga bongo", "rim conga", "rim bongo", "shaker tambourine", "shaker hat",
    "tambourine hat", "crash ride", "crash hat", "ride hat",
)}
# fmt: on

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
