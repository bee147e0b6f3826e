"""Tables of a corpus that were damaged or made up: what they say, or one line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from packgen.classes import BY_NAME
from packgen.training import collect, corpus
from packgen.training.scan import scan
from tests.conftest import TINY_SIGNAL
from tests.fuzz import EDITS, Edit, changed, damaged, examples, json_bytes, law

MANIFEST = (
    b"path,class,source,licence,group,split\n"
    b"a/kick.wav,kick,me,CC0,a,train\n"
    b'"a/b, c.wav",bass drum,me,"CC BY 4.0",b,val\n'
    b"c.wav,open hats,you,CC0,c,train\n"
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared corpus of three sounds."""
    folder = tmp_path_factory.mktemp("whole")
    names = ("kick", "snare", "tom")
    entries = [corpus.Entry(n, "val", "recorded", "", "me", "CC0", "g", f"{n}, 1.wav", 900) for n in names]
    (folder / "sounds.i16").write_bytes(np.arange(3 * 900, dtype="<i2").tobytes())
    corpus.write_index(folder, entries, TINY_SIGNAL, 0)
    return folder


def check(folder: Path) -> None:
    with law():
        read = corpus.load(folder)
        count = len(read.entries)
        assert len(read.samples) == sum(entry.num_samples for entry in read.entries)
        assert read.labels().shape == (count,) and len(read.where("train")) + len(read.where("val")) == count
        assert np.isfinite(read.audio(np.arange(count))).all()


@examples(200)
@given(st.sampled_from(["index.csv", "corpus.json", "sounds.i16"]), EDITS)
def test_damaged_files(whole: Path, tmp_path: Path, name: str, edits: list[Edit]) -> None:
    shutil.copytree(whole, tmp_path / "corpus", dirs_exist_ok=True)
    path = tmp_path / "corpus" / name
    path.write_bytes(damaged((whole / name).read_bytes(), edits))
    check(tmp_path / "corpus")


@examples(200)
@given(st.data())
def test_changed_facts(whole: Path, tmp_path: Path, data: st.DataObject) -> None:
    shutil.copytree(whole, tmp_path / "corpus", dirs_exist_ok=True)
    about: Any = json.loads((whole / "corpus.json").read_text())
    (tmp_path / "corpus" / "corpus.json").write_bytes(json_bytes(data.draw(changed(about))))
    check(tmp_path / "corpus")


def test_what_is_nested_too_deep(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "corpus")
    (tmp_path / "corpus" / "corpus.json").write_bytes(b"[" * 100_000)
    check(tmp_path / "corpus")


@examples(250)
@given(EDITS)
def test_damaged_manifests(tmp_path: Path, edits: list[Edit]) -> None:
    (tmp_path / "manifest.csv").write_bytes(damaged(MANIFEST, edits))
    with law():
        found, skipped = scan(tmp_path)
        assert all(source.drum in BY_NAME and source.split in corpus.SPLITS for source in found)
        assert all("\n" not in why for _, why in skipped)


@pytest.mark.parametrize("path", ["/nowhere/kick.wav", "../kick.wav", "kick\0.wav", "", ".", "x" * 5000])
def test_paths_that_lead_nowhere_are_skipped(tmp_path: Path, path: str) -> None:
    sound = np.sin(np.arange(9000) / 30) * np.exp(-np.arange(9000) / 2000)
    soundfile.write(tmp_path / "good.wav", sound, 44_100)
    lines = [MANIFEST.splitlines()[0].decode(), f"{path},kick,me,CC0,a,train", "good.wav,kick,me,CC0,a,train"]
    (tmp_path / "manifest.csv").write_text("\n".join(lines))
    prepared, skipped = collect.build(tmp_path, tmp_path / "out", TINY_SIGNAL, per_class=0)
    assert len(prepared.entries) == 1 and len(skipped) == 1
