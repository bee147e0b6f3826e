"""Portable names: ASCII, no blanks, no reserved words, unique even where upper and lower case are one.

Sample shops allow letters, digits, ``_`` and ``-`` (creators.splice.com/file-naming); Windows forbids the
names of its devices, and both Windows and macOS hold ``Kick`` and ``kick`` for one file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath, PureWindowsPath

from packgen.errors import PackError, RecipeError

MAX_LENGTH = 60  # of one name: a path of folder and file stays far below Windows' 260
RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))]
)  # with or without a suffix (learn.microsoft.com, "Naming files, paths, and namespaces")

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D"}
    | {"ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ł": "l", "Ł": "L", "©": "(c)", "“": '"', "”": '"'}
    # dotless i, dashes, single quotation marks, sharp, flat, times
    | dict(zip("\u0131\u2013\u2014\u2018\u2019\u266f\u266d\u00d7", "i--''#bx", strict=True))
)


def ascii_text(text: str) -> str:
    """Printable ASCII for people: accents dropped, what has no likeness dropped, blanks single.

    >>> ascii_text("Größe  №1 — façade ©")
    'Grosse No1 - facade (c)'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return " ".join("".join(c if c.isprintable() else " " for c in plain).split())


def portable(text: str, what: str = "name", max_length: int = MAX_LENGTH) -> str:
    """A file or folder name that every system and sampler takes: ``A-Z a-z 0-9 _ -`` only, never empty.

    Doing it twice changes nothing more.

    Args:
        text: any text.
        what: what the text is, for the message ("label", "pack name").
        max_length: characters kept, at least 8.

    Raises:
        RecipeError: if no letter or digit is left.

    >>> portable("Señor Ünïcode & Söhne"), portable("F# minor"), portable("nul")
    ('Senor_Unicode_Sohne', 'Fs_minor', 'nul_')
    """
    sharp = re.sub(r"(?<=[A-Ga-g])#", "s", ascii_text(text)).replace("'", "")
    name = re.sub(r"_+", "_", re.sub(r"[^A-Za-z0-9_-]", "_", sharp)).strip("_-")[:max_length].strip("_-")
    if not name:
        raise RecipeError(
            f"{what} {text!r} has no letter or digit for a file name: use some of A-Z a-z 0-9 _ -"
        )
    return f"{name}_" if name.lower() in RESERVED else name


def unique(names: Sequence[str]) -> list[str]:
    """The same names, those met before (in whatever case) numbered on: ``Kick kick`` -> ``Kick kick_2``.

    A name that collides with no other is never changed; the order of the names decides the rest.
    """
    given = {name.lower() for name in names}
    taken: set[str] = set()
    result = []
    for name in names:
        choice, number = name, 2
        while choice.lower() in taken or (choice != name and choice.lower() in given):
            choice, number = f"{name}_{number}", number + 1
        taken.add(choice.lower())
        result.append(choice)
    return result


def check_path(path: str) -> PurePosixPath:
    """A path that stays inside the pack's folder, and is spelt the same, on every system.

    Raises:
        PackError: if it is empty or absolute, climbs out, or has a drive, a backslash, or a character that is not
            printable ASCII.
    """
    inside = all(part not in ("", ".", "..") for part in path.split("/"))
    plain = path.isascii() and path.isprintable() and "\\" not in path
    if not inside or not plain or PureWindowsPath(path).drive:
        raise PackError(f"sample path {path!r} must be ASCII, relative, with /, inside the pack's folder")
    return PurePosixPath(path)
