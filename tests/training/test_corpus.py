"""The corpus: what is read, what is skipped and why, what is filled in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from packgen.audio.mel import SignalConfig
from packgen.audio.preparation import prepare
from packgen.errors import AudioError, CorpusError
from packgen.training import collect, corpus
from packgen.training.scan import scan

SIGNAL = SignalConfig()
RATE = 44_100


def hit(seconds: float = 0.2, hertz: float = 100.0, lead: float = 0.05) -> np.ndarray:
    time = np.arange(round(seconds * RATE)) / RATE
    sound = 0.4 * np.sin(2 * np.pi * hertz * time) * np.exp(-15 * time)
    return np.concatenate([np.zeros(round(lead * RATE)), sound])


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A user's library: classes by folder and by name, and things that are no drum hits."""
    folder = tmp_path / "library"
    for index in range(6):
        for name in (f"Kicks/K_{index}.wav", f"misc/Open Hat {'abcdef'[index]}.flac"):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            soundfile.write(path, hit(hertz=100 + 50 * index), RATE)
    (folder / "Kicks" / "broken.wav").write_bytes(b"RIFF nothing")
    soundfile.write(folder / "Kicks" / "silent.wav", np.zeros(1000), RATE)
    soundfile.write(folder / "Kicks" / "click.wav", np.r_[np.zeros(100), 1.0, np.zeros(100)], RATE)
    soundfile.write(folder / "loop 120bpm.wav", hit(), RATE)
    return folder


def test_a_library_is_read_by_its_names_and_reports_what_it_skips(library: Path, tmp_path: Path) -> None:
    prepared, skipped = collect.build(library, tmp_path / "out", SIGNAL, per_class=0)
    assert {entry.drum for entry in prepared.entries} == {"kick", "open_hat"}
    assert len(prepared.entries) == 12
    reasons = {Path(path).name: reason for path, reason in skipped}
    assert "silent" in reasons["silent.wav"]
    assert "shorter than" in reasons["click.wav"]
    assert "not a sound file" in reasons["broken.wav"]
    assert "its name says loop" in reasons["loop 120bpm.wav"]


def test_sounds_are_prepared_as_the_paper_does(library: Path, tmp_path: Path) -> None:
    prepared, _ = collect.build(library, tmp_path / "out", SIGNAL, per_class=0)
    sounds = prepared.audio(np.arange(len(prepared.entries)))
    assert sounds.shape == (12, 22_015)
    np.testing.assert_allclose(np.abs(sounds).max(1), 1.0, atol=1e-4)
    assert (np.abs(sounds[:, :60]).max(1) > 0.01).all()  # they start at the onset
    for sound, entry in zip(sounds, prepared.entries, strict=True):
        assert not sound[entry.num_samples :].any()


def test_cymbals_keep_the_tail_that_the_networks_do_not_see(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    noise = np.random.default_rng(0).standard_normal(4 * RATE) * np.exp(-np.arange(4 * RATE) / RATE)
    for name in ("Crash", "Kick"):
        soundfile.write(tmp_path / "in" / f"{name}.wav", 0.2 * noise, RATE)
    prepared, _ = collect.build(tmp_path / "in", tmp_path / "out", SIGNAL, per_class=0)
    lengths = {entry.drum: entry.num_samples for entry in prepared.entries}
    assert lengths == {"crash": 3 * SIGNAL.num_samples, "kick": SIGNAL.num_samples}
    for index, entry in enumerate(prepared.entries):
        assert len(prepared.whole(index)) == entry.num_samples
        assert len(prepared.sound(index)) == SIGNAL.num_samples
        assert abs(prepared.sound(index)[-1]) < 1e-4


def test_classes_are_filled_and_the_real_ones_counted(library: Path, tmp_path: Path) -> None:
    prepared, _ = collect.build(library, tmp_path / "out", SIGNAL, per_class=12)
    table = corpus.counts(prepared.entries)
    for row in table.values():
        assert row["recorded_train"] + row["voice"] == 12
    assert table["snare"] == {"recorded_train": 0, "recorded_val": 0, "rendered": 0, "voice": 12}
    assert corpus.load(tmp_path / "out").entries == prepared.entries


def test_workers_do_not_change_what_is_made(library: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        collect.build(library, tmp_path / str(workers), SIGNAL, per_class=10, workers=workers)
    assert (tmp_path / "1" / "sounds.i16").read_bytes() == (tmp_path / "2" / "sounds.i16").read_bytes()


def test_a_group_is_never_split(library: Path) -> None:
    sources, _ = scan(library)
    splits: dict[str, set[str]] = {}
    for source in sources:
        splits.setdefault(source.group, set()).add(source.split)
    assert all(len(split) == 1 for split in splits.values())


def test_a_manifest_is_believed(library: Path, tmp_path: Path) -> None:
    lines = [
        "path,class,source,licence,group,split",
        "Kicks/K_0.wav,bass drum,me,CC0,a,val",
        "Kicks/K_1.wav,gong,me,CC0,a,train",
        "../K_2.wav,kick,me,CC0,a,train",
        "/K_3.wav,kick,me,CC0,a,train",
    ]
    (library / "manifest.csv").write_text("\n".join(lines))
    sources, skipped = scan(library)
    assert [(s.drum, s.split, s.licence) for s in sources] == [("kick", "val", "CC0")]
    assert "gong" in skipped[0][1]
    assert [reason for _, reason in skipped[1:3]] == 2 * ["its path leads out of the folder"]
    (library / "manifest.csv").write_text("path,class\n")
    with pytest.raises(CorpusError, match="lacks the columns group"):
        scan(library)


@pytest.mark.parametrize(
    "make", [lambda p: None, lambda p: p.mkdir(), lambda p: (p.mkdir(), (p / "kick.wav").write_text("?"))]
)
def test_folders_without_sounds_are_named(tmp_path: Path, make) -> None:  # type: ignore[no-untyped-def]
    make(tmp_path / "folder")
    with pytest.raises(CorpusError, match="folder"):
        collect.build(tmp_path / "folder", tmp_path / "out", SIGNAL, per_class=0)
    assert not (tmp_path / "out" / "sounds.i16").exists()


def test_what_is_no_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="packgen corpus FOLDER"):
        corpus.load(tmp_path)


@settings(max_examples=60, deadline=None)
@given(arrays(np.float32, st.integers(0, 3000), elements=st.floats(-1, 1, width=32)))
def test_any_samples_are_prepared_or_refused(samples: np.ndarray) -> None:
    try:
        sound = prepare(samples, SIGNAL)
    except AudioError:
        return
    assert np.abs(sound).max() == pytest.approx(1.0, abs=1e-5)
    assert len(sound) <= SIGNAL.num_samples
