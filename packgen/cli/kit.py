"""`packgen kit`: render a pack of drum samples."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packgen.classes import DrumClass, parse_classes
from packgen.errors import RecipeError

if TYPE_CHECKING:
    from packgen.pack import PackWriter
    from packgen.planner import Entry, Recipe
    from packgen.renderer import SoundEngine

DEFAULT_CLASSES = "all"


def command(
    classes: Annotated[str, typer.Option(help="Comma list of drum classes, or all.")] = DEFAULT_CLASSES,
    variations: Annotated[
        int, typer.Option("--variations", "-n", help="Different sounds of each class.")
    ] = 16,
    takes: Annotated[int, typer.Option(help="Humanised takes of each sound; 1 for none.")] = 4,
    mode: Annotated[
        str, typer.Option(help="grid walks the main axes, random draws, mixed does half each.")
    ] = "mixed",
    reach: Annotated[
        float, typer.Option("--range", help="How far the grid goes, in standard deviations.")
    ] = 2.0,
    p3: Annotated[float, typer.Option(help="Where the grid stands on the third axis.")] = 0.0,
    grid: Annotated[str | None, typer.Option(help="Columns x rows of the grid, say 4x4.")] = None,
    spread: Annotated[float, typer.Option(help="How far takes stray from their sound.")] = 0.15,
    prior: Annotated[
        str, typer.Option(help="fitted (the class's own sounds) or standard (the paper's N(0, I)).")
    ] = "fitted",
    strict: Annotated[
        float, typer.Option(help="Redraw until the class filter is this sure; 0 takes all.")
    ] = 0.5,
    seed: Annotated[int | None, typer.Option(help="Repeats a pack; random if not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the pack; by default ./NAME.")] = None,
    name: Annotated[str | None, typer.Option(help="What the pack is called.")] = None,
    label: Annotated[str, typer.Option(help="Who made it; goes into file names and metadata.")] = "",
    rate: Annotated[int, typer.Option(help="Sample rate in hertz.")] = 44_100,
    bits: Annotated[str, typer.Option(help="16, 24 or 32f.")] = "24",
    model: Annotated[str | None, typer.Option(help="Model, by name or folder.")] = None,
    workers: Annotated[int, typer.Option(help="Sounds rendered at a time; 0 for one a core.")] = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted pack.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the pack that stands in the folder.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be rendered.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
) -> None:
    """Render a pack of drum samples: WAVs by class, manifest, contact sheet.

    [bold]Examples:[/bold]

    packgen kit --classes kick,snare --variations 16

    packgen kit --classes hats,claps --mode grid --range 3 --takes 1 --seed 7
    """
    from packgen.planner import Recipe

    drums = parse_classes(classes)
    recipe = Recipe(
        counts=tuple((drum.name, variations) for drum in drums),
        seed=secrets.randbelow(10**9) if seed is None else seed,
        takes=takes,
        mode=mode,
        reach=reach,
        p3=p3,
        grid=_parse_grid(grid),
        spread=spread,
        prior=prior,
        strict=strict,
    )
    title = name or f"packgen-{recipe.seed}"
    folder = out if out is not None else Path(title)
    if dry_run:
        _say_plan(recipe, drums, folder, as_json)
        return
    started = time.perf_counter()

    from packgen.assets import model_folder
    from packgen.pack import PackInfo, PackWriter

    weights = model_folder(model)
    info = PackInfo(
        name=title,
        label=label,
        seed=recipe.seed,
        recipe=asdict(recipe),
        command=_repeating(recipe, classes, variations, title, label, rate, bits, model),
        model={"name": weights.name, "digest": ""},
        attribution=_attribution(weights),
        drums=tuple(drum for drum, count in recipe.counts for _ in range(count)),
        rate=rate,
        bits=bits,
    )  # checked before the networks are loaded: a wrong option is said at once

    from packgen.engine import Engine  # imports torch

    engine = Engine.load(weights)
    info.model["digest"] = engine.digest
    writer = PackWriter(folder, info, engine.ranges, resume=resume, force=force)
    try:
        counters = _render(engine, recipe, writer, workers or os.cpu_count() or 1, quiet)
        pack = writer.finish()
    finally:
        writer.close()
    seconds = time.perf_counter() - started
    files = sum(len(sound.takes) for sound in pack.sounds)
    result = {
        "folder": str(folder),
        "sounds": len(pack.sounds),
        "files": files,
        "seconds": round(seconds, 2),
        "files_per_second": round(files / seconds, 2),
        "seed": recipe.seed,
        "command": info.command,
        **counters,
    }
    if as_json:
        typer.echo(json.dumps(result, indent=1))
    else:
        typer.echo(str(folder))
    if not quiet and not as_json:
        _summarise(result)


def _render(
    engine: SoundEngine, recipe: Recipe, writer: PackWriter, workers: int, quiet: bool
) -> dict[str, int]:
    """Render what is missing, a few sounds ahead of the journal, in the plan's order; returns the counters."""
    from rich.console import Console
    from rich.progress import Progress

    from packgen.planner import plan
    from packgen.renderer import render_sound

    def make(entry: Entry) -> dict[str, Any]:
        return writer.write(render_sound(engine, recipe, entry), engine.signal.sample_rate)

    counters = {"redrawn": 0, "degenerate": 0, "resumed": 0}
    console = Console(stderr=True)
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("rendering", total=recipe.num_sounds)
        todo = []
        for entry in plan(recipe):
            if writer.has(entry.drum, entry.index):
                counters["resumed"] += 1
                progress.advance(bar)
            else:
                todo.append(entry)
        pool = ThreadPoolExecutor(workers)
        try:
            for record in _in_order(pool, make, iter(todo), 4 * workers):
                writer.commit(record)
                counters["redrawn"] += record["redrawn"]
                counters["degenerate"] += record["degenerate"]
                progress.advance(bar)
        finally:
            pool.shutdown(cancel_futures=True)
    return counters


def _in_order(
    pool: ThreadPoolExecutor, make: Any, entries: Iterator[Entry], ahead: int
) -> Iterator[dict[str, Any]]:
    """Map in order with at most `ahead` results waiting, so that memory does not grow with the pack."""
    pending: list[Future[dict[str, Any]]] = [pool.submit(make, entry) for entry in islice(entries, ahead)]
    while pending:
        record = pending.pop(0).result()
        pending.extend(pool.submit(make, entry) for entry in islice(entries, 1))
        yield record


def _parse_grid(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    try:
        columns, rows = (int(part) for part in text.lower().split("x"))
    except ValueError:
        raise RecipeError(f"--grid {text!r} is not columns x rows: write 4x4") from None
    return columns, rows


def _attribution(weights: Path) -> str:
    path = weights / "ATTRIBUTION.txt"
    return (
        path.read_text(encoding="utf-8")
        if path.is_file()
        else f"Model {weights.name}; its maker gave no list of sources."
    )


def _repeating(
    recipe: Recipe,
    classes: str,
    variations: int,
    name: str,
    label: str,
    rate: int,
    bits: str,
    model: str | None,
) -> str:
    """The command line that makes exactly this pack again."""
    words = [
        "packgen",
        "kit",
        "--classes",
        classes,
        "--variations",
        str(variations),
        "--seed",
        str(recipe.seed),
    ]
    options: list[tuple[str, Any, Any]] = [
        ("--takes", recipe.takes, 4),
        ("--mode", recipe.mode, "mixed"),
        ("--range", recipe.reach, 2.0),
        ("--p3", recipe.p3, 0.0),
        ("--grid", "x".join(map(str, recipe.grid)) if recipe.grid else None, None),
        ("--spread", recipe.spread, 0.15),
        ("--prior", recipe.prior, "fitted"),
        ("--strict", recipe.strict, 0.5),
        ("--name", name, f"packgen-{recipe.seed}"),
        ("--label", label, ""),
        ("--rate", rate, 44_100),
        ("--bits", bits, "24"),
        ("--model", model, None),
    ]
    for option, value, default in options:
        if value != default:
            words += [option, str(value)]
    return shlex.join(words)


def _say_plan(recipe: Recipe, drums: tuple[DrumClass, ...], folder: Path, as_json: bool) -> None:
    files = recipe.num_sounds * recipe.takes
    result = {
        "folder": str(folder),
        "classes": [drum.name for drum in drums],
        "sounds": recipe.num_sounds,
        "takes": recipe.takes,
        "files": files,
        "seed": recipe.seed,
    }
    if as_json:
        typer.echo(json.dumps(result, indent=1))
        return
    names = ", ".join(drum.name for drum in drums)
    typer.echo(
        f"{recipe.num_sounds} sounds ({names}) × {recipe.takes} takes = {files} files in {folder}, seed {recipe.seed}"
    )


def _summarise(result: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(
        f"[bold]{result['sounds']} sounds[/bold] in {result['files']} files, {result['seconds']:.1f} s "
        f"({result['files_per_second']:.1f} files a second)"
    )
    notes = [
        f"{result[key]} {word}"
        for key, word in (
            ("redrawn", "redrawn by the class filter"),
            ("degenerate", "without sound, redrawn"),
            ("resumed", "from before"),
        )
        if result[key]
    ]
    if notes:
        console.print(", ".join(notes))
    console.print(f"the same pack again: [bold]{result['command']}[/bold]")
