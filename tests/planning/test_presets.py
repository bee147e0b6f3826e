"""Presets: the shipped ones are good, and whatever is wrong in one is named with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from packgen.classes import CLASS_NAMES
from packgen.errors import PresetError
from packgen.formats import FORMATS
from packgen.planning import presets
from packgen.planning.effects import EFFECTS
from packgen.planning.plan import plan
from packgen.planning.presets import from_preset
from packgen.planning.recipe import Recipe
from packgen.planning.wishes import Wish

GOOD = """
title = "Mine"
takes = 2
range = 1.5
decay = -0.2
formats = ["sfz"]
effects = [{ effect = "bits", depth = 6 }]
[classes.kick]
variations = 3
centre = [1.0, -0.5]
pitch = [50, 60]
effects = [{ effect = "drive" }]
[classes.snare]
decay = 0.0
"""


def write(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text)
    return str(path)


def test_a_preset_says_what_its_file_says(tmp_path: Path) -> None:
    preset = presets.load(write(tmp_path, GOOD))
    assert preset.counts == (("kick", 3), ("snare", 16))
    assert preset.formats == ("sfz",)
    assert preset.settings == {"takes": 2, "reach": 1.5}
    kick, snare = preset.styles["kick"], preset.styles["snare"]
    assert kick.centre == (1.0, -0.5, 0.0)
    assert kick.wishes == (Wish("decay", bias=-0.2), Wish("pitch", low=50.0, high=60.0))
    assert [effect.name for effect in kick.effects] == ["drive", "bits"]  # its own first, then all classes'
    assert dict(kick.effects[0].settings) == {"db": EFFECTS["drive"]["db"][2]}
    assert snare.wishes == ()  # a bias of nothing takes back what all classes have
    assert [effect.name for effect in snare.effects] == ["bits"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("takse = 2\n[classes.kick]", "unknown key takse, did you mean takes?"),
        ("[classes.kick]\ntemprature = 2", "unknown key classes.kick.temprature, did you mean temperature?"),
        ("[classes.kik]", "unknown key classes.kik, did you mean kick?"),
        ("takes = 2", "classes: give at least one class"),
        ("takes = 0\n[classes.kick]", "takes: is a whole number 1 … 64, not 0"),
        ("takes = 2.5\n[classes.kick]", "not 2.5"),
        ("takes = true\n[classes.kick]", "not True"),
        ('range = "wide"\n[classes.kick]', "range: is a number 0 … 6, not 'wide'"),
        ("range = nan\n[classes.kick]", "not nan"),
        ("range = 7\n[classes.kick]", "not 7"),
        ("character = 1" + 400 * "0" + "\n[classes.kick]", "character: int too large"),
        ('mode = "gird"\n[classes.kick]', "mode: is one of mixed, grid, random"),
        ("title = 3\n[classes.kick]", "title: is a text, not 3"),
        ('formats = "sfz"\n[classes.kick]', "formats: is a list of names"),
        ("[classes.kick]\nbrightness = 1.5", "classes.kick.brightness: a bias is -1 … 1, not 1.5"),
        ("[classes.kick]\nbrightness = [4000, 2000]", "a range rises within 20 … 20000 Hz"),
        ("[classes.kick]\nbrightness = [1, 2, 3]", "is a bias such as 0.5, or a range"),
        ("[classes.snare]\npitch = 0.5", "a snare has no pitch to wish for"),
        ("[classes.kick]\ncentre = [1, 2, 3, 4]", "classes.kick.centre: is at most 3 numbers"),
        ("[classes.kick]\ncentre = [9]", "stays within 6 deviations"),
        ("[classes.kick]\neffects = 3", "classes.kick.effects: is a list of effects"),
        ('[classes.kick]\neffects = [{effect = "drvie"}]', "effects[0]: effect is one of"),
        ('[classes.kick]\neffects = [{effect = "drive", hz = 3}]', "unknown key classes.kick.effects[0].hz"),
        ('[classes.kick]\neffects = [{effect = "drive", db = 99}]', "effects[0].db: is a number 0 … 40, not 99"),
        ("[classes]\nkick = 3", "classes.kick: is a table"),
        ("[classes.kick", "cannot be read as TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(PresetError) as error:
        presets.load(path)
    assert message in str(error.value) and path in str(error.value) and "\n" not in str(error.value)


def test_presets_are_found_by_name_and_the_nearest_is_suggested(tmp_path: Path) -> None:
    with pytest.raises(PresetError, match="did you mean techno"):
        presets.load("tehcno")
    with pytest.raises(PresetError, match="no preset"):
        presets.load(str(tmp_path / "none.toml"))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(PresetError, match="cannot be read"):
        presets.load(str(tmp_path / "bytes.toml"))


def test_ten_presets_ship_and_each_makes_a_plan() -> None:
    names = presets.names()
    assert names[0] == "default" and len(names) >= 11
    for name in names:
        preset = presets.load(name)
        assert preset.description
        assert set(preset.formats or FORMATS) <= set(FORMATS)
        assert len(list(plan(from_preset(preset, 1)))) == sum(count for _, count in preset.counts)
        assert name == "default" or sum(count for _, count in preset.counts) == 16


def test_every_class_has_a_place_in_a_preset_beside_the_default() -> None:
    others = [presets.load(name) for name in presets.names() if name != presets.DEFAULT]
    assert {drum for preset in others for drum, _ in preset.counts} == set(CLASS_NAMES)


def test_the_default_preset_is_every_class_as_the_recipe_would_have_it() -> None:
    counts = tuple((name, 16) for name in CLASS_NAMES)
    assert from_preset(presets.load(), 7) == Recipe(counts, 7)


def test_no_two_presets_treat_their_sounds_alike() -> None:
    recipes = [from_preset(presets.load(name), 1) for name in presets.names()]
    assert len({(recipe.styles, recipe.counts) for recipe in recipes}) == len(recipes)
