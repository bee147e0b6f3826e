"""`packgen eval`: every measure of sound quality, each beside its reference."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Annotated

import typer

from packgen.cli.options import Model, json_option, quiet_option
from packgen.errors import CorpusError


def command(
    corpus: Annotated[Path, typer.Option(help="Prepared corpus, as packgen corpus makes it.")] = Path(
        "runs/corpus"
    ),
    model: Model = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Under a minute, on few sounds: for a first look.")
    ] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**63 - 1, help="Of all choices and draws.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write the JSON to this file, too.")] = None,
    figures: Annotated[
        Path | None,
        typer.Option(help="Draw the model card's figures into this folder instead of measuring."),
    ] = None,
    as_json: Annotated[bool, json_option("Print JSON instead of tables.")] = False,
    quiet: Annotated[bool, quiet_option("No progress bar.")] = False,
) -> None:
    """Measure how good the sounds are, against the validation sounds of a prepared corpus.

    [bold]Examples:[/bold] packgen eval --quick

    packgen eval --out eval.json

    packgen eval --figures models/figures
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    prepared = (corpus / "corpus.json").is_file()
    if not prepared and figures is None:
        raise CorpusError(f"{corpus}: no prepared corpus; run packgen corpus FOLDER first, or give --corpus")

    # These import torch, so not at the top: --help stays instant.
    from packgen.engine.engine import Engine
    from packgen.evaluation.evaluate import evaluate
    from packgen.evaluation.figures.card import write as write_figures
    from packgen.evaluation.judge import Judge
    from packgen.evaluation.plan import FULL, QUICK
    from packgen.evaluation.report import as_json as to_json
    from packgen.evaluation.report import as_tables
    from packgen.files.atomic import write_atomic
    from packgen.files.resources import model_folder
    from packgen.training.corpus import load
    from packgen.training.release import CURVES

    folder = model_folder(model)
    engine = Engine.load(folder)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bars:
        bar = bars.add_task("measuring", total=None)

        def progress(what: str, done: int, total: int) -> None:
            bars.update(bar, description=what, completed=done, total=total)

        if figures is not None:
            sounds = load(corpus) if prepared else None
            for path in write_figures(engine, sounds, folder / CURVES, figures, seed, progress):
                typer.echo(str(path))
            return
        plan = dataclasses.replace(QUICK if quick else FULL, seed=seed)
        found = evaluate(engine, Judge.load(folder), load(corpus), plan, progress)
    text = json.dumps(to_json(found), indent=1, allow_nan=False) + "\n"
    if out is not None:
        write_atomic(out, text.encode())
    if as_json:
        typer.echo(text, nl=False)
    else:
        Console().print(as_tables(found))
