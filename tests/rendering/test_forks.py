"""Forked processes: what they are given and give back, and what becomes of them when someone is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from packgen.errors import OutputError, RecipeError
from packgen.rendering.forks import AVAILABLE, Forks, forked

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="processes are only forked on Linux")


def test_a_function_that_cannot_be_pickled_runs_in_other_processes() -> None:
    offset = 40

    def add(number: int) -> tuple[int, int]:
        return number + offset, os.getpid()

    with forked(add, 2) as call:
        results = [call(number) for number in range(4)]
    assert [value for value, _ in results] == [40, 41, 42, 43]
    assert os.getpid() not in {pid for _, pid in results}


def test_one_hand_needs_no_process() -> None:
    with forked(lambda _: os.getpid(), 1) as call:
        assert call(None) == os.getpid()


def test_our_own_errors_come_through() -> None:
    def fail(what: str) -> None:
        raise RecipeError(f"no {what} came out")

    with forked(fail, 2) as call, pytest.raises(RecipeError, match="no kick came out"):
        call("kick")


def test_a_killed_process_is_one_line_that_says_what_to_do() -> None:
    forks: Forks[int, None] = Forks(lambda signum: os.kill(os.getpid(), signum), 2)
    with pytest.raises(OutputError, match=r"was killed .*--workers 1"):
        forks(signal.SIGKILL)
    forks.close()


PARENT = """
import time
from packgen.rendering.forks import Forks
forks = Forks(lambda _: time.sleep(60), 2)
print(*[process.pid for process in forks._pool._processes.values()], flush=True)
forks(None)
"""


def test_processes_end_with_a_parent_that_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(word) for word in parent.stdout.readline().split()]
    assert len(pids) == 2
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 30
    while any(alive(pid) for pid in pids):
        assert time.monotonic() < deadline, "processes outlive their parent"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody waits for does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
