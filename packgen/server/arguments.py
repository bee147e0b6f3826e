"""Arguments of requests: each check gives the value, or says in one line what is wrong with it."""

from __future__ import annotations

import math

from packgen.errors import ServerError
from packgen.server.osc import Argument

Id = int | float | str
LARGEST = (2 - 2**-23) * 2.0**127  # of the floats of 32 bits in which a reply carries an id


def shown(value: object) -> str:
    """Something from a packet as it may stand in a message: printable ASCII, short."""
    text = ascii(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def request_id(value: Argument) -> Id:
    """A request's id: a finite number, or a word of at most 64 characters."""
    if isinstance(value, str):
        if len(value) <= 64:
            return value
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
        return value
    raise ServerError(f"{shown(value)} is no request id: give a number or a short word")


def count(arguments: tuple[Argument, ...], least: int, most: int, what: str) -> None:
    """Refuse a wrong number of arguments."""
    if not least <= len(arguments) <= most:
        raise ServerError(f"this request takes {what}, not {len(arguments)} arguments")


def finite(value: Argument, what: str) -> float:
    """A number, which both integers and floats are, but neither infinite nor undefined."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ServerError(f"{what} is {shown(value)}: give a finite number")
    return float(value)


def whole(value: Argument, what: str, least: int, most: int) -> int:
    """A whole number in a range, inclusive; Pure Data sends it as a float."""
    number = finite(value, what)
    if number != int(number) or not least <= number <= most:
        raise ServerError(f"{what} is {shown(value)}: give a whole number from {least} to {most}")
    return int(value) if isinstance(value, int) else int(number)
