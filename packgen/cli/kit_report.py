"""What `packgen kit` says: what it would do, and what it did."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from packgen.packs.build import BuildResult
    from packgen.packs.info import PackInfo
    from packgen.planning.recipe import Recipe

COUNTED = {
    "redrawn": "redrawn by the class filter",
    "degenerate": "without sound, redrawn",
    "darkened": "soft takes darkened by a filter",
    "resumed": "sounds from before",
}


def say_left_out(model: str, drums: Sequence[str], quiet: bool) -> None:
    """Say which of the classes that were asked for a model does not know."""
    if drums and not quiet:
        typer.echo(f"model {model} does not know {', '.join(drums)}: left out", err=True)


def say_plan(recipe: Recipe, folder: Path, as_json: bool) -> None:
    """Say what would be rendered."""
    files = recipe.num_sounds * recipe.takes * recipe.layers
    result = {
        "folder": str(folder),
        "classes": [drum for drum, _ in recipe.counts],
        "sounds": recipe.num_sounds,
        "layers": recipe.layers,
        "takes": recipe.takes,
        "files": files,
        "seed": recipe.seed,
    }
    if as_json:
        typer.echo(json.dumps(result, indent=1))
        return
    names = ", ".join(drum for drum, _ in recipe.counts)
    layers = f" × {recipe.layers} layers" if recipe.layers > 1 else ""
    typer.echo(
        f"{recipe.num_sounds} sounds ({names}){layers} × {recipe.takes} takes = {files} files in {folder}, "
        f"seed {recipe.seed}"
    )


def say_result(
    folder: Path,
    built: BuildResult,
    info: PackInfo,
    shard: str | None,
    seconds: float,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say where the pack is, and on stderr how it went; or all of it as JSON."""
    result: dict[str, Any] = {"folder": str(folder)}
    result |= {} if shard is None else {"shard": shard}
    result |= {"sounds": built.sounds, "files": built.files}
    result |= {"wishes": built.wishes} if shard is None else {}
    result |= {
        "seconds": round(seconds, 2),
        "files_per_second": round(built.files / seconds, 2),
        "seed": info.seed,
        "command": info.command,
    }
    result |= {key: getattr(built, key) for key in COUNTED}
    if as_json:
        typer.echo(json.dumps(result, indent=1))
        return
    typer.echo(str(folder))
    if not quiet:
        _summarise(result)


def _summarise(result: dict[str, Any]) -> None:
    from rich.console import Console

    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(
        f"[bold]{result['sounds']} sounds[/bold] in {result['files']} files, {result['seconds']:.1f} s "
        f"({result['files_per_second']:.1f} files a second)"
    )
    notes = [f"{result[key]} {words}" for key, words in COUNTED.items() if result[key]]
    if notes:
        console.print(", ".join(notes))
    for row in result.get("wishes", []):
        asked = row["asked"]
        wish = f"{asked:+g}" if isinstance(asked, float | int) else f"{asked[0]:g}-{asked[1]:g}"
        console.print(
            f"{row['class']} {row['descriptor']} {wish}: met by {row['met']} of {row['of']}, median {row['median']}"
        )
    if "shard" in result:
        console.print("when all shards are there: [bold]packgen merge SHARD… --out FOLDER[/bold]")
    console.print(f"the same pack again: [bold]{result['command']}[/bold]")
