"""`packgen humanize`: a programmed drum loop, played."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packgen.cli.loading import load_engine, say_what_lacks
from packgen.cli.options import (
    AsJson,
    Model,
    Quiet,
    Workers,
    choose_seed,
    choose_workers,
    force_option,
    progress_bar,
    repeating,
    seed_option,
)
from packgen.errors import RecipeError

if TYPE_CHECKING:
    from packgen.humanizer.performance import Performance
    from packgen.humanizer.run import Part
    from packgen.humanizer.sources import Sources


def command(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="LOOP.MID", help="A MIDI file of type 0 or 1.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write; by default ./NAME_humanized.")] = None,
    amount: Annotated[float, typer.Option(help="0 as programmed … 1; scales all but swing.")] = 1.0,
    spread: Annotated[
        float, typer.Option(help="How far hits lie apart, as a share of how far sounds of their class do.")
    ] = 0.2,
    timing: Annotated[float, typer.Option(help="Milliseconds a hit may be early or late.")] = 4.0,
    velocity: Annotated[float, typer.Option(help="Velocity steps a hit may be softer or louder.")] = 6.0,
    swing: Annotated[
        float, typer.Option(help="Place of every second sixteenth, percent: 50 straight … 75.")
    ] = 50.0,
    seed: Annotated[int | None, seed_option("Repeats a take; random if not given.")] = None,
    preset: Annotated[
        str | None, typer.Option(help="Base sounds and effects of a preset, by name or TOML file.")
    ] = None,
    kit: Annotated[Path | None, typer.Option(help="Base sounds from the sounds of a pack.")] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            help="Base sound by coordinates, kick=0.5,-1,0 or 45=1,0; repeatable, goes before --preset."
        ),
    ] = None,
    channel: Annotated[str | None, typer.Option(help="MIDI channels of the drums, or all.")] = None,
    track: Annotated[int | None, typer.Option(help="Only this track, from 0, on any channel.")] = None,
    note_map: Annotated[str, typer.Option("--map", help="gm, gs, xg, roland, or a TOML file.")] = "gm",
    loop: Annotated[bool, typer.Option("--loop", help="Wrap tails around the bar: a seamless loop.")] = False,
    mono: Annotated[bool, typer.Option("--mono", help="One channel.")] = False,
    stems: Annotated[bool, typer.Option(help="Write a WAV for every drum.")] = True,
    pack: Annotated[bool, typer.Option(help="Write the hits as a pack.")] = True,
    renders: Annotated[int, typer.Option(help="Most distinct sounds; longer songs share them.")] = 256,
    model: Model = None,
    workers: Workers = 0,
    force: Annotated[bool, force_option("Write into a folder that is not empty.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the drums of the file.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Play a programmed MIDI drum loop: every hit rendered anew, near its drum's base sound.

    [bold]Examples:[/bold]

    packgen humanize loop.mid

    packgen humanize loop.mid --seed 7 --amount 0.5 --swing 58 --loop

    packgen humanize loop.mid --preset techno --at kick=0.5,-1
    """
    from packgen.files.folders import check_free
    from packgen.files.resources import attribution, known_classes, model_folder
    from packgen.humanizer import notemaps, run
    from packgen.humanizer.groove import Feel
    from packgen.humanizer.recording import Session

    sources = _sources(at, kit, preset)
    feel = Feel(amount, spread, timing / 1000, velocity, swing / 100, renders)
    weights = model_folder(model)
    part = run.read(file, notemaps.load(note_map, known_classes(weights)), _channels(channel, track), track)
    if dry_run:
        return _say_plan(part, as_json)
    started = time.perf_counter()
    folder = out if out is not None else Path(f"{part.name}_humanized")
    check_free(folder, force)  # before the networks are loaded: said at once

    engine = load_engine(weights)
    seed = choose_seed(seed)
    session = Session(
        name=part.name,
        seed=seed,
        feel=feel,
        model={"name": weights.name, "digest": engine.digest},
        attribution=attribution(weights),
        command=repeating(context, seed),
        loop=loop,
        mono=mono,
        stems=stems,
        kit=pack,
    )
    performance, head = run.humanize(
        engine,
        part,
        session,
        sources,
        folder,
        force,
        choose_workers(workers, len(part.notes)),
        lambda words: progress_bar(words, quiet),
    )
    result = _result(folder, performance, head, time.perf_counter() - started) | _unmet(sources, part)
    typer.echo(json.dumps(result, indent=1) if as_json else str(folder))
    if not quiet and not as_json:
        say_what_lacks(engine, weights.name)
        _summarise(result)


def _sources(at: list[str] | None, kit: Path | None, preset: str | None) -> Sources:
    """Where base sounds come from."""
    from packgen.humanizer.sources import Sources
    from packgen.planning import presets

    if kit is not None and (at or preset):
        raise RecipeError(f"--kit and {'--at' if at else '--preset'} both name base sounds: give one of them")
    return Sources(tuple(at or ()), kit, None if preset is None else (preset, presets.load(preset)))


def _unmet(sources: Sources, part: Part) -> dict[str, list[str]]:
    """What the result says of a preset: the classes of the part that it lacks."""
    from packgen.humanizer.sources import left_to_chance

    if sources.preset is None:
        return {}
    return {"without_preset": sorted(left_to_chance(sources.preset[1], part.lanes))}


def _channels(text: str | None, track: int | None) -> set[int] | None:
    """Channels to read; None for all. Channel 10 unless a track or another channel is named."""
    if text is None:
        return {10} if track is None else None
    if text.strip().lower() == "all":
        return None
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and 1 <= int(part) <= 16 for part in parts):
        raise RecipeError(f"--channel {text!r}: channels are 1 to 16, as in --channel 10 or 9,10, or all")
    return {int(part) for part in parts}


def _say_plan(part: Part, as_json: bool) -> None:
    """Print the drums of a part: name, note, class and number of hits; then what no class plays."""
    from packgen.humanizer.notemaps import note_name

    counts = Counter(note.lane for note in part.notes)
    rows: list[tuple[str, int, str | None, int]] = [
        *((note_name(lane.note), lane.note, lane.drum, count) for lane, count in sorted(counts.items())),
        *((note_name(note), note, None, count) for note, count in sorted(part.ignored.items())),
    ]
    if as_json:
        keys = ("drum", "note", "class", "hits")
        typer.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=1))
        return
    for drum, note, name, count in [("drum", "note", "class", "hits"), *rows]:
        typer.echo(f"{drum:<20} {note:>4}  {name or '(left as it is)':<16} {count:>6}")


def _result(folder: Path, performance: Performance, head: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What the command has to say of its work, which took so many seconds."""
    return {
        "folder": str(folder),
        "hits": len(performance.hits),
        "sounds": len(performance.takes),
        "seconds": round(seconds, 2),
        "music": head["seconds"],
        "real_time_factor": round(head["seconds"] / seconds, 2),
        "seed": head["seed"],
        "command": head["command"],
        "drums": [{key: lane[key] for key in ("name", "class", "note", "hits")} for lane in head["voices"]],
        "without_class": head["without_class"],
    }


def _summarise(result: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(
        f"[bold]{result['hits']} hits[/bold] from {result['sounds']} sounds, {result['music']:.1f} s of music in "
        f"{result['seconds']:.1f} s ({result['real_time_factor']:.1f} times real time)"
    )
    if result["without_class"]:
        left = ", ".join(f"{row['name']} ({row['note']}) {row['hits']}" for row in result["without_class"])
        console.print(f"left in the MIDI, not rendered: {left}")
    if result.get("without_preset"):
        console.print(f"not in the preset, drawn without it: {', '.join(result['without_preset'])}")
    console.print(f"the same again: [bold]{result['command']}[/bold]")
