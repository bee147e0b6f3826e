"""`packgen merge`: shards of a pack become the pack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer


def command(
    shards: Annotated[list[Path], typer.Argument(help="Folders of all shards of a pack, in any order.")],
    out: Annotated[Path, typer.Option(help="Folder of the pack.")],
    force: Annotated[
        bool, typer.Option("--force", help="Replace the pack that stands in the folder.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Merge shards into one pack: the same bytes as if it had been rendered in one piece.

    [bold]Example:[/bold]

    packgen kit --seed 7 --shard 1/2 --out a && packgen kit --seed 7 --shard 2/2 --out b

    packgen merge a b --out pack
    """
    from rich.console import Console
    from rich.progress import Progress

    from packgen.packs.shards import gather, merge

    total = len(gather(shards)[0].info["drums"])
    console = Console(stderr=True)
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("merging", total=total)
        kit = merge(shards, out, force, lambda: progress.advance(bar))
    files = sum(len(sound.takes) for sound in kit.sounds)
    if as_json:
        result = {"folder": str(out), "sounds": len(kit.sounds), "files": files, "shards": len(shards)}
        typer.echo(json.dumps(result, indent=1))
        return
    typer.echo(str(out))
    if not quiet:
        console.print(f"{len(kit.sounds)} sounds in {files} files from {len(shards)} shards", highlight=False)
