"""Warm start: a network begins with the weights of another that knows fewer bands or classes.

What both have is copied. Dense weights of new bands start where they change nothing below; a new class starts as a
copy of a near one. So on sounds without energy in the new bands, old and new network agree at first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from packgen.errors import WeightsError
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier
from packgen.networks.cwae import CWAE, ConditionalBatchNorm
from packgen.networks.mcnn import MCNN
from packgen.networks.texture import Texture

# What a class that a model does not know starts as.
NEAR = {"crash": "open_hat", "ride": "open_hat", "rim": "snare", "cowbell": "conga"}
LIVELY = 0.05  # least start of a new band's rectified features: at zero they would never learn

State = dict[str, Tensor]


def warm_start(network: nn.Module, path: Path, say: Callable[[str], None]) -> None:
    """Start a network's weights from a weight file of the same kind of network.

    Args:
        network: a `CWAE`, `MCNN`, `Texture` or `Classifier`, changed in place.
        path: the weight file.
        say: told what was widened.

    Raises:
        WeightsError: if the file is missing, damaged, of another kind, or its layers do not fit.
    """
    old, _, _ = checkpoint.load(path, type(network))
    ours, theirs = _config(network), _config(old)
    try:
        if isinstance(network, CWAE) and isinstance(old, CWAE):
            state = _widened(network, old)
        elif isinstance(network, Texture) and isinstance(old, Texture):
            state = _reclassed(network, old)
        elif isinstance(network, Classifier) and isinstance(old, Classifier):
            sources = _sources(network.config.classes, old.config.classes)
            state = old.state_dict()
            for key in ("output.weight", "output.bias"):
                state[key] = _mean_rows(state[key], sources)
        else:
            state = old.state_dict()
        network.load_state_dict(state)
    except (RuntimeError, ValueError) as error:
        reason = (str(error).strip().splitlines() or ["sizes differ"])[-1].strip()
        raise WeightsError(f"{path}: its layers do not fit this network ({reason})") from error
    told = f"from {path}"
    if hasattr(ours, "classes"):
        added = [
            f"{name} (as {NEAR.get(name, 'all')})" for name in ours.classes if name not in theirs.classes
        ]
        told += f", {ours.signal.bands - theirs.signal.bands} new bands" if isinstance(network, CWAE) else ""
        told += f", new classes: {', '.join(added)}" if added else ""
    say(told)


def _config(network: nn.Module) -> Any:
    assert isinstance(network, CWAE | MCNN | Texture | Classifier)
    return network.config


def _sources(wanted: tuple[str, ...], known: tuple[str, ...]) -> list[list[int]]:
    """For each wanted class, the known ones that it starts as the mean of: itself, a near one, or all."""
    found = []
    for name in wanted:
        name = name if name in known else NEAR.get(name, name)
        found.append([known.index(name)] if name in known else list(range(len(known))))
    return found


def _mean_rows(weight: Tensor, sources: list[list[int]]) -> Tensor:
    """Rows of a weight for wanted classes: (known, …) -> (wanted, …)."""
    return torch.stack([weight[members].mean(0) for members in sources])


def _widened(network: CWAE, old: CWAE) -> State:
    """The old auto-encoder's state in the new one's sizes; ValueError if its bands are not the new one's lower ones."""
    ours, theirs = network.config, old.config
    if (ours.channels, ours.hidden, ours.latent_dim) != (theirs.channels, theirs.hidden, theirs.latent_dim):
        raise ValueError("channels, hidden or latent sizes differ")
    bands = theirs.signal.bands
    if ours.signal.frames != theirs.signal.frames or bands > ours.signal.bands:
        raise ValueError("frames or bands do not go together")
    if not np.allclose(ours.signal.edges[: bands + 2], theirs.signal.edges, rtol=1e-6):
        raise ValueError("its bands are not the lower bands of this network")
    sources = _sources(ours.classes, theirs.classes)
    state = {key: tensor.clone() for key, tensor in old.state_dict().items()}
    for key, tensor in state.items():
        if key.endswith((".scale.weight", ".shift.weight")):  # (channels, C)
            state[key] = _mean_rows(tensor.t(), sources).t().contiguous()
    latent = ours.latent_dim
    first = state["decoder.dense.0.weight"]  # (hidden, D + C)
    columns = _mean_rows(first[:, latent:].t(), sources).t()
    state["decoder.dense.0.weight"] = torch.cat([first[:, :latent], columns], dim=1)

    channels, rows, frames = network.decoder.grid
    known = old.decoder.grid[1]
    into = state["encoder.dense.0.weight"]  # (hidden, channels · rows · frames)
    wide = into.new_zeros(len(into), channels, rows, frames)
    wide[:, :, :known] = into.view(len(into), channels, known, frames)
    state["encoder.dense.0.weight"] = wide.flatten(1)

    last = f"decoder.dense.{len(ours.hidden)}"
    out, bias = state[f"{last}.weight"], state[f"{last}.bias"]
    weight = out.new_zeros(channels, rows, frames, out.shape[1])
    weight[:, :known] = out.view(channels, known, frames, -1)
    quiet = _quiet_level(old.decoder.norms[0])[:, None, None].expand(channels, rows, frames).clone()
    quiet[:, :known] = bias.view(channels, known, frames)
    state[f"{last}.weight"], state[f"{last}.bias"] = weight.flatten(0, 2), quiet.flatten()

    # Of the new bands mean and deviation are measured when training begins.
    for key, start in (("mean", 0.0), ("std", 1.0)):
        statistics = torch.full((ours.signal.bands, ours.signal.frames), start)
        statistics[:bands] = state[key]
        state[key] = statistics
    return state


def _reclassed(network: Texture, old: Texture) -> State:
    """The old texture network's state, for the classes of the new one."""
    sources = _sources(network.config.classes, old.config.classes)
    known = len(old.config.classes)
    state = old.state_dict()
    first = state["input.weight"]  # (hidden, bands + C, taps)
    columns = _mean_rows(first[:, -known:].transpose(0, 1), sources).transpose(0, 1)
    state["input.weight"] = torch.cat([first[:, :-known], columns], 1)
    state["contrast"] = _mean_rows(state["contrast"], sources)
    return state


def _quiet_level(norm: nn.Module) -> Tensor:
    """The input of a norm (channels,) that it turns to about zero, as the edge of a convolution is padded with."""
    assert isinstance(norm, ConditionalBatchNorm)
    assert norm.norm.running_mean is not None and norm.norm.running_var is not None
    deviation = (norm.norm.running_var + norm.norm.eps).sqrt()
    offset = norm.shift.weight.mean(1) / norm.scale.weight.mean(1)
    return (norm.norm.running_mean - offset * deviation).clamp_min(LIVELY).detach()
