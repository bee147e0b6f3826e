"""What several commands share: options of one meaning, the seed, the progress bar, and the line that repeats a run."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from packgen.planning.recipe import KNOBS, VARIATIONS

WORKERS_A_CORE = 4  # at most


def json_option(help: str) -> Any:
    """The switch to JSON; the help says what is printed."""
    return typer.Option("--json", help=help)


def quiet_option(help: str) -> Any:
    """The switch that leaves stderr to errors."""
    return typer.Option("--quiet", "-q", help=help)


def force_option(help: str) -> Any:
    """The switch that lets a command replace what is there."""
    return typer.Option("--force", help=help)


def seed_option(help: str) -> Any:
    """The seed of all that is drawn, from 0."""
    return typer.Option(min=0, help=help)


Model = Annotated[str | None, typer.Option(help="Model, by name or folder.")]
Workers = Annotated[int, typer.Option(min=0, help="Sounds rendered at a time; 0 for one a core.")]
AsJson = Annotated[bool, json_option("Print the result as JSON.")]
Quiet = Annotated[bool, quiet_option("No progress, no summary.")]
ReplacePack = Annotated[bool, force_option("Replace the pack that stands in the folder.")]

# Options that change nothing in what is made, so that the line that repeats it goes without them; the seed,
# which may have been drawn, it has always.
_NEVER_REPEATED = frozenset(
    {"seed", "out", "force", "resume", "shard", "dask", "workers", "dry_run", "as_json", "quiet"}
)


def knob(field: str, *short: str) -> Any:
    """The option of a recipe's knob: its name, and its help with range and default."""
    row = next(row for row in (VARIATIONS, *KNOBS) if row.field == field)
    words = f"{row.help} [dim]({row.least:g} … {row.most:g}; {row.default:g})[/dim]"
    return typer.Option(f"--{row.name}", *short, help=words)


def choose_seed(seed: int | None) -> int:
    """The seed that was given, or a random one of nine digits at most."""
    return secrets.randbelow(10**9) if seed is None else seed


def choose_workers(workers: int, most: int | None = None) -> int:
    """How many processes work at a time.

    Args:
        workers: that were asked for; 0 for one a core. More than a few a core would cost memory and gain nothing.
        most: there is work for.
    """
    cores = os.cpu_count() or 1
    chosen = min(workers or cores, WORKERS_A_CORE * cores)
    return chosen if most is None else max(1, min(chosen, most))


def repeating(context: typer.Context, seed: int) -> str:
    """The command line that makes exactly this again: its argument, the seed, and the options that were given."""
    words, options = ["packgen", str(context.info_name)], ["--seed", str(seed)]
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if parameter.param_type_name == "argument":
            path = str(Path(value or ""))
            words.append(os.path.join(os.curdir, path) if path.startswith("-") else path)  # no option
        elif parameter.name in _NEVER_REPEATED or value is None or value == parameter.default:
            continue
        elif isinstance(value, bool):
            options.append(parameter.opts[0] if value else parameter.secondary_opts[0])
        else:
            for item in value if isinstance(value, list | tuple) else [value]:
                options += [parameter.opts[0], str(item)]
    return shlex.join([*words, *options])


@contextmanager
def progress_bar(words: str, quiet: bool) -> Iterator[Callable[[float], None]]:
    """A progress bar on a terminal's stderr, told shares of the whole.

    It shows from the first share on, since its thread must not run while others' processes are forked.
    """
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    progress = Progress(console=console, disable=quiet or not console.is_terminal, transient=True)
    bar = progress.add_task(words, total=1.0)

    def advance(share: float) -> None:
        progress.start()
        progress.advance(bar, share)

    try:
        yield advance
    finally:
        if progress.live.is_started:
            progress.stop()
