"""Batches: class-balanced draws from a corpus, and the spectrograms of what was drawn.

Spectrograms are computed as they are needed. That takes a twentieth of a training step, and no disk: the whole
corpus's would take more room than its sounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from packgen.audio.mel import SignalConfig, log_mel
from packgen.audio.samples import Samples
from packgen.audio.shaping import pad
from packgen.training.corpus import Corpus

Indices = NDArray[np.int64]
CHUNK = 64  # sounds whose spectrograms are computed at a time


def padded(sounds: Sequence[Samples], signal: SignalConfig) -> Tensor:
    """Sounds as rows of one length: (B, N)."""
    return torch.from_numpy(np.stack([pad(sound, signal.num_samples) for sound in sounds]))


def log_mels(sounds: Sequence[Samples], signal: SignalConfig) -> Tensor:
    """Compressed mel spectrograms of sounds: (B, F, T)."""
    return torch.from_numpy(np.stack([log_mel(sound, signal) for sound in sounds]))


def spectrograms(corpus: Corpus, indices: Indices) -> Iterator[tuple[Indices, Tensor]]:
    """Compressed mel spectrograms of the given sounds, a chunk at a time: (chunk,), (chunk, F, T)."""
    for start in range(0, len(indices), CHUNK):
        chunk = indices[start : start + CHUNK]
        yield chunk, log_mels([corpus.sound(int(index)) for index in chunk], corpus.signal)


def balanced(labels: NDArray[np.int64], pool: Indices, per_class: int, rng: np.random.Generator) -> Indices:
    """Indices of a batch with `per_class` sounds of every class (paper, section 4.2)."""
    present = np.unique(labels[pool])
    return np.concatenate([rng.choice(pool[labels[pool] == c], per_class) for c in present])


def favouring(
    labels: NDArray[np.int64], pool: Indices, favoured: Indices, share: float, most: int
) -> Indices:
    """A pool in which favoured sounds stand several times, so that draws find them more often.

    Args:
        labels: class index of every sound.
        pool: what is drawn from.
        favoured: those of it that are to be drawn more often.
        share: of a class's draws that they shall be.
        most: times that one may stand in the pool, however few there are: they must not be learnt by heart.
    """
    parts = [pool]
    for label in np.unique(labels[favoured]):
        members = favoured[labels[favoured] == label]
        others = int((labels[pool] == label).sum()) - len(members)
        times = min(most, round(share / (1 - share) * others / len(members)))
        parts.append(np.repeat(members, max(0, times - 1)))
    return np.concatenate(parts)


def training_pool(corpus: Corpus, recorded: float, repeats: int) -> Indices:
    """The training split with its recordings favoured: see `favouring`."""
    recordings = corpus.where("train", ["recorded"])
    return favouring(corpus.labels(), corpus.where("train"), recordings, recorded, repeats)


def one_hot(labels: Sequence[int] | NDArray[np.int64], num_classes: int) -> Tensor:
    """Class indices to vectors: (B,) -> (B, C)."""
    return functional.one_hot(torch.as_tensor(np.asarray(labels)), num_classes).float()
