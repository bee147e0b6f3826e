"""Sound files in, files out whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from packgen.audio import atomic_file, read, resample, write_atomic
from packgen.errors import AudioError, OutputError


def test_channels_are_averaged_and_the_rate_is_changed(tmp_path: Path) -> None:
    tone = np.sin(2 * np.pi * 100 * np.arange(44_100) / 44_100)
    soundfile.write(tmp_path / "a.wav", np.stack([tone, 0 * tone], axis=1), 44_100, "PCM_24")
    mono = read(tmp_path / "a.wav", 22_050)
    assert len(mono) == 22_050
    expected = 0.5 * np.sin(2 * np.pi * 100 * np.arange(22_050) / 22_050)
    np.testing.assert_allclose(mono[500:-500], expected[500:-500], atol=1e-3)


def test_values_that_are_not_finite_become_silence(tmp_path: Path) -> None:
    data = np.array([0.5, np.nan, np.inf, -0.5] * 100, np.float32)
    soundfile.write(tmp_path / "a.wav", data, 22_050, "FLOAT")
    assert np.isfinite(read(tmp_path / "a.wav", 22_050)).all()


@pytest.mark.parametrize("content", [b"", b"RIFF", b"not a sound at all" * 100])
def test_what_is_no_sound_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=r"broken\.wav"):
        read(path, 22_050)


def test_no_samples_are_an_error(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), 22_050)
    with pytest.raises(AudioError, match="no samples"):
        read(tmp_path / "empty.wav", 22_050)


def test_resampling_there_and_back_keeps_a_tone() -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(22_050) / 22_050).astype(np.float32)
    back = resample(resample(tone, 22_050, 44_100), 44_100, 22_050)
    np.testing.assert_allclose(back[1000:-1000], tone[1000:-1000], atol=1e-3)


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), atomic_file(tmp_path / "a.bin") as file:
        file.write(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nowhere"):
        write_atomic(tmp_path / "nowhere" / "a.bin", b"")
