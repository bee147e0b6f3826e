"""Manifests, journals and shards, damaged or made up: a report, a pack, or one line; nothing outside is touched."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from packgen.engine.engine import Engine
from packgen.files.folders import WORK
from packgen.formats import FORMATS
from packgen.humanizer.events import Lane
from packgen.humanizer.sources import read_pack
from packgen.packs.folder import JOURNAL, SHARD_FACTS, SHARD_SOUNDS, Shard
from packgen.packs.inspection import inspect
from packgen.packs.shards import merge
from packgen.packs.writer import PackWriter
from packgen.planning.plan import plan
from packgen.rendering.renderer import render_sound
from tests.fuzz import EDITS, Edit, changed, damaged, examples, json_bytes, law
from tests.packs.test_writer import INFO, RECIPE

SAMPLERS = ["sfz", "dspreset", "dslibrary", "h2drumkit", "adg", "sf2", "sitala", "csv"]


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory, tiny_engine: Engine) -> Path:
    """Three folders: a whole pack in all formats, an unfinished one, and a shard that is all of a pack."""
    folder = tmp_path_factory.mktemp("packs")
    whole = replace(INFO, formats=tuple(FORMATS))
    writers = {
        "whole": PackWriter(folder / "whole", whole, tiny_engine.ranges),
        "half": PackWriter(folder / "half", INFO, tiny_engine.ranges),
        "shard": PackWriter(folder / "shard", INFO, tiny_engine.ranges, shard=Shard(1, 1)),
    }
    for entry in plan(RECIPE):
        sound = render_sound(tiny_engine, RECIPE, entry)
        for writer in writers.values():
            writer.add(sound, tiny_engine.signal.sample_rate)
    writers["whole"].finish()
    writers["half"].close()
    writers["shard"].seal()
    writers["shard"].close()
    return folder


def copy(packs: Path, name: str, tmp_path: Path) -> Path:
    """A fresh copy of one of them, beside a file that nobody may touch."""
    shutil.rmtree(tmp_path, ignore_errors=True)
    shutil.copytree(packs / name, tmp_path / name)
    (tmp_path / "mine.wav").write_bytes(b"mine")
    return tmp_path / name


def check_manifest(pack: Path, engine: Engine, data: bytes) -> None:
    (pack / "manifest.json").write_bytes(data)
    with law():
        report = inspect(pack)
        assert all("\n" not in line for line in (*report.problems, *report.notes))
    with law():
        read_pack(pack, [Lane("kick", 36)], engine.spaces)
    with law():
        PackWriter(pack, INFO, engine.ranges, force=True).close()
    assert (pack.parent / "mine.wav").read_bytes() == b"mine"


@examples(70)
@given(data=st.data())
def test_changed_manifests(packs: Path, tiny_engine: Engine, tmp_path: Path, data: st.DataObject) -> None:
    pack = copy(packs, "whole", tmp_path)
    manifest: Any = json.loads((pack / "manifest.json").read_text())
    check_manifest(pack, tiny_engine, json_bytes(data.draw(changed(manifest))))


@examples(50)
@given(edits=EDITS)
def test_damaged_manifests(packs: Path, tiny_engine: Engine, tmp_path: Path, edits: list[Edit]) -> None:
    pack = copy(packs, "whole", tmp_path)
    check_manifest(pack, tiny_engine, damaged((pack / "manifest.json").read_bytes(), edits))


@examples(60)
@given(suffix=st.sampled_from(SAMPLERS), edits=EDITS)
def test_damaged_sampler_files(packs: Path, tmp_path: Path, suffix: str, edits: list[Edit]) -> None:
    pack = copy(packs, "whole", tmp_path)
    path = sorted(pack.glob(f"*.{suffix}"))[0]
    path.write_bytes(damaged(path.read_bytes(), edits))
    with law():
        report = inspect(pack)
        assert all("\n" not in line for line in (*report.problems, *report.notes))


def lines(data: bytes, change: Any) -> bytes:
    """A journal of several records with one of them changed."""
    rows = [json.loads(line) for line in data.splitlines()]
    changes = change(rows)
    return (
        b"".join(json_bytes(row) + b"\n" for row in changes)
        if isinstance(changes, list)
        else json_bytes(changes)
    )


def check_journal(pack: Path, engine: Engine, data: bytes) -> None:
    (pack / WORK / JOURNAL).write_bytes(data)
    with law():
        writer = PackWriter(pack, INFO, engine.ranges, resume=True)
        try:
            for entry in plan(RECIPE):
                if not writer.has(entry.drum, entry.index):
                    writer.add(render_sound(engine, RECIPE, entry), engine.signal.sample_rate)
            writer.finish()
        finally:
            writer.close()
        inspect(pack)
    assert (pack.parent / "mine.wav").read_bytes() == b"mine"


@examples(20)
@given(data=st.data())
def test_changed_journals(packs: Path, tiny_engine: Engine, tmp_path: Path, data: st.DataObject) -> None:
    pack = copy(packs, "half", tmp_path)
    journal = (pack / WORK / JOURNAL).read_bytes()
    check_journal(pack, tiny_engine, lines(journal, lambda rows: data.draw(changed(rows))))


@examples(20)
@given(edits=EDITS)
def test_damaged_journals(packs: Path, tiny_engine: Engine, tmp_path: Path, edits: list[Edit]) -> None:
    pack = copy(packs, "half", tmp_path)
    check_journal(pack, tiny_engine, damaged((pack / WORK / JOURNAL).read_bytes(), edits))


@examples(40)
@given(data=st.data(), name=st.sampled_from([SHARD_FACTS, SHARD_SOUNDS]))
def test_changed_shards(packs: Path, tmp_path: Path, data: st.DataObject, name: str) -> None:
    pack = copy(packs, "shard", tmp_path)
    before = (pack / name).read_bytes()
    if data.draw(st.booleans()):
        after = damaged(before, data.draw(EDITS))
    elif name == SHARD_FACTS:
        after = json_bytes(data.draw(changed(json.loads(before))))
    else:
        after = lines(before, lambda rows: data.draw(changed(rows)))
    (pack / name).write_bytes(after)
    with law():
        merge([pack], tmp_path / "merged")
        inspect(tmp_path / "merged")
    assert (tmp_path / "mine.wav").read_bytes() == b"mine"
