"""TOML and JSON files from outside: whatever is wrong with one is an OSError or a ValueError of one short line."""

from __future__ import annotations

import json
import reprlib
import tomllib
from pathlib import Path
from typing import Any

# Of a TOML file, which people write by hand; the largest of ours has a few thousand bytes. The parser takes
# quadratic time for keys of very many parts, which stand in one line.
MOST_BYTES = 1 << 16
LONGEST_LINE = 4096
MOST_DIGITS = 300  # of a whole number: what follows still fits a float

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = 60


def shown(value: object) -> str:
    """A value as it may stand in a message: short, however long or deep it is.

    >>> shown("kick"), len(shown("x" * 10_000)), shown([[1, 2], {"a": None}])
    ("'kick'", 60, "[[1, 2], {'a': None}]")
    """
    return _REPR.repr(value)


def read_toml(path: Path) -> dict[str, Any]:
    """The table in a TOML file.

    Raises:
        OSError: if it cannot be read.
        ValueError: if it is no TOML, or larger or deeper than anyone writes.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(f"larger than {MOST_BYTES >> 10} KiB")
    if max(map(len, data.split(b"\n"))) > LONGEST_LINE:
        raise ValueError(f"a line of more than {LONGEST_LINE} characters")
    try:
        return tomllib.loads(data.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deep") from None


def parse_json(data: str | bytes) -> Any:
    """A JSON document's value.

    Raises:
        ValueError: if it is no JSON, nested deeper than anyone writes, or holds a number larger than every float.
    """
    try:
        return json.loads(data, parse_int=_whole)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)
