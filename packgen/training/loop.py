"""The training loop: time budget, resumable state, averaged weights, curves, best weights kept.

A `Task` says what is trained on what; this file knows nothing about sounds. A run is a folder:
``state.safetensors`` (everything needed to go on), ``<network>.safetensors`` (best averaged weights, in the
format of `packgen.networks.checkpoint`) and ``curve.csv``. How several processes train as one is the subject of
`packgen.training.distributed`; here they only agree on rank 0's clock.
"""

from __future__ import annotations

import copy
import csv
import json
import platform
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from packgen.audio import write_atomic
from packgen.errors import WeightsError
from packgen.networks import checkpoint
from packgen.training import statistics
from packgen.training.distributed import ALONE, Ranks, world_size
from packgen.training.muon import Muon

OPTIMISER = "muon"  # prefix of its state's tensors


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


@dataclass(frozen=True)
class Schedule:
    """How to train. The defaults are the paper's where a CPU can follow them."""

    minutes: float = 60.0
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


@dataclass
class Progress:
    """Where a run stands."""

    step: int = 0
    minutes: float = 0.0  # of training so far, all sessions together
    rate_scale: float = 1.0
    best: float = float("inf")
    stale: int = 0


def train(
    task: Task, schedule: Schedule, folder: Path, say: Callable[[str], None], ranks: Ranks = ALONE
) -> Path:
    """Train for `schedule.minutes` more, from where the folder's last run ended; returns the best weights' file.

    Of several ranks only the first touches the folder and says anything.

    Raises:
        WeightsError: if the folder's state belongs to a network of other sizes.
        OutputError: if the folder cannot be written.
    """
    if ranks.leads:
        folder.mkdir(parents=True, exist_ok=True)
    network = task.network
    average = copy.deepcopy(network).eval()
    optimiser = Muon(network.parameters(), lr=schedule.learning_rate)
    progress = _resume(folder, network, average, optimiser, ranks)
    loss_of = ranks.join(network, task.loss)
    best_path = folder / f"{task.name}.safetensors"
    start, before = time.monotonic(), progress.minutes
    checked = 0.0
    running: dict[str, float] = {}
    if ranks.leads:
        size = sum(p.numel() for p in network.parameters()) / 1e6
        say(f"{task.name}: {size:.2f} M parameters, from step {progress.step}")
    while True:
        (elapsed,) = ranks.agree(_minutes_since(start))
        done = elapsed >= schedule.minutes or progress.step >= schedule.max_steps
        if done or elapsed - checked >= schedule.validate_minutes:
            progress.minutes = before + elapsed
            statistics.measure(loss_of, network, average, schedule.seed)
            if ranks.leads:
                _check(task, average, schedule, progress, running, folder, best_path, say)
                _save(folder, network, average, optimiser, progress)
            progress.rate_scale, checked = ranks.agree(progress.rate_scale, _minutes_since(start))
            running = {}
            if done:
                if ranks.leads:
                    say(card_row(task, progress))
                return best_path
        rate = schedule.learning_rate * progress.rate_scale * min(1.0, (progress.step + 1) / schedule.warmup)
        left = max(0.0, 1.0 - elapsed / schedule.minutes)
        rate *= max(0.1, min(1.0, left / schedule.cooldown)) if schedule.cooldown else 1.0
        for group in optimiser.param_groups:
            group["lr"] = rate
        network.train()
        rng = np.random.Generator(np.random.Philox(key=[schedule.seed, progress.step]))
        with torch.autocast(_device(network), torch.bfloat16, enabled=schedule.bfloat16):
            loss, parts = loss_of(rng)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        norm = nn.utils.clip_grad_norm_(network.parameters(), schedule.clip)
        if torch.isfinite(norm):  # one bad batch must not end hours of training
            optimiser.step()
        progress.step += 1
        _average(average, network, min(schedule.average, (1 + progress.step) / (10 + progress.step)))
        for key, value in ranks.mean(parts).items():
            running[key] = running.get(key, value) * 0.98 + value * 0.02


def _minutes_since(start: float) -> float:
    return (time.monotonic() - start) / 60


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


@torch.no_grad()
def _average(average: nn.Module, network: nn.Module, decay: float) -> None:
    """Exponential moving average of parameters; buffers are copied (`packgen.training.statistics` mends them)."""
    for mean, parameter in zip(average.parameters(), network.parameters(), strict=True):
        mean.lerp_(parameter, 1 - decay)
    for kept, buffer in zip(average.buffers(), network.buffers(), strict=True):
        kept.copy_(buffer)


def _check(
    task: Task, average: nn.Module, schedule: Schedule, progress: Progress, running: dict[str, float],
    folder: Path, best_path: Path, say: Callable[[str], None],
) -> None:  # fmt: skip
    """Validate, write a row of the curve, keep the best weights, lower the learning rate when stuck."""
    with torch.no_grad():
        measures = task.validate(average)
    score = measures["score"]
    if score < progress.best:
        progress.best, progress.stale = score, 0
        provenance = task.describe() | {
            "steps": progress.step,
            "minutes": round(progress.minutes, 1),
            "machine": _machine(),
            "schedule": asdict(schedule),
            "validation": {key: round(value, 5) for key, value in measures.items()},
        }
        checkpoint.save(best_path, average, provenance)
    else:
        progress.stale += 1
        if progress.stale > schedule.patience:
            progress.rate_scale, progress.stale = progress.rate_scale * schedule.factor, 0
    row = {"step": progress.step, "minutes": round(progress.minutes, 2), "rate": progress.rate_scale}
    row |= {f"train_{k}": round(v, 5) for k, v in running.items()} | {
        f"val_{k}": round(v, 5) for k, v in measures.items()
    }
    curve = folder / "curve.csv"
    is_new = not curve.exists()
    with curve.open("a", newline="") as file:
        writer = csv.writer(file)
        if is_new:
            writer.writerow(row)
        writer.writerow(row.values())
    say("  ".join(f"{key} {value:.4g}" for key, value in row.items()))


def _save(folder: Path, network: nn.Module, average: nn.Module, optimiser: Muon, progress: Progress) -> None:
    tensors = {f"network.{k}": v for k, v in network.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.state_dict().items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"{OPTIMISER}.{index}.{key}": value for key, value in state.items()}
    tensors = {key: value.detach().cpu().contiguous() for key, value in tensors.items()}
    write_atomic(
        folder / "state.safetensors",
        safetensors.torch.save(tensors, {"progress": json.dumps(asdict(progress))}),
    )


def _resume(folder: Path, network: nn.Module, average: nn.Module, optimiser: Muon, ranks: Ranks) -> Progress:
    path = folder / "state.safetensors"
    data = ranks.from_first(path.read_bytes() if ranks.leads and path.exists() else None)
    if data is None:
        return Progress()
    try:
        tensors = safetensors.torch.load(data)
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        values = json.loads(header["__metadata__"]["progress"])
        minutes, rate_scale, best = (float(values[key]) for key in ("minutes", "rate_scale", "best"))
        progress = Progress(int(values["step"]), minutes, rate_scale, best, int(values["stale"]))
        network.load_state_dict(_part(tensors, "network."))
        average.load_state_dict(_part(tensors, "average."))
        states: dict[int, dict[str, Tensor]] = {}
        for key, value in _part(tensors, f"{OPTIMISER}.").items():
            index, name = key.split(".", 1)
            states.setdefault(int(index), {})[name] = value
        if states:  # a run begun with another optimiser goes on with this one
            optimiser.load_state_dict(
                {"state": states, "param_groups": optimiser.state_dict()["param_groups"]}
            )
    except (
        safetensors.SafetensorError,
        KeyError,
        RuntimeError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise WeightsError(
            f"{path}: state of another network ({reason}); choose another --out or delete it"
        ) from error
    return progress


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
