"""No connection, no other program, no code from a file: every command is watched while it works."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.promises import interfere
from tests.promises.conftest import SIZE, Workshop, contents
from tests.promises.program import packgen

COMMANDS = ("kit", "merge", "humanize", "corpus", "reconstruct")


@pytest.mark.promise("Nothing fetched")
@pytest.mark.promise("No code from data")
@pytest.mark.promise("Reproducible")
@pytest.mark.parametrize("name", COMMANDS)
def test_commands_reach_out_for_nothing_and_repeat_themselves(workshop: Workshop, name: str) -> None:
    alone = (
        ["--workers", "1"] if name in ("kit", "humanize") else []
    )  # processes talk in pickles of their own
    done = packgen(workshop.folder, *workshop.commands[name], *alone, before=interfere.forbid_reaching_out)
    assert done.code == 0, done
    assert contents(workshop.folder / "out") == workshop.expected[name]


@pytest.mark.parametrize("attempt", ["import socket; socket.create_connection(('127.0.0.1', 9))",
                                     "import pickle, collections; pickle.loads(pickle.dumps(collections.Counter))",
                                     "import subprocess; subprocess.run(['true'])"])  # fmt: skip
def test_the_watch_sees_what_it_is_there_for(attempt: str) -> None:
    script = f"from tests.promises.interfere import forbid_reaching_out as watch; watch(); {attempt}"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 99


@pytest.mark.promise("Nothing fetched")
def test_a_pack_is_made_where_there_is_no_network_at_all(tmp_path: Path, tiny_model: Path) -> None:
    """From a cold start, and with a home that no earlier run has filled."""
    alone = ["unshare", "--net", "--map-root-user"]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*alone, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("no network of its own can be given to a process here")
    program = [sys.executable, "-c", "from packgen.cli.main import main; main()"]
    words = ["kit", *SIZE, "--formats", "wav", "--model", str(tiny_model), "--out", "pack"]
    environment = {"HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [*alone, *program, *words], cwd=tmp_path, capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "pack" / "manifest.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


class Touch:
    """What a stranger's pickle does when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return partial(Path.touch, self.path), ()


@pytest.mark.promise("No code from data")
def test_weights_that_are_a_pickle_are_refused_and_not_loaded(tmp_path: Path, tiny_model: Path) -> None:
    model, harmed = tmp_path / "model", tmp_path / "harmed"
    shutil.copytree(tiny_model, model)
    data = pickle.dumps(Touch(harmed))
    pickle.loads(data)
    harmed.unlink()  # it does what it says
    (model / "mcnn.safetensors").write_bytes(data)
    (tmp_path / "work").mkdir()
    done = packgen(tmp_path / "work", "kit", *SIZE, "--model", model, "--out", "pack")
    assert "mcnn.safetensors" in done.line
    assert not harmed.exists()
