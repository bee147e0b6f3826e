"""What users write in the options of `packgen kit`, parsed; and the line that repeats it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from packgen.classes import parse_classes
from packgen.errors import RecipeError
from packgen.files.resources import known_classes

if TYPE_CHECKING:
    from packgen.packs.folder import Shard
    from packgen.planning.presets import Preset
    from packgen.planning.wishes import Wish

DEFAULT_RATE, DEFAULT_BITS = 44_100, "24"


def parse_grid(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    try:
        columns, rows = (int(part) for part in text.lower().split("x"))
    except ValueError:
        raise RecipeError(f"--grid {text!r} is not columns x rows: write 4x4") from None
    return columns, rows


def parse_words(text: str) -> list[str]:
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def parse_shard(text: str | None) -> Shard | None:
    from packgen.packs.folder import Shard

    return None if text is None else Shard.parse(text)


def parse_wishes(**texts: str | None) -> tuple[Wish, ...]:
    from packgen.planning import wishes

    found = []
    for name, text in texts.items():
        if text is not None:
            try:
                found.append(wishes.parse(name, text))
            except ValueError as error:
                raise RecipeError(f"--{name}: {error}") from None
    return tuple(found)


def choose_classes(preset: Preset, classes: str | None, weights: Path) -> tuple[list[str], list[str]]:
    """The classes of a kit, and those that the model does not know.

    Of all classes and of a preset's the unknown are left out; a class that is named must be known.

    Raises:
        RecipeError: if it is not, or if none is left.
    """
    named = classes is not None and "all" not in parse_words(classes)
    asked = (
        [drum for drum, _ in preset.counts]
        if classes is None
        else [drum.name for drum in parse_classes(classes)]
    )
    known = known_classes(weights)
    chosen = [drum for drum in asked if drum in known]
    unknown = [drum for drum in asked if drum not in known]
    if unknown and (named or not chosen):
        raise RecipeError(
            f"model {weights.name} does not know {', '.join(unknown)}: choose from {', '.join(known)}, "
            "or another --model"
        )
    return chosen, unknown


def count_sounds(preset: Preset, drums: Iterable[str], variations: int | None) -> tuple[tuple[str, int], ...]:
    """Sounds of each class: a class that the preset lacks gets as many as its others have at most."""
    given = dict(preset.counts)
    most = max(given.values())
    return tuple((drum, given.get(drum, most) if variations is None else variations) for drum in drums)


def folder_of(title: str) -> Path:
    """The folder of a pack that was given none: here, wherever the name in a stranger's preset points.

    Raises:
        RecipeError: if the name would be a path.
    """
    if title in (".", "..") or PureWindowsPath(title).parts != (title,):
        raise RecipeError(f"{title!r} is no name for a folder: give --out, or another --name")
    return Path(title)


def repeating(seed: int, **options: Any) -> str:
    """The command line that makes exactly this pack again: what was given, and the seed."""
    usual = {"rate": DEFAULT_RATE, "bits": DEFAULT_BITS}
    words = ["packgen", "kit"]
    for option, value in ({"seed": seed} | options).items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None and each != usual.get(option):
                words += [f"--{option}", str(each)]
    return shlex.join(words)
