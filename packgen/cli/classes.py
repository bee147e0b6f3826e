"""`packgen classes`: the drum classes and the words they go by."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from packgen.classes import DRUM_CLASSES
from packgen.cli.options import json_option


def command(
    as_json: Annotated[bool, json_option("Machine-readable output.")] = False,
) -> None:
    """List the drum classes, their MIDI notes and the words that name them; and which are the paper's eleven.

    [bold]Example:[/bold] packgen classes --json
    """
    if as_json:
        keys = ("name", "notes", "folder", "paper", "words")
        rows = [{key: getattr(drum, key) for key in keys} for drum in DRUM_CLASSES]
        typer.echo(json.dumps(rows, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("class", "paper", "MIDI notes", "also", box=None, pad_edge=False)
    for drum in DRUM_CLASSES:
        paper = "yes" if drum.paper else ""
        table.add_row(drum.name, paper, " ".join(map(str, drum.notes)), ", ".join(drum.words))
    Console().print(table)
