"""`packgen bench`: how fast this machine renders, as ratios to the networks as written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from packgen.cli.options import Model, json_option


def command(
    model: Model = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer sounds; under half a minute.")] = False,
    out: Annotated[Path | None, typer.Option(help="Also write the figures here, as JSON.")] = None,
    as_json: Annotated[bool, json_option("Print JSON instead of tables.")] = False,
) -> None:
    """Measure speed and memory on this machine, each figure beside its reference.

    [bold]Example:[/bold] packgen bench --quick
    """
    from rich.console import Console

    from packgen.benchmark.report import FULL, QUICK, measure
    from packgen.engine.engine import Engine
    from packgen.files.atomic import write_atomic
    from packgen.files.resources import model_folder

    console = Console(stderr=True)
    engine = Engine.load(model_folder(model))
    with console.status("starting") as status:
        figures = measure(
            engine, model, QUICK if quick else FULL, lambda what: status.update(f"measuring {what}")
        )
    text = json.dumps(figures, indent=1)
    if out is not None:
        write_atomic(out, text.encode() + b"\n")
    if as_json:
        typer.echo(text)
    else:
        _show(figures)


def _show(figures: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    console.print(figures["machine"])
    single = Table("one sound, one thread", "p50 ms", "p95", "p99", "mean", "speed", box=None)
    reference = figures["single_ms"]["reference"]["mean"]
    for name, row in figures["single_ms"].items():
        cells = [f"{row[key]:.1f}" for key in ("p50", "p95", "p99", "mean")]
        single.add_row(name, *cells, f"{reference / row['mean']:.2f}x")
    single.add_row(
        "engine, all cores", "", "", "", f"{figures['bulk_ms']:.1f}", f"{reference / figures['bulk_ms']:.2f}x"
    )
    single.add_row(
        "server, from datagram to WAV",
        *(f"{figures['server_ms'][k]:.1f}" for k in ("p50", "p95", "p99", "mean")),
    )
    console.print(single)
    packs = Table("pack", "files", "seconds", "files a second", "peak MB", box=None)
    named = [*(("one class", row) for row in figures["packs"]), ("2 x 16 x 4", figures["small_pack"])]
    named += [("large, 4 takes", figures["large_pack"])] if figures["large_pack"] else []
    for name, row in named:
        rate = row["files"] / row["seconds"]
        packs.add_row(
            name, f"{row['files']:.0f}", f"{row['seconds']:.1f}", f"{rate:.1f}", f"{row['peak_mb']:.0f}"
        )
    console.print(packs)
    growth = figures["growth"]
    console.print(
        f"from one pack to the next larger: time a sound x{growth['time']:.2f}, memory x{growth['memory']:.2f}"
    )
    peaks = figures["matrix_gflops"]
    console.print(
        f"matrix products: {peaks['float32']:.0f} GFLOP/s in float32, {peaks['bfloat16']:.0f} in bfloat16; "
        f"--help in {figures['help_seconds']:.2f} s, server ready in {figures['server_ready_seconds']:.1f} s"
    )
