"""The training loop: time budget, resumable state, averaged weights, curves, best weights kept.

A `Task` says what is trained on what, and a `Reporter` hears what happens. A run is a folder:
``state.safetensors`` (`packgen.training.state`), ``<network>.safetensors`` (best averaged weights, in the
format of `packgen.networks.checkpoint`) and ``curve.csv``. How several processes train as one is the subject of
`packgen.training.distributed`; here they only agree on rank 0's clock.
"""

from __future__ import annotations

import copy
import csv
import math
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Protocol, runtime_checkable

import numpy as np
import safetensors.torch
import torch
from torch import Tensor, nn

from packgen.files.folders import check_room, size_of, writing
from packgen.networks import checkpoint
from packgen.training import averaging, state
from packgen.training.distributed import ALONE, Loss, Ranks, world_size
from packgen.training.interrupts import Interrupts
from packgen.training.muon import Muon
from packgen.training.reports import Moment, Reporter, Silent, duration
from packgen.training.state import Progress


class Task(Protocol):
    """What is trained. Randomness comes in by the door, so that a resumed run goes on as it would have."""

    name: str

    @property
    def network(self) -> nn.Module:
        """The network in training."""

    def loss(self, rng: np.random.Generator, ranks: Ranks = ALONE) -> tuple[Tensor, dict[str, float]]:
        """Loss of this rank's share of a batch drawn with `rng`, and its parts for the log."""

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Measures on the validation split; ``score``, lower is better, picks the best weights."""

    def describe(self) -> dict[str, Any]:
        """Facts about data and losses for the provenance."""


@runtime_checkable
class Preparing(Protocol):
    """A task that has to look at its corpus before the first step, every time that a run starts."""

    def prepare(self, report: Callable[[int, int], None]) -> None:
        """Do so, and report after some sounds each how many are done, of how many; never, if there is nothing to do."""


@dataclass(frozen=True)
class Schedule:
    """How to train. The defaults are the paper's where a CPU can follow them."""

    minutes: float = 60.0  # of a run, with all that belongs to it
    max_steps: int = 1_000_000
    learning_rate: float = 1e-3
    factor: float = 0.5  # of the learning rate, when validation stands still
    patience: int = 10  # validations without improvement before that
    warmup: int = 200  # steps
    cooldown: float = 0.5  # share of the budget at the end over which the learning rate falls to a tenth
    average: float = 0.999  # decay of the exponential moving average of the weights
    clip: float = 1.0  # norm of the gradient
    validate_minutes: float = 4.0
    bfloat16: bool = False
    seed: int = 0


# Gives a network its first weights, and says which.
Begin = Callable[[nn.Module], str]


def train(
    task: Task,
    schedule: Schedule,
    folder: Path,
    reporter: Reporter,
    ranks: Ranks = ALONE,
    begin: Begin | None = None,
    started: float | None = None,
) -> Path:
    """Train for `schedule.minutes` more, from where the folder's last run ended; returns the best weights' file.

    Preparation and validations count towards the minutes; a step is taken even if they leave no time for it.

    Args:
        task: what is trained.
        schedule: how, and for how long.
        folder: of the run. Of several ranks only the first touches it.
        reporter: told what happens, by the first rank alone.
        ranks: that train together.
        begin: called where the folder holds no state, on the first rank; without it weights stay as they are.
        started: when the minutes began (`time.monotonic`), if the caller has used up some; now, by default.

    Raises:
        WeightsError: if the folder's state belongs to a network of other sizes.
        OutputError: if the folder cannot be written.
        KeyboardInterrupt: on Ctrl-C or SIGTERM, once the state is saved.
    """
    with Interrupts(raises=ranks.size == 1) as interrupts:
        run = _Run(task, schedule, folder, reporter if ranks.leads else Silent(), ranks, interrupts, started)
        try:
            run.prepare(begin)
            return run.until_over()
        except KeyboardInterrupt:
            run.leave()
            raise


class _Run:
    """One run of `train`: the network, its averaged weights and its optimiser, and where they stand."""

    def __init__(
        self, task: Task, schedule: Schedule, folder: Path, reporter: Reporter, ranks: Ranks,
        interrupts: Interrupts, started: float | None,
    ) -> None:  # fmt: skip
        self.task, self.schedule, self.folder = task, schedule, folder
        self.reporter, self.ranks, self.interrupts = reporter, ranks, interrupts
        self.started = monotonic() if started is None else started
        self.network = task.network
        self.average = copy.deepcopy(self.network).eval()
        self.optimiser = Muon(self.network.parameters(), lr=schedule.learning_rate)
        self.progress = Progress()
        self.taken = 0  # steps of this run
        self.before = 0.0  # minutes of earlier runs
        self.checked = 0.0  # minutes into this one when weights were last measured
        self.loss = float("nan")
        self.parts: dict[str, float] = {}  # of the loss; both smoothed
        self.announced = False  # whether the task's preparation was

    def prepare(self, begin: Begin | None) -> None:
        """Go back to where the last run ended, or begin; then have the task prepare itself."""
        if self.ranks.leads:
            self.folder.mkdir(parents=True, exist_ok=True)
        found = state.resume(self.folder, self.network, self.average, self.optimiser, self.ranks)
        self.progress = found or Progress()
        self.before = self.progress.minutes
        origin = self._first_weights(begin) if found is None else "its own state"
        if self.ranks.leads:
            self._introduce(origin)
        if isinstance(self.task, Preparing):
            self.task.prepare(self._preparing)
        if found is None:
            self.average.load_state_dict(self.network.state_dict())

    def _first_weights(self, begin: Begin | None) -> str:
        """Weights from elsewhere are the first rank's to read, as the folder is; returns where they are from."""
        if begin is None:
            return "new weights"
        origin = begin(self.network) if self.ranks.leads else ""
        if self.ranks.size > 1:
            data = self.ranks.from_first(
                state.packed(self.network.state_dict()) if self.ranks.leads else None
            )
            self.network.load_state_dict(safetensors.torch.load(data or b""))
        return origin

    def _introduce(self, origin: str) -> None:
        kept = state.disk_need(self.network)
        # A state is written beside the one that it replaces.
        check_room(self.folder, 2 * kept - state.disk_use(self.folder), "the state of training")
        size = sum(p.numel() for p in self.network.parameters()) / 1e6
        left = duration(60 * self.schedule.minutes + self.started - monotonic())
        self.reporter.say(
            f"{self.task.name}: {size:.2f} M parameters, from step {self.progress.step:,} with {origin}, "
            f"{left} left; {self.folder} takes {size_of(kept)}"
        )

    def _preparing(self, done: int, total: int) -> None:
        if not self.announced:
            self.announced = True
            self.reporter.say(f"{self.task.name}: {total:,} sounds are prepared first")
        self.reporter.at_work("preparing sounds", done, total)

    def until_over(self) -> Path:
        """Take steps, and measure the weights now and then, until time or steps are used up."""
        schedule, progress = self.schedule, self.progress
        loss_of = self.ranks.join(self.network, self.task.loss)
        (self.checked,) = self.ranks.agree(self._minutes())
        while True:
            elapsed, stop = self.ranks.agree(self._minutes(), float(self.interrupts.heard))
            if stop:
                raise KeyboardInterrupt
            over = progress.step >= schedule.max_steps or (
                self.taken > 0 and elapsed + progress.check_minutes >= schedule.minutes
            )
            due = elapsed - self.checked >= schedule.validate_minutes
            # No second measure for the few steps that would follow the first.
            if over or (due and elapsed + 2 * progress.check_minutes < schedule.minutes):
                self._measure(loss_of, elapsed)
            if over:
                self.reporter.say(card_row(self.task, progress))
                return self._best
            with self.interrupts.whole():
                self._step(loss_of, elapsed)
            self.reporter.stepped(self._moment())

    def leave(self) -> None:
        """After an interruption: save what was trained, and say how to go on."""
        if not self.ranks.leads:
            return
        name, again = self.task.name, "the same command goes on from there"
        if self.interrupts.cut:
            self.reporter.say(f"{name}: stopped within a step; {self.folder} holds the last state: {again}")
        elif not self.taken:
            self.reporter.say(f"{name}: stopped before the first step; the same command begins again")
        else:
            self.progress.minutes = self.before + self._minutes()
            state.save(self.folder, self.network, self.average, self.optimiser, self.progress)
            step = self.progress.step
            self.reporter.say(f"{name}: stopped at step {step:,}, whose state is in {self.folder}: {again}")

    @property
    def _best(self) -> Path:
        return self.folder / f"{self.task.name}.safetensors"

    def _minutes(self) -> float:
        """Minutes of this run so far, its preparation included."""
        return (monotonic() - self.started) / 60

    def _moment(self) -> Moment:
        now = monotonic()
        pace = (now - self.started) / self.taken
        ends = min(
            self.started + 60 * self.schedule.minutes,
            now + pace * (self.schedule.max_steps - self.progress.step),
        )
        validates = self.started + 60 * (self.checked + self.schedule.validate_minutes)
        return Moment(self.progress.step, self.loss, ends, min(validates, ends))

    def _step(self, loss_of: Loss, elapsed: float) -> None:
        schedule, progress, network = self.schedule, self.progress, self.network
        rate = schedule.learning_rate * progress.rate_scale * min(1.0, (progress.step + 1) / schedule.warmup)
        left = max(0.0, 1.0 - elapsed / schedule.minutes)
        rate *= max(0.1, min(1.0, left / schedule.cooldown)) if schedule.cooldown else 1.0
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        network.train()
        rng = np.random.Generator(np.random.Philox(key=[schedule.seed, progress.step]))
        with torch.autocast(_device(network), torch.bfloat16, enabled=schedule.bfloat16):
            loss, parts = loss_of(rng)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(network.parameters(), schedule.clip)
        if torch.isfinite(norm):  # one bad batch must not end hours of training
            self.optimiser.step()
        progress.step += 1
        self.taken += 1
        # The first weights are far off: an average of few steps forgets them faster.
        decay = min(schedule.average, (1 + progress.step) / (10 + progress.step))
        averaging.update(self.average, network, decay)
        for key, value in self.ranks.mean(parts).items():
            self.parts[key] = self.parts.get(key, value) * 0.98 + value * 0.02
        value = loss.item()
        self.loss = self.loss * 0.98 + value * 0.02 if math.isfinite(self.loss) else value

    def _measure(self, loss_of: Loss, elapsed: float) -> None:
        """Measure the averaged weights, write a row of the curve, keep the best, and save the state."""
        self.progress.minutes = self.before + elapsed
        report = partial(self.reporter.at_work, "batch statistics")
        averaging.refresh_statistics(loss_of, self.network, self.average, self.schedule.seed, report=report)
        if self.ranks.leads:
            self.reporter.at_work("validating")
            with torch.no_grad():
                measures = self.task.validate(self.average)
            with self.interrupts.whole():
                self._judge(measures)
                state.save(self.folder, self.network, self.average, self.optimiser, self.progress)
        self.progress.rate_scale, self.checked = self.ranks.agree(self.progress.rate_scale, self._minutes())
        self.progress.check_minutes = self.checked - elapsed
        self.parts = {}

    def _judge(self, measures: dict[str, float]) -> None:
        """Keep the best weights, lower the learning rate when stuck, write a row of the curve and say it."""
        schedule, progress, score = self.schedule, self.progress, measures["score"]
        if score < progress.best:
            progress.best, progress.stale = score, 0
            provenance = self.task.describe() | {
                "steps": progress.step,
                "minutes": round(progress.minutes, 1),
                "machine": _machine(),
                "schedule": asdict(schedule),
                "validation": {key: round(value, 5) for key, value in measures.items()},
            }
            checkpoint.save(self._best, self.average, provenance)
        else:
            progress.stale += 1
            if progress.stale > schedule.patience:
                progress.rate_scale, progress.stale = progress.rate_scale * schedule.factor, 0
        row = {"step": progress.step, "minutes": round(progress.minutes, 2), "rate": progress.rate_scale}
        row |= {f"train_{k}": round(v, 5) for k, v in self.parts.items()} | {
            f"val_{k}": round(v, 5) for k, v in measures.items()
        }
        _append(self.folder / "curve.csv", row)
        self.reporter.say("  ".join(f"{key} {value:.4g}" for key, value in row.items()))


def card_row(task: Task, progress: Progress) -> str:
    """What was trained, as a row of the model card's table."""
    size = sum(p.numel() for p in task.network.parameters()) / 1e6
    return (
        f"| `{task.name}.safetensors` | {size:.2f} M parameters | {progress.step:,} steps, "
        f"{progress.minutes / 60:.1f} hours | best validation score {progress.best:.4g} | {_machine()} |"
    )


def _machine() -> str:
    threads = f"{world_size()} × {torch.get_num_threads()} threads".removeprefix("1 × ")
    return f"{platform.machine()}, {threads}, torch {torch.__version__}"


def _device(network: nn.Module) -> str:
    return next(network.parameters()).device.type


def _append(curve: Path, row: dict[str, float]) -> None:
    with writing(curve):
        is_new = not curve.exists()
        with curve.open("a", newline="") as file:
            writer = csv.writer(file)
            if is_new:
                writer.writerow(row)
            writer.writerow(row.values())
