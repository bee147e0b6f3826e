"""`packgen train`: train the networks, and bring them together as a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from packgen.errors import RecipeError

if TYPE_CHECKING:
    from packgen.training.corpus import Corpus
    from packgen.training.loop import Task

NETWORKS = ("cwae", "mcnn", "classifier", "judge", "finish")
# Learning rate and how often to validate, in minutes, where they differ from the loop's own.
_DEFAULTS = {"cwae": (3e-4, 4.0), "mcnn": (8e-4, 4.0), "classifier": (1e-3, 1.0), "judge": (1e-3, 1.0)}


def command(
    what: Annotated[str, typer.Argument(help=f"One of {', '.join(NETWORKS)}.")],
    corpus: Annotated[Path, typer.Option(help="A corpus that packgen corpus prepared.")] = Path(
        "runs/corpus"
    ),
    out: Annotated[Path, typer.Option(help="Folder of the runs; one folder a network in it.")] = Path("runs"),
    minutes: Annotated[float, typer.Option(min=0.01, help="Time budget of this run.")] = 60.0,
    steps: Annotated[int, typer.Option(min=1, help="Stop at this step at the latest.")] = 1_000_000,
    rate: Annotated[float | None, typer.Option(help="Learning rate; the network's own by default.")] = None,
    batch: Annotated[
        int | None, typer.Option(help="Sounds a step and process: per class for cwae, in all for mcnn.")
    ] = None,
    beta: Annotated[float, typer.Option(help="Weight of the MMD (cwae).")] = 10.0,
    bfloat16: Annotated[bool, typer.Option("--bfloat16", help="Mixed precision.")] = False,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[int, typer.Option(help="CPU threads; 0 for all.")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="Of weights and batches.")] = 0,
    model: Annotated[Path, typer.Option(help="Where finish writes the model.")] = Path("models/mine"),
    force: Annotated[
        bool, typer.Option("--force", help="Let finish replace the model that stands there.")
    ] = False,
) -> None:
    """Train a network for a while, resuming where its last run ended; finish fits the latent space.

    [bold]Example:[/bold] packgen train cwae --minutes 60 && packgen train mcnn --minutes 60 &&
    packgen train classifier --minutes 10 && packgen train judge --minutes 10 && packgen train finish

    torchrun --nproc-per-node 2 --no-python packgen train cwae --minutes 60
    """
    if what not in NETWORKS:
        raise RecipeError(f"nothing called {what!r} to train: choose {', '.join(NETWORKS)}")

    import torch
    from rich.console import Console

    from packgen.folders import check_free, whole_folder
    from packgen.training import corpus as corpora
    from packgen.training.distributed import local_cuda
    from packgen.training.distributed import ranks as joined_ranks
    from packgen.training.finish import finish
    from packgen.training.loop import Schedule, train

    if threads:
        torch.set_num_threads(threads)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if device == "cuda":
        device = local_cuda()
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    if what == "finish":
        check_free(model, force, "--model")  # said before anything is computed
    prepared = corpora.load(corpus)
    with joined_ranks() as ranks:
        if what == "finish":
            if ranks.leads:
                # The old model stands until the new one is whole; no program loads one without its cwae.
                with whole_folder(model, force, last="cwae.safetensors", option="--model") as new:
                    finish(out, prepared, new, console.print)
                typer.echo(str(model))
            return
        default_rate, validate = _DEFAULTS[what]
        schedule = Schedule(
            minutes=minutes,
            max_steps=steps,
            learning_rate=rate or default_rate,
            validate_minutes=min(validate, minutes),
            average=0.99 if what in ("classifier", "judge") else 0.999,
            bfloat16=bfloat16,
            seed=seed,
        )
        # Of the weights' first values, which are rank 0's, and of dropout: this process trains and nothing else.
        torch.manual_seed(seed + ranks.rank)
        with ranks.leader_first():  # spectrograms are computed once
            task = _task(what, prepared, batch, beta, device, out / what)
        path = train(task, schedule, out / what, console.print, ranks)
        if ranks.leads:
            typer.echo(str(path))


def _task(what: str, corpus: Corpus, batch: int | None, beta: float, device: str, folder: Path) -> Task:
    from dataclasses import replace

    from packgen.networks import checkpoint
    from packgen.networks.classifier import Classifier, ClassifierConfig
    from packgen.networks.cwae import CWAE, CWAEConfig
    from packgen.networks.mcnn import MCNN, MCNNConfig
    from packgen.training.classifier_task import ClassifierTask, halves
    from packgen.training.cwae_task import CWAELoss, CWAETask
    from packgen.training.mcnn_task import MCNNLoss, MCNNTask

    if what == "cwae":
        weights = CWAELoss(beta=beta) if batch is None else CWAELoss(beta=beta, per_class=batch)
        return CWAETask(corpus, CWAE(CWAEConfig(corpus.classes, corpus.signal)), weights, device)
    if what == "mcnn":
        loss = MCNNLoss() if batch is None else MCNNLoss(batch=batch)
        config, begun = MCNNConfig(corpus.signal), folder / "mcnn.safetensors"
        if begun.is_file():  # a run may go on with the heads that are in use alone
            config = replace(config, heads=checkpoint.load(begun, MCNN)[0].config.heads)
        return MCNNTask(corpus, MCNN(config), loss, device)
    ours, others = halves(corpus) if what == "classifier" else reversed(halves(corpus))
    network = Classifier(ClassifierConfig(corpus.classes, corpus.signal))
    return ClassifierTask(corpus, network, ours, others, what)
