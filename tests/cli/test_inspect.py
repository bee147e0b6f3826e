"""`packgen inspect`: exit code and figures of a whole pack and of a damaged one."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_kit import packgen, small

__all__ = ["small"]  # the fixture: a pack written by the program


def test_a_pack_is_whole_until_it_is_changed(small: Path, tmp_path: Path) -> None:
    whole = packgen("inspect", str(small), "--json", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr
    report = json.loads(whole.stdout)
    assert report["sound"] and report["summary"]["files"] == 12
    assert len(report["summary"]["exports"]) == 7
    sheet = small / "contact_sheet.png"
    picture = sheet.read_bytes()
    sheet.unlink()
    try:
        damaged = packgen("inspect", str(small), cwd=tmp_path)
    finally:
        sheet.write_bytes(picture)
    assert damaged.returncode == 1
    assert damaged.stderr == f"packgen: {small}: contact_sheet.png: missing\n"
    assert "files: 12" in damaged.stdout
    nothing = packgen("inspect", str(tmp_path), cwd=tmp_path)
    assert nothing.returncode == 1 and "no manifest.json" in nothing.stderr
