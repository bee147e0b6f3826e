"""`packgen explore`: the browser of sounds, a page on this machine."""

from __future__ import annotations

import json
import os
import sys
import webbrowser
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from packgen.cli.loading import load_engine, say_what_lacks
from packgen.cli.options import Model, json_option
from packgen.errors import PackError, ServerError

if TYPE_CHECKING:
    from packgen.engine.engine import Engine
    from packgen.explore.favourites import ModelInfo


def command(
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port; 0 takes a free one.")] = 9180,
    host: Annotated[
        str,
        typer.Option(help="Address to listen on; others than 127.0.0.1 open the page to that network."),
    ] = "127.0.0.1",
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
    out: Annotated[Path, typer.Option(help="Folder in which packs of favourites are made.")] = Path(
        "packgen-favourites"
    ),
    again: Annotated[
        Path | None,
        typer.Option(help="Make the pack of this manifest.json again instead of opening the page."),
    ] = None,
    model: Model = None,
    as_json: Annotated[bool, json_option("Print the address as JSON.")] = False,
) -> None:
    """Explore sounds on a page in the browser, and save favourites as a pack.

    [bold]Examples:[/bold]
      packgen explore
      packgen explore --port 9200 --no-browser --out ~/Packs
      packgen explore --again ~/Packs/Mine/manifest.json
    """
    from rich.console import Console

    from packgen.explore import serving
    from packgen.files.resources import model_folder

    console = Console(stderr=True)
    weights = model_folder(model)
    if again is not None:
        typer.echo(str(_again(again, weights, out)))
        return
    _check_server()
    with serving.listening(host, port) as server:  # a port in use is better said before the model is loaded
        with console.status(f"loading {weights.name}") if console.is_terminal else nullcontext():
            engine, about = _load(weights)
        from packgen.explore.app import create_app

        url = f"http://{serving.address(host, server)}/"
        app = create_app(engine, about, out, serving.hosts(host, server))
        typer.echo(json.dumps({"url": url, "out": str(out)}) if as_json else url)
        sys.stdout.flush()
        if not server.getsockname()[0].startswith(("127.", "::1")):
            console.print(
                f"{host} is not this machine alone: whoever reaches it can have sounds made, and packs written "
                f"into {out}",
                style="yellow",
            )
        if console.is_terminal:
            console.print("Ctrl-C stops")
        if browser and _has_desktop():
            webbrowser.open(url)
        serving.serve(app, server)


def _check_server() -> None:
    """Check that the server's packages are there: a checkout may be newer than what was installed for it."""
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise ServerError(f"{error.name} is not installed: pip install starlette uvicorn") from error


def _load(weights: Path) -> tuple[Engine, ModelInfo]:
    from packgen.explore.favourites import ModelInfo
    from packgen.files.resources import attribution

    engine = load_engine(weights)
    say_what_lacks(engine, weights.name)
    return engine, ModelInfo(weights.name, attribution(weights))


def _again(path: Path, weights: Path, out: Path) -> Path:
    """Make the pack of a manifest again, and return its folder."""
    from packgen.explore.favourites import save
    from packgen.explore.requests import read_pack
    from packgen.files.documents import shown
    from packgen.packs.manifest import read_manifest

    manifest = read_manifest(path if path.is_dir() else path.parent)
    try:
        made_by, digest, recipe = manifest["model"]["name"], manifest["model"]["digest"], manifest["recipe"]
    except (KeyError, TypeError) as error:
        raise PackError(f"{path}: damaged, it does not say how the pack was made") from error
    engine, model = _load(weights)
    if digest != engine.digest:
        raise PackError(f"{path} was made by another model: {shown(made_by)}; give it with --model")
    return save(engine, model, read_pack(recipe, engine.spaces), out)


def _has_desktop() -> bool:
    """Whether a page would open in a window; a browser in the terminal would take the terminal over."""
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
