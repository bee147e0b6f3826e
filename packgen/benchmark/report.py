"""The whole benchmark as a plain dictionary: every figure beside the reference it is a ratio to."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch

from packgen.benchmark import engines, programs
from packgen.engine import Engine


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    singles: int  # sounds one by one, of each kind
    bulk: int  # sounds in parallel
    packs: tuple[int, ...]  # sounds a class of the packs whose growth is measured, one class
    pack_takes: int
    requests: int


FULL = Scale(singles=60, bulk=120, packs=(100, 1000), pack_takes=1, requests=300)
QUICK = Scale(singles=10, bulk=20, packs=(20,), pack_takes=1, requests=40)


def measure(engine: Engine, model: str | None, scale: Scale, say: Callable[[str], None]) -> dict[str, Any]:
    """Run everything; sizes and machine are part of the result.

    Args:
        engine: the model, loaded.
        model: how `--model` names it, for programs that load it themselves.
        scale: how much.
        say: told what is being measured.
    """
    sounds = engines.draws(engine, scale.singles)
    kinds: dict[str, Callable[..., None]] = {
        "reference": partial(engines.plain, engine),
        "engine": partial(engines.ours, engine),
        "griffin_lim_16": partial(engines.griffin_lim_alone, engine, 16),
        "griffin_lim_60": partial(engines.griffin_lim_alone, engine, 60),
    }
    singles = {}
    for name, work in kinds.items():
        say(f"{name}, one sound at a time")
        engines.one_by_one(work, sounds[:3])  # warm up
        singles[name] = engines.quantiles_ms(engines.one_by_one(work, sounds))
    cores = os.cpu_count() or 1
    say("in bulk")
    many = engines.draws(engine, scale.bulk)
    bulk_ms = 1e3 * engines.in_bulk(kinds["engine"], many, cores)
    reference_ms = singles["reference"]["mean"]
    say("matrix products")
    peaks = {str(d).removeprefix("torch."): engines.matrix_peak(d) for d in (torch.float32, torch.bfloat16)}
    say("start-up")
    help_seconds = min(programs.run("--help").seconds for _ in range(3))
    packs = []
    for count in scale.packs:
        say(f"a pack of {count} sounds")
        cost, files = programs.pack(model, count, "snare", scale.pack_takes)
        packs.append({"files": files, "seconds": cost.seconds, "files_per_second": files / cost.seconds,
                      "peak_mb": cost.peak_mb})  # fmt: skip
    say("the small pack: 2 classes x 16 sounds x 4 takes")
    small, files = programs.pack(model, 16, "kick,snare", 4)
    say("the server")
    with programs.server(model) as (port, ready_seconds):
        server = engines.quantiles_ms(programs.latencies(port, scale.requests, len(engine.classes)))
    return {
        "machine": f"{platform.machine()}, {cores} cores, torch {torch.__version__}",
        "scale": vars(scale),
        "single_ms": singles,
        "bulk_ms": bulk_ms,
        "ratios": {
            "single: reference / engine": reference_ms / singles["engine"]["mean"],
            "bulk: reference / engine": reference_ms / bulk_ms,
            "griffin_lim_60 / engine": singles["griffin_lim_60"]["mean"] / singles["engine"]["mean"],
        },
        "matrix_gflops": peaks,
        "help_seconds": help_seconds,
        "packs": packs,
        "small_pack": {"files": files, "seconds": small.seconds, "peak_mb": small.peak_mb},
        "server_ms": server,
        "server_ready_seconds": ready_seconds,
    }
