"""`packgen reconstruct`: sound files through the networks and back, as in the paper's experiment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from packgen.classes import find_class
from packgen.cli.loading import load_engine, say_what_lacks
from packgen.cli.options import Model, force_option, json_option, quiet_option
from packgen.errors import AudioError, OutputError, RecipeError

if TYPE_CHECKING:
    from packgen.evaluation.reconstruction import Reconstruction

MOST_POLISH = 1000
MOST_REFINEMENT = 10_000


def command(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Sound files, a drum hit each.")],
    out: Annotated[Path, typer.Option(help="Folder for the results; names stay.")],
    drum: Annotated[
        str | None, typer.Option("--class", help="Drum class of the files; guessed if not given.")
    ] = None,
    vocoder_only: Annotated[bool, typer.Option("--vocoder-only", help="Skip the auto-encoder.")] = False,
    polish: Annotated[
        int | None, typer.Option(help="Griffin-Lim steps after the vocoder; -1 for none at all.")
    ] = None,
    refine: Annotated[
        int | None, typer.Option(help="Steps that fit the code to the sound; 0 for the encoder alone.")
    ] = None,
    plot: Annotated[
        bool, typer.Option("--plot", help="Draw spectrograms and waveforms beside each result.")
    ] = False,
    model: Model = None,
    force: Annotated[bool, force_option("Replace results that are there already.")] = False,
    as_json: Annotated[bool, json_option("Print figures as JSON instead of paths.")] = False,
    quiet: Annotated[bool, quiet_option("No remarks.")] = False,
) -> None:
    """Encode sounds, decode them and turn them into sound again: what the model can say, file by file.

    [bold]Examples:[/bold] packgen reconstruct kick.wav --out rebuilt --plot

    packgen reconstruct *.wav --out vocoded --vocoder-only
    """
    from rich.console import Console

    _check_options(drum, vocoder_only, polish, refine)
    name = find_class(drum).name if drum is not None else None
    results = _results(files, out, plot, force)

    # These import torch, so not at the top: --help stays instant.
    from packgen.audio.wav import plain_wav
    from packgen.engine.engine import POLISH, REFINEMENT
    from packgen.evaluation.reconstruction import reconstruct
    from packgen.files.atomic import clear_leftovers, write_atomic
    from packgen.files.folders import Claim
    from packgen.files.resources import model_folder

    polish, refine = POLISH if polish is None else polish, REFINEMENT if refine is None else refine
    weights = model_folder(model)
    engine = load_engine(weights)
    if name is not None and name not in engine.classes:
        known = ", ".join(engine.classes)
        raise RecipeError(
            f"model {weights.name} does not know {name}: choose from {known}, or another --model"
        )
    console = Console(stderr=True, quiet=quiet, highlight=False)
    rows: list[dict[str, Any]] = []
    failed: list[AudioError] = []
    with Claim(out):
        _results(files, out, plot, force)  # and nobody has written one meanwhile
        clear_leftovers(out)
        for path, result in zip(files, results, strict=True):
            try:
                found = reconstruct(engine, path, name, vocoder_only, polish, refine)
            except AudioError as error:  # one bad file must not cost the others
                failed.append(error)
                continue
            # At the level of the original.
            write_atomic(result, plain_wav(found.rebuilt * found.gain, engine.signal.sample_rate))
            if plot:
                from packgen.evaluation.figures.plot import reconstruction_picture

                picture = reconstruction_picture(found, path.name, engine.signal)
                write_atomic(result.with_suffix(".png"), picture)
            console.print(_remark(path, found, name is None), markup=False, soft_wrap=True)
            rows.append(_row(path, result, plot, found))
            if not as_json:
                typer.echo(result)
                if plot:
                    typer.echo(result.with_suffix(".png"))
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
    elif not quiet:
        say_what_lacks(engine, weights.name)
    for earlier in failed[:-1]:
        Console(stderr=True, highlight=False).print(f"packgen: {earlier}", markup=False, soft_wrap=True)
    if failed:
        raise failed[-1]


def _check_options(drum: str | None, vocoder_only: bool, polish: int | None, refine: int | None) -> None:
    """Whether options are in range and fit together.

    Raises:
        RecipeError: if not.
    """
    if drum is not None and vocoder_only:
        raise RecipeError("--class has no meaning with --vocoder-only: leave one of them out")
    if polish is not None and not -1 <= polish <= MOST_POLISH:
        raise RecipeError(f"--polish must be -1 … {MOST_POLISH}, not {polish}")
    if refine is not None and vocoder_only:
        raise RecipeError("--refine has no meaning with --vocoder-only: leave one of them out")
    if refine is not None and not 0 <= refine <= MOST_REFINEMENT:
        raise RecipeError(f"--refine must be 0 … {MOST_REFINEMENT}, not {refine}")


def _results(files: list[Path], out: Path, plot: bool, force: bool) -> list[Path]:
    """The WAV that each file becomes.

    Raises:
        OutputError: if one would replace an input, another result, or without `force` an older file.
    """
    results = [out / f"{path.stem}.wav" for path in files]
    inputs = {path.resolve() for path in files}
    taken: dict[Path, Path] = {}
    for path, result in zip(files, results, strict=True):
        for target in (result, result.with_suffix(".png")) if plot else (result,):
            if target.resolve() in inputs:
                raise OutputError(f"{target}: would replace an input; choose another --out")
            if target.exists() and not force:
                raise OutputError(f"{target}: is there already; give --force or another --out")
        if (other := taken.setdefault(result, path)) is not path:
            raise OutputError(f"{other} and {path} would both become {result}; give them one at a time")
    return results


def _remark(path: Path, found: Reconstruction, guessed: bool) -> str:
    words = [f"{path.name}:"]
    if found.drum is not None and found.probability is not None:
        words.append(f"as {found.drum} ({'guessed, ' if guessed else ''}filter {found.probability:.2f}),")
    words.append(f"mel-SC {found.mel_sc_db:.1f} dB, MSS {found.mss:.3f}")
    if found.seconds_left_out > 0:
        words.append(f"(the {found.seconds_left_out:.2f} s after the model's length were left out)")
    return " ".join(words)


def _row(path: Path, result: Path, plot: bool, found: Reconstruction) -> dict[str, Any]:
    return {
        "input": str(path),
        "output": str(result),
        "plot": str(result.with_suffix(".png")) if plot else None,
        "class": found.drum,
        "probability": found.probability,
        "mel_sc_db": found.mel_sc_db,
        "mss": found.mss,
        "seconds_left_out": found.seconds_left_out,
    }
