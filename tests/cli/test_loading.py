"""What a model lacks is said in one line, and only to those who want to hear."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from packgen.classes import CLASS_NAMES
from packgen.cli.loading import load_engine, say_what_lacks
from packgen.errors import WeightsError
from packgen.networks import checkpoint
from packgen.networks.texture import Texture, sizes_for
from tests.conftest import TINY_SIGNAL


def test_a_model_without_texture_network_says_so_in_one_line(
    tiny_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    say_what_lacks(load_engine(tiny_model), "tiny")
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "tiny has no texture network" in said and "packgen train texture" in said


def test_a_model_with_one_says_nothing_and_is_another_model(
    tiny_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = load_engine(tiny_model)
    folder = shutil.copytree(tiny_model, tmp_path / "textured")
    torch.manual_seed(0)
    checkpoint.save(folder / "texture.safetensors", Texture(sizes_for(CLASS_NAMES, TINY_SIGNAL)), {})
    engine = load_engine(folder)
    say_what_lacks(engine, "textured")
    assert capsys.readouterr().err == ""
    assert engine.digest != plain.digest
    code = plain.spaces["snare"].mean
    first, again, without = (
        engine.sound("snare", code),
        engine.sound("snare", code),
        plain.sound("snare", code),
    )
    assert (first == again).all()
    size = min(len(first), len(without))
    assert abs(first[:size] - without[:size]).max() > 1e-3


def test_a_texture_network_of_other_classes_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_model, tmp_path / "other")
    checkpoint.save(folder / "texture.safetensors", Texture(sizes_for(("kick",), TINY_SIGNAL)), {})
    with pytest.raises(WeightsError, match="other classes"):
        load_engine(folder)
