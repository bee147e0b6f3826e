"""Weight files that were damaged, swapped or made up: a network, or one line; never memory for sizes that lie."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.torch
import torch
from hypothesis import given
from hypothesis import strategies as st

from packgen.engine.engine import Engine
from packgen.errors import NoSound, WeightsError
from packgen.latent import space as latent
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier
from packgen.networks.cwae import CWAE
from packgen.networks.mcnn import MCNN
from tests.fakes import space
from tests.fuzz import EDITS, Edit, changed, damaged, examples, json_bytes, law

KINDS: dict[str, type[Any]] = {"cwae": CWAE, "mcnn": MCNN, "classifier": Classifier}
NAMES = st.sampled_from(sorted(KINDS))
SIZES = [0, -1, 1, 3, 2**20, 2**31, 2**63, 10**400, 0.5, float("nan"), "8", None, True, [], [8] * 100_000]
DTYPES = [torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.bool, torch.complex64]


def parts(data: bytes) -> tuple[dict[str, Any], bytes]:
    size = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + size]), data[8 + size :]


def joined(header: Any, tensors: bytes) -> bytes:
    text = json_bytes(header)
    return struct.pack("<Q", len(text)) + text + tensors


def check(folder: Path, name: str, data: bytes) -> None:
    path = folder / f"{name}.safetensors"
    path.write_bytes(data)
    with law():
        network, extra, header = checkpoint.load(path, KINDS[name])
        assert header.config == network.config
        for tensor in network.state_dict().values():
            assert tensor.isfinite().all() and tensor.device.type == "cpu"
        assert not any(tensor.dtype in (torch.float16, torch.bfloat16) for tensor in extra.values())


@examples(150)
@given(NAMES, EDITS)
def test_damaged_files(tiny_model: Path, tmp_path: Path, name: str, edits: list[Edit]) -> None:
    check(tmp_path, name, damaged((tiny_model / f"{name}.safetensors").read_bytes(), edits))


@examples(150)
@given(NAMES, EDITS)
def test_damaged_headers(tiny_model: Path, tmp_path: Path, name: str, edits: list[Edit]) -> None:
    data = (tiny_model / f"{name}.safetensors").read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    text = damaged(data[8 : 8 + size], edits)
    check(tmp_path, name, struct.pack("<Q", len(text)) + text + data[8 + size :])


@examples(100)
@given(st.data())
def test_changed_headers(tiny_model: Path, tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(NAMES)
    header, tensors = parts((tiny_model / f"{name}.safetensors").read_bytes())
    check(tmp_path, name, joined(data.draw(changed(header)), tensors))


@examples(150)
@given(st.data())
def test_sizes_that_lie(tiny_model: Path, tmp_path: Path, data: st.DataObject) -> None:
    """Whatever the header's sizes say, nothing is built or allocated that the file does not hold."""
    name = data.draw(NAMES)
    header, tensors = parts((tiny_model / f"{name}.safetensors").read_bytes())
    config = json.loads(header["__metadata__"]["config"])
    place = data.draw(st.sampled_from([config, config["signal"]]))
    key = data.draw(st.sampled_from(sorted(place)))
    if isinstance(place[key], list) and data.draw(st.booleans()):
        place[key][data.draw(st.integers(0, len(place[key]) - 1))] = data.draw(st.sampled_from(SIZES))
    else:
        place[key] = data.draw(st.sampled_from(SIZES))
    header["__metadata__"]["config"] = json.dumps(config)
    check(tmp_path, name, joined(header, tensors))


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize(
    "key", ["heads", "channels", "hidden", "bands", "fft", "hop", "num_samples", "latent_dim"]
)
def test_a_huge_size_is_refused_at_once(tiny_model: Path, tmp_path: Path, name: str, key: str) -> None:
    header, tensors = parts((tiny_model / f"{name}.safetensors").read_bytes())
    config = json.loads(header["__metadata__"]["config"])
    place = config if key in config else config["signal"]
    if key not in place:
        return
    for size in (2**30, 10**18):
        place[key] = [size] * len(place[key]) if isinstance(place[key], list) else size
        header["__metadata__"]["config"] = json.dumps(config)
        check(tmp_path, name, joined(header, tensors))
        with pytest.raises(WeightsError):
            checkpoint.load(tmp_path / f"{name}.safetensors", KINDS[name])


def rewritten(path: Path, change: dict[str, torch.Tensor | None]) -> None:
    """A weight file with some tensors replaced, or left out."""
    with safetensors.safe_open(path, framework="pt") as file:
        metadata = file.metadata()
    tensors: dict[str, Any] = safetensors.torch.load(path.read_bytes()) | change
    kept = {name: tensor.contiguous() for name, tensor in tensors.items() if tensor is not None}
    path.write_bytes(safetensors.torch.save(kept, metadata))


@examples(120)
@given(st.data())
def test_a_model_with_one_wrong_tensor_renders_or_is_refused(
    tiny_model: Path, tmp_path: Path, data: st.DataObject
) -> None:
    """Another type, other sizes, values that are no numbers: in weights, in the latent space, anywhere."""
    model = tmp_path / "model"
    shutil.copytree(tiny_model, model, dirs_exist_ok=True)
    path = model / f"{data.draw(NAMES)}.safetensors"
    tensors = safetensors.torch.load(path.read_bytes())
    own = [name for name in tensors if not name.startswith("extra.") or name.split(".")[2:3] == ["kick"]]
    key = data.draw(st.sampled_from([*own, "extra.ranges.kick"] if "cwae" in path.name else own))
    tensor = tensors[key]
    match data.draw(st.sampled_from(["type", "shape", "cut", "nan", "inf", "gone"])):
        case "type":
            rewritten(path, {key: tensor.to(data.draw(st.sampled_from(DTYPES)))})
        case "shape":
            rewritten(path, {key: tensor.flatten()})
        case "cut":
            rewritten(path, {key: tensor[..., : tensor.shape[-1] // 2] if tensor.ndim else tensor[None]})
        case "gone":
            rewritten(path, {key: None})
        case word:
            rewritten(path, {key: torch.full_like(tensor.float(), float(word))})
    with law():
        engine = Engine.load(model)
        try:
            sound = engine.render("kick", engine.spaces["kick"].mean)
        except NoSound:
            return
        assert np.isfinite(sound.samples).all()


def test_a_latent_space_of_another_network_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    """Whole in itself, but fitted to codes of fewer dimensions; or quantiles of fewer descriptors."""
    place = space(0)
    few = place.dimensions - 1
    smaller = latent.ClassSpace(
        place.mean[:few], place.axes[:few, :few], place.deviations[:few], place.weights,
        place.means[:, :few], place.factor[:few, :few],
    )  # fmt: skip
    arrays = latent.to_arrays({"kick": smaller}) | {"ranges.kick": np.ones((2, 5), np.float32)}
    for names in ([name for name in arrays if "latent" in name], ["ranges.kick"]):
        model = tmp_path / str(len(names))
        shutil.copytree(tiny_model, model)
        change = {f"extra.{name}": torch.from_numpy(arrays[name].copy()) for name in names}
        rewritten(model / "cwae.safetensors", {**change})
        with pytest.raises(WeightsError, match="other sizes than they; run packgen train finish"):
            Engine.load(model)


def test_networks_that_stand_in_for_each_other_are_named(tiny_model: Path, tmp_path: Path) -> None:
    for name in KINDS:
        for other in set(KINDS) - {name}:
            shutil.copy(tiny_model / f"{other}.safetensors", tmp_path / f"{name}.safetensors")
            with pytest.raises(
                WeightsError, match=f"holds {KINDS[other].__name__}, expected {KINDS[name].__name__}"
            ):
                checkpoint.load(tmp_path / f"{name}.safetensors", KINDS[name])


def test_a_foreign_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cwae.safetensors"
    for data in (
        safetensors.torch.save({"a": torch.zeros(2)}),
        b"PK\3\4" + bytes(1000),
        b"\x80\x02}q\0." * 100,  # a pickle
        struct.pack("<Q", 1 << 62) + b"{}",
        struct.pack("<Q", 99_999_999) + b"{" * 1000,
    ):
        check(tmp_path, "cwae", data)
        with pytest.raises(WeightsError, match=r"cwae\.safetensors"):
            checkpoint.load(path, CWAE)
