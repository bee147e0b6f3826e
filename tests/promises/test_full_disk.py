"""A disk that is full or read-only, a folder that goes: one line, and what was written before is whole."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.promises import interfere
from tests.promises.conftest import Workshop, contents, visible
from tests.promises.program import packgen

COMMANDS = ("kit", "merge", "humanize", "corpus", "reconstruct")


@pytest.mark.promise("One line for an error")
@pytest.mark.promise("No half files")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_disk_that_fills_up_costs_nothing_that_was_whole(workshop: Workshop, name: str) -> None:
    inputs = contents(workshop.folder)
    act = partial(interfere.at_change, workshop.moment(name, 0.5), interfere.fill_disk)
    assert "cannot write" in packgen(workshop.folder, *workshop.commands[name], before=act).line
    out = workshop.folder / "out"
    left = contents(out) if out.exists() else {}
    assert not [path for path in left if path.endswith(".part")]
    for path, data in visible(out).items() if out.exists() else ():
        assert data == workshop.expected[name][path], path
    assert inputs.items() <= contents(workshop.folder).items()
    assert name == "kit" or not (out / ".packgen").exists() or name == "merge"


@pytest.mark.promise("Resumable")
def test_a_pack_goes_on_once_there_is_room(workshop: Workshop) -> None:
    act = partial(interfere.at_change, workshop.moment("kit", 0.7), interfere.fill_disk)
    assert packgen(workshop.folder, *workshop.commands["kit"], before=act).code == 1
    assert packgen(workshop.folder, *workshop.commands["kit"], "--resume").code == 0
    assert contents(workshop.folder / "out") == workshop.expected["kit"]


@pytest.mark.promise("One line for an error")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_folder_that_is_removed_meanwhile_is_said_and_not_made_again(workshop: Workshop, name: str) -> None:
    out = workshop.folder / "out"
    act = partial(interfere.at_change, workshop.moment(name, 0.5), partial(interfere.remove, out))
    assert "cannot write" in packgen(workshop.folder, *workshop.commands[name], before=act).line
    assert not out.exists()


@pytest.mark.promise("One line for an error")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_read_only_folder_is_said(workshop: Workshop, read_only: Path, name: str) -> None:
    for out in (read_only, read_only / "new"):
        line = packgen(workshop.folder, *workshop.commands[name], "--out", out).line
        assert "cannot write" in line and "choose another --out" in line
        assert "Read-only" in line or "Permission denied" in line


@pytest.mark.promise("One line for an error")
def test_the_server_says_where_it_can_make_no_folder(
    workshop: Workshop, read_only: Path, tiny_model: Path
) -> None:
    done = packgen(
        workshop.folder, "serve", "--port", "0", "--no-warmup", "--model", tiny_model, "--folder", read_only
    )
    assert "cannot make a folder" in done.line and "another --folder" in done.line
