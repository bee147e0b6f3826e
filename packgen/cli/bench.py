"""`packgen bench`: how fast this machine renders, as ratios to the networks as written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from packgen.cli.options import Model, json_option


def command(
    model: Model = None,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer sounds; under half a minute.")] = False,
    songs: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE.MID", help="Humanise this song and measure that alone; repeatable."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Also write the figures here, as JSON.")] = None,
    as_json: Annotated[bool, json_option("Print JSON instead of tables.")] = False,
) -> None:
    """Measure speed and memory on this machine, each figure beside its reference.

    [bold]Examples:[/bold] packgen bench --quick

    packgen bench --songs one.mid --songs another.mid
    """
    from rich.console import Console

    from packgen.files.atomic import write_atomic

    with Console(stderr=True).status("starting") as status:

        def say(what: str) -> None:
            status.update(f"measuring {what}")

        figures = _songs(songs, model, say) if songs else _all(model, quick, say)
    text = json.dumps(figures, indent=1)
    if out is not None:
        write_atomic(out, text.encode() + b"\n")
    if as_json:
        typer.echo(text)
    elif songs:
        _show_songs(figures["songs"])
    else:
        _show(figures)


def _all(model: str | None, quick: bool, say: Callable[[str], None]) -> dict[str, Any]:
    from packgen.benchmark.report import FULL, QUICK, measure
    from packgen.engine.engine import Engine
    from packgen.files.resources import model_folder

    return measure(Engine.load(model_folder(model)), model, QUICK if quick else FULL, say)


def _songs(songs: list[Path], model: str | None, say: Callable[[str], None]) -> dict[str, Any]:
    from packgen.benchmark import programs

    rows = []
    for path in songs:
        say(path.name)
        rows.append(programs.song(model, path))
    return {"songs": rows}


def _show_songs(rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("song", "music, s", "work, s", "times real time", "peak MB", box=None)
    for row in rows:
        keys = ("music_seconds", "seconds", "real_time_factor", "peak_mb")
        table.add_row(
            row["song"], *([row["refused"]] if "refused" in row else [f"{row[key]:.1f}" for key in keys])
        )
    Console().print(table)


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
