"""The vocoder's task: crops of real mel spectrograms to waveform and mask (paper, section 3.3)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from packgen.audio.mel import compress, mel_spectrogram
from packgen.audio.samples import Samples, resample
from packgen.networks import losses
from packgen.networks.mcnn import MCNN
from packgen.training.augment import Variants
from packgen.training.batches import Indices, balanced, padded, training_pool
from packgen.training.corpus import Corpus, counts
from packgen.training.distributed import ALONE, Ranks


@dataclass(frozen=True)
class MCNNLoss:
    """Weights of the vocoder's loss: ``3 SC + 10 SClog + BCE`` (paper) and multi-resolution STFT terms."""

    batch: int = 16  # a rank
    frames: int = 32  # of a crop; most of a drum hit, at a third of the cost
    convergence: float = 3.0  # paper
    log_convergence: float = 10.0  # paper
    mask: float = 1.0  # paper
    resolutions: float = 2.0
    windows: tuple[int, ...] = (64, 256)
    recorded: float = 0.5  # share of recordings in a batch
    repeats: int = 12  # times that a recording may stand in the pool to that end
    fresh: float = 0.8  # share of the sounds drawn that are varied anew


EDGE = 4  # frames at a cut edge whose context is missing, left out of the loss


class MCNNTask:
    """The vocoder on crops of real mel spectrograms (paper, section 3.3)."""

    name = "mcnn"

    def __init__(self, corpus: Corpus, network: MCNN, weights: MCNNLoss, device: str = "cpu") -> None:
        self.corpus, self.network, self.weights, self.device = corpus, network.to(device), weights, device
        self.signal = network.config.signal
        self.labels = corpus.labels()
        self.train = training_pool(corpus, weights.recorded, weights.repeats)
        self.variants = Variants(corpus, weights.fresh)
        val = corpus.where("val", ["recorded"])
        self.val = balanced(self.labels, val, 8, np.random.default_rng(0))

    def loss(self, rng: np.random.Generator, ranks: Ranks = ALONE) -> tuple[Tensor, dict[str, float]]:
        """Loss of a batch of crops, most of them from the attack."""
        weights, signal = self.weights, self.signal
        wanted = weights.batch * ranks.size
        per_class = max(2, math.ceil(wanted / len(np.unique(self.labels[self.train]))))
        chosen = balanced(self.labels, self.train, per_class, rng)
        chosen = ranks.share(rng.permutation(chosen)[:wanted])
        keys, shares = (
            ranks.share(found) for found in (rng.integers(2**62, size=wanted), rng.random((wanted, 2)))
        )
        sounds = self._at_rate(self.variants.draw(chosen, keys))
        lengths = np.array([len(sound) for sound in sounds])
        starts = self._starts(lengths, shares)
        audio = padded(sounds, signal)
        whole = compress(mel_spectrogram(audio, signal), signal)
        inputs = torch.stack([mel[:, s : s + weights.frames] for mel, s in zip(whole, starts, strict=True)])
        size = weights.frames * signal.hop
        longer = functional.pad(audio, (0, signal.frames * signal.hop - signal.num_samples))
        target = torch.stack([a[s * signal.hop :][:size] for a, s in zip(longer, starts, strict=True)])
        positions = torch.from_numpy(starts)[:, None] * signal.hop + torch.arange(size)
        sounding = (positions < torch.from_numpy(lengths)[:, None]).float()
        inputs, target, sounding = inputs.to(self.device), target.to(self.device), sounding.to(self.device)

        waveform, logits = self.network(inputs)
        waveform, logits = waveform.float(), logits.float()
        predicted = waveform * torch.sigmoid(logits)
        # Every crop loses its last frames, whose right context is cut; a crop inside the sound its first too.
        keep = torch.ones_like(target)
        keep[:, -EDGE * signal.hop :] = 0
        keep[torch.from_numpy(starts) > 0, : EDGE * signal.hop] = 0
        predicted, target = predicted * keep, target * keep
        a, b = mel_spectrogram(predicted, signal), mel_spectrogram(target, signal)
        sc = losses.spectral_convergence(a, b)
        log_sc = losses.log_convergence(compress(a, signal), compress(b, signal))
        mask = losses.mask_loss(logits, sounding)
        resolutions = losses.multi_resolution(predicted, target, weights.windows)
        total = (
            weights.convergence * sc
            + weights.log_convergence * log_sc
            + weights.mask * mask
            + weights.resolutions * resolutions
        )
        parts = {"sc": sc, "log_sc": log_sc, "mask": mask, "resolutions": resolutions}
        return total, {key: value.item() for key, value in parts.items()}

    def _at_rate(self, sounds: Sequence[Samples]) -> list[Samples]:
        """Sounds of the corpus at the vocoder's own rate: it gives what is coherent, below 11 kHz."""
        return [
            resample(sound, self.corpus.signal.sample_rate, self.signal.sample_rate)[
                : self.signal.num_samples
            ]
            for sound in sounds
        ]

    def _starts(self, lengths: Indices, shares: NDArray[np.float64]) -> Indices:
        """First frame of each crop: 0 for two in three, else anywhere that still holds a quarter crop of sound.

        Args:
            lengths: samples of each sound (B,).
            shares: of each, two uniform draws from [0, 1) (B, 2).
        """
        hop, size = self.signal.hop, self.weights.frames
        last = np.maximum(0, np.minimum(lengths // hop - size // 4, self.signal.frames - size))
        return np.where(shares[:, 0] < 0.67, 0, (shares[:, 1] * (last + 1)).astype(np.int64))

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Whole real sounds through the vocoder: mel-SC, multi-resolution distance, errors of the mask."""
        assert isinstance(network, MCNN)
        signal = self.signal
        sc, wrong, distance = [], [], []
        for start in range(0, len(self.val), 16):
            chosen = self.val[start : start + 16]
            sounds = self._at_rate([self.corpus.sound(int(index)) for index in chosen])
            audio = padded(sounds, signal).to(self.device)
            mel = mel_spectrogram(audio, signal)
            waveform, logits = network(compress(mel, signal))
            predicted = (waveform * (logits > 0))[:, : signal.num_samples]
            other = mel_spectrogram(predicted, signal)
            sc.append(((other - mel).flatten(1).norm(dim=1) / mel.flatten(1).norm(dim=1)).cpu())
            ends = torch.tensor([len(sound) for sound in sounds])[:, None].to(self.device)
            sounding = torch.arange(logits.shape[1], device=self.device) < ends
            wrong.append(((logits > 0) != sounding).float().mean().item())
            distance.append(losses.multi_resolution(predicted, audio, (64, 256, 1024, 2048)).item())
        mean_sc = torch.cat(sc).mean().item()
        return {
            "score": 3 * mean_sc + float(np.mean(distance)),
            "sc_db": 20 * float(torch.cat(sc).clamp_min(1e-6).log10().mean()),
            "sc": mean_sc,
            "mss": float(np.mean(distance)),
            "mask_error": float(np.mean(wrong)),
        }

    def describe(self) -> dict[str, Any]:
        """Data and loss."""
        return {"data": counts(self.corpus.entries), "loss": asdict(self.weights)}
