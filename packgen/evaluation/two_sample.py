"""Can it be told? A classifier two-sample test (Lopez-Paz, Oquab, *Revisiting Classifier Two-Sample Tests*, 2017).

A fresh small network learns to tell recordings from generated sounds by their log spectra, whose window is short enough
to show the texture of noise. What counts is how well it tells sounds that it has not learnt from: recordings of other
instruments, and other generated sounds. 0.5: it cannot; 1: always.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import rankdata
from torch import Tensor, nn
from torch.nn import functional

from packgen.audio.mel import SignalConfig, filterbank
from packgen.evaluation.metrics import magnitude

SECONDS = 0.4  # of a sound that are looked at
WINDOW, HOP, BANDS = 512, 128, 96
FLOOR = 1e-3  # of magnitudes: 102 dB below a full-scale sine, as in all spectrograms here
FOLDS = 4
BATCH = 32
RATE = 3e-3  # of learning, at its highest
LATEST = 200  # samples that a sound is shifted by at most, so that no onset gives it away
QUIETEST = 0.3  # of a sound's peak, likewise its level


class Teller(nn.Module):
    """Log spectra (B, 1, F, T) to a logit, high for generated sounds (B,)."""

    def __init__(self) -> None:
        super().__init__()
        # The first layer strides: at full resolution it would take four fifths of the time.
        sizes, strides = (1, 16, 24, 48, 64), (2, 1, 1, 1)
        blocks: list[nn.Module] = []
        for number, stride in enumerate(strides):
            width = 5 if number == 0 else 3
            blocks += [
                nn.Conv2d(sizes[number], sizes[number + 1], width, stride, width // 2, bias=False),
                nn.BatchNorm2d(sizes[number + 1]),
                nn.ReLU(),
                *([nn.MaxPool2d(2)] if number else []),
            ]
        self.features = nn.Sequential(*blocks)
        self.output = nn.Linear(sizes[-1], 1)

    def forward(self, spectra: Tensor) -> Tensor:
        """(B, 1, F, T) -> (B,)"""
        pooled = functional.dropout(self.features(spectra).mean((2, 3)), 0.3, self.training)
        logit: Tensor = self.output(pooled)[:, 0]
        return logit


def told_apart(
    real: NDArray[np.float32],
    groups: Sequence[str],
    fake: NDArray[np.float32],
    rate: int,
    seed: int,
    steps: int,
    tick: Callable[[], None] = lambda: None,
) -> float:
    """Area under the curve of a fresh classifier's opinions on sounds that it has not learnt from, mean of four folds.

    Args:
        real: recordings, of peak one (n, N).
        groups: the instrument of each; one is learnt from or judged, never both.
        fake: generated sounds (m, N).
        rate: hertz.
        seed: of weights, batches and disturbances.
        steps: of each fold.
        tick: called after each fold.

    Returns:
        The mean of the folds that hold both; 0.5 where there are none.
    """
    size = round(SECONDS * rate)
    sounds = torch.from_numpy(np.concatenate([real[:, :size], fake[:, :size]]))
    generated = torch.cat([torch.zeros(len(real)), torch.ones(len(fake))])
    folds = np.concatenate([group_folds(groups), np.arange(len(fake)) % FOLDS])
    areas = []
    for fold in range(FOLDS):
        learnt, held = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if 0 < generated[held].sum() < len(held):
            opinions = _opinions(sounds, generated, learnt, held, rate, (seed * FOLDS + fold) % 2**63, steps)
            areas.append(area(opinions, generated[held].numpy()))
        tick()
    return float(np.mean(areas)) if areas else 0.5


def group_folds(groups: Sequence[str]) -> NDArray[np.int64]:
    """Fold of every sound (n,): instruments stay whole, and go by falling size to the smallest fold."""
    members: dict[str, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    folds, sizes = np.zeros(len(groups), np.int64), [0] * FOLDS
    for group in sorted(members, key=lambda name: (-len(members[name]), name)):
        fold = sizes.index(min(sizes))
        folds[members[group]] = fold
        sizes[fold] += len(members[group])
    return folds


def area(scores: NDArray[np.floating], truth: NDArray[np.floating]) -> float:
    """Area under the receiver's curve: the chance that a positive scores higher than a negative.

    >>> area(np.array([0.1, 0.4, 0.3, 0.9]), np.array([0, 0, 1, 1]))
    0.75
    """
    ranks, positives = rankdata(scores), int(truth.sum())
    wins = float(ranks[truth == 1].sum()) - positives * (positives + 1) / 2
    return wins / (positives * (len(truth) - positives))


def _opinions(
    sounds: Tensor,
    generated: Tensor,
    learnt: NDArray[np.int64],
    held: NDArray[np.int64],
    rate: int,
    seed: int,
    steps: int,
) -> NDArray[np.float32]:
    """Train on some sounds, judge the others: (held,) logits."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)  # weights and dropout; the process's own generator is given back
        rng = np.random.Generator(np.random.Philox(key=[seed, steps]))
        network = Teller().to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a quarter faster
        optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=1e-2)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps)
        with torch.inference_mode(False), torch.enable_grad():
            for _ in range(steps):
                # As many of either kind, so that guessing is worth nothing.
                halves = [learnt[generated[learnt].numpy() == kind] for kind in (0, 1)]
                batch = np.concatenate([rng.choice(half, BATCH // 2) for half in halves])
                logits = network(spectra(disturbed(sounds[batch], rng), rate))
                loss = functional.binary_cross_entropy_with_logits(logits, generated[batch])
                optimiser.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                optimiser.step()
                schedule.step()
    network.eval()
    with torch.no_grad():
        parts = [network(spectra(sounds[part], rate)) for part in np.array_split(held, -(-len(held) // 64))]
    return torch.cat(parts).numpy()


def disturbed(sounds: Tensor, rng: np.random.Generator) -> Tensor:
    """Later, quieter, and over a little noise: (B, N) -> (B, N)."""
    shift = int(rng.integers(LATEST))
    moved = functional.pad(sounds, (shift, 0))[:, : sounds.shape[1]]
    levels = torch.from_numpy(rng.uniform(QUIETEST, 1.0, (len(sounds), 1)).astype(np.float32))
    floor = torch.from_numpy(rng.standard_normal(moved.shape).astype(np.float32)) * 1e-4
    return moved * levels + floor


def spectra(sounds: Tensor, rate: int) -> Tensor:
    """Log magnitudes in mel bands, near zero mean and unit deviation: (B, N) -> (B, 1, F, T)."""
    return (torch.log(_bands(rate) @ magnitude(sounds, WINDOW, HOP) + FLOOR)[:, None] + 2.0) / 3.0


@functools.cache
def _bands(rate: int) -> Tensor:
    """Mel filters (F, K) of short windows."""
    return filterbank(SignalConfig(sample_rate=rate, window=WINDOW, hop=HOP, fft=WINDOW, bands=BANDS))
