"""What a pack is called and how its files are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from packgen.errors import RecipeError
from packgen.files.names import portable
from packgen.formats import FORMATS

RATES = (22_050, 44_100, 48_000, 88_200, 96_000)
BITS = ("16", "24", "32f")
WAV = "wav"  # what every pack holds; as a format it stands for nothing else


@dataclass(frozen=True)
class PackInfo:
    """What a pack is called and how its files are made.

    Attributes:
        name: of the pack, free text; files use its portable form.
        label: who made it.
        seed: of the recipe.
        recipe: JSON-able record of everything that decides the sounds.
        command: the line that makes this pack again.
        model: name and digest of the model.
        attribution: licence text of the model's training data.
        drums: class of every sound of the whole pack, in order; pads are assigned from it.
        formats: names from `packgen.formats.FORMATS`.
        rate: hertz of the files.
        bits: ``16``, ``24`` or ``32f``.
        modelled: classes whose sounds resemble a recording that the user gave.
        model_rate: hertz that the model works at.
    """

    name: str
    label: str
    seed: int
    recipe: dict[str, Any]
    command: str
    model: dict[str, str]
    attribution: str
    drums: tuple[str, ...]
    formats: tuple[str, ...] = ()
    rate: int = 44_100
    bits: str = "24"
    modelled: tuple[str, ...] = ()
    model_rate: int = 22_050

    def __post_init__(self) -> None:
        if self.rate not in RATES:
            raise RecipeError(f"rate {self.rate} is not offered: choose {', '.join(map(str, RATES))}")
        if self.bits not in BITS:
            raise RecipeError(f"bits {self.bits!r} are not offered: choose {', '.join(BITS)}")
        check_formats(self.formats)
        portable(self.name, "pack name")
        if self.label:
            portable(self.label, "label")


def check_formats(formats: tuple[str, ...]) -> None:
    """Check that there are such formats.

    Raises:
        RecipeError: naming the first that is unknown.
    """
    if unknown := [name for name in formats if name not in FORMATS]:
        raise RecipeError(f"unknown format {unknown[0]!r}: choose {WAV}, {', '.join(FORMATS)}")


def choose_formats(words: list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """The sampler formats that a user asks for: each once, in the table's order. None means all, ``wav`` no more.

    Raises:
        RecipeError: for a word that is no format.

    >>> choose_formats(["sf2", "wav", "sfz"]), choose_formats(["wav"])
    (('sfz', 'sf2'), ())
    """
    if words is None:
        return tuple(FORMATS)
    wanted = [word for word in words if word != WAV]
    check_formats(tuple(wanted))
    return tuple(name for name in FORMATS if name in wanted)
