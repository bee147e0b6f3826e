"""The embedding of aiSFX without its weights: shapes, its filters, and what is said of a wrong file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from packgen.errors import WeightsError
from packgen.evaluation import aisfx


def test_a_tone_stands_in_its_band_and_the_rest_of_the_block_is_silence() -> None:
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(aisfx.RATE) / aisfx.RATE)
    found = aisfx.spectrogram(torch.from_numpy(tone[None].astype(np.float32)))
    assert found.shape == (1, aisfx.FRAMES, aisfx.BANDS)
    mel = 1127.01048 * np.log1p(1000 / 700) / (1127.01048 * np.log1p(22_050 / 700)) * (aisfx.BANDS + 1) - 1
    assert abs(int(found[0, 10].argmax()) - mel) < 1
    assert 0.5 < float(found.max()) < 1.05  # the scale of its training
    assert float(found[0, 60:].abs().max()) == 0.0


def test_sounds_of_any_rate_become_points() -> None:
    noise = np.random.default_rng(0).uniform(-1, 1, (2, 5000)).astype(np.float32)
    points = aisfx.Embedding().eval().points(noise, 22_050)
    assert points.shape == (2, 512) and np.isfinite(points).all()


def test_a_missing_package_is_none_and_a_wrong_file_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aisfx, "PACKAGE", "no_such_package_at_all")
    assert aisfx.load() is None
    package = tmp_path / "like_aisfx"
    (package / "models").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('nobody imports this')\n")
    (package / "models" / "checkpoint.pth").write_bytes(b"no weights")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(aisfx, "PACKAGE", "like_aisfx")
    with pytest.raises(WeightsError, match=r"checkpoint\.pth: not the weights of aiSFX") as error:
        aisfx.load()
    assert "\n" not in str(error.value)
