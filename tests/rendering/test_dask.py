"""A Dask cluster on this machine: what it renders, whom it refuses, and what it says when it is lost."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import distributed
import numpy as np
import pytest

import packgen
from packgen.engine.engine import Engine
from packgen.errors import ClusterError
from packgen.planning.plan import plan
from packgen.planning.recipe import Recipe
from packgen.rendering import dask as clusters
from packgen.rendering.dask import Cluster
from packgen.rendering.renderer import render_sound
from packgen.rendering.workers import in_order

RECIPE = Recipe((("kick", 3), ("clap", 2)), seed=3, takes=2, strict=0.0)


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """Address of a scheduler with one worker, both of them in this process."""
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=2, processes=False, protocol="tcp", dashboard_address=":0"
    ) as machines:
        yield machines.scheduler_address


def connect(scheduler: str, model: Path, engine: Engine) -> Cluster:
    return Cluster(scheduler, model, engine.digest, RECIPE)


def test_a_cluster_gives_what_this_process_gives(
    scheduler: str, tiny_model: Path, tiny_engine: Engine
) -> None:
    cluster = connect(scheduler, tiny_model, tiny_engine)
    with in_order(cluster, lambda sound: sound, plan(RECIPE)) as rendered:
        sounds = list(rendered)
    for sound, entry in zip(sounds, plan(RECIPE), strict=True):
        expected = render_sound(tiny_engine, RECIPE, entry)
        assert (sound.drum, sound.index, sound.redrawn) == (entry.drum, entry.index, expected.redrawn)
        for take, other in zip(sound.takes, expected.takes, strict=True):
            np.testing.assert_array_equal(take.samples, other.samples)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("tcp://127.0.0.1:1", "no Dask scheduler answers at tcp://127.0.0.1:1"),
        ("nonsense", "'nonsense' is no address of a scheduler"),
        ("smoke://signals:8786", "is no address"),
    ],
)
def test_a_scheduler_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, tiny_model: Path, tiny_engine: Engine, address: str, message: str
) -> None:
    monkeypatch.setattr(clusters, "CONNECT", 1.0)
    with pytest.raises(ClusterError, match=message):
        connect(address, tiny_model, tiny_engine)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, tiny_model: Path, tiny_engine: Engine) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match="pip install distributed"):
        connect("tcp://127.0.0.1:1", tiny_model, tiny_engine)


def test_another_version_is_refused(
    monkeypatch: pytest.MonkeyPatch, scheduler: str, tiny_model: Path, tiny_engine: Engine
) -> None:
    with closing(connect(scheduler, tiny_model, tiny_engine)) as cluster:
        other = clusters.Assignment("0.0.1", cluster.assignment.model, cluster.assignment.digest, RECIPE)
        monkeypatch.setattr(cluster, "assignment", other)
        with pytest.raises(ClusterError, match=rf"has packgen {packgen.__version__}, this is 0\.0\.1"):
            cluster.render(next(plan(RECIPE)))


def test_other_weights_are_refused_at_once_and_when_a_worker_joins_later(
    scheduler: str, tmp_path: Path, tiny_model: Path, tiny_engine: Engine
) -> None:
    model = shutil.copytree(tiny_model, tmp_path / "model")
    with closing(connect(scheduler, model, tiny_engine)) as cluster:
        data = bytearray((model / "mcnn.safetensors").read_bytes())
        data[-1] ^= 1
        (model / "mcnn.safetensors").write_bytes(data)
        clusters._ENGINES.clear()  # the worker in this process is as good as new
        with pytest.raises(
            ClusterError, match=r"worker tcp://.* has other weights .* copy this one's folder"
        ):
            cluster.render(next(plan(RECIPE)))
    with pytest.raises(ClusterError, match="has other weights"):
        connect(scheduler, model, tiny_engine)


def test_a_worker_without_the_model_is_named(scheduler: str, tmp_path: Path, tiny_engine: Engine) -> None:
    with pytest.raises(ClusterError, match=r"worker tcp://.*: no model .*elsewhere"):
        connect(scheduler, tmp_path / "elsewhere", tiny_engine)


def test_no_workers_and_workers_that_leave_for_good(
    monkeypatch: pytest.MonkeyPatch, tiny_model: Path, tiny_engine: Engine
) -> None:
    for name, seconds in (("CONNECT", 2.0), ("LOOK", 0.2), ("PATIENCE", 0.5)):
        monkeypatch.setattr(clusters, name, seconds)
    with distributed.LocalCluster(
        n_workers=0, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=":0"
    ) as machines:
        address = machines.scheduler_address
        with pytest.raises(ClusterError, match="has no workers: start some with dask worker tcp://"):
            connect(address, tiny_model, tiny_engine)
        machines.scale(1)
        monkeypatch.setattr(clusters, "CONNECT", 30.0)
        with closing(connect(address, tiny_model, tiny_engine)) as cluster:
            machines.scale(0)
            with pytest.raises(ClusterError, match=r"all workers of .* are gone"):
                while True:  # until the worker has left
                    cluster.render(next(plan(RECIPE)))


def test_a_scheduler_that_is_lost(
    monkeypatch: pytest.MonkeyPatch, tiny_model: Path, tiny_engine: Engine
) -> None:
    monkeypatch.setattr(clusters, "CONNECT", 5.0)  # also how long it is looked for again
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, protocol="tcp", dashboard_address=":0"
    ) as machines:
        cluster = connect(machines.scheduler_address, tiny_model, tiny_engine)
    with closing(cluster), pytest.raises(ClusterError, match="lost the scheduler at tcp://"):
        cluster.render(next(plan(RECIPE)))
