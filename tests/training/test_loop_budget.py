"""The training loop's time, its interruptions and its beginnings, on a task that costs nothing."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

from packgen.errors import OutputError
from packgen.networks import checkpoint
from packgen.networks.mcnn import MCNN, MCNNConfig
from packgen.training import loop, state
from packgen.training.distributed import ALONE, Ranks
from packgen.training.loop import train
from packgen.training.muon import Muon
from tests.conftest import TINY_SIGNAL
from tests.training.said import Said
from tests.training.tiny import schedule

SIGNALS = (signal.SIGINT, signal.SIGTERM)


def nothing() -> None:
    """What happens meanwhile, mostly."""


class Shrinking:
    """Weights that shrink; what else happens in each phase is the test's."""

    name = "mcnn"

    def __init__(
        self,
        preparing: Callable[[], None] = nothing,
        stepping: Callable[[], None] = nothing,
        validating: Callable[[], None] = nothing,
    ) -> None:
        torch.manual_seed(0)
        self.network: nn.Module = MCNN(MCNNConfig(TINY_SIGNAL, heads=1, channels=(4, 4, 4, 4, 2, 2)))
        self._preparing, self._stepping, self._validating = preparing, stepping, validating

    def prepare(self, report: Callable[[int, int], None]) -> None:
        report(64, 100)
        self._preparing()
        report(100, 100)

    def loss(self, rng: np.random.Generator, ranks: Ranks = ALONE) -> tuple[Tensor, dict[str, float]]:
        self._stepping()
        loss = sum((p.square().sum() for p in self.network.parameters()), torch.zeros(()))
        return loss, {"size": loss.item()}

    def validate(self, network: nn.Module) -> dict[str, float]:
        self._validating()
        return {"score": 1.0}

    def describe(self) -> dict[str, object]:
        return {}


def stands_at(folder: Path) -> int:
    """The step that a folder's state is of."""
    task = Shrinking()
    found = state.resume(folder, task.network, task.network, Muon(task.network.parameters(), 1e-3), ALONE)
    return found.step if found else 0


class Clock:
    """Time that passes only when it is told to."""

    now = 0.0  # seconds

    def passes(self, minutes: float) -> Callable[[], None]:
        def pass_by() -> None:
            self.now += 60 * minutes

        return pass_by

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(loop, "monotonic", clock)
    return clock


def test_preparation_and_validations_count_towards_the_minutes(clock: Clock, tmp_path: Path) -> None:
    task = Shrinking(clock.passes(3), clock.passes(0.5), clock.passes(1))
    said = Said()
    plan = replace(schedule(1000), minutes=11.0, validate_minutes=2.0)
    clock.passes(1)()
    train(task, plan, tmp_path, said, started=0.0)
    # A minute before, 3 of preparation, 4 steps, a validation, 6 steps, and the last validation. There is none after 4
    # of the 6, where it would be due, since it would leave no time for more.
    assert clock.now == 60 * 11
    rows = (tmp_path / "curve.csv").read_text().splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["4", "10"]
    assert [(m.ends, m.validates) for m in said.moments[:1]] == [(660.0, 360.0)]
    assert said.work[:2] == [("preparing sounds", 64, 100), ("preparing sounds", 100, 100)]
    assert "from step 0 with new weights, 10 min left" in said.lines[0]
    assert said.lines[1] == "mcnn: 100 sounds are prepared first"
    assert said.work.count(("validating", 0, 0)) == 2

    # A run whose preparation takes all its time still takes a step, and knows what a validation takes.
    clock.now = 0.0
    again = Said()
    train(task, replace(plan, minutes=3.8), tmp_path, again, started=0.0)
    assert clock.now == 60 * (3 + 0.5 + 1)
    assert "from step 10 with its own state" in again.lines[0]


def test_the_end_is_that_of_the_steps_if_they_end_sooner(clock: Clock, tmp_path: Path) -> None:
    said = Said()
    train(Shrinking(stepping=clock.passes(0.5)), schedule(4), tmp_path, said)
    assert [moment.ends for moment in said.moments] == [120.0] * 4


@pytest.mark.parametrize("how", SIGNALS)
def test_a_signal_waits_for_the_step_and_nothing_is_lost(tmp_path: Path, how: signal.Signals) -> None:
    steps = iter(range(100))

    def interrupt() -> None:
        if next(steps) == 2:
            os.kill(os.getpid(), how)

    before = [signal.getsignal(each) for each in SIGNALS]
    said = Said()
    with pytest.raises(KeyboardInterrupt):
        train(Shrinking(stepping=interrupt), schedule(6), tmp_path / "twice", said)
    assert [signal.getsignal(each) for each in SIGNALS] == before
    assert stands_at(tmp_path / "twice") == 3
    assert "stopped at step 3" in said.lines[-1] and "the same command goes on" in said.lines[-1]
    for folder in ("once", "twice"):
        train(Shrinking(), schedule(6), tmp_path / folder, Said())
    once, twice = (safetensors.torch.load_file(tmp_path / f / state.FILE) for f in ("once", "twice"))
    assert once.keys() == twice.keys() and all(torch.equal(once[key], twice[key]) for key in once)


@pytest.mark.parametrize("how", SIGNALS)
def test_a_signal_ends_preparation_and_validation_at_once(tmp_path: Path, how: signal.Signals) -> None:
    def interrupt() -> None:
        os.kill(os.getpid(), how)
        raise AssertionError("the signal should have ended this")

    said = Said()
    with pytest.raises(KeyboardInterrupt):
        train(Shrinking(preparing=interrupt), schedule(2), tmp_path, said)
    assert "before the first step" in said.lines[-1]
    assert not (tmp_path / state.FILE).exists()
    with pytest.raises(KeyboardInterrupt):
        train(Shrinking(validating=interrupt), schedule(2), tmp_path, said)
    assert stands_at(tmp_path) == 2


def test_a_second_signal_does_not_wait_and_the_last_state_stands(tmp_path: Path) -> None:
    train(Shrinking(), schedule(1), tmp_path, Said())
    before = (tmp_path / state.FILE).read_bytes()

    def insist() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("the second one should have ended this")

    said = Said()
    with pytest.raises(KeyboardInterrupt):
        train(Shrinking(stepping=insist), schedule(5), tmp_path, said)
    assert "within a step" in said.lines[-1]
    assert (tmp_path / state.FILE).read_bytes() == before


def test_a_run_begins_with_given_weights_only_where_it_has_no_state(tmp_path: Path) -> None:
    def begin(network: nn.Module) -> str:
        for parameter in network.parameters():
            parameter.data.fill_(0.25)
        return "the weights of a quarter"

    said = Said()
    best = train(Shrinking(), schedule(0), tmp_path, said, begin=begin)
    assert "from step 0 with the weights of a quarter" in said.lines[0]
    network, _, _ = checkpoint.load(best, MCNN)  # the averaged weights
    assert all(bool((p == 0.25).all()) for p in network.parameters())

    def never(network: nn.Module) -> str:
        raise AssertionError("there is a state")

    train(Shrinking(), schedule(1), tmp_path, said, begin=never)
    assert stands_at(tmp_path) == 1


def test_a_state_that_does_not_fit_the_disk_is_said_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 100))
    said = Said()
    with pytest.raises(OutputError, match=r"the state of training needs 1 MB, and .+ are free"):
        train(Shrinking(), schedule(1), tmp_path, said)
    assert not said.moments
