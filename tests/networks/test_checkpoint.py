"""Weight files: what goes in comes out, and what is wrong is refused in one line."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
import torch
from torch.testing import assert_close

from packgen.classes import CLASS_NAMES
from packgen.errors import WeightsError
from packgen.networks import checkpoint
from packgen.networks.cwae import CWAE
from packgen.networks.mcnn import MCNN
from tests.conftest import tiny_networks


def test_a_network_survives_its_file(tmp_path: Path) -> None:
    cwae, _, _ = tiny_networks()
    extra = {"axes": torch.rand(3, 3)}
    checkpoint.save(tmp_path / "cwae.safetensors", cwae, {"steps": 12, "hours": 0.5}, extra)
    loaded, tensors, header = checkpoint.load(tmp_path / "cwae.safetensors", CWAE)
    assert loaded.config == cwae.config
    assert header.provenance == {"steps": 12, "hours": 0.5}
    assert torch.equal(tensors["axes"], extra["axes"])
    z, classes = torch.randn(2, 8), torch.eye(len(CLASS_NAMES))[:2]
    with torch.inference_mode():
        assert_close(
            loaded.decode(z, classes), cwae.decode(z, classes), atol=0.03, rtol=0.01
        )  # half precision
    assert not loaded.training


def test_the_same_network_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        checkpoint.save(tmp_path / name, tiny_networks()[1], {"b": 1, "a": 2})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_the_wrong_kind_is_refused(tmp_path: Path) -> None:
    checkpoint.save(tmp_path / "cwae.safetensors", tiny_networks()[1], {})
    with pytest.raises(WeightsError, match=r"cwae\.safetensors holds MCNN, expected CWAE"):
        checkpoint.load(tmp_path / "cwae.safetensors", CWAE)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no such weight file"):
        checkpoint.load(tmp_path / "mcnn.safetensors", MCNN)


@pytest.mark.promise("One line for an error")
@pytest.mark.parametrize(
    "damage", ["truncated", "garbage", "empty", "huge header", "swapped sizes", "no metadata"]
)
def test_damage_is_one_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "mcnn.safetensors"
    checkpoint.save(path, tiny_networks()[1], {})
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    if damage == "swapped sizes":
        config = json.loads(header["__metadata__"]["config"]) | {"heads": 5}
        header["__metadata__"]["config"] = json.dumps(config)
    if damage == "no metadata":
        del header["__metadata__"]
    text = json.dumps(header).encode()
    path.write_bytes(
        {
            "truncated": data[: len(data) // 2],
            "garbage": b"x" * 1000,
            "empty": b"",
            "huge header": struct.pack("<Q", 2**60) + data[8:],
            "swapped sizes": struct.pack("<Q", len(text)) + text + data[8 + size :],
            "no metadata": struct.pack("<Q", len(text)) + text + data[8 + size :],
        }[damage]
    )
    with pytest.raises(WeightsError, match=r"mcnn\.safetensors") as caught:
        checkpoint.load(path, MCNN)
    assert "\n" not in str(caught.value)
