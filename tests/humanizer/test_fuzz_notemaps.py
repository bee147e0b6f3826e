"""Note maps that were damaged or made up: a map of MIDI notes to classes, or one line that names the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given

from packgen.classes import BY_NAME
from packgen.humanizer import notemaps
from tests.fuzz import EDITS, Edit, changed, damaged, examples, json_bytes, law, toml_bytes

OWN = {"base": "gm", "notes": {"36": "kick", "49": "open hats", "127": "snare"}}


def check(folder: Path, data: bytes) -> None:
    path = folder / "own.toml"
    path.write_bytes(data)
    with law():
        for note, drum in notemaps.load(str(path)).items():
            assert 0 <= note <= 127 and drum in BY_NAME


@examples(200)
@given(changed(OWN))
def test_changed_maps(tmp_path: Path, table: Any) -> None:
    check(tmp_path, toml_bytes(table) if isinstance(table, dict) else json_bytes(table))


@examples(150)
@given(EDITS)
def test_damaged_maps(tmp_path: Path, edits: list[Edit]) -> None:
    check(tmp_path, damaged(toml_bytes(OWN), edits))


def test_what_is_far_too_deep_or_large(tmp_path: Path) -> None:
    for data in (b"base = " + b"[" * 100_000, b"#" * 10_000_000, b"[notes]\n" + b"9" * 9999 + b' = "kick"'):
        check(tmp_path, data)
