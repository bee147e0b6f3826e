"""`packgen presets`: the kits that ship, and the text of one."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from packgen.cli.options import json_option


def command(
    name: Annotated[str | None, typer.Argument(help="Show this preset's TOML, by name or file.")] = None,
    as_json: Annotated[bool, json_option("Machine-readable output.")] = False,
) -> None:
    """List the presets, or show one to copy and change.

    [bold]Examples:[/bold]

    packgen presets

    packgen presets house > mine.toml && packgen kit --preset mine.toml
    """
    from packgen.planning import presets

    if name is not None:
        presets.load(name)  # what is shown can be used
        text = presets.path_of(name).read_text(encoding="utf-8")
        typer.echo(json.dumps({"name": name, "toml": text}, indent=1) if as_json else text.rstrip("\n"))
        return
    rows = []
    for each in presets.names():
        preset = presets.load(each)
        rows.append(
            {
                "name": each,
                "description": preset.description,
                "sounds": sum(count for _, count in preset.counts),
                "classes": dict(preset.counts),
            }
        )
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("preset", "sounds", "what it is", box=None, pad_edge=False)
    for row in rows:
        table.add_row(str(row["name"]), str(row["sounds"]), str(row["description"]))
    Console().print(table)
