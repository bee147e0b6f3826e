"""`packgen train` as a user meets it: what it says and when, what it refuses, and what an interruption leaves."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from packgen.cli.app import app
from packgen.cli.train_report import Lines, Status
from packgen.errors import CorpusError, OutputError, PackgenError, RecipeError, WeightsError
from packgen.files.folders import Claim
from packgen.training.corpus import Corpus
from packgen.training.reports import Moment
from tests.training.tiny import classifier_task, write_corpus

COMMAND = [sys.executable, "-c", "from packgen.cli.main import main; main()"]
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "FORCE_COLOR": "1"}  # which makes rich see a terminal


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.fixture
def no_corpus(tmp_path: Path) -> Path:
    """A folder that passes for a corpus until somebody reads it."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "corpus.json").touch()
    return tmp_path / "corpus"


def train(*words: str | Path) -> Result:
    """Run it in this process."""
    return CliRunner().invoke(app, ["train", *map(str, words)])


def refusal(*words: str | Path) -> PackgenError:
    """The error that it ends with before it says anything."""
    done = train(*words)
    assert done.output == "" and isinstance(done.exception, PackgenError), done
    return done.exception


def test_the_first_line_comes_before_torch_is_imported(no_corpus: Path, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "class Torch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'torch':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Torch())\n"
        "from packgen.cli.main import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "train", "cwae", "--corpus", str(no_corpus), "--out", "runs"],
        cwd=tmp_path, capture_output=True, text=True, check=False, env=ENVIRONMENT,
    )  # fmt: skip
    assert done.stderr.splitlines() == [
        f"cwae: 60 min of training with the sounds of {no_corpus}, in runs/cwae",
        "packgen: interrupted; no file is left half written",
    ]
    assert done.returncode == 130
    assert not (tmp_path / "runs" / "cwae").exists(), "nothing was trained"


def test_a_log_gets_plain_lines_and_a_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    lines: queue.Queue[str] = queue.Queue()
    monkeypatch.setattr(typer, "echo", lambda line, err: lines.put(line))
    with Lines("cwae", seconds=0.01) as reporter:
        assert lines.get(timeout=60).startswith("cwae: loading for ")
        reporter.at_work("preparing sounds", 1024, 6000)
        while (line := lines.get(timeout=60)).startswith("cwae: loading"):
            pass
        assert line == "cwae: preparing sounds: 1,024 of 6,000"
        reporter.stepped(Moment(1234, 0.43219, time.monotonic() + 6000, time.monotonic() + 180))
        while (line := lines.get(timeout=60)).startswith("cwae: preparing"):
            pass
        assert line == "cwae: step 1,234  loss 0.4322  1 h 40 min left  validation in 3 min"
    with Lines("cwae") as reporter:  # a minute is not over yet
        while not lines.empty():
            lines.get()
        reporter.say("a line")
    assert lines.get_nowait() == "a line" and lines.empty()


def test_the_bar_fills_as_the_time_passes() -> None:
    status, now = Status(), time.monotonic()
    assert status.share() is None and status.words().startswith("loading for")
    status.at_work("batch statistics", 4, 16)
    assert status.share() == 0.25
    status.stepped(Moment(1, 1.0, now + 1e6, now + 60))
    assert 0 <= (status.share() or 0.0) < 0.01
    status.stepped(Moment(2, 1.0, now, now))  # late
    assert status.share() == 1.0
    status.at_work("validating")
    assert status.share() is None


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminals")
def test_a_terminal_gets_a_bar(tmp_path: Path) -> None:
    import pty

    script = (
        "import time\n"
        "from packgen.cli.train_report import reporting\n"
        "from packgen.training.reports import Moment\n"
        "with reporting('cwae') as reporter:\n"
        "    reporter.say('[a] line to keep')\n"
        "    reporter.stepped(Moment(1234, 0.43219, time.monotonic() + 2400, time.monotonic() + 180))\n"
    )
    ours, theirs = pty.openpty()
    environment = ENVIRONMENT | {"TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen([sys.executable, "-c", script], stderr=theirs, env=environment) as process:
        os.close(theirs)
        shown = b""
        while part := _read(ours):
            shown += part
    os.close(ours)
    assert process.returncode == 0
    assert b"loading" in shown and b"[a] line to keep\r\n" in shown
    assert b"step 1,234  loss 0.4322  40 min left  validation in 3 min" in shown


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # as Linux says that the other end is closed
        return b""


def test_what_cannot_be_trained_is_one_line_before_anything_is_loaded(
    no_corpus: Path, tmp_path: Path
) -> None:
    place = ("--corpus", no_corpus, "--out", tmp_path / "runs")
    assert isinstance(refusal("cymbals", *place), RecipeError)
    assert isinstance(refusal("cwae", "--corpus", tmp_path), CorpusError)
    assert "no model 'nobody'" in str(refusal("cwae", *place, "--from", "nobody"))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "--from" in str(refusal("cwae", *place, "--from", empty))
    assert "--from" in str(refusal("finish", *place, "--from", empty))
    with Claim(tmp_path / "runs" / "cwae"):
        assert "is being written by another process" in str(refusal("cwae", *place))


def test_a_run_starts_from_a_model_unless_it_has_a_state(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The program's own sizes do not fit so short a signal.
    monkeypatch.setattr("packgen.cli.train._task", lambda what, corpus, *_: classifier_task(corpus))

    def classifier(out: str, *words: str) -> str:
        done = train("classifier", "--corpus", corpus.folder, "--out", tmp_path / out, "--steps", "1", *words)
        assert done.exit_code == 0, done
        assert "\x1b" not in done.stderr and "\r" not in done.stderr
        assert done.stdout == f"{tmp_path / out / 'classifier' / 'classifier.safetensors'}\n"
        return done.stderr

    assert "from step 0 with new weights" in classifier("first")
    model = str(tmp_path / "first" / "classifier")
    assert f"from step 0 with the weights of {model}" in classifier("second", "--from", model)
    again = classifier("second", "--from", model)
    assert "is not used" in again and "from step 1 with its own state" in again
    other = train("judge", "--corpus", corpus.folder, "--out", tmp_path / "third", "--from", model)
    assert isinstance(other.exception, WeightsError) and "judge.safetensors" in str(other.exception)


def test_sigterm_ends_with_a_line_that_says_how_to_go_on(corpus: Corpus, tmp_path: Path) -> None:
    words = ["train", "cwae", "--batch", "2", "--corpus", str(corpus.folder), "--out", "runs"]
    with subprocess.Popen(
        [*COMMAND, *words], cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "from step 0" in line:
                break
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read().splitlines()
    assert process.returncode == 130
    assert rest[-2].startswith("cwae: stopped ") and "the same command" in rest[-2]
    assert rest[-1:] == ["packgen: interrupted; no file is left half written"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that stands there, with a file of its owner's."""
    folder = tmp_path / "model"
    folder.mkdir()
    for name in ("cwae.safetensors", "mine.txt"):
        (folder / name).write_text("old")
    return folder


@pytest.mark.promise("Nothing overwritten")
def test_finish_replaces_no_model_unless_told_to(no_corpus: Path, model: Path) -> None:
    error = refusal("finish", "--corpus", no_corpus, "--model", model)
    assert isinstance(error, OutputError) and "choose another --model, or --force" in str(error)
    assert {path.read_text() for path in model.iterdir()} == {"old"}


@pytest.mark.promise("No half files")
def test_the_old_model_stands_until_the_new_one_is_whole(
    corpus: Corpus, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def finish(run: Path, corpus: Corpus, out: Path, say: object) -> None:
        (out / "cwae.safetensors").write_text("new")
        assert (model / "cwae.safetensors").read_text() == "old"
        if fails:
            raise WeightsError("mcnn is missing")
        (out / "mcnn.safetensors").write_text("new")

    monkeypatch.setattr("packgen.training.release.finish", finish)
    for fails in (True, False):
        before = sorted(path.name for path in model.iterdir())
        done = train("finish", "--corpus", corpus.folder, "--model", model, "--force")
        if fails:
            assert isinstance(done.exception, WeightsError)
            assert sorted(path.name for path in model.iterdir()) == before
            assert (model / "cwae.safetensors").read_text() == "old"
    assert done.exit_code == 0 and done.stdout == f"{model}\n"
    found = {path.name: path.read_text() for path in model.iterdir()}
    assert found == {"cwae.safetensors": "new", "mcnn.safetensors": "new", "mine.txt": "old"}
