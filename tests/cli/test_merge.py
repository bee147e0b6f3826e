"""`packgen kit --shard` and `packgen merge`: a pack spread over machines is the pack of one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_kit import packgen

OPTIONS = ("--classes", "kick,snare", "--variations", "2", "--takes", "2", "--strict", "0", "--seed", "9")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.promise("Reproducible")
def test_shards_merge_to_the_bytes_of_one_piece(tmp_path: Path, tiny_model: Path) -> None:
    kit = ("kit", *OPTIONS, "--model", str(tiny_model))
    for words in (["--out", "whole"], ["--shard", "1/3"], ["--shard", "2/3"], ["--shard", "3/3"]):
        done = packgen(*kit, *words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    parts = [f"packgen-9-{n}-of-3" for n in (2, 3, 1)]
    done = packgen("merge", *parts, "--out", "merged", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"folder": "merged", "sounds": 4, "files": 8, "shards": 3}
    assert contents(tmp_path / "merged") == contents(tmp_path / "whole")
    missing = packgen("merge", *parts[:2], "--out", "other", cwd=tmp_path)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "shards 1/3 are missing" in missing.stderr and missing.stderr.count("\n") == 1
    assert not (tmp_path / "other").exists()
