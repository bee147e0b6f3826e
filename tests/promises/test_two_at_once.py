"""What stands in a folder stays, also against a second process that writes there at the same time."""

from __future__ import annotations

import os
import signal
import time
from functools import partial
from pathlib import Path

import pytest

from tests.promises import interfere
from tests.promises.conftest import Workshop, contents
from tests.promises.program import packgen, start

COMMANDS = ("kit", "merge", "humanize", "corpus", "reconstruct")


def standing_still(process: int) -> bool:
    """Whether a process is stopped (proc(5), the field after the name)."""
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="no /proc to see whether a process stands still"
)
@pytest.mark.promise("Nothing overwritten")
@pytest.mark.parametrize("name", COMMANDS)
def test_a_second_process_is_refused_and_the_first_unharmed(workshop: Workshop, name: str) -> None:
    words = workshop.commands[name]
    act = partial(interfere.at_change, workshop.moment(name, 0.5), interfere.stop)
    first = start(workshop.folder, *words, before=act)
    try:
        while not standing_still(first.process.pid or 0):
            assert first.process.is_alive()
            time.sleep(0.02)
        for more in ([], ["--force"], ["--resume"] if name == "kit" else []):
            line = packgen(workshop.folder, *words, *more).line
            assert "is being written by another process" in line or (not more and "is there already" in line)
    finally:
        os.kill(first.process.pid or 0, signal.SIGCONT)
    assert first.end().code == 0
    assert contents(workshop.folder / "out") == workshop.expected[name]


@pytest.mark.promise("Nothing overwritten")
@pytest.mark.parametrize("name", COMMANDS)
def test_what_stands_there_stays_without_force(workshop: Workshop, name: str) -> None:
    out = workshop.folder / "out"
    for path in workshop.expected[name]:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(b"mine")
    before = contents(workshop.folder)
    assert "--force" in packgen(workshop.folder, *workshop.commands[name]).line
    assert contents(workshop.folder) == before
