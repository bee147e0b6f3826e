"""`packgen presets` as a user meets it: listed, shown, copied, changed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.test_kit import packgen


def test_presets_are_listed_and_one_is_shown_as_it_is(tmp_path: Path) -> None:
    rows = json.loads(packgen("presets", "--json", cwd=tmp_path).stdout)
    assert rows[0]["name"] == "default" and {"house", "techno", "lofi"} <= {row["name"] for row in rows}
    shown = packgen("presets", "house", cwd=tmp_path)
    (tmp_path / "mine.toml").write_text(shown.stdout.replace("variations = 3", "variations = 5"))
    planned = packgen("kit", "--preset", "mine.toml", "--seed", "1", "--dry-run", "--json", cwd=tmp_path)
    ours = json.loads(
        packgen("kit", "--preset", "house", "--seed", "1", "--dry-run", "--json", cwd=tmp_path).stdout
    )
    plan = json.loads(planned.stdout)
    assert plan["sounds"] == ours["sounds"] + 2 * shown.stdout.count("variations = 3")
    assert (ours["folder"], plan["folder"]) == ("house-1", "mine-1")


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("[classes.kick]\nvariation = 3\n")
    for words, message in (
        (["presets", "huose"], "did you mean house?"),
        (["presets", "bad.toml"], "unknown key classes.kick.variation, did you mean variations?"),
        (["kit", "--preset", "bad.toml"], "bad.toml: unknown key classes.kick.variation"),
    ):
        done = packgen(*words, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert message in done.stderr and done.stderr.count("\n") == 1
