"""kill -9 at any moment of a run: what stands there is whole, and the next run ends as if nothing had been."""

from __future__ import annotations

import os
import random
from functools import partial
from pathlib import Path

import pytest

from tests.promises import interfere
from tests.promises.conftest import Workshop, contents, visible
from tests.promises.program import KILLED, packgen

# The moments' number: PACKGEN_KILLS=20 is the long form.
KILLS = int(os.environ.get("PACKGEN_KILLS", "4"))


def killed(workshop: Workshop, name: str, share: float) -> Path:
    """The folder that a command left when it was killed after this share of its changes."""
    act = partial(interfere.at_change, workshop.moment(name, share), interfere.kill)
    assert packgen(workshop.folder, *workshop.commands[name], before=act).code == KILLED
    return workshop.folder / "out"


def test_changes_reach_from_the_first_sound_to_the_tidying(made: Workshop) -> None:
    """The moments are no use unless samples, journal, sampler files and the end are among them."""
    log = "\n".join(made.changes["kit"])
    for part in (
        ".wav",
        "journal.jsonl",
        ".sfz",
        ".sf2",
        ".h2drumkit",
        "contact_sheet",
        "manifest.json",
        "recipe",
    ):
        assert part in log, part


@pytest.mark.promise("No half files")
@pytest.mark.promise("Resumable")
@pytest.mark.parametrize("number", range(KILLS))
def test_a_killed_pack_resumes_to_the_bytes_of_an_undisturbed_one(workshop: Workshop, number: int) -> None:
    expected = workshop.expected["kit"]
    out = killed(workshop, "kit", (number + random.Random(number).random()) / KILLS)
    assert visible_whole(out, expected)
    done = packgen(workshop.folder, *workshop.commands["kit"], "--resume")
    assert done.code == 0 or "holds a finished pack" in done.line
    assert contents(out) == expected


@pytest.mark.promise("No half files")
@pytest.mark.parametrize("name", ["merge", "humanize", "corpus", "reconstruct"])
def test_a_killed_command_leaves_whole_files_and_nothing_in_the_way(workshop: Workshop, name: str) -> None:
    out = killed(workshop, name, 0.6)
    assert visible_whole(out, workshop.expected[name])
    words = ["--force"] if visible(out) or name == "merge" else []
    done = packgen(workshop.folder, *workshop.commands[name], *words)
    assert done.code == 0, done
    assert contents(out) == workshop.expected[name]


@pytest.mark.promise("Nothing overwritten")
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_a_pack_stands_until_the_one_that_replaces_it_is_whole(workshop: Workshop, share: float) -> None:
    assert packgen(workshop.folder, *workshop.commands["kit"]).code == 0
    (workshop.folder / "out" / "mine.txt").write_text("mine")
    before = contents(workshop.folder / "out")
    words = [*workshop.commands["kit"], "--force", "--name", "other"]
    act = partial(interfere.at_change, workshop.moment("kit", share), interfere.kill)
    assert packgen(workshop.folder, *words, before=act).code == KILLED
    assert visible(workshop.folder / "out") == before
    again = "--force" if share < 0.3 else "--resume"
    done = packgen(workshop.folder, *workshop.commands["kit"], "--name", "other", again)
    assert done.code == 0, done
    left = contents(workshop.folder / "out")
    assert left.pop("mine.txt") == b"mine"
    (workshop.folder / "out").rename(workshop.folder / "replaced")
    assert packgen(workshop.folder, *workshop.commands["kit"], "--name", "other").code == 0
    assert left == contents(workshop.folder / "out")


def visible_whole(folder: Path, expected: dict[str, bytes]) -> bool:
    """Whether every file under its own name is the one that an undisturbed run writes."""
    return all(
        data == expected[path]
        for path, data in visible(folder).items()
        if not Path(path).name.startswith(".")
    )
