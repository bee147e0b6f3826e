"""A pack is built from a recipe: what is written, what an interrupted run leaves, and how another goes on with it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from packgen.errors import OutputError, RecipeError, UnfinishedError
from packgen.files.folders import resumable
from packgen.packs.build import BuildResult, build, write_pack
from packgen.packs.folder import Shard
from packgen.packs.info import PackInfo
from packgen.packs.inspection import inspect
from packgen.packs.shards import merge
from packgen.planning.plan import plan
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.workers import Local
from tests.fakes import FakeEngine

RECIPE = Recipe((("kick", 4), ("snare", 2)), seed=5, takes=2)
INFO = PackInfo(
    name="Built", label="me", seed=5, recipe=asdict(RECIPE), command="packgen kit --seed 5",
    model={"name": "fake", "digest": "fa4e"}, attribution="Nobody.",
    drums=("kick",) * 4 + ("snare",) * 2, formats=("sfz",),
)  # fmt: skip


def built(folder: Path, engine: FakeEngine | None = None, workers: int = 1, **options: Any) -> BuildResult:
    """A pack built with the fake engine, on threads unless there are several workers."""
    engine = engine or FakeEngine()
    return build(engine, Local(engine, RECIPE, workers), RECIPE, INFO, folder, **options)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


class Stopped:
    """What is told of the work done, until somebody presses Ctrl-C after so many sounds."""

    def __init__(self, sounds: int) -> None:
        self.left = sounds + 1  # the first call comes before the first sound

    def __call__(self, share: float) -> None:
        self.left -= 1
        if self.left == 0:
            raise KeyboardInterrupt


def test_a_pack_is_whole_and_its_result_counts_it(tmp_path: Path) -> None:
    result = built(tmp_path / "pack")
    assert (result.sounds, result.files, result.resumed) == (6, 12, 0)
    assert (result.redrawn, result.degenerate, result.darkened, result.wishes) == (0, 0, 0, ())
    report = inspect(tmp_path / "pack")
    assert report.problems == () and report.summary["sounds"] == {"kick": 4, "snare": 2}
    assert len(list((tmp_path / "pack").rglob("*.wav"))) == 12
    assert not (tmp_path / "pack" / ".packgen").exists()


def test_what_the_filter_refused_and_what_was_silent_is_counted(tmp_path: Path) -> None:
    result = built(tmp_path / "pack", FakeEngine(silent=2, doubtful=3))
    assert (result.redrawn, result.degenerate) == (3, 2)


def test_the_number_of_workers_changes_no_byte(tmp_path: Path) -> None:
    built(tmp_path / "one")
    built(tmp_path / "three", workers=3)
    assert contents(tmp_path / "one") == contents(tmp_path / "three")


def test_the_shares_of_the_work_add_up(tmp_path: Path) -> None:
    shares: list[float] = []
    built(tmp_path / "pack", advance=shares.append)
    assert shares[0] == 0 and sum(shares) == pytest.approx(1) and len(shares) == 7


def test_ctrl_c_leaves_what_is_done_and_another_run_renders_the_rest_alone(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        built(tmp_path / "pack", advance=Stopped(3))
    assert resumable(tmp_path / "pack") and not (tmp_path / "pack" / "manifest.json").exists()
    built(tmp_path / "whole")
    left = {path: data for path, data in contents(tmp_path / "pack").items() if not path.startswith(".")}
    assert len(left) >= 6 and left.items() <= contents(tmp_path / "whole").items()

    with pytest.raises(UnfinishedError, match="holds an unfinished pack"):
        built(tmp_path / "pack")
    engine, shares = FakeEngine(), list[float]()
    result = built(tmp_path / "pack", engine, resume=True, advance=shares.append)
    assert (result.sounds, result.resumed) == (6, 3)
    assert len(engine.rendered) == 2 * 3  # takes of the sounds that were not in the journal
    assert shares[0] == pytest.approx(0.5) and sum(shares) == pytest.approx(1)
    assert contents(tmp_path / "pack") == contents(tmp_path / "whole")


def test_a_sound_that_does_not_come_out_leaves_a_pack_to_resume(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="no kick came out"):
        built(tmp_path / "pack", FakeEngine(silent=10**6))
    assert built(tmp_path / "pack", resume=True).resumed == 0
    assert inspect(tmp_path / "pack").problems == ()


def test_a_finished_pack_is_neither_resumed_nor_built_over(tmp_path: Path) -> None:
    built(tmp_path / "pack")
    before = contents(tmp_path / "pack")
    for resume, message in ((False, "not an empty folder"), (True, "nothing to resume")):
        with pytest.raises(OutputError, match=message):
            built(tmp_path / "pack", resume=resume)
    assert contents(tmp_path / "pack") == before


def test_shards_are_parts_of_the_plan_that_merge_to_the_pack(tmp_path: Path) -> None:
    results = [built(tmp_path / str(n), shard=Shard(n, 4)) for n in range(1, 5)]
    assert [result.sounds for result in results] == [2, 2, 1, 1]
    assert [result.files for result in results] == [4, 4, 2, 2]
    merge([tmp_path / str(n) for n in range(1, 5)], tmp_path / "merged")
    built(tmp_path / "whole")
    assert contents(tmp_path / "merged") == contents(tmp_path / "whole")


def test_sounds_that_were_rendered_elsewhere_make_the_same_pack(tmp_path: Path) -> None:
    engine = FakeEngine()
    kit = write_pack(
        engine, (render_sound(engine, RECIPE, entry) for entry in plan(RECIPE)), INFO, tmp_path / "given"
    )
    built(tmp_path / "pack")
    assert contents(tmp_path / "given") == contents(tmp_path / "pack")
    assert [sound.drum for sound in kit.sounds] == list(INFO.drums)
