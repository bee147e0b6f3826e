"""Weight files: one safetensors file a network, its sizes and provenance in the header. No pickle.

The header's metadata holds four strings: ``format`` (``packgen-1``), ``network`` (the class), ``config``
(JSON of its frozen dataclass) and ``provenance`` (JSON: data, steps, hours, measures).
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from packgen.audio import write_atomic
from packgen.errors import WeightsError
from packgen.networks.classifier import Classifier, ClassifierConfig
from packgen.networks.cwae import CWAE, CWAEConfig
from packgen.networks.mcnn import MCNN, MCNNConfig

FORMAT = "packgen-1"

# Every network that a weight file can hold, with the dataclass of its sizes.
CONFIGS: dict[type[nn.Module], type[Any]] = {CWAE: CWAEConfig, MCNN: MCNNConfig, Classifier: ClassifierConfig}

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
    size = int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8 : 8 + size]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)  # tensors stay aligned to eight bytes
    return len(header).to_bytes(8, "little") + header + data[8 + size :]


def _stored(tensor: Tensor) -> Tensor:
    tensor = tensor.detach().cpu()
    return tensor.half().contiguous() if tensor.is_floating_point() else tensor.contiguous()


def load(path: Path, kind: type[Network]) -> tuple[Network, dict[str, Tensor], Header]:
    """Read a network of the given kind, ready for inference in float32, with its extra tensors and header.

    Raises:
        WeightsError: if the file is missing, damaged, or holds something else.
    """
    if not path.is_file():
        raise WeightsError(f"{path}: no such weight file; give --model a folder that holds {path.name}")
    try:
        data = path.read_bytes()
        with safetensors.safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        tensors = safetensors.torch.load(data)
    except (safetensors.SafetensorError, OSError, ValueError) as error:
        raise WeightsError(
            f"{path}: damaged weight file ({error}); install packgen again or retrain"
        ) from error
    name = metadata.get("network", "something else")
    if metadata.get("format") != FORMAT:
        raise WeightsError(
            f"{path}: not a weight file of this packgen (format {metadata.get('format')!r}, expected {FORMAT!r})"
        )
    if name != kind.__name__:
        raise WeightsError(f"{path} holds {name}, expected {kind.__name__}")
    extra = {key.removeprefix("extra."): t for key, t in tensors.items() if key.startswith("extra.")}
    state = {
        key: t.float() if t.is_floating_point() else t
        for key, t in tensors.items()
        if not key.startswith("extra.")
    }
    try:
        config = _build(CONFIGS[kind], json.loads(metadata["config"]))
        provenance = json.loads(metadata.get("provenance", "{}"))
        with torch.device("meta"):  # no memory and no random numbers for weights that are replaced at once
            network = kind(config)
        network.load_state_dict(state, strict=True, assign=True)
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise WeightsError(
            f"{path}: its sizes and weights do not fit together ({reason}); retrain it"
        ) from error
    network.eval()
    return network, extra, Header(name, config, provenance, hashlib.sha256(data).hexdigest())


def _build(kind: type[Any], values: dict[str, Any]) -> Any:
    """A frozen dataclass from JSON: nested dataclasses and tuples come back as such."""
    hints = typing.get_type_hints(kind)
    built = {}
    for field in dataclasses.fields(kind):
        value = values[field.name]
        hint = hints[field.name]
        if dataclasses.is_dataclass(hint):
            value = _build(typing.cast(type[Any], hint), value)
        elif typing.get_origin(hint) is tuple and not isinstance(hint, types.UnionType):
            value = tuple(value)
        built[field.name] = value
    return kind(**built)
