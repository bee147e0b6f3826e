"""Presets that were damaged or made up: a recipe that can be planned, or one line that names the file."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from packgen.files.resources import presets_folder
from packgen.planning import presets
from packgen.planning.plan import candidate, plan
from packgen.planning.presets import from_preset
from tests.fakes import space
from tests.fuzz import EDITS, Edit, changed, damaged, examples, law, toml_bytes

FILES = sorted(presets_folder().glob("*.toml"))
TABLES = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FILES}


def check(folder: Path, data: bytes) -> None:
    path = folder / "own.toml"
    path.write_bytes(data)
    with law():
        preset = presets.load(str(path))
        recipe = from_preset(preset, seed=3)
        assert recipe.num_sounds == sum(count for _, count in preset.counts)
        entry = next(plan(from_preset(preset, seed=3, counts=((preset.counts[0][0], 2),))))
        assert np.isfinite(candidate(recipe, entry, space(0))).all()
        numbers = [
            value for style in preset.styles.values() for row in style.effects for _, value in row.settings
        ]
        assert all(map(math.isfinite, numbers))


def test_the_writer_of_these_tests_gives_back_every_preset() -> None:
    for table in TABLES.values():
        assert tomllib.loads(toml_bytes(table).decode()) == table


@examples(250)
@given(st.data())
def test_changed_presets(tmp_path: Path, data: st.DataObject) -> None:
    table: dict[str, Any] = {"": data.draw(changed(TABLES[data.draw(st.sampled_from(sorted(TABLES)))]))}
    check(tmp_path, toml_bytes(table[""] if isinstance(table[""], dict) else table))


@examples(150)
@given(st.sampled_from(FILES), EDITS)
def test_damaged_presets(tmp_path: Path, path: Path, edits: list[Edit]) -> None:
    check(tmp_path, damaged(path.read_bytes(), edits))


def test_what_is_far_too_deep_or_large(tmp_path: Path) -> None:
    for data in (
        b"title = " + b"[" * 100_000,
        b"a." * 50_000 + b"b = 1",
        b"#" * 10_000_000,
        b"p3 = " + b"9" * 9999,
    ):
        check(tmp_path, data)
