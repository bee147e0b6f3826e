"""`packgen eval`: every measure of sound quality, each beside its reference."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packgen.cli.options import AsJson, Model, Quiet
from packgen.errors import CorpusError, RecipeError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from packgen.engine.engine import Engine
    from packgen.evaluation.plan import Plan

Progress = Callable[[str, int, int], None]  # (what, done, of)


Prepared = Annotated[Path, typer.Option(help="Prepared corpus, as packgen corpus makes it.")]
Quick = Annotated[bool, typer.Option("--quick", help="Under a minute, on few sounds: for a first look.")]
Seed = Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Of all choices, and of the first pack.")]
Seeds = Annotated[
    int | None,
    typer.Option(
        min=1, max=100, help="Default packs that are measured, a seed each. [dim](3; 1 with --quick)[/dim]"
    ),
]
Out = Annotated[Path | None, typer.Option(help="Write the JSON to this file, too.")]
Figures = Annotated[
    Path | None, typer.Option(help="Draw the model card's figures into this folder instead of measuring.")
]
Humanize = Annotated[
    bool, typer.Option("--humanize", help="Measure how humanised hits of each class differ, instead.")
]


def command(
    corpus: Prepared = Path("runs/corpus"),
    model: Model = None,
    quick: Quick = False,
    seed: Seed = 0,
    seeds: Seeds = None,
    out: Out = None,
    figures: Figures = None,
    humanize: Humanize = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Measure how good the sounds of default packs are, against the recordings of a prepared corpus.

    [bold]Examples:[/bold] packgen eval --quick

    packgen eval --seeds 3 --out eval.json

    packgen eval --figures models/figures

    packgen eval --humanize
    """
    if humanize and figures is not None:
        raise RecipeError("--humanize and --figures are two things to do: give one of them")
    prepared = (corpus / "corpus.json").is_file()
    if not prepared and figures is None and not humanize:
        raise CorpusError(f"{corpus}: no prepared corpus; run packgen corpus FOLDER first, or give --corpus")

    # These import torch, so not at the top: --help stays instant.
    from packgen.engine.engine import Engine
    from packgen.files.resources import model_folder

    folder = model_folder(model)
    engine = Engine.load(folder)
    with _bar(quiet) as progress:
        if figures is not None:
            _draw(engine, corpus if prepared else None, folder, figures, seed, progress)
            return
        if humanize:
            data, table = _varied(engine, seed, progress)
        else:
            data, table = _measured(engine, corpus, folder, _sizes(quick, seed, seeds), progress)
    text = json.dumps(data, indent=1, allow_nan=False) + "\n"
    if out is not None:
        from packgen.files.atomic import write_atomic

        write_atomic(out, text.encode())
    if as_json:
        typer.echo(text, nl=False)
    else:
        from rich.console import Console

        Console().print(table)


@contextmanager
def _bar(quiet: bool) -> Iterator[Progress]:
    """A progress bar on stderr that says what is being measured."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bars:
        bar = bars.add_task("measuring", total=None)
        yield lambda what, done, total: bars.update(bar, description=what, completed=done, total=total)


def _sizes(quick: bool, seed: int, seeds: int | None) -> Plan:
    from packgen.evaluation.plan import FULL, QUICK

    plan = QUICK if quick else FULL
    return dataclasses.replace(plan, seed=seed, packs=plan.packs if seeds is None else seeds)


def _measured(
    engine: Engine, corpus: Path, folder: Path, plan: Plan, progress: Progress
) -> tuple[Any, RenderableType]:
    """Every measure: JSON and tables."""
    from packgen.evaluation.evaluate import evaluate
    from packgen.evaluation.judge import Judge
    from packgen.evaluation.report import as_json, as_tables
    from packgen.training.corpus import load

    found = evaluate(engine, Judge.load(folder), load(corpus), plan, progress)
    return as_json(found), as_tables(found)


def _varied(engine: Engine, seed: int, progress: Progress) -> tuple[Any, RenderableType]:
    """How humanised hits differ, class by class: JSON and a table."""
    from packgen.evaluation.humanized import as_table, variation

    rows = []
    for number, drum in enumerate(engine.classes):
        progress(drum, number, len(engine.classes))
        rows.append(variation(engine, drum, seed))
    return [dataclasses.asdict(row) for row in rows], as_table(rows)


def _draw(
    engine: Engine, corpus: Path | None, folder: Path, figures: Path, seed: int, progress: Progress
) -> None:
    """The model card's figures, and where they are."""
    from packgen.evaluation.figures.card import write_figures
    from packgen.training.corpus import load
    from packgen.training.release import CURVES

    sounds = load(corpus) if corpus is not None else None
    for path in write_figures(engine, sounds, folder / CURVES, figures, seed, progress):
        typer.echo(str(path))
