"""`packgen inspect`: whether a pack is whole, and what is in it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from packgen.cli.options import json_option


def command(
    pack: Annotated[Path, typer.Argument(help="Folder of a pack.")],
    as_json: Annotated[bool, json_option("Machine-readable output.")] = False,
) -> None:
    """Check a pack: manifest, hashes, every referenced file with its exact case; exit 1 if something is wrong.

    [bold]Example:[/bold] packgen inspect my-pack --json
    """
    from packgen.packs.inspection import inspect

    report = inspect(pack)
    if as_json:
        typer.echo(json.dumps({"sound": not report.problems} | asdict(report), indent=1))
    else:
        for key, value in report.summary.items():
            typer.echo(f"{key}: {_text(value)}")
    for line in () if as_json else report.notes:
        typer.echo(f"note: {line}", err=True)
    for line in () if as_json else report.problems:
        typer.echo(f"packgen: {pack}: {line}", err=True)
    if report.problems:
        raise typer.Exit(1)
    if not as_json:
        typer.echo("the pack is whole", err=True)


def _text(value: object) -> str:
    r"""A value of the summary as it is printed: what a stranger's pack says may hold no control sequences.

    >>> _text({"kick": 2, "snare": 1}), _text("\x1b]0;mine\x07 pack")
    ('2 kick, 1 snare', '?]0;mine? pack')
    """
    if isinstance(value, dict):
        value = ", ".join(f"{number} {name}" for name, number in value.items())
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return "".join(letter if letter.isprintable() else "?" for letter in text)
