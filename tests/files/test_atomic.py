"""Files that are there whole or not at all."""

from __future__ import annotations

from pathlib import Path

from packgen.files.atomic import clear_leftovers


def test_what_killed_runs_left_goes_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / ".kick.wav.123-00c0ffee.part"
    others = [tmp_path / name for name in ("kick.wav", ".mine.part", ".hidden", "kick.wav.123-00c0ffee.part")]
    for path in (left, *others):
        path.write_bytes(b"x")
    clear_leftovers(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(others)
