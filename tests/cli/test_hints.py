"""What to do about an error, in the options of the command that met it."""

from __future__ import annotations

from pathlib import Path

import pytest

from packgen.cli.hints import hinted, hinting, hinting_resume
from packgen.errors import (
    ClusterError,
    OccupiedError,
    PackgenError,
    RecipeError,
    UnfinishedError,
    WorkerError,
    WriteError,
)
from packgen.files.folders import RESUMABLE, WORK


def fail(error: PackgenError) -> None:
    raise error


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (WriteError("full"), "full; free space or choose another --out"),
        (OccupiedError("taken"), "taken; choose another --out, or --force to write into it"),
        (UnfinishedError("half"), "half; packgen kit --resume goes on with it, or choose another --out"),
        (WorkerError("killed"), "killed; run again with --workers 1"),
        (RecipeError("takes must be 1 … 64"), "takes must be 1 … 64"),
    ],
)
def test_a_command_adds_its_options_to_facts(error: PackgenError, message: str) -> None:
    with pytest.raises(type(error)) as caught:
        hinted(fail)(error)
    assert str(caught.value) == message


def test_the_innermost_block_knows_best_which_option_it_is() -> None:
    with pytest.raises(WriteError) as caught, hinting(), hinting("--model"):
        fail(WriteError("full"))
    assert str(caught.value) == "full; free space or choose another --model"


@pytest.mark.parametrize("error", [WriteError("full"), WorkerError("killed"), ClusterError("lost")])
def test_only_where_a_pack_can_be_gone_on_with_is_it_advised(tmp_path: Path, error: PackgenError) -> None:
    with pytest.raises(type(error)) as caught, hinting_resume(tmp_path):
        fail(error)
    assert "--resume" not in str(caught.value)
    (tmp_path / WORK).mkdir()
    (tmp_path / WORK / RESUMABLE).touch()
    with pytest.raises(type(error)) as caught, hinting(), hinting_resume(tmp_path):
        fail(error)
    assert "--resume" in str(caught.value)
