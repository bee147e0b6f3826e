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
from packgen.engine.engine import Engine
from packgen.planning.recipe import Recipe


@dataclass(frozen=True)
class Scale:
    """How much is measured."""

    singles: int  # sounds one by one, of each kind
    bulk: int  # sounds of the classes in bulk, four takes each
    packs: tuple[int, ...]  # sounds of the packs whose growth is measured: one class, one take, samples alone
    large: int  # sounds a class of the large pack: two classes, four takes, all formats
    requests: int


FULL = Scale(singles=60, bulk=32, packs=(100, 1000, 10_000), large=128, requests=500)
QUICK = Scale(singles=6, bulk=8, packs=(20, 40), large=0, requests=40)
CLASSES = ("kick", "snare")


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
        "engine, judged": partial(engines.judged, engine),
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
    recipe = Recipe(tuple((drum, scale.bulk // len(CLASSES)) for drum in CLASSES), seed=1)
    bulk_ms = 1e3 * engines.in_bulk(recipe, engine, cores)
    reference_ms = singles["reference"]["mean"]
    say("matrix products")
    peaks = {str(d).removeprefix("torch."): engines.matrix_peak(d) for d in (torch.float32, torch.bfloat16)}
    say("start-up")
    help_seconds = min(programs.run("--help").seconds for _ in range(3))
    packs = []
    for count in scale.packs:
        say(f"a pack of {count} sounds")
        packs.append(_pack_row(*programs.pack(model, count, "snare", 1, "wav")))
    say("the small pack: 2 classes x 16 sounds x 4 takes")
    small = _pack_row(*programs.pack(model, 16, ",".join(CLASSES), 4))
    large = None
    if scale.large:
        say(f"the large pack: 2 classes x {scale.large} sounds x 4 takes")
        large = _pack_row(*programs.pack(model, scale.large, ",".join(CLASSES), 4))
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
        "growth": _growth(packs),
        "small_pack": small,
        "large_pack": large,
        "server_ms": server,
        "server_ready_seconds": ready_seconds,
    }


def _pack_row(cost: programs.Run, files: int) -> dict[str, float]:
    return {
        "files": files,
        "seconds": cost.seconds,
        "files_per_second": files / cost.seconds,
        "peak_mb": cost.peak_mb,
    }


def _growth(packs: list[dict[str, float]]) -> dict[str, float]:
    """From the second largest pack to the largest: 1 is time in proportion to sounds, and memory that stays.

    Start-up, the time that a pack of no sounds would take on the line through the two smallest, is left out.
    """
    first, second, before, last = packs[0], packs[1], packs[-2], packs[-1]
    slope = (second["seconds"] - first["seconds"]) / (second["files"] - first["files"])
    start = max(0.0, first["seconds"] - slope * first["files"])
    each = [(row["seconds"] - start) / row["files"] for row in (before, last)]
    return {"time": each[1] / each[0], "memory": last["peak_mb"] / before["peak_mb"]}
