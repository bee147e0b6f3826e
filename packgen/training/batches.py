"""Batches: spectrograms of the whole corpus computed once, and class-balanced draws from it."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from packgen.dsp.mel import compress, mel_spectrogram
from packgen.training.corpus import Corpus

Indices = NDArray[np.int64]
CHUNK = 256  # sounds whose spectrograms are computed at a time


def log_mels(corpus: Corpus) -> NDArray[np.float16]:
    """Compressed mel spectrograms of the whole corpus (sounds, F, T), computed once and memory-mapped."""
    signal = corpus.signal
    shape = (len(corpus.entries), signal.bands, signal.frames)
    path = corpus.folder / "log_mel.f16"
    newest = (corpus.folder / "sounds.i16").stat().st_mtime
    if not (
        path.exists() and path.stat().st_size == 2 * int(np.prod(shape)) and path.stat().st_mtime > newest
    ):
        temporary = path.with_suffix(f".{os.getpid()}.part")
        with temporary.open("wb") as file, torch.no_grad():
            for start in range(0, shape[0], CHUNK):
                audio = torch.from_numpy(corpus.audio(np.arange(start, min(start + CHUNK, shape[0]))))
                file.write(compress(mel_spectrogram(audio, signal), signal).half().numpy().tobytes())
        temporary.rename(path)
    return np.memmap(path, np.float16, "r").reshape(shape)


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
    recordings = corpus.where("train", ["real"])
    return favouring(corpus.labels(), corpus.where("train"), recordings, recorded, repeats)


def one_hot(labels: Sequence[int] | NDArray[np.int64], num_classes: int) -> Tensor:
    """Class indices to vectors: (B,) -> (B, C)."""
    return functional.one_hot(torch.as_tensor(np.asarray(labels)), num_classes).float()
