"""The state of a training run on disk: everything needed to go on as if it had never stopped.

One file, replaced as a whole: the network, its averaged weights, the optimiser's moments, and in the header where
the run stands.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import safetensors
import safetensors.torch
from torch import Tensor, nn

from packgen.errors import WeightsError
from packgen.files.atomic import write_atomic
from packgen.networks import checkpoint
from packgen.training.distributed import Ranks
from packgen.training.muon import Muon, rows_first

FILE = "state.safetensors"
OPTIMISER = "muon"  # prefix of its tensors


@dataclass
class Progress:
    """Where a run stands."""

    step: int = 0
    minutes: float = 0.0  # so far, of all runs together
    rate_scale: float = 1.0
    best: float = float("inf")
    stale: int = 0
    check_minutes: float = 0.0  # that measuring the weights took the last time


def disk_need(network: nn.Module) -> int:
    """Bytes that a run's state and its best weights take, about."""
    weights = sum(tensor.nbytes for tensor in network.state_dict().values())
    moments = sum(p.nbytes * (1 if rows_first(p) is not None else 2) for p in network.parameters())
    return int(2.5 * weights) + moments  # the averaged ones; the best, in half precision


def disk_use(folder: Path) -> int:
    """Bytes that a run's state takes now."""
    path = folder / FILE
    return path.stat().st_size if path.exists() else 0


def save(folder: Path, network: nn.Module, average: nn.Module, optimiser: Muon, progress: Progress) -> None:
    """Write the state whole or not at all.

    Raises:
        OutputError: if it cannot be written.
    """
    tensors = {f"network.{k}": v for k, v in network.state_dict().items()}
    tensors |= {f"average.{k}": v for k, v in average.state_dict().items()}
    for index, state in optimiser.state_dict()["state"].items():
        tensors |= {f"{OPTIMISER}.{index}.{key}": value for key, value in state.items()}
    write_atomic(folder / FILE, packed(tensors, {"progress": json.dumps(asdict(progress))}))


def packed(tensors: dict[str, Tensor], metadata: dict[str, str] | None = None) -> bytes:
    """Tensors of any device as the bytes of a safetensors file."""
    kept = {key: value.detach().cpu().contiguous() for key, value in tensors.items()}
    return safetensors.torch.save(kept, metadata)


def resume(
    folder: Path, network: nn.Module, average: nn.Module, optimiser: Muon, ranks: Ranks
) -> Progress | None:
    """Take up the folder's state on every rank; None if there is none.

    Raises:
        WeightsError: if it is damaged, or of a network of other sizes.
    """
    path = folder / FILE
    data = ranks.from_first(path.read_bytes() if ranks.leads and path.exists() else None)
    if data is None:
        return None
    try:
        tensors = safetensors.torch.load(data)
        header, _ = checkpoint.read_header(data)
        values = json.loads(header["__metadata__"]["progress"])
        minutes, rate_scale, best = (float(values[key]) for key in ("minutes", "rate_scale", "best"))
        progress = Progress(int(values["step"]), minutes, rate_scale, best, int(values["stale"]))
        progress.check_minutes = float(values.get("check_minutes", 0.0))  # older states lack it
        network.load_state_dict(_part(tensors, "network."))
        average.load_state_dict(_part(tensors, "average."))
        states: dict[int, dict[str, Tensor]] = {}
        for key, value in _part(tensors, f"{OPTIMISER}.").items():
            index, name = key.split(".", 1)
            states.setdefault(int(index), {})[name] = value
        if states:  # a run begun with another optimiser goes on with this one
            optimiser.load_state_dict(
                {"state": states, "param_groups": optimiser.state_dict()["param_groups"]}
            )
    except (
        safetensors.SafetensorError,
        KeyError,
        RuntimeError,
        TypeError,
        ValueError,
        AttributeError,
    ) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise WeightsError(
            f"{path}: state of another network ({reason}); train in another folder or delete it"
        ) from error
    return progress


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
