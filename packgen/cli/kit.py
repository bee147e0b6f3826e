"""`packgen kit`: render a pack of drum samples."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Annotated

import typer

from packgen.classes import parse_classes
from packgen.cli.hints import hinting_resume
from packgen.cli.kit_report import say_left_out, say_plan, say_result
from packgen.cli.loading import load_engine, say_what_lacks
from packgen.cli.options import (
    AsJson,
    Model,
    Quiet,
    ReplacePack,
    Workers,
    choose_seed,
    choose_workers,
    knob,
    progress_bar,
    repeating,
)
from packgen.errors import RecipeError
from packgen.files.resources import known_classes

if TYPE_CHECKING:
    from packgen.engine.engine import Engine
    from packgen.packs.info import PackInfo
    from packgen.planning.presets import Preset
    from packgen.planning.recipe import Recipe
    from packgen.planning.wishes import Wish
    from packgen.rendering.workers import Backend


def command(
    context: typer.Context,
    preset: Annotated[str, typer.Option(help="What the kit is made of, by name or TOML file.")] = "default",
    classes: Annotated[
        str | None,
        typer.Option(
            help="Comma list of drum classes, or all (that the model knows); by default the preset's."
        ),
    ] = None,
    variations: Annotated[int | None, knob("variations", "-n")] = None,
    takes: Annotated[int | None, knob("takes")] = None,
    layers: Annotated[int | None, knob("layers")] = None,
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
    distance: Annotated[float | None, knob("distance")] = None,
    mode: Annotated[
        str | None,
        typer.Option(help="grid walks the main axes, random draws, mixed does half each. [dim](mixed)[/dim]"),
    ] = None,
    reach: Annotated[float | None, knob("reach")] = None,
    p3: Annotated[float | None, knob("p3")] = None,
    grid: Annotated[str | None, typer.Option(help="Columns x rows of the grid, say 4x4.")] = None,
    spread: Annotated[float | None, knob("spread")] = None,
    prior: Annotated[
        str | None,
        typer.Option(
            help="fitted (the class's own sounds) or standard (the paper's N(0, I)). [dim](fitted)[/dim]"
        ),
    ] = None,
    strict: Annotated[float | None, knob("strict")] = None,
    seed: Annotated[int | None, typer.Option(help="Repeats a pack; random if not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the pack; by default ./NAME.")] = None,
    name: Annotated[str | None, typer.Option(help="What the pack is called.")] = None,
    label: Annotated[str | None, typer.Option(help="Who made it; goes into file names and metadata.")] = None,
    formats: Annotated[
        str | None,
        typer.Option(help="Comma list of sampler formats; wav for the samples alone. [dim](all)[/dim]"),
    ] = None,
    rate: Annotated[int, typer.Option(help="Sample rate in hertz.")] = 44_100,
    bits: Annotated[str, typer.Option(help="16, 24 or 32f.")] = "24",
    model: Model = None,
    workers: Workers = 0,
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
    force: ReplacePack = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be rendered.")] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Render a pack of drum samples: WAVs by class, sampler files, manifest, contact sheet.

    [bold]Examples:[/bold]

    packgen kit --classes kick,snare --variations 16

    packgen kit --preset techno --brightness -0.4 --formats sfz,ableton

    packgen kit --classes kick --pitch 45-55 --layers 3 --seed 7

    packgen kit --like my-kick.wav --variations 8

    packgen kit --variations 500 --seed 7 --shard 2/8
    """
    from packgen.files.resources import model_folder
    from packgen.packs.folder import Shard
    from packgen.planning.presets import from_preset, load

    chosen = load(preset)
    _check_together(seed, shard, workers, dask, like, distance)
    part = None if shard is None else Shard.parse(shard)
    weights = model_folder(model)
    drums, unknown = choose_classes(chosen, classes, weights)
    engine, likes = _hear(weights, like, None if classes is None else drums, quiet)
    if likes and classes is None:
        drums, unknown = list(likes), []
    wishes = parse_wishes(brightness=brightness, decay=decay, pitch=pitch, character=character)
    recipe = from_preset(
        chosen, choose_seed(seed), count_sounds(chosen, drums, variations), wishes, likes,
        takes=takes, layers=layers, mode=mode, reach=reach, p3=p3, grid=parse_grid(grid), spread=spread,
        distance=distance, prior=prior, strict=strict,
    )  # fmt: skip
    title = name or chosen.name.replace("{seed}", str(recipe.seed))
    folder = out or folder_of(title if part is None else f"{title}-{part.number}-of-{part.of}")
    if dry_run:
        say_left_out(weights.name, unknown, quiet)
        say_plan(recipe, folder, as_json)
        return
    started = time.perf_counter()

    # Made before the networks are loaded: a wrong option is said at once.
    info = _pack_info(
        chosen, recipe, title, label, formats, rate, bits, weights, likes, repeating(context, recipe.seed)
    )

    from packgen.packs.build import build

    say_left_out(weights.name, unknown, quiet)
    engine = engine or load_engine(weights)
    info = replace(info, model=info.model | {"digest": engine.digest}, model_rate=engine.signal.sample_rate)
    with (
        hinting_resume(folder),
        _backend(engine, recipe, weights, dask, workers) as backend,
        progress_bar("rendering", quiet) as bar,
    ):
        built = build(
            engine, backend, recipe, info, folder, resume=resume, force=force, shard=part, advance=bar
        )
    if not quiet and not as_json:
        say_what_lacks(engine, weights.name)
    say_result(folder, built, info, shard, time.perf_counter() - started, as_json, quiet)


def _hear(
    weights: Path, files: Sequence[Path] | None, among: Sequence[str] | None, quiet: bool
) -> tuple[Engine | None, dict[str, tuple[float, ...]]]:
    """Latent codes of the sounds to resemble, each of the likeliest class `among` these, or of all for None.

    The engine comes with them, since it is loaded for them; without files it is not.
    """
    if not files:
        return None, {}
    engine = load_engine(weights)
    return engine, encode_likes(engine, files, engine.classes if among is None else among, quiet)


def _check_together(
    seed: int | None,
    shard: str | None,
    workers: int,
    dask: str | None,
    like: list[Path] | None,
    distance: float | None,
) -> None:
    """Whether options that need or exclude each other fit.

    Raises:
        RecipeError: if not.
    """
    if shard is not None and seed is None:
        raise RecipeError("--shard needs --seed: all parts of a pack share one")
    if dask is not None and workers:
        raise RecipeError(
            "--workers counts processes of this machine, and --dask renders on others: give one of them"
        )
    if distance is not None and not like:
        raise RecipeError("--distance is that from the sound of --like: give both")


def _pack_info(
    preset: Preset,
    recipe: Recipe,
    title: str,
    label: str | None,
    formats: str | None,
    rate: int,
    bits: str,
    weights: Path,
    likes: Iterable[str],
    again: str,
) -> PackInfo:
    """What the pack says of itself and how its files are made; of the model no more than its folder knows.

    Raises:
        RecipeError: if an option is out of range.
    """
    from packgen.files.resources import attribution
    from packgen.packs.info import PackInfo, choose_formats

    return PackInfo(
        name=title,
        label=preset.label if label is None else label,
        seed=recipe.seed,
        recipe=asdict(recipe),
        command=again,
        model={"name": weights.name},
        attribution=attribution(weights),
        drums=tuple(drum for drum, count in recipe.counts for _ in range(count)),
        formats=choose_formats(preset.formats if formats is None else parse_words(formats)),
        rate=rate,
        bits=bits,
        modelled=tuple(likes),
    )


@contextmanager
def _backend(
    engine: Engine, recipe: Recipe, weights: Path, dask: str | None, workers: int
) -> Iterator[Backend]:
    """Where sounds are rendered: on this machine, or by a cluster's workers."""
    from packgen.rendering.takes import check_recipe
    from packgen.rendering.workers import Local

    check_recipe(engine, recipe)
    if dask is None:
        yield Local(engine, recipe, choose_workers(workers, recipe.num_sounds))
        return
    from packgen.rendering.dask import Cluster

    with closing(Cluster(dask, weights, engine.digest, recipe)) as cluster:
        yield cluster


def parse_grid(text: str | None) -> tuple[int, int] | None:
    """``4x4``: columns and rows.

    Raises:
        RecipeError: for another form.
    """
    if text is None:
        return None
    try:
        columns, rows = (int(part) for part in text.lower().split("x"))
    except ValueError:
        raise RecipeError(f"--grid {text!r} is not columns x rows: write 4x4") from None
    return columns, rows


def parse_words(text: str) -> list[str]:
    """The words of a comma list, in small letters.

    >>> parse_words("SFZ, wav,")
    ['sfz', 'wav']
    """
    return [word.strip().lower() for word in text.split(",") if word.strip()]


def parse_wishes(**texts: str | None) -> tuple[Wish, ...]:
    """The wishes of the options that were given.

    Raises:
        RecipeError: if one is no wish, naming its option.
    """
    from packgen.planning import wishes

    found = []
    for name, text in texts.items():
        if text is not None:
            try:
                found.append(wishes.parse(name, text))
            except ValueError as error:
                raise RecipeError(f"--{name}: {error}") from None
    return tuple(found)


def choose_classes(preset: Preset, classes: str | None, weights: Path) -> tuple[list[str], list[str]]:
    """The classes of a kit, and those that the model does not know.

    Of all classes and of a preset's the unknown are left out; a class that is named must be known.

    Raises:
        RecipeError: if it is not, or if none is left.
    """
    named = classes is not None and "all" not in parse_words(classes)
    asked = (
        [drum for drum, _ in preset.counts]
        if classes is None
        else [drum.name for drum in parse_classes(classes)]
    )
    known = known_classes(weights)
    chosen = [drum for drum in asked if drum in known]
    unknown = [drum for drum in asked if drum not in known]
    if unknown and (named or not chosen):
        raise RecipeError(
            f"model {weights.name} does not know {', '.join(unknown)}: choose from {', '.join(known)}, "
            "or another --model"
        )
    return chosen, unknown


def count_sounds(preset: Preset, drums: Iterable[str], variations: int | None) -> tuple[tuple[str, int], ...]:
    """Sounds of each class: a class that the preset lacks gets as many as its others have at most."""
    given = dict(preset.counts)
    most = max(given.values())
    return tuple((drum, given.get(drum, most) if variations is None else variations) for drum in drums)


def folder_of(title: str) -> Path:
    """The folder of a pack that was given none: here, wherever the name in a stranger's preset points.

    Raises:
        RecipeError: if the name would be a path.
    """
    if title in (".", "..") or PureWindowsPath(title).parts != (title,):
        raise RecipeError(f"{title!r} is no name for a folder: give --out, or another --name")
    return Path(title)


def encode_likes(
    engine: Engine, files: Sequence[Path], among: Sequence[str], quiet: bool
) -> dict[str, tuple[float, ...]]:
    """Latent codes of the files' hits by class, each the likeliest `among` these.

    Raises:
        RecipeError: if two files are taken for one class.
    """
    from rich.console import Console

    from packgen.engine.inversion import encode_file

    console = Console(stderr=True, quiet=quiet, highlight=False)
    codes: dict[str, tuple[float, ...]] = {}
    for path in files:
        coded = encode_file(engine, path, among)
        if coded.drum in codes:
            raise RecipeError(
                f"{path}: a second sound taken for a {coded.drum}: give one sound for each class"
            )
        codes[coded.drum] = tuple(float(value) for value in coded.code)
        console.print(f"{path.name}: as {coded.drum} ({coded.probability:.2f})", markup=False, soft_wrap=True)
    return codes
