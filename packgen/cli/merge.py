"""`packgen merge`: shards of a pack become the pack."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from packgen.cli.options import AsJson, Quiet, ReplacePack, progress_bar


def command(
    shards: Annotated[list[Path], typer.Argument(help="Folders of all shards of a pack, in any order.")],
    out: Annotated[Path, typer.Option(help="Folder of the pack.")],
    force: ReplacePack = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Merge shards into one pack: the same bytes as if it had been rendered in one piece.

    [bold]Example:[/bold]

    packgen kit --seed 7 --shard 1/2 --out a && packgen kit --seed 7 --shard 2/2 --out b

    packgen merge a b --out pack
    """
    from packgen.packs.shards import gather, merge

    total = len(gather(shards)[0].info.drums)
    with progress_bar("merging", quiet) as advance:
        kit = merge(shards, out, force, lambda: advance(1 / total))
    files = sum(len(sound.takes) for sound in kit.sounds)
    if as_json:
        result = {"folder": str(out), "sounds": len(kit.sounds), "files": files, "shards": len(shards)}
        typer.echo(json.dumps(result, indent=1))
        return
    typer.echo(str(out))
    if not quiet:
        typer.echo(f"{len(kit.sounds)} sounds in {files} files from {len(shards)} shards", err=True)
