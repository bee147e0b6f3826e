"""Wishes: how bright, how long, at what pitch, how electronic a sound shall be, and how well a sound meets them.

A wish is a bias (-1 … 1, against the class's own sounds) or a range in hertz or seconds; the character is always a
bias, acoustic … electronic. It chooses points of the latent space by what is predicted of them; nothing is filtered.
Pure and seeded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.audio.descriptors import Descriptors
from packgen.latent.electronic import NAME as CHARACTER
from packgen.latent.predictor import Predictor
from packgen.latent.space import Points

BIAS_REACH = 1.5  # deviations from the class's mean that a bias of 1 asks for
SCATTER = 0.35  # deviations that the sounds of one bias differ among themselves
TOLERANCE = 0.5  # deviations from its own aim within which a sound meets a bias
MARGIN = 0.1  # of a range's width that aims keep from its ends
UNHEARD = 3.0  # deviations: the miss of a sound that has no pitch where one is wished for

# What each wish is measured in, and the least and most that a range may name.
UNITS: dict[str, tuple[str, float, float]] = {
    "brightness": ("Hz", 20.0, 20_000.0),
    "decay": ("s", 0.002, 10.0),
    "pitch": ("Hz", 20.0, 4_000.0),
}
NAMES = (*UNITS, CHARACTER)


@dataclass(frozen=True)
class Wish:
    """A wish for one descriptor, or the character: a bias where `bias` is given, else the range low … high.

    Raises:
        ValueError: if the numbers cannot be; the message says why.
    """

    name: str
    bias: float | None = None
    low: float = 0.0
    high: float = 0.0

    def __post_init__(self) -> None:
        if self.name == CHARACTER:
            if self.bias is None or not -1 <= self.bias <= 1:
                raise ValueError("a character is -1 (acoustic) … 1 (electronic)")
            return
        unit, least, most = UNITS[self.name]
        if self.bias is not None:
            if not -1 <= self.bias <= 1:
                raise ValueError(
                    f"a bias is -1 … 1, not {self.bias:g}; a range is written {least:g}-{most:g}"
                )
        elif not least <= self.low < self.high <= most:
            raise ValueError(
                f"a range rises within {least:g} … {most:g} {unit}, not {self.low:g}-{self.high:g}"
            )

    def __str__(self) -> str:
        if self.bias is not None:
            return f"{self.name} {self.bias:+g}"
        return f"{self.name} {self.low:g}-{self.high:g} {UNITS[self.name][0]}"


@dataclass(frozen=True)
class Outcome:
    """How a sound meets a wish.

    Attributes:
        wish: what was asked.
        target: what this sound aimed at, hertz or seconds; or its character.
        measured: what it has, None where there is no pitch.
        met: whether it lies in the range, or near its aim; of a character, whether it is heard on the asked side.
    """

    wish: Wish
    target: float
    measured: float | None
    met: bool


def parse(name: str, text: str) -> Wish:
    """A wish as users write it: ``-0.5`` or ``2000-4000``.

    Raises:
        ValueError: if it is neither, or out of range.

    >>> parse("brightness", "-0.5").bias, parse("pitch", "50-60").high
    (-0.5, 60.0)
    """
    number = r"\d+(?:\.\d*)?|\.\d+"
    if re.fullmatch(rf"[+-]?(?:{number})", text.strip()):
        return Wish(name, bias=float(text))
    if name == CHARACTER:
        raise ValueError(f"{text!r} is no number -1 (acoustic) … 1 (electronic)")
    if found := re.fullmatch(rf"({number})\s*(?:-|\.\.)\s*({number})", text.strip()):
        return Wish(name, low=float(found[1]), high=float(found[2]))
    raise ValueError(
        f"{text!r} is neither a bias (-1 … 1) nor a range such as {UNITS[name][1]:g}-{UNITS[name][2]:g}"
    )


def aims(wishes: tuple[Wish, ...], predictor: Predictor, rng: np.random.Generator) -> dict[str, float]:
    """What one sound aims at, in the class's deviations: sounds of one wish spread over it."""
    found = {}
    for wish in wishes:
        where = rng.random()
        if wish.bias is not None:
            found[wish.name] = BIAS_REACH * wish.bias + SCATTER * (2 * where - 1)
        else:
            low, high = (predictor.standardise(wish.name, value) for value in (wish.low, wish.high))
            found[wish.name] = low + (high - low) * (MARGIN + (1 - 2 * MARGIN) * where)
    return found


def nearest(codes: Points, aim: Mapping[str, float], predictor: Predictor) -> int:
    """Which of the codes (n, D) is predicted nearest to an aim."""
    misses = np.stack(
        [predictor.in_deviations(name, codes) - np.float32(steps) for name, steps in aim.items()]
    )
    return int(np.argmin((misses**2).sum(axis=0)))


def judge(
    wishes: tuple[Wish, ...],
    aim: Mapping[str, float],
    measured: Descriptors,
    log_mel: NDArray[np.float32],
    predictor: Predictor,
) -> tuple[Outcome, ...]:
    """How a sound, with its compressed mel spectrogram (F, T), meets what it aimed at."""
    outcomes = []
    for wish in wishes:
        if wish.name == CHARACTER:
            outcomes.append(_heard(wish, aim[CHARACTER], log_mel, predictor))
            continue
        value = getattr(measured, wish.name)
        miss = misses(aim, measured, predictor)[wish.name]
        inside = value is not None and wish.low <= value <= wish.high
        met = abs(miss) <= TOLERANCE if wish.bias is not None else inside
        outcomes.append(Outcome(wish, predictor.physical(wish.name, aim[wish.name]), value, met))
    return tuple(outcomes)


def _heard(wish: Wish, steps: float, log_mel: NDArray[np.float32], predictor: Predictor) -> Outcome:
    assert predictor.character is not None and wish.bias is not None
    heard = predictor.character.hear(log_mel)
    return Outcome(wish, predictor.physical(CHARACTER, steps), heard, heard * wish.bias > 0)


def misses(aim: Mapping[str, float], measured: Descriptors, predictor: Predictor) -> dict[str, float]:
    """Aim less measurement, in the class's deviations.

    The character is left out: a listener that chose sounds could not judge them any more.
    """
    found = {}
    for name, steps in aim.items():
        if name == CHARACTER:
            continue
        value = getattr(measured, name)
        found[name] = steps - predictor.standardise(name, value) if value else UNHEARD
    return found
