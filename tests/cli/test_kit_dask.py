"""`packgen kit --dask` with a real cluster on this machine: a scheduler and two worker processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import distributed
import pytest

COMMAND = [sys.executable, "-c", "from packgen.cli.main import main; main()"]
VARIATIONS = 80


@pytest.fixture(scope="module")
def cluster() -> Iterator[distributed.LocalCluster]:
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        yield cluster


def start(model: Path, cwd: Path, *words: str) -> subprocess.Popen[str]:
    recipe = [
        "--classes",
        "kick",
        "--variations",
        str(VARIATIONS),
        "--takes",
        "2",
        "--seed",
        "4",
        "--strict",
        "0",
    ]
    return subprocess.Popen(
        [*COMMAND, "kit", *recipe, "--name", "p", "--model", str(model), *words],
        cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> int:
    """The exit code, once there is one; its pipes are closed then."""
    process.communicate(timeout=300)
    return process.returncode


def wait_for_sounds(folder: Path, number: int, process: subprocess.Popen[str]) -> None:
    while len(list(folder.rglob("*.wav"))) < number:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_worker_killed_half_way_changes_no_byte(
    cluster: distributed.LocalCluster, tmp_path: Path, tiny_model: Path
) -> None:
    with distributed.Client(cluster, set_as_default=False) as client:
        workers = client.run(os.getpid)
    assert len(workers) == 2 and os.getpid() not in workers.values()
    process = start(tiny_model, tmp_path, "--out", "afar", "--dask", cluster.scheduler_address)
    wait_for_sounds(tmp_path / "afar", VARIATIONS // 3, process)
    os.kill(next(iter(workers.values())), signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    assert len(list(tmp_path.rglob("*.wav"))) < 2 * VARIATIONS, "it was to be killed half-way"
    out, errors = process.communicate(timeout=300)
    assert (process.returncode, out.strip()) == (0, "afar"), errors
    assert ended(start(tiny_model, tmp_path, "--out", "here")) == 0
    afar = contents(tmp_path / "afar")
    assert len([name for name in afar if name.endswith(".wav")]) == 2 * VARIATIONS
    assert afar == contents(tmp_path / "here")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process")
def test_ctrl_c_leaves_the_cluster_idle_and_the_pack_resumable(
    cluster: distributed.LocalCluster, tmp_path: Path, tiny_model: Path
) -> None:
    process = start(tiny_model, tmp_path, "--dask", cluster.scheduler_address)
    wait_for_sounds(tmp_path, 10, process)
    process.send_signal(signal.SIGINT)
    out, errors = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert errors.count("\n") == 1 and "interrupted" in errors
    with distributed.Client(cluster, set_as_default=False) as client:
        while any(client.processing().values()):  # what runs is ended by its own end
            time.sleep(0.1)
        assert not client.who_has()
    assert ended(start(tiny_model, tmp_path, "--resume")) == 0
    assert (tmp_path / "p" / "manifest.json").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--dask", "nonsense"], "'nonsense' is no address of a scheduler"),
        (["--dask", "tcp://127.0.0.1:1"], "no Dask scheduler answers at tcp://127.0.0.1:1"),
        (["--dask", "tcp://127.0.0.1:1", "--workers", "2"], "give one of them"),
    ],
)
def test_mistakes_are_one_line_and_write_nothing(
    tmp_path: Path, tiny_model: Path, words: list[str], message: str
) -> None:
    process = start(tiny_model, tmp_path, *words)
    out, errors = process.communicate(timeout=120)
    assert (process.returncode, out) == (1, "")
    assert message in errors and errors.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
