"""Where base sounds come from: coordinates, a pack, a preset."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from packgen.errors import PackError, RecipeError
from packgen.humanizer.events import Lane
from packgen.humanizer.sources import check_classes, parse_coordinates, read_pack, recipe_of
from packgen.latent.space import coordinates
from packgen.packs.manifest import SCHEMA
from packgen.planning import presets
from tests.fakes import DIMENSIONS
from tests.humanizer.measured import SPACES, TOMS


def test_coordinates_name_classes_and_notes() -> None:
    given = parse_coordinates(["toms=1,-2", "45=0,0,3"], TOMS, SPACES)
    places = {lane.note: coordinates(SPACES["tom"], code).round(4).tolist() for lane, code in given.items()}
    assert places == {41: [1, -2, 0], 45: [0, 0, 3], 50: [1, -2, 0]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tom", "write a class or note"),
        ("tom=", "write a class or note"),
        ("tom=1,x", "write a class or note"),
        ("tom=nan", "write a class or note"),
        ("tom=7", "write a class or note"),
        ("banjo=1", "unknown drum class 'banjo'"),
        ("kick=1", "the file plays no kick"),
        ("36=1", "the file plays no 36"),
        ("tom=1,1,1,1,1,1,1,1,1", "there are 8 axes, not 9"),
    ],
)
def test_wrong_coordinates_are_named(text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        parse_coordinates([text], TOMS, SPACES)


def write_manifest(folder: Path, rows: list[dict[str, object]]) -> Path:
    (folder / "manifest.json").write_text(
        json.dumps({"schema": SCHEMA, "files": rows, "exports": [], "contact_sheets": []})
    )
    return folder


def test_a_pack_gives_its_sounds_in_order_and_again_from_the_first(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "class": "tom",
            "sound": sound,
            "take": take,
            "path": "Samples/tom.wav",
            "code": [float(10 * sound + take)] * DIMENSIONS,
        }
        for sound in (1, 0)
        for take in (1, 0)
    ]
    given = read_pack(write_manifest(tmp_path, rows), [*TOMS, Lane("kick", 36)], SPACES)
    assert {lane.note: float(code[0]) for lane, code in given.items()} == {41: 0, 45: 10, 50: 0}


def test_packs_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no finished pack"):
        read_pack(tmp_path, TOMS, SPACES)
    short: dict[str, object] = {"class": "tom", "sound": 0, "take": 0, "path": "tom.wav", "code": [1.0]}
    for code in ([1.0], [1e39] * DIMENSIONS):
        with pytest.raises(PackError, match="not of this model"):
            read_pack(write_manifest(tmp_path, [short | {"code": code}]), TOMS, SPACES)
    with pytest.raises(PackError, match=r"files\[0\].sound: is None"):
        read_pack(write_manifest(tmp_path, [{"class": "tom", "path": "tom.wav"}]), TOMS, SPACES)


def test_a_class_that_the_model_lacks_is_named() -> None:
    with pytest.raises(RecipeError, match=r"this model does not know snap: .*choose another model"):
        check_classes([Lane("snap", 26)], SPACES)


def test_a_preset_without_the_drums_that_are_played_leaves_them_to_the_draw(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("[classes.tom]\n[classes.kick]\n")
    assert recipe_of(presets.load(str(tmp_path / "mine.toml")), [Lane("shaker", 70)], seed=5) is None
