"""`packgen max4live`: put the Max for Live device and the Pure Data patch where the user wants them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from packgen.cli.options import force_option, json_option
from packgen.errors import OutputError


def command(
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder to copy to; made if it is not there.")
    ] = Path("PackGen"),
    force: Annotated[bool, force_option("Replace files that are there already.")] = False,
    as_json: Annotated[bool, json_option("Machine-readable output.")] = False,
) -> None:
    """Copy the Max for Live device, the Max patch and the Pure Data patch to a folder.

    Then drag PackGen.amxd onto a MIDI track in Live: it starts the server itself.

    [bold]Example:[/bold] packgen max4live --out "~/Music/Ableton/User Library/PackGen"
    """
    from packgen.files.atomic import write_atomic
    from packgen.max4live import FILES, FOLDER, INSTALLATION

    out = out.expanduser()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make {out}: {error.strerror}; choose another --out") from error
    there = [name for name in FILES if (out / name).exists()]
    if there and not force:
        raise OutputError(f"{out} holds {', '.join(there)} already: give --force to replace them")
    # The launcher must find this installation: Live knows no PATH of a shell, and no virtual environment.
    program = [sys.executable, "-c", "from packgen.cli.main import main; main()"]
    contents = {name: (FOLDER / name).read_bytes() for name in FILES}
    contents[INSTALLATION] = (json.dumps({"command": program}, indent=1) + "\n").encode()
    for name, data in contents.items():
        write_atomic(out / name, data)
    paths = [str(out / name) for name in contents]
    typer.echo(json.dumps(paths) if as_json else "\n".join(paths))
