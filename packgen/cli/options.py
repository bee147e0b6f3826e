"""What several commands share: options of one meaning, the seed, the progress bar, and the line that repeats a run."""

from __future__ import annotations

import os
import secrets
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

Model = Annotated[str | None, typer.Option(help="Model, by name or folder.")]
Workers = Annotated[int, typer.Option(min=0, help="Sounds rendered at a time; 0 for one a core.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no summary.")]

# Options that change nothing in what is made, so that the line that repeats it goes without them; the seed,
# which may have been drawn, it has always.
_NEVER_REPEATED = frozenset(
    {"seed", "out", "force", "resume", "shard", "dask", "workers", "dry_run", "as_json", "quiet"}
)


def choose_seed(seed: int | None) -> int:
    """The seed that was given, or a random one of nine digits at most."""
    return secrets.randbelow(10**9) if seed is None else seed


def choose_workers(workers: int) -> int:
    """How many sounds are rendered at a time: one a core for 0."""
    return workers or os.cpu_count() or 1


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
def progress_bar(words: str, total: float, quiet: bool, done: int = 0) -> Iterator[Callable[[float], None]]:
    """A progress bar on a terminal's stderr; gives a function that is told each step.

    Args:
        words: what is being done.
        total: of all steps.
        quiet: show none.
        done: of `total`, from an earlier run.
    """
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
        bar = progress.add_task(words, total=total, completed=done)
        yield lambda step: progress.advance(bar, step)
