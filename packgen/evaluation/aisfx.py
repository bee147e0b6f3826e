"""The embedding of aiSFX (Ma, Lerch, ISMIR 2022): a network that sorts sound effects, and has nothing to do with ours.

Its weights, CC BY 4.0, lie in the wheel of the package ``aisfx``, whose own requirements are pins of 2022 that nothing
else can stand beside. So the file alone is read, and the network, nine layers as in the DCASE baseline (Kong et al.,
arXiv 1808.00773), and its spectrogram are written out here.
"""

from __future__ import annotations

import codecs
import functools
import importlib.util
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from packgen.audio.samples import resample
from packgen.errors import WeightsError
from packgen.evaluation.metrics import magnitude

PACKAGE, WEIGHTS = "aisfx", Path("models/checkpoint.pth")
HOW_TO = "pip install --no-deps aisfx==0.1.2"
RATE, WINDOW, HOP = 44_100, 2048, 1024
BANDS, TOP_HZ = 96, 22_050.0
FRAMES = 100  # of a block; a sound's rest is zeros
TOP_LEVEL = 9.457798957824707  # of the spectrograms it was trained on: the scale's upper end
CHANNELS = (64, 128, 256, 512)
CHUNK = 16  # sounds at a time


class Block(nn.Module):
    """Two convolutions with norms, then a maximum over `pool` × `pool`."""

    def __init__(self, before: int, after: int, pool: int) -> None:
        super().__init__()
        self.pool = pool
        self.conv1 = nn.Conv2d(before, after, 3, padding=1, bias=False)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(after), nn.BatchNorm2d(after)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, T, F) -> (B, C', T / pool, F / pool)"""
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        return functional.max_pool2d(x, self.pool)


class Embedding(nn.Module):
    """Spectrograms to embeddings; the names of its parts are those of the weight file."""

    def __init__(self) -> None:
        super().__init__()
        self.conv_block1 = Block(1, CHANNELS[0], 2)
        self.conv_block2 = Block(CHANNELS[0], CHANNELS[1], 2)
        self.conv_block3 = Block(CHANNELS[1], CHANNELS[2], 2)
        self.conv_block4 = Block(CHANNELS[2], CHANNELS[3], 1)

    def forward(self, spectra: Tensor) -> Tensor:
        """(B, T, F) -> (B, 512)"""
        x = self.conv_block2(self.conv_block1(spectra[:, None]))
        x = self.conv_block4(self.conv_block3(x))
        pooled: Tensor = x.mean(3).amax(2)
        return pooled

    @torch.inference_mode()
    def points(self, sounds: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
        """Sounds of peak one (n, N) at any rate to embeddings (n, 512)."""
        parts = []
        for start in range(0, len(sounds), CHUNK):
            chunk = sounds[start : start + CHUNK]
            if rate != RATE:
                chunk = np.stack([resample(sound, rate, RATE) for sound in chunk])
            parts.append(self(spectrogram(torch.from_numpy(chunk))).numpy())
        return np.concatenate(parts).astype(np.float64)


def load() -> Embedding | None:
    """The network with its weights, or None where the package is not installed.

    Raises:
        WeightsError: if what is installed holds other weights.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    path = Path(found.submodule_search_locations[0]) / WEIGHTS
    network = Embedding()
    try:
        weights = _tensors(path)
        ours = {
            name.removeprefix("embedding_net."): value
            for name, value in weights.items()
            if name.startswith("embedding_net.")
        }
        network.load_state_dict(ours)
    except (OSError, RuntimeError, ValueError, TypeError, AttributeError, pickle.UnpicklingError) as error:
        reason = " ".join(str(error).split())[:200]
        raise WeightsError(f"{path}: not the weights of aiSFX 0.1.2 ({reason}); {HOW_TO}") from error
    return network.eval()


def _tensors(path: Path) -> dict[str, Tensor]:
    """The weights in the file, beside which stands a table with counts of NumPy's.

    Tensors, plain containers and numbers only: nothing in the file can run.
    """
    scalar = np.int64(0).__reduce__()[0]  # what makes a number of NumPy's from bytes, under its name of 2022
    numbers: list[Any] = [(scalar, "numpy.core.multiarray.scalar"), np.dtype, type(np.dtype(np.int64))]
    with torch.serialization.safe_globals([*numbers, codecs.encode]):
        weights, _ = torch.load(path, map_location="cpu", weights_only=True)
    found: dict[str, Tensor] = weights
    return found


def spectrogram(sounds: Tensor) -> Tensor:
    """Log mel power as aiSFX was trained on (Essentia's), one block: (B, N) -> (B, FRAMES, BANDS)."""
    power = _filters() @ magnitude(sounds, WINDOW, HOP).square()
    levels = torch.log10(1e4 * power + 1).transpose(1, 2) / TOP_LEVEL
    return functional.pad(levels, (0, 0, 0, max(0, FRAMES - levels.shape[1])))[:, :FRAMES]


@functools.cache
def _filters() -> Tensor:
    """Triangles on the mel scale of HTK, each row summing to one: (BANDS, bins)."""

    def to_mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(1127.01048 * np.log1p(hertz / 700.0))

    bins = to_mel(np.linspace(0.0, RATE / 2, WINDOW // 2 + 1))
    edges = np.linspace(0.0, to_mel(np.array(TOP_HZ)), BANDS + 2)[:, None]
    step = float(edges[1, 0])
    weights = np.maximum(0.0, np.minimum(bins - edges[:-2], edges[2:] - bins) / step)
    return torch.from_numpy((weights / weights.sum(axis=1, keepdims=True)).astype(np.float32))
