"""The training loop: it learns, resumes where it was, keeps the best weights, and says what it did."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import Tensor, nn

from packgen.classes import CLASS_NAMES
from packgen.errors import WeightsError
from packgen.networks import checkpoint
from packgen.networks.mcnn import MCNN, MCNNConfig
from packgen.training.corpus import Corpus
from packgen.training.distributed import ALONE, Ranks
from packgen.training.loop import Preparing, train
from packgen.training.release import finish
from packgen.training.tasks.classifier import halves
from tests.conftest import TINY_SIGNAL
from tests.training.said import Said
from tests.training.tiny import classifier_task, cwae_task, mcnn_task, schedule, texture_task, write_corpus


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.mark.parametrize("make", [cwae_task, mcnn_task, texture_task, classifier_task])
def test_validation_improves_and_the_best_weights_are_kept(corpus: Corpus, tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    task = make(corpus)
    if isinstance(task, Preparing):
        task.prepare(lambda done, total: None)
    with torch.no_grad():
        before = task.validate(task.network.eval())["score"]
    said = Said()
    best = train(task, schedule(25), tmp_path, said)
    network, _, header = checkpoint.load(best, type(task.network))
    with torch.no_grad():
        after = task.validate(network)["score"]
    assert after < before
    assert header.provenance["steps"] == 25
    assert header.provenance["validation"]["score"] == pytest.approx(after, abs=0.02)
    with (tmp_path / "curve.csv").open() as file:
        assert [row["step"] for row in csv.DictReader(file)] == ["25"]
    assert said.lines[0].startswith(f"{task.name}: ") and "from step 0 with new weights" in said.lines[0]
    assert said.lines[-2].startswith("step 25")
    assert said.lines[-1].startswith(f"| `{task.name}.safetensors` |") and " 25 steps" in said.lines[-1]
    assert [moment.step for moment in said.moments] == list(range(1, 26))


def test_a_resumed_run_goes_on_as_it_would_have(corpus: Corpus, tmp_path: Path) -> None:
    for folder, stops in (("once", (8,)), ("twice", (4, 8))):
        for stop in stops:
            train(cwae_task(corpus), schedule(stop), tmp_path / folder, Said())
    once, twice = (
        safetensors.torch.load_file(tmp_path / folder / "state.safetensors") for folder in ("once", "twice")
    )
    assert once.keys() == twice.keys() and any(key.startswith("muon.") for key in once)
    for key, tensor in once.items():
        assert torch.equal(tensor, twice[key]), key


def test_the_state_of_another_network_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    train(cwae_task(corpus), schedule(1), tmp_path, Said())
    with pytest.raises(WeightsError, match="state of another network"):
        train(mcnn_task(corpus), schedule(1), tmp_path, Said())


@pytest.mark.parametrize("damage", ["cut", "flipped", "no progress", "another kind"])
def test_a_damaged_state_is_one_line(corpus: Corpus, tmp_path: Path, damage: str) -> None:
    train(cwae_task(corpus), schedule(1), tmp_path, Said())
    state = tmp_path / "state.safetensors"
    data = state.read_bytes()
    changed = {
        "cut": data[: len(data) // 2],
        "flipped": data[:3] + bytes([data[3] ^ 0xFF]) + data[4:],
        "no progress": data.replace(b"rate_scale", b"race_stale", 1),
        "another kind": data.replace(b"muon.0.", b"muon.x.", 1),
    }[damage]
    assert changed != data
    state.write_bytes(changed)
    with pytest.raises(
        WeightsError, match=r"state of another network \(.+\); train in another folder"
    ) as caught:
        train(cwae_task(corpus), schedule(2), tmp_path, Said())
    assert "\n" not in str(caught.value)


class Exploding:
    """A task whose loss is not finite: the weights must survive it."""

    name = "mcnn"

    def __init__(self) -> None:
        self.network: nn.Module = MCNN(MCNNConfig(TINY_SIGNAL, heads=1, channels=(4, 4, 4, 4, 2, 2)))

    def loss(self, rng: np.random.Generator, ranks: Ranks = ALONE) -> tuple[Tensor, dict[str, float]]:
        return next(self.network.parameters()).sum() * float("nan"), {}

    def validate(self, network: nn.Module) -> dict[str, float]:
        return {"score": 1.0}

    def describe(self) -> dict[str, object]:
        return {}


def test_a_bad_batch_does_not_end_the_training(tmp_path: Path) -> None:
    task = Exploding()
    train(task, schedule(3), tmp_path, Said())
    assert all(torch.isfinite(p).all() for p in task.network.parameters())


def test_filter_and_judge_share_no_group(corpus: Corpus) -> None:
    ours, theirs = halves(corpus)
    groups = [{(corpus.entries[i].drum, corpus.entries[i].group) for i in side} for side in (ours, theirs)]
    assert not groups[0] & groups[1]
    assert {drum for drum, _ in groups[0]} == {drum for drum, _ in groups[1]} == set(CLASS_NAMES)


def test_finish_makes_a_model_that_renders(corpus: Corpus, tmp_path: Path) -> None:
    from packgen.engine.engine import Engine

    for make in (cwae_task, mcnn_task, classifier_task):
        task = make(corpus)
        train(task, schedule(2), tmp_path / "runs" / task.name, Said())
    judge = tmp_path / "runs" / "judge"
    judge.mkdir()
    (judge / "judge.safetensors").write_bytes(
        (tmp_path / "runs/classifier/classifier.safetensors").read_bytes()
    )
    finish(tmp_path / "runs", corpus, tmp_path / "model", lambda _: None)
    engine = Engine.load(tmp_path / "model")
    assert engine.classes == CLASS_NAMES
    for space in engine.spaces.values():
        assert space.axes.shape == (8, 8)
        np.testing.assert_allclose(space.axes @ space.axes.T, np.eye(8), atol=1e-4)
        assert (np.diff(space.deviations) <= 1e-5).all()
    assert all(
        ranges.shape == (4, 5) and (np.diff(ranges, axis=1) >= 0).all() for ranges in engine.ranges.values()
    )
