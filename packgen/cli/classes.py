"""`packgen classes`: the drum classes and the words they go by."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from packgen.classes import DRUM_CLASSES


def command(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """List the drum classes, their MIDI notes and the words that name them.

    [bold]Example:[/bold] packgen classes --json
    """
    if as_json:
        rows = [
            {"name": d.name, "notes": d.notes, "folder": d.folder, "words": d.words} for d in DRUM_CLASSES
        ]
        typer.echo(json.dumps(rows, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("class", "MIDI notes", "also", box=None, pad_edge=False)
    for drum in DRUM_CLASSES:
        table.add_row(drum.name, " ".join(map(str, drum.notes)), ", ".join(drum.words))
    Console().print(table)
