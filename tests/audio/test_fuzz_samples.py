"""Sound files of every kind and none: samples as they should be, or one line; never more memory than a minute takes."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from packgen.audio.mel import SignalConfig
from packgen.audio.preparation import prepare
from packgen.audio.samples import MAX_SECONDS, read
from packgen.cli.app import app
from packgen.engine.engine import Engine
from packgen.errors import AudioError
from packgen.evaluation.reconstruction import reconstruct
from packgen.training import corpus
from tests.fuzz import EDITS, Edit, damaged, examples, law

RATE = 22_050
FORMATS = {
    "wav": ("WAV", "PCM_24"),
    "aiff": ("AIFF", "PCM_16"),
    "flac": ("FLAC", "PCM_16"),
    "ogg": ("OGG", "VORBIS"),
}


def hit(rate: int = 44_100, seconds: float = 0.2, channels: int = 1) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    sound = 0.5 * np.sin(2 * np.pi * 150 * time) * np.exp(-20 * time)
    return np.repeat(sound[:, None], channels, axis=1)


def encoded(samples: np.ndarray, rate: int, suffix: str, subtype: str | None = None) -> bytes:
    memory = io.BytesIO()
    soundfile.write(memory, samples, rate, format=FORMATS[suffix][0], subtype=subtype or FORMATS[suffix][1])
    return memory.getvalue()


HITS = {suffix: encoded(hit(channels=2), 44_100, suffix) for suffix in FORMATS}


def check(path: Path, engine: Engine | None = None) -> None:
    with law():
        samples = read(path, RATE)
        assert samples.dtype == np.float32 and samples.ndim == 1 and np.isfinite(samples).all()
        assert len(samples) <= MAX_SECONDS * RATE + 1
    with law():
        prepared = prepare(read(path, RATE), SignalConfig())
        assert np.isfinite(prepared).all() and np.abs(prepared).max() == pytest.approx(1.0, abs=1e-3)
    if engine is not None:
        with law():
            found = reconstruct(engine, path)
            assert (
                np.isfinite(found.rebuilt).all()
                and np.isfinite([found.mss, found.mel_sc_db, found.gain]).all()
            )


@examples(250)
@given(st.sampled_from(sorted(FORMATS)), EDITS)
def test_damaged_files(tmp_path: Path, suffix: str, edits: list[Edit]) -> None:
    path = tmp_path / f"hit.{suffix}"
    path.write_bytes(damaged(HITS[suffix], edits))
    check(path)


@examples(150)
@given(st.sampled_from(sorted(FORMATS)), EDITS)
def test_damaged_headers(tmp_path: Path, suffix: str, edits: list[Edit]) -> None:
    path = tmp_path / f"hit.{suffix}"
    path.write_bytes(damaged(HITS[suffix][:64], edits) + HITS[suffix][64:])
    check(path)


VALUES = [0.0, 1.0, -1.0, 1e-40, 1e-5, 3.4e38, -3.4e38, np.nan, np.inf, -np.inf]


@examples(60)
@given(st.lists(st.sampled_from(VALUES), max_size=50), st.integers(1, 3000), st.integers(1, 8))
def test_floats_of_every_size(
    tiny_engine: Engine, tmp_path: Path, values: list[float], repeat: int, channels: int
) -> None:
    samples = np.repeat(np.array(values, np.float32), repeat)
    soundfile.write(tmp_path / "a.wav", np.stack([samples] * channels, axis=1), 22_050, "FLOAT")
    check(tmp_path / "a.wav", tiny_engine)


@pytest.mark.parametrize("suffix", sorted(FORMATS))
@pytest.mark.parametrize("rate", [8_000, 11_025, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 8])
def test_every_format_rate_and_number_of_channels_gives_the_same_sound(
    tmp_path: Path, suffix: str, rate: int, channels: int
) -> None:
    path = tmp_path / f"hit.{suffix}"
    path.write_bytes(encoded(hit(rate, channels=channels), rate, suffix))
    check(path)
    expected = hit(RATE)[:, 0]
    samples = read(path, RATE)[: len(expected)]
    assert np.dot(samples, expected) / np.sqrt((samples**2).sum() * (expected**2).sum()) > 0.98


@pytest.mark.parametrize("suffix", sorted(FORMATS))
@pytest.mark.parametrize("frames", [0, 1, 2, 100])
def test_next_to_nothing(tiny_engine: Engine, tmp_path: Path, suffix: str, frames: int) -> None:
    path = tmp_path / f"short.{suffix}"
    path.write_bytes(encoded(hit()[:frames], 44_100, suffix))
    check(path, tiny_engine)
    with pytest.raises(AudioError, match="short"):
        reconstruct(tiny_engine, path)


def test_ten_minutes_are_read_for_a_minute_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    block = np.zeros((192_000, 8), np.int16)
    block[0] = 20_000
    with soundfile.SoundFile(path, "w", 192_000, 8, format="FLAC", subtype="PCM_16") as file:
        for _ in range(600):
            file.write(block)
    check(path)
    assert len(read(path, RATE)) == MAX_SECONDS * RATE


def test_a_thousand_channels_do_not_fill_the_memory(tmp_path: Path) -> None:
    """A WAV that is nearly all hole: 1024 channels at 192 kHz, a minute of which would be 47 GB of floats."""
    path, channels, rate = tmp_path / "wide.wav", 1024, 192_000
    size = rate * channels  # a second of 8 bits
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate, size, channels, 8)
    with path.open("wb") as file:
        file.write(
            struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size)
        )
        file.truncate(44 + size)
    check(path)
    assert len(read(path, RATE)) == RATE


def test_the_commands_skip_what_is_no_sound_and_go_on(tiny_model: Path, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    for suffix, data in HITS.items():
        (library / f"kick {suffix}.{suffix}").write_bytes(data)
        (library / f"kick cut {suffix}.{suffix}").write_bytes(data[: len(data) // 2])
    for name, data in {
        "kick text.wav": b"no sound" * 99,
        "kick none.wav": b"",
        "kick zip.aif": b"PK\3\4" * 99,
    }.items():
        (library / name).write_bytes(data)
    soundfile.write(library / "kick nan.wav", np.full(5000, np.nan), 44_100, "FLOAT")
    soundfile.write(library / "kick silent.wav", np.zeros((5000, 8)), 8_000)
    arguments = ["corpus", str(library), "--out", str(tmp_path / "out"), "--per-class", "0", "--workers", "1"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert len(corpus.load(tmp_path / "out").entries) >= len(HITS)
    files = sorted(map(str, library.iterdir()))
    done = CliRunner().invoke(
        app, ["reconstruct", *files, "--out", str(tmp_path / "new"), "--model", str(tiny_model)]
    )
    assert isinstance(done.exception, AudioError) and len(list((tmp_path / "new").iterdir())) >= len(HITS)
