"""`packgen corpus`: prepare a folder of sounds for training."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from packgen.cli.options import choose_workers, force_option, json_option, seed_option

HIDDEN = "hidden"  # the reason that needs no example: nobody looks for such a file


def command(
    folder: Annotated[Path, typer.Argument(help="Sounds in folders, or with a manifest.csv.")],
    out: Annotated[Path, typer.Option(help="Where the prepared corpus goes.")] = Path("runs/corpus"),
    per_class: Annotated[
        int, typer.Option(min=0, help="Fill each class with synthesised voices to this many training sounds.")
    ] = 1500,
    seed: Annotated[int, seed_option("Of voices.")] = 0,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0 for one a core.")] = 0,
    force: Annotated[bool, force_option("Replace the corpus that stands there.")] = False,
    as_json: Annotated[bool, json_option("Print the report as JSON.")] = False,
) -> None:
    """Prepare sounds for training: mono, from the onset, cut to length, split, and filled up by class.

    [bold]Example:[/bold] packgen corpus ~/samples --out runs/corpus
    """
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    from packgen.audio.mel import full_band
    from packgen.files.folders import whole_folder
    from packgen.training import collect, corpus

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        bar = progress.add_task("preparing", total=None)

        def report(what: str, done: int, total: int) -> None:
            progress.update(bar, description=what, completed=done, total=total)

        def say(text: str) -> None:
            console.print(text, markup=False, highlight=False, soft_wrap=True)

        with whole_folder(out, force, last="corpus.json") as new:
            prepared, skipped = collect.build(
                folder, new, full_band(), per_class, seed, choose_workers(workers), report, say
            )
            table = corpus.counts(prepared.entries)
            del prepared  # it maps a file that is about to be moved
    if as_json:
        rows = [{"path": path, "reason": reason} for path, reason in skipped]
        typer.echo(json.dumps({"folder": str(out), "counts": table, "skipped": rows}, indent=1))
        return
    view = Table("class", "recorded, training", "recorded, validation", "rendered", "voices", box=None)
    for name, row in table.items():
        view.add_row(name, *(str(number) for number in row.values()))
    console.print(view)
    for line in skip_lines(skipped):  # whose brackets are no markup
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    typer.echo(str(out))


def skip_lines(skipped: Iterable[tuple[str, str]]) -> list[str]:
    """What was skipped, as (path, reason): a line a reason, the commonest first, with one of the paths.

    >>> skip_lines([("a.pdf", "not a sound file (.pdf)"), ("b.pdf", "not a sound file (.pdf)"), (".c", "hidden")])
    ['skipped 2: not a sound file (.pdf) (say, a.pdf)', '1 hidden file or folder was passed over']
    """
    numbers: dict[str, int] = {}
    examples: dict[str, str] = {}
    for path, reason in skipped:
        numbers[reason] = numbers.get(reason, 0) + 1
        examples.setdefault(reason, "".join(letter if letter.isprintable() else "?" for letter in path))
    hidden = numbers.pop(HIDDEN, 0)
    lines = [
        f"skipped {number}: {reason} ({'say, ' * (number > 1)}{examples[reason]})"
        for reason, number in sorted(numbers.items(), key=lambda item: -item[1])
    ]
    if hidden:
        lines.append(
            f"{hidden} hidden file{'s or folders were' if hidden > 1 else ' or folder was'} passed over"
        )
    return lines
