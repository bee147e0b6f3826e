"""One line for every error, at any time: while modules are imported, where nothing can be printed, without memory."""

from __future__ import annotations

import codecs
import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from packgen.cli import app as commands
from packgen.cli.main import Exit, main, printable
from packgen.cli.options import WORKERS_A_CORE, choose_workers

PROGRAM = "from packgen.cli.main import main; main()"


def test_ctrl_c_while_modules_are_imported_is_one_line() -> None:
    script = (
        "import sys\n"
        "class Interrupted:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'typer':\n"
        "            raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupted())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script + PROGRAM], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (Exit.INTERRUPTED, "")
    assert done.stderr == "packgen: interrupted; no file is left half written\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("words", [["classes"], ["classes", "--json"], ["--version"], ["--help"]])
def test_an_output_without_room_is_one_line(words: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == Exit.ERROR
    assert done.stderr == "packgen: cannot print the result: No space left on device\n"


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("can't start new thread"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8000 bytes"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
    ],
)
def test_want_of_memory_is_one_line(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lacking(**_: object) -> None:
        raise error

    monkeypatch.setattr(commands, "app", lacking)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == Exit.ERROR
    said = capsys.readouterr().err
    assert said.startswith("packgen: out of memory; ") and said.count("\n") == 1


@pytest.mark.parametrize("error", [RuntimeError("a bug"), OSError(errno.ENOENT, "no such file", "mine.wav")])
def test_our_own_bugs_are_not_hidden(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise error

    monkeypatch.setattr(commands, "app", broken)
    with pytest.raises(type(error), match=str(error.args[-1])):
        main()


def test_names_are_printed_as_the_bytes_they_are_and_what_is_no_text_as_an_escape() -> None:
    codecs.register_error("packgen", printable)
    data = io.BytesIO()
    text = io.TextIOWrapper(data, "utf-8", errors="packgen")
    text.write(b"kick\xff.wav ".decode("utf-8", "surrogateescape") + "\ud800")
    text.flush()
    assert data.getvalue() == b"kick\xff.wav \\ud800"


def test_never_more_workers_than_work_or_a_few_a_core() -> None:
    cores = os.cpu_count() or 1
    assert choose_workers(0) == cores
    assert choose_workers(10**9) == WORKERS_A_CORE * cores
    assert choose_workers(10**9, most=2) == min(2, WORKERS_A_CORE * cores)
    assert choose_workers(3, most=0) == 1


@pytest.mark.parametrize("command", [["kit"], ["humanize", "loop.mid"], ["corpus", "sounds"]])
def test_fewer_workers_than_none_are_a_usage_error(command: list[str]) -> None:
    done = CliRunner().invoke(commands.app, [*command, "--workers", "-1"])
    assert done.exit_code == Exit.USAGE and "--workers" in done.output
