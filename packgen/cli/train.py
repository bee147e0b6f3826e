"""`packgen train`: train the networks, and bring them together as a model."""

from __future__ import annotations

import time
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from packgen.cli.hints import hinting
from packgen.cli.options import force_option, seed_option
from packgen.cli.train_report import leads, reporting
from packgen.errors import CorpusError, RecipeError, WeightsError
from packgen.files.resources import model_folder
from packgen.training.reports import Reporter, duration

if TYPE_CHECKING:
    from torch import nn

    from packgen.training.corpus import Corpus
    from packgen.training.loop import Task

NETWORKS = ("cwae", "mcnn", "texture", "classifier", "judge", "finish")
# Learning rate and how often to validate, in minutes, where they differ from the loop's own.
_DEFAULTS = {
    "cwae": (3e-4, 4.0),
    "mcnn": (8e-4, 4.0),
    "texture": (1e-3, 4.0),
    "classifier": (1e-3, 1.0),
    "judge": (1e-3, 1.0),
}


def command(
    what: Annotated[str, typer.Argument(help=f"One of {', '.join(NETWORKS)}.")],
    corpus: Annotated[Path, typer.Option(help="A corpus that packgen corpus prepared.")] = Path(
        "runs/corpus"
    ),
    out: Annotated[Path, typer.Option(help="Folder of the runs; one folder a network in it.")] = Path("runs"),
    begin_from: Annotated[
        str | None,
        typer.Option("--from", metavar="MODEL", help="Start with a model's weights, by name or folder."),
    ] = None,
    minutes: Annotated[
        float, typer.Option(min=0.01, help="Time budget of this run, with preparation and validations.")
    ] = 60.0,
    steps: Annotated[int, typer.Option(min=1, help="Stop at this step at the latest.")] = 1_000_000,
    rate: Annotated[float | None, typer.Option(help="Learning rate; the network's own by default.")] = None,
    batch: Annotated[
        int | None,
        typer.Option(help="Sounds a step and process: per class for cwae, in all for mcnn and texture."),
    ] = None,
    beta: Annotated[float, typer.Option(help="Weight of the MMD (cwae).")] = 10.0,
    bfloat16: Annotated[bool, typer.Option("--bfloat16", help="Mixed precision.")] = False,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    threads: Annotated[int, typer.Option(help="CPU threads; 0 for all.")] = 0,
    seed: Annotated[int, seed_option("Of weights and batches.")] = 0,
    model: Annotated[Path, typer.Option(help="Where finish writes the model.")] = Path("models/mine"),
    force: Annotated[bool, force_option("Let finish replace the model that stands there.")] = False,
) -> None:
    """Train a network for a while, from where its last run ended; finish makes a model of the networks.

    Ctrl-C saves what was trained; the same command goes on with it.

    [bold]Example:[/bold] packgen train cwae --minutes 60 && packgen train mcnn --minutes 60 &&
    packgen train classifier --minutes 10 && packgen train judge --minutes 10 && packgen train finish

    packgen train cwae --from drums-44k --minutes 30

    torchrun --nproc-per-node 2 --no-python packgen train cwae --minutes 60
    """
    started = time.monotonic()  # of the budget
    if what not in NETWORKS:
        raise RecipeError(f"nothing called {what!r} to train: choose {', '.join(NETWORKS)}")
    if not (corpus / "corpus.json").is_file():
        raise CorpusError(f"{corpus}: no prepared corpus; run packgen corpus FOLDER first, or give --corpus")
    if what == "finish":
        if begin_from is not None:
            raise RecipeError("--from is for a network's first weights: finish takes those of --out")
        _finish(out, corpus, model, force, threads)
        return
    from packgen.files.folders import Claim

    folder, source = out / what, _weights(begin_from, what)
    with Claim(folder) if leads() else nullcontext(), reporting(what) as reporter:
        # Said before torch is imported, which may take seconds.
        reporter.say(f"{what}: {duration(60 * minutes)} of training with the sounds of {corpus}, in {folder}")
        if source is not None and (folder / "state.safetensors").is_file():
            reporter.say(
                f"{what}: --from {begin_from} is not used, since {folder} has a state, which goes on"
            )
            source = None
        _use(threads)

        import torch

        from packgen.training import corpus as corpora
        from packgen.training.distributed import ranks as joined_ranks
        from packgen.training.loop import Schedule, train

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
        device, prepared = _place(device), corpora.load(corpus)
        begin = None if source is None else partial(_begin, source, begin_from, reporter)
        with joined_ranks() as ranks:
            # Of the weights' first values, which are rank 0's, and of dropout: this process trains and nothing else.
            torch.manual_seed(seed + ranks.rank)
            if what == "texture":
                task = _texture_task(prepared, batch, device, out, begin_from)
            else:
                task = _task(what, prepared, batch, beta, device, source or folder / f"{what}.safetensors")
            path = train(task, schedule, folder, reporter, ranks, begin, started)
    if leads():
        typer.echo(str(path))


def _weights(model: str | None, what: str) -> Path | None:
    """The weight file of a network in a model that a run is to start from."""
    if model is None:
        return None
    path = model_folder(model) / f"{what}.safetensors"
    if not path.is_file():
        if what == "texture":  # a model may have none, and still lend the networks that it listens to
            return None
        raise WeightsError(f"{path}: no such weight file; give --from a model that has one")
    return path


def _place(device: str) -> str:
    """The device that a network is trained on: cuda where there is one for "auto", and a process's own cuda."""
    import torch

    from packgen.training.distributed import local_cuda

    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    return local_cuda() if device == "cuda" else device


def _begin(weights: Path, model: str | None, reporter: Reporter, network: nn.Module) -> str:
    """Give a new network the weights of a model, and return what it begins from, in words."""
    from packgen.training.warm_start import warm_start

    warm_start(network, weights, reporter.say)
    return f"the weights of {model}"


def _finish(out: Path, corpus: Path, model: Path, force: bool, threads: int) -> None:
    """Make a model of the networks of a folder of runs."""
    from packgen.files.folders import check_free, whole_folder

    with hinting("--model"):
        check_free(model, force)
    if not leads():
        return
    with reporting("finish") as reporter:
        reporter.say(f"finish: the networks of {out} and the sounds of {corpus} become {model}")
        _use(threads)
        from packgen.training import corpus as corpora
        from packgen.training.release import finish

        reporter.at_work("fitting the model")
        # The old model stands until the new one is whole; no program loads one without its cwae.
        with hinting("--model"), whole_folder(model, force, last="cwae.safetensors") as new:
            finish(out, corpora.load(corpus), new, reporter.say)
    typer.echo(str(model))


def _use(threads: int) -> None:
    if threads:
        import torch

        torch.set_num_threads(threads)


def _task(what: str, corpus: Corpus, batch: int | None, beta: float, device: str, begun: Path) -> Task:
    """What is trained; `begun` is the weight file that its network goes on from, if there is one."""
    from dataclasses import replace

    from packgen.audio.mel import PAPER, is_lower_half
    from packgen.networks import checkpoint
    from packgen.networks.classifier import Classifier, ClassifierConfig
    from packgen.networks.cwae import CWAE, CWAEConfig
    from packgen.networks.mcnn import MCNN, MCNNConfig
    from packgen.training.tasks.classifier import ClassifierTask, halves
    from packgen.training.tasks.cwae import CWAELoss, CWAETask
    from packgen.training.tasks.mcnn import MCNNLoss, MCNNTask

    if what == "cwae":
        weights = CWAELoss(beta=beta) if batch is None else CWAELoss(beta=beta, per_class=batch)
        return CWAETask(corpus, CWAE(CWAEConfig(corpus.classes, corpus.signal)), weights, device)
    if what == "mcnn":
        loss = MCNNLoss() if batch is None else MCNNLoss(batch=batch)
        # The vocoder gives what is coherent, below 11 kHz: it keeps the paper's bands and rate.
        config = MCNNConfig(PAPER if is_lower_half(PAPER, corpus.signal) else corpus.signal)
        if begun.is_file():  # a run may go on with the heads that are in use alone
            config = replace(config, heads=checkpoint.load(begun, MCNN)[0].config.heads)
        return MCNNTask(corpus, MCNN(config), loss, device)
    ours, others = halves(corpus) if what == "classifier" else reversed(halves(corpus))
    network = Classifier(ClassifierConfig(corpus.classes, corpus.signal))
    return ClassifierTask(corpus, network, ours, others, what)


def _texture_task(corpus: Corpus, batch: int | None, device: str, out: Path, model: str | None) -> Task:
    """The texture network's task. It listens to the auto-encoder and the vocoder of the runs, or else of a model."""
    from packgen.networks import checkpoint
    from packgen.networks.cwae import CWAE
    from packgen.networks.mcnn import MCNN
    from packgen.networks.texture import Texture, sizes_for
    from packgen.training.tasks.texture import TextureLoss, TextureTask

    def trained(name: str) -> Path:
        path = out / name / f"{name}.safetensors"
        if not path.is_file() and model is not None:
            path = model_folder(model) / f"{name}.safetensors"
        if not path.is_file():
            raise WeightsError(
                f"{path}: no such weight file; texture listens to {name}: train that first, or give --from a model"
            )
        return path

    cwae, mcnn = checkpoint.load(trained("cwae"), CWAE)[0], checkpoint.load(trained("mcnn"), MCNN)[0]
    weights = TextureLoss() if batch is None else TextureLoss(batch=batch)
    return TextureTask(corpus, Texture(sizes_for(corpus.classes, corpus.signal)), cwae, mcnn, weights, device)
