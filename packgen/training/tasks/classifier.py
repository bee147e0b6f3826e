"""The classifier's task: the class filter, and the judge, on real sounds only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from packgen.networks.classifier import Classifier
from packgen.training.batches import Indices, balanced, spectrograms
from packgen.training.corpus import Corpus
from packgen.training.distributed import ALONE, Ranks


def halves(corpus: Corpus) -> tuple[Indices, Indices]:
    """Split the real training sounds between filter and judge, so that neither has heard the other's.

    Instrument groups stay whole. Within each class, groups go by falling size to the half that has fewer sounds.

    Returns:
        Indices for the filter, and for the judge.
    """
    real = corpus.where("train", ["recorded"])
    sides: tuple[list[int], list[int]] = ([], [])
    for name in corpus.classes:
        groups: dict[str, list[int]] = {}
        for index in real:
            entry = corpus.entries[index]
            if entry.drum == name:
                groups.setdefault(entry.group, []).append(int(index))
        sizes = [0, 0]
        for group in sorted(groups, key=lambda g: (-len(groups[g]), g)):
            side = int(sizes[1] < sizes[0])
            sides[side].extend(groups[group])
            sizes[side] += len(groups[group])
    return np.array(sorted(sides[0])), np.array(sorted(sides[1]))


MOST_CHECKED = 40  # sounds of a class that weights are chosen by


class ClassifierTask:
    """The class filter (or judge) on real sounds only, disturbed against over-fitting.

    Its best weights are chosen by the training sounds that the other one learns from: never by validation
    sounds, which the judge is to judge.
    """

    def __init__(
        self,
        corpus: Corpus,
        network: Classifier,
        train: Indices,
        checked: Indices,
        name: str = "classifier",
        per_class: int = 6,  # sounds of a batch, a rank
    ) -> None:
        self.corpus, self.network, self.name, self.per_class = corpus, network, name, per_class
        self.labels = corpus.labels()
        self.train = train
        self._mels: dict[int, NDArray[np.float16]] = {}
        rng = np.random.default_rng(0)
        kept = [
            rng.permutation(checked[self.labels[checked] == c])[:MOST_CHECKED]
            for c in range(len(corpus.classes))
        ]
        self.checked = np.concatenate(kept)

    def prepare(self, report: Callable[[int, int], None]) -> None:
        """Compute all spectrograms once, in half precision: a step takes less time than its spectrograms would.

        Args:
            report: told how many are done, of how many.
        """
        indices = np.unique(np.concatenate([self.train, self.checked]))
        for chunk, found in spectrograms(self.corpus, indices):
            self._mels |= zip(chunk.tolist(), found.half().numpy(), strict=True)
            report(len(self._mels), len(indices))

    def _spectrograms(self, indices: Indices) -> NDArray[np.float32]:
        """(B,) -> (B, F, T)"""
        return np.stack([self._mels[int(index)] for index in indices]).astype(np.float32)

    def loss(self, rng: np.random.Generator, ranks: Ranks = ALONE) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy with label smoothing on a class-balanced batch."""
        chosen = balanced(self.labels, self.train, self.per_class * ranks.size, rng)
        x = torch.from_numpy(ranks.share(disturb(self._spectrograms(chosen), rng)))
        target = torch.from_numpy(ranks.share(self.labels[chosen]))
        loss = functional.cross_entropy(self.network(x), target, label_smoothing=0.05)
        return loss, {"loss": loss.item()}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Accuracy per class on the other's training sounds, averaged over classes, and calibration."""
        logits = torch.cat(
            [
                network(torch.from_numpy(self._spectrograms(self.checked[i : i + 64])))
                for i in range(0, len(self.checked), 64)
            ]
        )
        truth = torch.from_numpy(self.labels[self.checked])
        right = (logits.argmax(1) == truth).float()
        per_class = {
            name: right[truth == c].mean().item()
            for c, name in enumerate(self.corpus.classes)
            if (truth == c).any()
        }
        return {
            "score": 1 - float(np.mean(list(per_class.values()))),
            "loss": functional.cross_entropy(logits, truth).item(),
            **per_class,
        }

    def describe(self) -> dict[str, Any]:
        """Data: real sounds only."""
        return {"data": {"recorded": len(self.train)}, "split": self.name}


def disturb(log_mel: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Level, tone, pitch and a blanked band: what must not change a drum's class. (B, F, T) -> same shape."""
    bands = log_mel.shape[1]
    x = np.zeros_like(log_mel)
    for sound, source in zip(x, log_mel, strict=True):
        level, slope = rng.normal(0.0, 0.4, 2).astype(np.float32)
        curve = level + slope * np.linspace(-1, 1, bands, dtype=np.float32)
        shift = int(rng.integers(-10, 11))  # bands: a few semitones
        frames = int(np.flatnonzero(source.any(axis=0)).max(initial=0)) + 1  # beyond is silence, which stays
        np.maximum(np.roll(source[:, :frames], shift, axis=0) + curve[:, None], 0.0, out=sound[:, :frames])
        if rng.random() < 0.5:
            width = int(rng.integers(8, 48))
            start = int(rng.integers(0, bands - width))
            sound[start : start + width] = 0.0
    return x
