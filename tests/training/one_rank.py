"""What each rank runs in the tests of distributed training: python -m tests.training.one_rank CORPUS OUT BATCHES

Trains every tiny network step by step, so that its curve has a row a step and each step resumes the last one.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import typer

from packgen.training import corpus as corpora
from packgen.training.corpus import Corpus
from packgen.training.distributed import Ranks, ranks
from packgen.training.loop import Task, train
from tests.training.said import Said
from tests.training.tiny import classifier_task, cwae_task, mcnn_task, schedule

STEPS = 5

# Network -> its task at a batch so many times as large as the smallest.
TASKS: dict[str, Callable[[Corpus, int], Task]] = {
    "mcnn": lambda corpus, batches: mcnn_task(corpus, 8 * batches),
    "cwae": lambda corpus, batches: cwae_task(corpus, 2 * batches),
    "classifier": lambda corpus, batches: classifier_task(corpus, 0.0, 2 * batches),
}


def run(corpus: Corpus, out: Path, batches: int, mine: Ranks) -> None:
    """Train all networks for `STEPS`."""
    folder = out if mine.leads else out / "only rank 0 may write"
    for name, make in TASKS.items():
        for step in range(1, STEPS + 1):
            task = make(corpus, batches)
            train(task, schedule(step), folder / name, Said(typer.echo), mine)
        for parameter in task.network.parameters():
            value = float(parameter.detach().double().sum())
            assert [value] == list(mine.agree(value)), f"rank {mine.rank} has other weights of {name}"


if __name__ == "__main__":
    with ranks() as mine:
        run(corpora.load(Path(sys.argv[1])), Path(sys.argv[2]), int(sys.argv[3]), mine)
