"""`packgen humanize`: a programmed drum loop, played."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packgen.errors import MidiError, RecipeError

if TYPE_CHECKING:
    from packgen.humanizer.events import Note

Advance = Callable[[float], None]


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
    seed: Annotated[int | None, typer.Option(min=0, help="Repeats a take; random if not given.")] = None,
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
    model: Annotated[str | None, typer.Option(help="Model, by name or folder.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Sounds rendered at a time; 0 for one a core.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Write into a folder that is not empty.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the drums of the file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")] = False,
) -> None:
    """Play a programmed MIDI drum loop: every hit rendered anew, near its drum's base sound.

    [bold]Examples:[/bold]

    packgen humanize loop.mid

    packgen humanize loop.mid --seed 7 --amount 0.5 --swing 58 --loop

    packgen humanize loop.mid --preset techno --at kick=0.5,-1
    """
    from packgen.files.resources import attribution, known_classes, model_folder
    from packgen.humanizer import midi, notemaps
    from packgen.humanizer.groove import Feel
    from packgen.planning import presets

    for option, given in (("--at", at), ("--preset", preset)):
        if kit is not None and given:
            raise RecipeError(f"--kit and {option} both name base sounds: give one of them")
    chosen = None if preset is None else presets.load(preset)
    feel = Feel(amount, spread, timing / 1000, velocity, swing / 100, renders)
    weights = model_folder(model)
    table = notemaps.load(note_map, known_classes(weights))
    song = midi.load(file)
    channels = _channels(channel, track)
    try:
        notes, ignored = midi.drum_notes(song, table, channels, track)
    except MidiError as error:
        raise MidiError(f"{file}: {error}") from error
    if dry_run:
        _say_plan(notes, ignored, as_json)
        return
    started = time.perf_counter()

    from packgen.engine.engine import Engine
    from packgen.files.folders import check_free, whole_folder
    from packgen.humanizer import sources as basesounds
    from packgen.humanizer.casting import Palette, recipe_of
    from packgen.humanizer.performance import perform
    from packgen.humanizer.recording import MANIFEST, Session, record
    from packgen.rendering.takes import check_recipe

    name = _name(file)
    folder = out if out is not None else Path(f"{name}_humanized")
    check_free(folder, force)  # before the networks are loaded: said at once
    engine = Engine.load(weights)
    lanes = {note.lane for note in notes}
    basesounds.check_classes(lanes, engine.spaces)
    seed = secrets.randbelow(10**9) if seed is None else seed
    codes = basesounds.parse_coordinates(at or [], lanes, engine.spaces)
    if kit is not None:
        codes = basesounds.from_pack(kit, lanes, engine.spaces)
    recipe = None if chosen is None else recipe_of(chosen, lanes, seed)
    if recipe is not None:
        check_recipe(engine, recipe)
    palette = Palette(codes, recipe)
    session = Session(
        name=name,
        seed=seed,
        feel=feel,
        model={"name": weights.name, "digest": engine.digest},
        attribution=attribution(weights),
        command=_repeating(context, file, seed),
        preset=None if preset is None else {"name": preset, "recipe": recipe and asdict(recipe)},
        loop=loop,
        mono=mono,
        stems=stems,
        kit=pack,
    )
    with whole_folder(folder, force, last=MANIFEST) as temporary:
        with _progress("rendering", quiet) as advance:
            performance = perform(
                engine, notes, song.tempo, feel, seed, palette, workers or os.cpu_count() or 1, advance
            )
        with _progress("mixing", quiet) as advance:
            head = record(temporary, song, performance, ignored, engine, session, advance)
    seconds = time.perf_counter() - started
    result = {
        "folder": str(folder),
        "hits": len(performance.hits),
        "sounds": len(performance.takes),
        "seconds": round(seconds, 2),
        "music": head["seconds"],
        "real_time_factor": round(head["seconds"] / seconds, 2),
        "seed": seed,
        "command": session.command,
        "drums": [{key: lane[key] for key in ("name", "class", "note", "hits")} for lane in head["voices"]],
        "without_class": head["without_class"],
    }
    if chosen is not None:
        named = dict(chosen.counts)
        result["without_preset"] = sorted({lane.drum for lane in lanes if lane.drum not in named})
    typer.echo(json.dumps(result, indent=1) if as_json else str(folder))
    if not quiet and not as_json:
        _summarise(result)


def _name(file: Path) -> str:
    """What the results are called: as the file, as far as every system takes it."""
    from packgen.files.names import portable

    try:
        return portable(file.stem)
    except RecipeError:  # no letter or digit in it
        return "loop"


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


def _repeating(context: typer.Context, file: Path, seed: int) -> str:
    """The command line that makes the same recording again: the options that were given, and the seed."""
    name = os.path.join(os.curdir, file) if str(file).startswith("-") else str(file)  # no option
    words = ["packgen", "humanize", name, "--seed", str(seed)]
    left_out = ("file", "seed", "out", "force", "dry_run", "as_json", "quiet", "workers")
    for parameter in context.command.params:
        value, option = context.params.get(parameter.name or ""), parameter.opts[0]
        if parameter.name in left_out or value is None or value == parameter.default:
            continue
        if isinstance(value, bool):
            words.append(option if value else parameter.secondary_opts[0])
            continue
        for item in value if isinstance(value, list | tuple) else [value]:
            words += [option, str(item)]
    return shlex.join(words)


@contextmanager
def _progress(words: str, quiet: bool) -> Iterator[Advance]:
    """A progress bar on a terminal's stderr, told shares of the whole."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        bar = progress.add_task(words, total=1.0)
        yield lambda share: progress.advance(bar, share)


def _say_plan(notes: Sequence[Note], ignored: Counter[int], as_json: bool) -> None:
    """Drum, note, class and number of hits; then what no class takes."""
    from packgen.humanizer.notemaps import note_name

    counts = Counter(note.lane for note in notes)
    rows: list[tuple[str, int, str | None, int]] = [
        *((note_name(lane.note), lane.note, lane.drum, count) for lane, count in sorted(counts.items())),
        *((note_name(note), note, None, count) for note, count in sorted(ignored.items())),
    ]
    if as_json:
        keys = ("drum", "note", "class", "hits")
        typer.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=1))
        return
    for drum, note, name, count in [("drum", "note", "class", "hits"), *rows]:
        typer.echo(f"{drum:<20} {note:>4}  {name or '(left as it is)':<16} {count:>6}")


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
