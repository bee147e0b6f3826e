"""Two ranks train as one process with the doubled batch would: gloo on a CPU, started by torchrun."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from packgen.training.corpus import Corpus
from packgen.training.distributed import ALONE
from tests.training.one_rank import STEPS, TASKS, run
from tests.training.tiny import write_corpus

ROOT = Path(__file__).parents[2]
TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


def torchrun(*words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*TORCHRUN, *words], cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


def curve(folder: Path) -> list[dict[str, float]]:
    with (folder / "curve.csv").open() as file:
        rows = [{key: float(value) for key, value in row.items()} for row in csv.DictReader(file)]
    for row in rows:
        del row["minutes"]
    return rows


def test_two_ranks_train_as_one_process_with_the_doubled_batch(corpus: Corpus, tmp_path: Path) -> None:
    done = torchrun("-m", "tests.training.one_rank", str(corpus.folder), str(tmp_path / "two"), "1")
    assert done.returncode == 0, done.stderr
    run(corpus, tmp_path / "one", 2, ALONE)
    for name in TASKS:
        one, two = curve(tmp_path / "one" / name), curve(tmp_path / "two" / name)
        assert [row["step"] for row in two] == list(range(1, STEPS + 1))
        for expected, row in zip(one, two, strict=True):
            # Rounding grows with every step, most in what is a small difference of larger numbers (code_mean).
            assert row == pytest.approx(expected, rel=2e-3, abs=5e-4), name
        assert one[0] != pytest.approx(one[-1], rel=1e-2), "a curve that stands still says nothing"
    # Rank 0 alone writes and speaks: a line at the start, a row of the curve, a row for the card. Two of the
    # tasks prepare sounds, and say so.
    assert sorted(path.name for path in (tmp_path / "two").iterdir()) == sorted(TASKS)
    said = [line for line in done.stdout.splitlines() if line and "sounds are prepared" not in line]
    assert len(said) == 3 * STEPS * len(TASKS)


def test_packgen_train_under_torchrun(corpus: Corpus, tmp_path: Path) -> None:
    packgen = ["--no-python", sys.executable, "-c", "from packgen.cli.main import main; main()"]
    done = torchrun(*packgen, "train", "cwae", "--corpus", str(corpus.folder), "--out", str(tmp_path / "runs"),
                    "--steps", "2", "--batch", "2", "--device", "cpu")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [str(tmp_path / "runs" / "cwae" / "cwae.safetensors")]
    assert done.stderr.count("from step 0") == 1
    assert "2 × 1 threads" in done.stderr
    files = {path.name for path in (tmp_path / "runs" / "cwae").iterdir()}
    assert files == {"cwae.safetensors", "state.safetensors", "curve.csv"}
