"""Sound files in, files out whole or not at all."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile

from packgen.audio.samples import read, resample
from packgen.errors import AudioError, OutputError
from packgen.files.atomic import atomic_file, write_atomic

RATE = 22_050
TIME = np.arange(RATE // 2) / RATE
HIT = 0.5 * np.sin(2 * np.pi * 150 * TIME) * np.exp(-12 * TIME)


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


def test_the_mean_of_ordinary_channels_is_exact(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    common, side = rng.normal(0, 0.1, (2, 50_000)).astype(np.float32)
    pairs = [(common, common), (common, side), (common, 0 * common), (common + side, common - side)]
    pairs += [(common + 0.2, side - 0.2), (common, -0.2 * common), (0 * common, 0 * common)]
    for left, right in pairs:
        soundfile.write(tmp_path / "a.wav", np.stack([left, right], axis=1), RATE, "FLOAT")
        expected = soundfile.read(tmp_path / "a.wav", dtype="float32")[0].mean(axis=1)
        np.testing.assert_array_equal(read(tmp_path / "a.wav", RATE), expected)


@pytest.mark.parametrize("share", [-0.9, -1.01, -1.2, -0.6])
@pytest.mark.parametrize("offset", [0.0, 0.05])
def test_where_channels_cancel_the_strongest_is_taken(tmp_path: Path, share: float, offset: float) -> None:
    left = (HIT + offset).astype(np.float32)
    right = (share * HIT + offset).astype(np.float32)
    soundfile.write(tmp_path / "a.wav", np.stack([left, right], axis=1), RATE, "FLOAT")
    np.testing.assert_array_equal(read(tmp_path / "a.wav", RATE), left if share > -1 else right)


def test_a_copy_of_opposite_sign_is_no_silence(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.stack([HIT, -HIT], axis=1), RATE, "FLOAT")
    np.testing.assert_allclose(np.abs(read(tmp_path / "a.wav", RATE)), np.abs(HIT), atol=1e-7)


def test_channels_cancel_in_the_part_that_is_read(tmp_path: Path) -> None:
    """What follows `max_seconds` has no say."""
    left = np.concatenate([HIT, 3 * HIT])
    right = np.concatenate([-HIT, 3 * HIT])
    soundfile.write(tmp_path / "a.wav", np.stack([left, right], axis=1), RATE, "FLOAT")
    samples = read(tmp_path / "a.wav", RATE, max_seconds=len(HIT) / RATE)
    np.testing.assert_array_equal(samples, HIT.astype(np.float32))


def test_one_channel_of_many_is_no_cancelling(tmp_path: Path) -> None:
    many = np.zeros((len(HIT), 8))
    many[:, 3] = HIT
    soundfile.write(tmp_path / "a.wav", many, RATE, "FLOAT")
    np.testing.assert_allclose(read(tmp_path / "a.wav", RATE), HIT / 8, atol=1e-7)


def wav(*chunks: tuple[bytes, int, bytes]) -> bytes:
    """A WAV file of 16 bits, mono, of chunks (name, size that is claimed, bytes that follow)."""
    form = struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16)
    body = b"".join(n + struct.pack("<I", size) + data for n, size, data in ((b"fmt ", 16, form), *chunks))
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WAVE" + body


PCM = np.round(32767 * HIT).astype("<i2").tobytes()


@pytest.mark.parametrize(
    "content",
    [
        wav((b"data", 0, PCM)),
        wav((b"LIST", 5, b"INFOx"), (b"data", len(PCM), PCM)),
        wav((b"LIST", 5, b"INFOx"), (b"data", 0, PCM)),
        wav((b"LIST", 5, b"INFOx\0"), (b"data", 0, PCM)),
    ],
    ids=["no size", "no pad byte", "neither", "pad byte but no size"],
)
def test_headers_that_are_wrong_are_mended(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    np.testing.assert_allclose(read(tmp_path / "a.wav", RATE), HIT, atol=2**-15)


@pytest.mark.parametrize("behind", [b"", b"LIST\x04\0\0\0INFO"])
def test_a_wav_that_is_truly_empty_stays_so(tmp_path: Path, behind: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(wav((b"data", 0, behind)))
    with pytest.raises(AudioError, match="no samples"):
        read(tmp_path / "a.wav", RATE)


def test_messages_name_the_path_once(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_bytes(b"no sound" * 99)
    (tmp_path / "folder.wav").mkdir()
    for name, why in [
        ("text.wav", "Format not recognised"),
        ("none.wav", "No such file or directory"),
        ("folder.wav", "Is a directory|Permission denied"),
    ]:
        with pytest.raises(AudioError, match=f"read .({why}).$") as caught:
            read(tmp_path / name, RATE)
        assert str(caught.value).count(name) == 1


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
