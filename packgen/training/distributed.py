"""Training by several processes as if by one: ranks that torchrun starts, each with its share of every batch.

The law: N ranks at a batch of B take the steps that one process takes at a batch of N · B, but for rounding (and
the classifier's dropout, which every rank draws for itself). All ranks draw the whole batch with the same
generator and take their share of it; gradients are averaged (`DistributedDataParallel`); what is no mean over
sounds sees the whole batch: batch norm's statistics, and the MMD's codes. PyTorch's own SyncBatchNorm would do
for the norms, but it refuses CPUs.

Rank 0 alone reads and writes the run's folder, validates, speaks, and keeps the clock.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

SETTLING = 0.5  # seconds
Loss = Callable[[np.random.Generator], tuple[Tensor, dict[str, float]]]
Rows = TypeVar("Rows", Tensor, np.ndarray[Any, Any])


@dataclass(frozen=True)
class Ranks:
    """This process among those that train together."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this is the rank that writes and speaks."""
        return self.rank == 0

    def share(self, rows: Rows) -> Rows:
        """This rank's rows of a whole batch: every `size`-th, so that balanced classes stay balanced."""
        part: Rows = rows[self.rank :: self.size]
        return part

    def gather(self, rows: Tensor) -> Tensor:
        """The whole batch from the shares of all ranks, differentiable: (B / size, …) -> (B, …)."""
        if self.size == 1:
            return rows
        whole = rows.new_zeros((len(rows) * self.size, *rows.shape[1:]))
        whole[self.rank :: self.size] = rows
        return total(whole)

    def mean(self, parts: dict[str, float]) -> dict[str, float]:
        """Mean over ranks of each value."""
        if self.size == 1:
            return parts
        means = total(torch.tensor(list(parts.values()), dtype=torch.float64)) / self.size
        return dict(zip(parts, means.tolist(), strict=True))

    def agree(self, *values: float) -> Sequence[float]:
        """Rank 0's values, on every rank. Who comes early waits."""
        if self.size == 1:
            return values
        tensor = torch.tensor(values, dtype=torch.float64)
        dist.broadcast(tensor, 0)
        agreed: list[float] = tensor.tolist()
        return agreed

    def from_first(self, data: bytes | None) -> bytes | None:
        """Rank 0's bytes, on every rank."""
        if self.size == 1:
            return data
        (length,) = self.agree(-1 if data is None else len(data))
        if length < 0:
            return None
        tensor = torch.empty(int(length), dtype=torch.uint8)
        if data is not None and self.leads:
            tensor.copy_(torch.frombuffer(bytearray(data), dtype=torch.uint8))
        dist.broadcast(tensor, 0)
        return tensor.numpy().tobytes()

    def join(self, network: nn.Module, loss: Callable[[np.random.Generator, Ranks], Any]) -> Loss:
        """A loss whose gradients are averaged over ranks; starts all of them from rank 0's weights.

        Batch norms in the network are replaced by ones that see the whole batch.
        """
        if self.size == 1:
            return lambda rng: loss(rng, self)
        _widen_norms(network, self)
        # Buffers need no broadcast: norms give all ranks the same statistics.
        return DistributedDataParallel(_Whole(network, loss, self), broadcast_buffers=False)


ALONE = Ranks()


@contextmanager
def ranks() -> Iterator[Ranks]:
    """The processes that torchrun started, or this one alone."""
    size = int(os.environ.get("WORLD_SIZE", "1"))
    if size == 1:
        yield ALONE
        return
    dist.init_process_group()  # for every kind of device that there is: gloo, and NCCL where CUDA is
    try:
        yield Ranks(dist.get_rank(), size)
    finally:
        dist.destroy_process_group()
        # DistributedDataParallel keeps gloo's threads alive beyond the group. One that lets go of its last tensor
        # while the interpreter shuts down aborts the process (pytorch/pytorch#179291), so they get time for it.
        time.sleep(SETTLING)


def world_size() -> int:
    """How many processes train together."""
    return dist.get_world_size() if dist.is_initialized() else 1


def local_cuda() -> str:
    """The GPU of this process among those of its machine."""
    return f"cuda:{os.environ.get('LOCAL_RANK', '0')}"


class _Total(torch.autograd.Function):
    """Sum over ranks. Every rank's loss depends on every rank's term, so the gradient is a sum over ranks as well."""

    @staticmethod
    def forward(ctx: Any, tensor: Tensor) -> Tensor:
        tensor = tensor.clone(memory_format=torch.contiguous_format)
        dist.all_reduce(tensor)
        return tensor

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return total(gradient)


def total(tensor: Tensor) -> Tensor:
    """Sum of a tensor over all ranks, differentiable."""
    result: Tensor = _Total.apply(tensor)  # type: ignore[no-untyped-call]
    return result


class WideBatchNorm(nn.BatchNorm2d):
    """Batch norm over the shares of all ranks, which must be of one size."""

    def __init__(self, narrow: nn.BatchNorm2d, ranks: Ranks) -> None:
        super().__init__(narrow.num_features, narrow.eps, narrow.momentum, affine=False)
        self.weight, self.bias = (
            narrow.weight,
            narrow.bias,
        )  # the very parameters, which an optimiser may hold
        self.load_state_dict(narrow.state_dict())
        self.ranks = ranks

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, *, *) -> same"""
        if not self.training:
            return super().forward(x)
        wide, dims, size = x.float(), (0, 2, 3), self.ranks.size
        mean = total(wide.mean(dims)) / size
        centred = wide - mean[:, None, None]
        variance = total(centred.square().mean(dims)) / size
        self._track(mean.detach(), variance.detach(), size * x.numel() // x.shape[1])
        normed = centred * torch.rsqrt(variance + self.eps)[:, None, None]
        if self.weight is not None:
            normed = normed * self.weight[:, None, None] + self.bias[:, None, None]
        return normed.to(x.dtype)

    @torch.no_grad()
    def _track(self, mean: Tensor, variance: Tensor, count: int) -> None:
        assert self.running_mean is not None and self.running_var is not None and self.momentum is not None
        assert self.num_batches_tracked is not None
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance * count / (count - 1), self.momentum)
        self.num_batches_tracked += 1


def _widen_norms(network: nn.Module, ranks: Ranks) -> None:
    for module in list(network.modules()):
        for name, child in module.named_children():
            if isinstance(child, nn.BatchNorm2d):
                setattr(module, name, WideBatchNorm(child, ranks).train(child.training))


class _Whole(nn.Module):
    """Network and loss as one module, since gradients are only averaged for what a module's forward computes."""

    def __init__(self, network: nn.Module, loss: Callable[..., Any], ranks: Ranks) -> None:
        super().__init__()
        self.network, self._loss, self._ranks = network, loss, ranks

    def forward(self, rng: np.random.Generator) -> Any:
        return self._loss(rng, self._ranks)
