"""`packgen kit`: render a pack of drum samples."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections import Counter
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packgen.cli.kit_likes import codes_of
from packgen.cli.kit_options import (
    DEFAULT_BITS,
    DEFAULT_RATE,
    choose_classes,
    count_sounds,
    folder_of,
    parse_grid,
    parse_shard,
    parse_wishes,
    parse_words,
    repeating,
)
from packgen.cli.kit_report import COUNTED, say_left_out, say_plan, summarise
from packgen.errors import RecipeError

if TYPE_CHECKING:
    from packgen.engine.engine import Engine
    from packgen.packs.writer import PackWriter
    from packgen.planning.recipe import Recipe
    from packgen.rendering.takes import RenderedSound
    from packgen.rendering.workers import Crew


def command(
    preset: Annotated[str, typer.Option(help="What the kit is made of, by name or TOML file.")] = "default",
    classes: Annotated[
        str | None,
        typer.Option(
            help="Comma list of drum classes, or all (that the model knows); by default the preset's."
        ),
    ] = None,
    variations: Annotated[
        int | None, typer.Option("--variations", "-n", help="Different sounds of each class. [dim](16)[/dim]")
    ] = None,
    takes: Annotated[
        int | None, typer.Option(help="Humanised takes of each sound; 1 for none. [dim](4)[/dim]")
    ] = None,
    layers: Annotated[
        int | None, typer.Option(help="Velocity layers of each sound, softer ones darker. [dim](1)[/dim]")
    ] = None,
    brightness: Annotated[
        str | None, typer.Option(help="A bias -1 … 1, or a range in hertz: 2000-4000.")
    ] = None,
    decay: Annotated[str | None, typer.Option(help="A bias -1 … 1, or a range in seconds: 0.1-0.3.")] = None,
    pitch: Annotated[str | None, typer.Option(help="A bias -1 … 1, or a range in hertz: 50-60.")] = None,
    character: Annotated[str | None, typer.Option(help="-1 … 1: acoustic … electronic.")] = None,
    like: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help="Sounds of its class resemble the hit in this file; once for each class."
        ),
    ] = None,
    distance: Annotated[
        float | None, typer.Option(help="How far they stray from it, in deviations. [dim](0.5)[/dim]")
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(help="grid walks the main axes, random draws, mixed does half each. [dim](mixed)[/dim]"),
    ] = None,
    reach: Annotated[
        float | None,
        typer.Option("--range", help="How far the grid goes, in standard deviations. [dim](2)[/dim]"),
    ] = None,
    p3: Annotated[
        float | None, typer.Option(help="Where the grid stands on the third axis. [dim](0)[/dim]")
    ] = None,
    grid: Annotated[str | None, typer.Option(help="Columns x rows of the grid, say 4x4.")] = None,
    spread: Annotated[
        float | None, typer.Option(help="How far takes stray from their sound. [dim](0.15)[/dim]")
    ] = None,
    prior: Annotated[
        str | None,
        typer.Option(
            help="fitted (the class's own sounds) or standard (the paper's N(0, I)). [dim](fitted)[/dim]"
        ),
    ] = None,
    strict: Annotated[
        float | None,
        typer.Option(help="Redraw until the class filter is this sure; 0 takes all. [dim](0.7)[/dim]"),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Repeats a pack; random if not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the pack; by default ./NAME.")] = None,
    name: Annotated[str | None, typer.Option(help="What the pack is called.")] = None,
    label: Annotated[str | None, typer.Option(help="Who made it; goes into file names and metadata.")] = None,
    formats: Annotated[
        str | None,
        typer.Option(help="Comma list of sampler formats; wav for the samples alone. [dim](all)[/dim]"),
    ] = None,
    rate: Annotated[int, typer.Option(help="Sample rate in hertz.")] = DEFAULT_RATE,
    bits: Annotated[str, typer.Option(help="16, 24 or 32f.")] = DEFAULT_BITS,
    model: Annotated[str | None, typer.Option(help="Model, by name or folder.")] = None,
    workers: Annotated[int, typer.Option(help="Sounds rendered at a time; 0 for one a core.")] = 0,
    dask: Annotated[
        str | None,
        typer.Option(
            help="Render on the workers of a Dask scheduler, say tcp://host:8786.", metavar="ADDRESS"
        ),
    ] = None,
    shard: Annotated[
        str | None, typer.Option(help="Render one part of the pack, say 2/8, for packgen merge.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an interrupted pack.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the pack that stands in the folder.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be rendered.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
) -> None:
    """Render a pack of drum samples: WAVs by class, sampler files, manifest, contact sheet.

    [bold]Examples:[/bold]

    packgen kit --classes kick,snare --variations 16

    packgen kit --preset techno --brightness -0.4 --formats sfz,ableton

    packgen kit --classes kick --pitch 45-55 --layers 3 --seed 7

    packgen kit --like my-kick.wav --variations 8

    packgen kit --variations 500 --seed 7 --shard 2/8
    """
    from packgen.files.resources import attribution, model_folder
    from packgen.planning.presets import from_preset, load

    chosen = load(preset)
    if shard is not None and seed is None:
        raise RecipeError("--shard needs --seed: all parts of a pack share one")
    if dask is not None and workers:
        raise RecipeError(
            "--workers counts processes of this machine, and --dask renders on others: give one of them"
        )
    if distance is not None and not like:
        raise RecipeError("--distance is that from the sound of --like: give both")
    part = parse_shard(shard)
    weights = model_folder(model)
    drums, unknown = choose_classes(chosen, classes, weights)
    engine = _load(weights) if like else None
    likes: dict[str, tuple[float, ...]] = {}
    if engine and like:
        likes = codes_of(engine, like, engine.classes if classes is None else drums, quiet)
        if classes is None:
            drums, unknown = list(likes), []
    recipe = from_preset(
        chosen,
        secrets.randbelow(10**9) if seed is None else seed,
        count_sounds(chosen, drums, variations),
        parse_wishes(brightness=brightness, decay=decay, pitch=pitch, character=character),
        likes,
        takes=takes,
        layers=layers,
        mode=mode,
        reach=reach,
        p3=p3,
        grid=parse_grid(grid),
        spread=spread,
        distance=distance,
        prior=prior,
        strict=strict,
    )
    title = name or chosen.name.replace("{seed}", str(recipe.seed))
    folder = out or folder_of(title if part is None else f"{title}-{part.number}-of-{part.of}")
    if dry_run:
        say_left_out(weights.name, unknown, quiet)
        say_plan(recipe, folder, as_json)
        return
    started = time.perf_counter()

    from packgen.packs.info import PackInfo, choose_formats

    words = parse_words(formats) if formats is not None else chosen.formats
    info = PackInfo(
        name=title,
        label=chosen.label if label is None else label,
        seed=recipe.seed,
        recipe=asdict(recipe),
        command=repeating(
            seed=recipe.seed,
            preset=None if preset == "default" else preset,
            classes=classes,
            variations=variations,
            takes=takes,
            layers=layers,
            brightness=brightness,
            decay=decay,
            pitch=pitch,
            character=character,
            like=like,
            distance=distance,
            mode=mode,
            range=reach,
            p3=p3,
            grid=grid,
            spread=spread,
            prior=prior,
            strict=strict,
            name=name,
            label=label,
            formats=formats,
            rate=rate,
            bits=bits,
            model=model,
        ),
        model={"name": weights.name, "digest": ""},
        attribution=attribution(weights),
        drums=tuple(drum for drum, count in recipe.counts for _ in range(count)),
        formats=choose_formats(words),
        rate=rate,
        bits=bits,
        modelled=tuple(likes),
    )  # checked before the networks are loaded: a wrong option is said at once

    from packgen.packs.writer import PackWriter

    say_left_out(weights.name, unknown, quiet)
    engine = engine or _load(weights)
    info.model["digest"] = engine.digest
    result: dict[str, Any] = {"folder": str(folder)}
    with (
        closing(_crew(engine, recipe, weights, dask, workers)) as crew,
        closing(PackWriter(folder, info, engine.ranges, resume=resume, force=force, shard=part)) as writer,
    ):
        counters = _render(crew, recipe, writer, engine.signal.sample_rate, quiet)
        if part is None:
            sounds = writer.finish().sounds
            result |= {"sounds": len(sounds), "files": sum(len(sound.takes) for sound in sounds)}
            result["wishes"] = writer.wishes
        else:
            writer.seal()
            result |= {"shard": shard, "sounds": counters["sounds"], "files": counters["files"]}
    seconds = time.perf_counter() - started
    result |= {
        "seconds": round(seconds, 2),
        "files_per_second": round(result["files"] / seconds, 2),
        "seed": recipe.seed,
        "command": info.command,
    } | {key: counters[key] for key in COUNTED}
    if as_json:
        typer.echo(json.dumps(result, indent=1))
        return
    typer.echo(str(folder))
    if not quiet:
        summarise(result)


def _load(weights: Path) -> Engine:
    """The engine, whose module imports torch: no sooner than it is needed."""
    from packgen.engine.engine import Engine

    return Engine.load(weights)


def _crew(engine: Engine, recipe: Recipe, weights: Path, dask: str | None, workers: int) -> Crew:
    """Who renders: this machine, or a cluster's workers."""
    from packgen.rendering.takes import check_recipe
    from packgen.rendering.workers import Local

    check_recipe(engine, recipe)
    if dask is None:
        return Local(engine, recipe, workers or os.cpu_count() or 1)
    from packgen.rendering.dask import Cluster

    return Cluster(dask, weights, engine.digest, recipe)


def _render(crew: Crew, recipe: Recipe, writer: PackWriter, model_rate: int, quiet: bool) -> Counter[str]:
    """Render what is missing, a few sounds ahead of the journal, in the plan's order; returns the counters."""
    from rich.console import Console
    from rich.progress import Progress

    from packgen.planning.plan import plan
    from packgen.rendering.workers import in_order

    def write(sound: RenderedSound) -> dict[str, Any]:
        return writer.write(sound, model_rate)

    counters: Counter[str] = Counter()
    console = Console(stderr=True)
    entries = list(plan(recipe)) if writer.shard is None else writer.shard.part(plan(recipe))
    counters["sounds"] = len(entries)
    counters["files"] = len(entries) * recipe.takes * recipe.layers
    todo = [entry for entry in entries if not writer.has(entry.drum, entry.index)]
    counters["resumed"] = len(entries) - len(todo)
    with (
        closing(in_order(crew, write, todo)) as records,
        Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress,
    ):
        bar = progress.add_task("rendering", total=len(entries), completed=counters["resumed"])
        for record in records:
            writer.commit(record)
            for key in ("redrawn", "degenerate", "darkened"):
                counters[key] += record[key]
            progress.advance(bar)
    return counters
