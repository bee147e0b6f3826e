"""The `packgen` program: commands, exit codes, and errors as one line on stderr."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from enum import IntEnum
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


class Exit(IntEnum):
    """Exit codes of the program."""

    DONE = 0
    ERROR = 1  # a PackgenError
    USAGE = 2  # wrong options; click's own
    INTERRUPTED = 130  # Ctrl-C


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


def main() -> None:
    """Run the program and exit."""
    # A closed pipe (packgen … | head) ends the program quietly, as every Unix tool does.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        code = app(prog_name="packgen", standalone_mode=False)
    except PackgenError as error:
        _complain(str(error))
        sys.exit(Exit.ERROR)
    except typer.TyperException as error:
        message = error.format_message().rstrip(".")
        if message:  # none where the help itself was the answer
            _complain(f"{message}; see packgen --help")
        sys.exit(Exit.USAGE)
    except (KeyboardInterrupt, typer.Abort):
        code = Exit.INTERRUPTED
    if code == Exit.INTERRUPTED:  # typer answers Ctrl-C inside a command with this code
        _complain("interrupted; no file is left half written")
        sys.stdout.flush()
        os._exit(Exit.INTERRUPTED)  # worker threads may still be rendering
    sys.exit(code if isinstance(code, int) else Exit.DONE)


def _complain(message: str) -> None:
    sys.stderr.write(f"packgen: {' '.join(message.split())}\n")
    sys.stderr.flush()
