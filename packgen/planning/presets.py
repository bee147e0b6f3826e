"""Presets: TOML files that say what a kit is made of, read strictly.

An unknown key, a wrong type and a number out of range are errors that name file and key: a preset that is
spelt wrongly must not quietly become another one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from packgen.classes import BY_NAME, DRUM_CLASSES
from packgen.errors import PresetError, RecipeError
from packgen.files.documents import read_toml, shown
from packgen.files.resources import presets_folder
from packgen.planning import wishes
from packgen.planning.effects import EFFECTS, Chain, Effect
from packgen.planning.recipe import (
    KNOBS,
    MODES,
    PLAIN,
    PRIORS,
    USUAL_VARIATIONS,
    VARIATIONS,
    Recipe,
    Style,
)
from packgen.planning.wishes import Wish

DEFAULT = "default"

_KNOBS = {knob.name: knob for knob in (VARIATIONS, *KNOBS) if knob.preset}
_TEXTS = ("title", "description", "name", "label")
_TOP = (*_TEXTS, *_KNOBS, "mode", "prior", "formats", *wishes.NAMES, "effects", "classes")
_CLASS = ("variations", "centre", "range", "temperature", *wishes.NAMES, "effects")
_AXES = 3  # P1, P2, P3


@dataclass(frozen=True)
class Preset:
    """A kit's recipe but for its seed.

    Attributes:
        title, description: for people.
        counts: (class name, sounds), in order.
        styles: by class name, for those that have one.
        name: of packs made with it; ``{seed}`` is filled in.
        label: who made them.
        formats: sampler formats; None for all.
        settings: further fields of `packgen.planning.recipe.Recipe` that the file gives.
    """

    title: str
    description: str
    counts: tuple[tuple[str, int], ...]
    styles: dict[str, Style]
    name: str
    label: str = ""
    formats: tuple[str, ...] | None = None
    settings: dict[str, Any] = field(default_factory=dict)


def names() -> list[str]:
    """Names of the shipped presets, the default first."""
    found = sorted(path.stem for path in presets_folder().glob("*.toml"))
    return sorted(found, key=lambda name: name != DEFAULT)


def path_of(preset: str) -> Path:
    """The file of a preset, by name or by path.

    Raises:
        PresetError: if there is none.
    """
    shipped = presets_folder() / f"{preset}.toml"
    if preset in names():
        return shipped
    if Path(preset).is_file():
        return Path(preset)
    near = difflib.get_close_matches(preset, names(), n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names())}"
    raise PresetError(f"no preset {preset!r}: {hint}")


def load(preset: str = DEFAULT) -> Preset:
    """Read a preset, by name or by path.

    Raises:
        PresetError: if it is missing, is no TOML, or a key in it is wrong.
    """
    path = path_of(preset)
    try:
        values = read_toml(path)
    except (OSError, ValueError) as error:
        raise PresetError(f"{path}: cannot be read as TOML ({error})") from error
    return _Reader(path).preset(values)


class _Reader:
    """Reads one file; every complaint names it and the key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def wrong(self, key: str, why: str) -> PresetError:
        """The error that names the file, the key and what is wrong with it."""
        return PresetError(f"{self.path}: {key}: {why}")

    def preset(self, values: dict[str, Any]) -> Preset:
        """The preset in a file's table.

        Raises:
            PresetError: if a key in it is wrong.
        """
        self._known(values, _TOP, "")
        variations = self._whole({"variations": USUAL_VARIATIONS} | values, "variations")
        classes = values.get("classes")
        if not isinstance(classes, dict) or not classes:
            raise self.wrong("classes", "give at least one class, say [classes.kick]")
        self._known(classes, tuple(BY_NAME), "classes.")
        counts, styles = [], {}
        for drum, own in classes.items():
            where = f"classes.{drum}."
            if not isinstance(own, dict):
                raise self.wrong(where[:-1], "is a table of settings")
            self._known(own, _CLASS, where)
            counts.append((drum, self._whole({"variations": variations} | own, "variations", where)))
            style = self._style(drum, own, values, where)
            if style != PLAIN:
                styles[drum] = style
        texts = {key: self._text(values, key) for key in _TEXTS}
        return Preset(
            title=texts["title"] or self.path.stem,
            description=texts["description"],
            counts=tuple(counts),
            styles=styles,
            name=texts["name"] or f"{self.path.stem}-{{seed}}",
            label=texts["label"],
            formats=self._words(values, "formats"),
            settings=self._settings(values),
        )

    def _settings(self, values: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, knob in _KNOBS.items():
            if key in values and knob is not VARIATIONS:
                found[knob.field] = (self._whole if knob.whole else self._number)(values, key)
        for key, choices in (("mode", MODES), ("prior", PRIORS)):
            if key in values:
                if values[key] not in choices:
                    raise self.wrong(key, f"is one of {', '.join(choices)}, not {shown(values[key])}")
                found[key] = values[key]
        return found

    def _style(self, drum: str, own: dict[str, Any], top: dict[str, Any], where: str) -> Style:
        wished = []
        for name in wishes.NAMES:
            if name == "pitch" and not BY_NAME[drum].pitched:
                if name in own:
                    raise self.wrong(f"{where}pitch", f"a {drum} has no pitch to wish for")
                continue
            wish = self._wish(own, name, where) if name in own else self._wish(top, name, "")
            if wish is not None:
                wished.append(wish)
        return Style(
            centre=self._centre(own, where),
            reach=self._number(own, "range", where) if "range" in own else None,
            temperature=self._number(own, "temperature", where) if "temperature" in own else None,
            wishes=tuple(wished),
            effects=self._chain(own, where) + self._chain(top, ""),
        )

    def _wish(self, values: dict[str, Any], name: str, where: str) -> Wish | None:
        value = values.get(name)
        if value is None or (_is_number(value) and value == 0):
            return None
        try:
            if _is_number(value):
                return Wish(name, bias=float(value))
            if isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)):
                return Wish(name, low=float(value[0]), high=float(value[1]))
        except (ValueError, OverflowError) as error:  # TOML's whole numbers may exceed every float
            raise self.wrong(f"{where}{name}", str(error)) from None
        raise self.wrong(
            f"{where}{name}", f"is a bias such as 0.5, or a range [low, high], not {shown(value)}"
        )

    def _centre(self, own: dict[str, Any], where: str) -> tuple[float, ...]:
        value = own.get("centre", [0.0] * _AXES)
        if not isinstance(value, list) or len(value) > _AXES or not all(map(_is_number, value)):
            raise self.wrong(f"{where}centre", f"is at most {_AXES} numbers [P1, P2, P3], not {shown(value)}")
        if not all(abs(x) <= 6 for x in value):  # not a number fails this, too
            raise self.wrong(f"{where}centre", f"stays within 6 deviations, not {shown(value)}")
        return tuple(float(x) for x in value) + (0.0,) * (_AXES - len(value))

    def _chain(self, values: dict[str, Any], where: str) -> Chain:
        rows = values.get("effects", [])
        if not isinstance(rows, list):
            raise self.wrong(f"{where}effects", 'is a list of effects such as {effect = "drive", db = 6}')
        return tuple(self._effect(row, f"{where}effects[{i}]") for i, row in enumerate(rows))

    def _effect(self, row: Any, where: str) -> Effect:
        name = row.get("effect") if isinstance(row, dict) else None
        if not isinstance(name, str) or name not in EFFECTS:
            raise self.wrong(
                where, f"effect is one of {', '.join(EFFECTS)}, not {shown(name)}{_suggest(name, EFFECTS)}"
            )
        limits = EFFECTS[name]
        self._known(row, ("effect", *limits), f"{where}.")
        settings = []
        for key, (least, most, default) in limits.items():
            value = row.get(key, default)
            self._check(value, least, most, f"{where}.{key}")
            settings.append((key, float(value)))
        return Effect(name, tuple(settings))

    def _known(self, values: dict[str, Any], known: Iterable[str], where: str) -> None:
        known = list(known)
        for key in values:
            if key not in known:
                hint = _suggest(key, known) or f": there are {', '.join(known)}"
                raise PresetError(f"{self.path}: unknown key {where}{key}{hint}")

    def _text(self, values: dict[str, Any], key: str) -> str:
        value = values.get(key, "")
        if not isinstance(value, str):
            raise self.wrong(key, f"is a text, not {shown(value)}")
        return value

    def _words(self, values: dict[str, Any], key: str) -> tuple[str, ...] | None:
        value = values.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise self.wrong(key, f"is a list of names, not {shown(value)}")
        return tuple(value)

    def _whole(self, values: dict[str, Any], key: str, where: str = "") -> int:
        value, knob = values[key], _KNOBS[key]
        if not isinstance(value, int) or isinstance(value, bool) or not knob.least <= value <= knob.most:
            raise self.wrong(
                f"{where}{key}", f"is a whole number {knob.least:g} … {knob.most:g}, not {shown(value)}"
            )
        return value

    def _number(self, values: dict[str, Any], key: str, where: str = "") -> float:
        self._check(values[key], _KNOBS[key].least, _KNOBS[key].most, f"{where}{key}")
        return float(values[key])

    def _check(self, value: Any, least: float, most: float, where: str) -> None:
        if not _is_number(value) or not least <= value <= most:
            raise self.wrong(where, f"is a number {least:g} … {most:g}, not {shown(value)}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _suggest(key: Any, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(key), list(known), n=1)
    return f", did you mean {near[0]}?" if near else ""


def from_preset(
    preset: Preset,
    seed: int,
    counts: tuple[tuple[str, int], ...] | None = None,
    wishes: tuple[Wish, ...] = (),
    like: Mapping[str, tuple[float, ...]] = MappingProxyType({}),
    **settings: Any,
) -> Recipe:
    """A preset's recipe, with what a user sets otherwise.

    Args:
        preset: the preset.
        seed: of all draws.
        counts: instead of the preset's.
        wishes: for all classes, instead of the preset's for the same descriptors; pitch goes to pitched classes.
        like: class name -> latent code of a sound that its sounds shall resemble.
        settings: further fields of `Recipe`; None leaves the preset's.

    Raises:
        RecipeError: if something is out of range, or no class has a pitch that is wished for.
    """
    counts = preset.counts if counts is None else counts
    styles = []
    for drum, _ in counts:
        style = preset.styles.get(drum, PLAIN)
        own = tuple(wish for wish in wishes if wish.name != "pitch" or BY_NAME[drum].pitched)
        kept = tuple(wish for wish in style.wishes if wish.name not in {new.name for new in own})
        style = replace(
            style, wishes=tuple(wish for wish in kept + own if wish.bias != 0), like=like.get(drum, ())
        )
        if style != PLAIN:
            styles.append((drum, style))
    if any(wish.name == "pitch" for wish in wishes) and not any(BY_NAME[drum].pitched for drum, _ in counts):
        *others, last = (drum.name for drum in DRUM_CLASSES if drum.pitched)
        raise RecipeError(f"pitch needs a class that has one: {', '.join(others)} or {last}")
    given = {name: value for name, value in settings.items() if value is not None}
    return Recipe(counts, seed, styles=tuple(styles), **preset.settings | given)
