"""Requests of the page, read and checked: numbers are finite, coordinates clamped, everything bounded.

A sound is asked for in one of four ways, and each names one sound for good: the same request, the same bytes.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from packgen.errors import ServerError
from packgen.files.documents import shown
from packgen.latent import space as latent

MOST_SEED = 2**53 - 1  # the largest whole number that JavaScript counts to
FARTHEST = 1000.0  # of a code's values; a class's codes stay within some tens
MOST_SECONDS = 60.0
MOST_SOUNDS = 200  # of a pack from the page
MOST_NAME = 60  # characters


class Refused(ServerError):
    """A request that is answered with an error.

    Attributes:
        status: of the HTTP answer.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class AtPoint:
    """The sound at P1, P2, P3, in deviations from its class's mean."""

    drum: str
    place: tuple[float, float, float]


@dataclass(frozen=True)
class Draw:
    """A random sound of a class."""

    drum: str
    seed: int


@dataclass(frozen=True)
class ByCode:
    """The sound of a code that an answer gave: `code` is D little-endian floats of 32 bits."""

    drum: str
    code: bytes


@dataclass(frozen=True)
class Variation:
    """A variation of a sound: every axis moved by about `amount` deviations."""

    drum: str
    code: bytes
    amount: float  # 0…1
    seed: int


SoundRequest = AtPoint | Draw | ByCode | Variation


@dataclass(frozen=True)
class Favourite:
    """A sound of a pack, cut to what stands between its handles, in seconds; no end is the sound's own."""

    sound: ByCode
    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True)
class PackWish:
    """A pack to save."""

    name: str
    favourites: tuple[Favourite, ...]


def to_code(text: object, dimensions: int) -> bytes:
    """Read a code as pages hold it, base64 for URLs, to the bytes of its values.

    Raises:
        Refused: if it is anything else than `dimensions` finite values of a likely size.
    """
    why = f"the code is not that of a sound: it holds {dimensions} numbers in base64, as answers give them"
    if not isinstance(text, str) or len(text) > 8 * dimensions + 8:
        raise Refused(why)
    try:
        data = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(why) from error
    if len(data) != 4 * dimensions:
        raise Refused(why)
    if not np.all(np.abs(from_code(data)) <= FARTHEST):  # not a number fails this, too
        raise Refused("the code lies where no sound is: its values must be finite and moderate")
    return data


def from_code(data: bytes) -> latent.Vector:
    """The latent code (D,) in a code's bytes."""
    return np.frombuffer(data, "<f4").astype(np.float32)


def code_text(code: latent.Vector) -> str:
    """Inverse of `to_code`, from the latent code."""
    return base64.urlsafe_b64encode(code.astype("<f4").tobytes()).decode()


def read_sound_request(
    drum: str, query: Mapping[str, str], spaces: Mapping[str, latent.ClassSpace]
) -> SoundRequest:
    """Read a query.

    Raises:
        Refused: if it is wrong; coordinates and amounts out of range are clamped instead.
    """
    known_class(drum, spaces)
    dimensions = spaces[drum].dimensions
    match sorted(query):
        case ["at"]:
            parts = query["at"].split(",")
            if len(parts) != 3:
                raise Refused(f"at has {len(parts)} coordinates: give P1,P2,P3")
            place = [
                clamp(_number(text, f"P{n}"), -latent.REACH, latent.REACH) for n, text in enumerate(parts, 1)
            ]
            return AtPoint(drum, (place[0], place[1], place[2]))
        case ["seed"]:
            return Draw(drum, _seed(query["seed"]))
        case ["code"]:
            return ByCode(drum, to_code(query["code"], dimensions))
        case ["amount", "code", "seed"]:
            amount = clamp(_number(query["amount"], "amount"), 0.0, 1.0)
            return Variation(drum, to_code(query["code"], dimensions), amount, _seed(query["seed"]))
    raise Refused("ask with ?at=P1,P2,P3, ?seed=, ?code= or ?code=&amount=&seed=")


def known_class(drum: object, spaces: Mapping[str, latent.ClassSpace]) -> str:
    """A class's name, if the model has it.

    Raises:
        Refused: if it has not.
    """
    if isinstance(drum, str) and drum in spaces:
        return drum
    raise Refused(f"unknown drum class {shown(drum)}: there are {', '.join(spaces)}", 404)


def read_json(body: bytes) -> Any:
    """JSON in the strict sense: no NaN, no Infinity.

    Raises:
        Refused: if it is none.
    """
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused("the request's body is not JSON") from error


def read_pack(body: object, spaces: Mapping[str, latent.ClassSpace]) -> PackWish:
    """Read a pack's wish from JSON, sent by a page or taken from a manifest's recipe.

    Raises:
        Refused: naming the sound that is wrong.
    """
    if not isinstance(body, dict) or set(body) != {"name", "sounds"}:
        raise Refused('a pack is {"name": …, "sounds": […]}')
    name, sounds = body["name"], body["sounds"]
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= MOST_NAME:
        raise Refused(f"the pack needs a name of 1 to {MOST_NAME} characters")
    if not isinstance(sounds, list) or not 1 <= len(sounds) <= MOST_SOUNDS:
        raise Refused(f"a pack holds 1 to {MOST_SOUNDS} sounds: mark some as favourites")
    return PackWish(name.strip(), tuple(_favourite(n, sound, spaces) for n, sound in enumerate(sounds, 1)))


def pack_json(wish: PackWish) -> dict[str, Any]:
    """Inverse of `read_pack`."""
    return {
        "name": wish.name,
        "sounds": [
            {
                "class": favourite.sound.drum,
                "code": code_text(from_code(favourite.sound.code)),
                "start": favourite.start,
                "end": favourite.end,
            }
            for favourite in wish.favourites
        ],
    }


def clamp(value: float, least: float, most: float) -> float:
    """The nearest number in a range."""
    return min(max(value, least), most)


def _favourite(number: int, value: object, spaces: Mapping[str, latent.ClassSpace]) -> Favourite:
    if not isinstance(value, dict) or set(value) != {"class", "code", "start", "end"}:
        raise Refused(f"sound {number} of the pack is not class, code, start and end")
    drum = known_class(value["class"], spaces)
    kept = ByCode(drum, to_code(value["code"], spaces[drum].dimensions))
    start = _seconds(value["start"], f"start of sound {number}")
    end = None if value["end"] is None else _seconds(value["end"], f"end of sound {number}")
    return Favourite(kept, start, end)


def _seconds(value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < math.inf:
        raise Refused(f"{what} must be a finite number of seconds")
    return float(clamp(value, 0.0, MOST_SECONDS))  # clamped first: JSON has integers that no float holds


def _number(text: str, what: str) -> float:
    try:
        value = float(text[:40])
    except ValueError as error:
        raise Refused(f"{what} is {shown(text)}: give a number") from error
    if not math.isfinite(value):
        raise Refused(f"{what} is {shown(text)}: give a finite number")
    return value


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 16 and int(text) <= MOST_SEED):
        raise Refused(f"seed is {shown(text)}: give a whole number from 0 to {MOST_SEED}")
    return int(text)


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number in JSON")
