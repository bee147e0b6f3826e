"""Weight files: one safetensors file a network, its sizes and provenance in the header. No pickle.

The header's metadata holds four strings: ``format`` (``packgen-1``), ``network`` (the class), ``config``
(JSON of its frozen dataclass) and ``provenance`` (JSON: data, steps, hours, measures).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from packgen.errors import WeightsError
from packgen.files.atomic import write_atomic
from packgen.files.documents import parse_json, shown
from packgen.networks.classifier import Classifier, ClassifierConfig
from packgen.networks.cwae import CWAE, CWAEConfig
from packgen.networks.mcnn import MCNN, MCNNConfig
from packgen.networks.texture import Texture, TextureConfig

FORMAT = "packgen-1"

# Every network that a weight file can hold, with the dataclass of its sizes.
CONFIGS: dict[type[nn.Module], type[Any]] = {
    CWAE: CWAEConfig,
    MCNN: MCNNConfig,
    Classifier: ClassifierConfig,
    Texture: TextureConfig,
}

# The most that a header may say of its sizes: what is built from them stays small, whatever a file claims.
MOST = {"heads": 256, "sample_rate": 384_000, "num_samples": 1 << 22, "fft": 1 << 13, "bands": 1 << 11}
MOST_OTHERS = 1 << 16  # of every other size
MOST_LAYERS = 64

ADDED = {"top", "gain"}  # fields that came later: files from before lack them

Network = TypeVar("Network", bound=nn.Module)


@dataclass(frozen=True)
class Header:
    """What a weight file says about itself."""

    network: str
    config: Any
    provenance: dict[str, Any]
    digest: str  # sha256 of the whole file, in hexadecimal


def save(
    path: Path, network: nn.Module, provenance: dict[str, Any], extra: dict[str, Tensor] | None = None
) -> None:
    """Write a network's weights in half precision, atomically.

    Args:
        path: the file to write.
        network: one of `CONFIGS`, with its sizes in ``network.config``.
        provenance: JSON-able facts about the training.
        extra: more tensors to keep in the file (say, the latent space's axes), in full precision.

    Raises:
        OutputError: if the file cannot be written.
    """
    tensors = {name: _stored(tensor) for name, tensor in network.state_dict().items()}
    tensors |= {f"extra.{name}": tensor.clone().contiguous() for name, tensor in (extra or {}).items()}
    metadata = {
        "format": FORMAT,
        "network": type(network).__name__,
        "config": json.dumps(dataclasses.asdict(typing.cast(Any, network).config), sort_keys=True),
        "provenance": json.dumps(provenance, sort_keys=True),
    }
    write_atomic(path, _sorted_header(safetensors.torch.save(tensors, metadata)))


def _sorted_header(data: bytes) -> bytes:
    """The same file with its header's keys in order: safetensors writes metadata in a random one."""
    values, size = read_header(data)
    header = json.dumps(values, sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)  # tensors stay aligned to eight bytes
    return len(header).to_bytes(8, "little") + header + data[8 + size :]


def read_header(data: bytes) -> tuple[Any, int]:
    """The header of a safetensors file, as JSON gives it, and its size in bytes; ValueError if there is none."""
    size = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + size]), size


def _stored(tensor: Tensor) -> Tensor:
    tensor = tensor.detach().cpu()
    return tensor.half().contiguous() if tensor.is_floating_point() else tensor.contiguous()


def load(path: Path, kind: type[Network]) -> tuple[Network, dict[str, Tensor], Header]:
    """Read a network of the given kind, ready for inference in float32, with its extra tensors and header.

    Raises:
        WeightsError: if the file is missing, damaged, or holds something else.
    """
    if not path.is_file():
        raise WeightsError(f"{path}: no such weight file; give a model that has one")
    try:
        data = path.read_bytes()
        with safetensors.safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        tensors = safetensors.torch.load(data)
    except (safetensors.SafetensorError, OSError, ValueError, KeyError, RuntimeError) as error:
        raise WeightsError(
            f"{path}: damaged weight file ({_reason(error)}); install packgen again or retrain"
        ) from error
    name, form = metadata.get("network"), metadata.get("format")
    if form != FORMAT:
        raise WeightsError(
            f"{path}: not a weight file of this packgen (format {shown(form)}, expected {FORMAT!r})"
        )
    if name != kind.__name__:
        held = name if name in {each.__name__ for each in CONFIGS} else "something else"
        raise WeightsError(f"{path} holds {held}, expected {kind.__name__}")
    tensors = {key: t.float() if t.is_floating_point() else t for key, t in tensors.items()}
    extra = {key.removeprefix("extra."): t for key, t in tensors.items() if key.startswith("extra.")}
    state = {key: t for key, t in tensors.items() if not key.startswith("extra.")}
    try:
        config = build_config(CONFIGS[kind], parse_json(metadata["config"]))
        provenance = dict(parse_json(metadata.get("provenance", "{}")))
        with torch.device("meta"):  # no memory and no random numbers for weights that are replaced at once
            network = kind(config)
        types = {key: tensor.dtype for key, tensor in network.state_dict().items()}
        for key, tensor in state.items():
            if tensor.dtype != types.get(key, tensor.dtype) or not tensor.isfinite().all():
                raise ValueError(f"{key} holds what is no weight")
        network.load_state_dict(state, strict=True, assign=True)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        reason = _reason(error)
        raise WeightsError(
            f"{path}: its sizes and weights do not fit together ({reason}); retrain it"
        ) from error
    network.eval()
    return network, extra, Header(name, config, provenance, hashlib.sha256(data).hexdigest())


def _reason(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


def build_config(kind: type[Any], values: dict[str, Any]) -> Any:
    """A frozen dataclass from JSON: nested dataclasses and tuples come back as such.

    A field that a file from before it was added lacks takes its default.

    Raises:
        KeyError, TypeError, ValueError: if a value is missing, of another type, or beyond all measure.
    """
    hints = typing.get_type_hints(kind)
    names = [
        field.name for field in dataclasses.fields(kind) if field.name in values or field.name not in ADDED
    ]
    return kind(**{name: _value(name, values[name], hints[name]) for name in names})


def _value(name: str, value: Any, hint: Any) -> Any:
    """A JSON value as a field's type wants it."""
    if dataclasses.is_dataclass(hint):
        return build_config(typing.cast(type[Any], hint), value)
    if typing.get_origin(hint) is tuple and isinstance(value, list) and 0 < len(value) <= MOST_LAYERS:
        return tuple(_value(name, item, typing.get_args(hint)[0]) for item in value)
    if hint is str and isinstance(value, str):
        return value
    if hint is float and type(value) in (int, float) and 0 <= value < 1e30:
        return float(value)
    if hint is int and type(value) is int and 1 <= value <= MOST.get(name, MOST_OTHERS):
        return value
    raise ValueError(f"{name} is {shown(value)}")
