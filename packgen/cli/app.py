"""The commands of `packgen`, and what it says of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

import packgen
from packgen.cli import (
    bench,
    classes,
    corpus,
    eval,
    explore,
    humanize,
    inspect,
    kit,
    max4live,
    merge,
    presets,
    reconstruct,
    serve,
    train,
)
from packgen.cli.hints import hinted
from packgen.errors import PackgenError

# Command name -> function. Each file holds one command; a new one is a file and a line here.
COMMANDS: dict[str, Callable[..., Any]] = {
    "kit": kit.command,
    "bench": bench.command,
    "humanize": humanize.command,
    "serve": serve.command,
    "explore": explore.command,
    "max4live": max4live.command,
    "merge": merge.command,
    "inspect": inspect.command,
    "presets": presets.command,
    "classes": classes.command,
    "corpus": corpus.command,
    "train": train.command,
    "eval": eval.command,
    "reconstruct": reconstruct.command,
}

app = typer.Typer(
    name="packgen",
    help="Batch generator of drum sample packs: a neural drum machine without a DAW.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _name, _command in COMMANDS.items():
    app.command(_name)(hinted(_command))


def _print_version(wanted: bool) -> None:
    if wanted:
        from packgen.files.resources import DEFAULT_MODEL, model_folder

        try:
            model = f"model {DEFAULT_MODEL} in {model_folder()}"
        except PackgenError as error:
            model = str(error)
        typer.echo(f"packgen {packgen.__version__}, {model}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print version and model."),
    ] = False,
) -> None:
    """Batch generator of drum sample packs: a neural drum machine without a DAW."""
