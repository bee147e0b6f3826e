"""Folders of every kind of file: each file is used, or named with its reason in one line."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from packgen.audio.samples import read
from packgen.cli.app import app
from packgen.cli.corpus import skip_lines
from packgen.errors import CorpusError
from packgen.training.scan import Source, scan

RATE = 22_050
TIME = np.arange(4000) / RATE
HIT = 0.5 * np.sin(2 * np.pi * 150 * TIME) * np.exp(-20 * TIME)
# What people and machines call the formats that soundfile writes; SD2 keeps half of itself in a hidden file.
SUFFIXES = {
    "AIFF": ".aif .aiff .aifc", "AU": ".au .snd", "AVR": ".avr", "CAF": ".caf", "FLAC": ".flac", "HTK": ".htk",
    "SVX": ".iff .8svx", "MAT4": ".mat", "MAT5": ".mat", "MPC2K": ".snd", "MP3": ".mp3", "OGG": ".ogg .oga",
    "PAF": ".paf", "PVF": ".pvf", "RF64": ".rf64 .wav", "SDS": ".sds", "IRCAM": ".sf", "VOC": ".voc", "W64": ".w64",
    "WAV": ".wav .WAV .wave .bwf", "NIST": ".nist .sph .wav", "WAVEX": ".wav", "XI": ".xi",
}  # fmt: skip
HEADER = "path,class,source,licence,group,split"


def reasons(folder: Path) -> dict[str, str]:
    return dict(scan(folder)[1])


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, HIT, RATE, format="WAV")
    return path


@pytest.mark.parametrize(
    ("form", "suffix"), [(f, s) for f in soundfile.available_formats() for s in SUFFIXES.get(f, "").split()]
)
def test_whatever_the_reader_opens_is_a_source(tmp_path: Path, form: str, suffix: str) -> None:
    path = tmp_path / f"Kick 1{suffix}"
    subtype = {"SVX": "PCM_16", "XI": "DPCM_16"}.get(form)
    soundfile.write(path, HIT, RATE, format=form, subtype=subtype)
    sources, skipped = scan(tmp_path)
    assert [source.path for source in sources] == [path] and not skipped
    assert len(read(path, RATE)) >= len(HIT) // 2  # an XI has no rate of its own


def test_a_sound_is_known_by_its_content_whatever_it_is_called(tmp_path: Path) -> None:
    for name in ("Kick 1", "Kick 2.sample", "Kick 3.m4a", "Kick 4.Kontakt file"):
        write(tmp_path / name)
    assert len(scan(tmp_path)[0]) == 4


@pytest.mark.parametrize("suffix", "m4a aac wma wv rx2 ape M4A tta raw".split())
def test_sounds_that_cannot_be_read_say_what_to_do(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"Kick.{suffix}").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(500))
    assert reasons(tmp_path) == {
        f"Kick.{suffix}": f"{suffix.lower()} cannot be read: convert it to WAV or FLAC"
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Kick.txt", b"\xff\xfe" + "in UTF-16, whose mark looks like an MP3's".encode("utf-16-le")),
        ("Kick.png", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("Kick.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(100)),
        ("Kick.asd", b"\xab\x1e\x56\x78" + bytes(100)),
        ("Kick.mid", b"MThd\0\0\0\x06" + bytes(100)),
        ("Kick.pdf", b"%PDF-1.7\n"),
        ("Kick.zip", b"PK\3\4" + bytes(100)),
        ("Kick.mat", b"MATLAB 5.0 MAT-file" + bytes(200)),
        ("Kick.db", b""),
    ],
)
def test_what_is_no_sound_is_said_to_be_none(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert reasons(tmp_path) == {name: f"not a sound file ({name[4:]})"}


def test_suffixes_that_are_none_are_not_repeated(tmp_path: Path) -> None:
    for name in ("README", "Kick. It is the best one", "Kick.a-very-long-suffix"):
        (tmp_path / name).write_text("hello")
    assert set(reasons(tmp_path).values()) == {"not a sound file (no suffix)"}


def test_hidden_files_come_to_one_line(tmp_path: Path) -> None:
    write(tmp_path / "Kicks" / "Kick 1.wav")
    (tmp_path / "__MACOSX" / "Kicks").mkdir(parents=True)
    (tmp_path / ".git" / "objects").mkdir(parents=True)
    for index in range(40):
        for name in (
            f"__MACOSX/Kicks/._Kick {index}.wav",
            f"Kicks/._Kick {index}.wav",
            f".git/objects/{index}",
        ):
            (tmp_path / name).write_bytes(b"\0\x05\x16\7" + bytes(60))
    (tmp_path / "Kicks" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    sources, skipped = scan(tmp_path)
    assert [source.path.name for source in sources] == ["Kick 1.wav"]
    assert len(skip_lines(skipped)) == 1 and skip_lines(skipped)[0].startswith("43 hidden")


def test_every_file_is_used_or_named(tmp_path: Path) -> None:
    for name in ("Kick.wav", "a/Snare 1.aif", "a/b/Clap.caf", "a/b/mystery 7.wav", "Kick Loop 120bpm.wav"):
        write(tmp_path / name)
    for name in ("a/notes.txt", "a/b/cover.png", "Kick.m4a", "a/preset.adg"):
        (tmp_path / name).write_text("x")
    sources, skipped = scan(tmp_path)
    files = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    named = [str(s.path.relative_to(tmp_path)) for s in sources] + [path for path, _ in skipped]
    assert sorted(named) == sorted(files)
    assert all(reason and path not in reason and "\n" not in reason for path, reason in skipped)


def test_the_order_is_that_of_names(tmp_path: Path) -> None:
    names = [
        "B/Kick 1.wav",
        "B/a/Kick 2.wav",
        "B.wav/Kick 3.wav",
        "Kick 4.wav",
        "B/b.wav/Kick.wav",
        "C/Kick 9.wav",
    ]
    for name in names:
        write(tmp_path / name)
    found = [source.path for source in scan(tmp_path)[0]]
    assert found == sorted(found) and len(found) == len(names)


def test_links_are_followed_to_files_and_never_in_circles(tmp_path: Path) -> None:
    outside = write(tmp_path / "elsewhere" / "Snare.wav")
    folder = tmp_path / "library"
    write(folder / "Kick.wav")
    links = {
        "Snare.wav": outside,
        "up": folder,
        "Snares": outside.parent,
        "lost.wav": folder / "x",
        "me": folder / "me",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    sources, skipped = scan(folder)
    assert [source.drum for source in sources] == ["kick", "snare"]
    assert {path: reason.split(":")[0] for path, reason in skipped} == {
        "up": "link to a folder", "Snares": "link to a folder", "lost.wav": "no such file", "me": "no such file",
    }  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "Kick.wav")
    assert reasons(tmp_path) == {"Kick.wav": "not a file"}


def test_what_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the tests run as root, who may read everything."""
    for name in ("locked/Kick 1.wav", "Kick 2.wav", "Kick 3.wav"):
        write(tmp_path / name)
    listdir, access, is_open = os.listdir, os.access, Path.open
    denied = PermissionError(13, "Permission denied")

    def no_list(path: str) -> list[str]:
        if path.endswith("locked"):
            raise denied
        return listdir(path)

    def no_open(path: Path, *args: Any) -> Any:
        if path.name == "Kick 2.wav":
            raise denied
        return is_open(path, *args)

    monkeypatch.setattr(os, "listdir", no_list)
    monkeypatch.setattr(os, "access", lambda path, mode: path.name != "Kick 2.wav" and access(path, mode))
    monkeypatch.setattr(Path, "open", no_open)
    assert reasons(tmp_path) == {
        "Kick 2.wav": "cannot be opened (Permission denied)",
        "locked": "folder that cannot be opened (Permission denied)",
    }


@pytest.mark.skipif(sys.platform != "linux", reason="names there are text")
def test_names_that_are_no_text_are_refused_in_text(tmp_path: Path) -> None:
    shutil.copy(write(tmp_path / "Kick.wav"), tmp_path / os.fsdecode(b"Kick \xff.wav"))
    assert reasons(tmp_path) == {"Kick ?.wav": "its name is not UTF-8: rename it"}


@pytest.mark.parametrize(
    "name", ["Kick 👨‍👩‍👧.wav", "Kick\N{NO-BREAK SPACE}1.wav", 'Kick [loud], "1".wav', "Kick\n1.wav"]
)
def test_odd_names_are_names(tmp_path: Path, name: str) -> None:
    write(tmp_path / name)
    assert len(scan(tmp_path)[0]) == 1


def manifest(folder: Path, *rows: str, header: str = HEADER) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "manifest.csv").write_text("\n".join([header, *rows]))
    return folder


def test_a_manifest_says_kind_and_origin(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav")
    write(tmp_path / "b.wav")
    rows = ["a.wav,kick,me,CC0,g,train,acoustic,rendered", "b.wav,bass drum,me,CC0,g,val,,"]
    sources, skipped = scan(manifest(tmp_path, *rows, header=f"{HEADER},kind,origin"))
    assert not skipped
    assert sources[0] == Source(path, "kick", "me", "CC0", "me/g", "train", "acoustic", "rendered")
    assert (sources[1].kind, sources[1].origin) == ("", "recorded")


def test_a_manifest_without_them_knows_no_kind_and_recordings_only(tmp_path: Path) -> None:
    write(tmp_path / "a.wav")
    source = scan(manifest(tmp_path, "a.wav,kick,me,CC0,g,train"))[0][0]
    assert (source.kind, source.origin) == ("", "recorded")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a.wav,gong,me,CC0,g,train,,", "unknown drum class 'gong'"),
        ("a.wav,kick,me,CC0,g,test,,", "its split is not train or val"),
        ("a.wav,kick,me,CC0,g,train,wooden,", "its kind is not acoustic, electronic or empty"),
        ("a.wav,kick,me,CC0,g,train,,voice", "its origin is not recorded or rendered"),
        ("../a.wav,kick,me,CC0,g,train,,", "its path leads out of the folder"),
        ("none.wav,kick,me,CC0,g,train,,", "no such file"),
        (".,kick,me,CC0,g,train,,", "not a file"),
        ("notes.pdf,kick,me,CC0,g,train,,", "not a sound file (.pdf)"),
        ("a.m4a,kick,me,CC0,g,train,,", "m4a cannot be read"),
    ],
)
def test_rows_that_cannot_be_used_say_why(tmp_path: Path, row: str, reason: str) -> None:
    write(tmp_path / "a.wav")
    for name in ("notes.pdf", "a.m4a"):
        (tmp_path / name).write_text("x")
    sources, skipped = scan(manifest(tmp_path, row, header=f"{HEADER},kind,origin"))
    assert not sources and skipped[0][1].startswith(reason)


def test_a_manifest_names_each_file_once_and_the_others_are_named(tmp_path: Path) -> None:
    for name in ("a.wav", "sub/b.wav"):
        write(tmp_path / name)
    (tmp_path / "._a.wav").write_bytes(b"x")
    rows = ["a.wav,kick,me,CC0,g,train", "./a.wav,kick,me,CC0,h,val"]
    sources, skipped = scan(manifest(tmp_path, *rows))
    assert len(sources) == 1
    assert skipped == [
        ("./a.wav", "listed more than once in manifest.csv"),
        ("._a.wav", "hidden"),
        ("sub/b.wav", "not in manifest.csv"),
    ]


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="nowhere: no such folder"):
        scan(tmp_path / "nowhere")


def test_skips_are_reported_a_line_a_reason() -> None:
    skipped = [(f"a/{index}.txt", "not a sound file (.txt)") for index in range(3)]
    skipped += [("b.m4a", "m4a cannot be read: convert it to WAV or FLAC")]
    skipped += [(".git", "hidden"), ("a/._b.wav", "hidden"), ("x\n[/red].wav", "silent")]
    assert skip_lines(skipped) == [
        "skipped 3: not a sound file (.txt) (say, a/0.txt)",
        "skipped 1: m4a cannot be read: convert it to WAV or FLAC (b.m4a)",
        "skipped 1: silent (x?[/red].wav)",
        "2 hidden files or folders were passed over",
    ]


def test_the_command_reports_what_it_skips(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    write(folder / "Kick 1.wav")
    (folder / "Kick 1[red].m4a").write_bytes(b"x")
    soundfile.write(folder / "Kick silent.wav", np.zeros(5000), RATE)
    for index in range(9):
        (folder / f"._Kick {index}.wav").write_bytes(b"x")
    out = str(tmp_path / "out")
    arguments = ["corpus", str(folder), "--out", out, "--per-class", "0", "--workers", "1"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    for line in (
        "skipped 1: silent (Kick silent.wav)",
        "skipped 1: m4a cannot be read: convert it to WAV or FLAC (Kick 1[red].m4a)",
        "9 hidden files or folders were passed over",
    ):
        assert line in done.stderr
    done = CliRunner().invoke(app, [*arguments, "--force", "--json"])
    assert len(json.loads(done.stdout)["skipped"]) == 11
    with (tmp_path / "out" / "index.csv").open() as file:
        assert [row["name"] for row in csv.DictReader(file)] == ["Kick 1.wav"]
