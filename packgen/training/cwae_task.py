"""The auto-encoder's task: standardised log-mel spectrograms through a 64-d code (paper, section 3.2)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from packgen.dsp.mel import LOUDEST, expand
from packgen.networks import losses
from packgen.networks.cwae import CWAE
from packgen.training.batches import CHUNK, Indices, balanced, log_mels, training_pool
from packgen.training.corpus import Corpus, counts
from packgen.training.distributed import ALONE, Ranks
from packgen.training.fresh import Fresh


@dataclass(frozen=True)
class CWAELoss:
    """Weights of the auto-encoder's loss: ``MSE + beta · MMD + convergence · SC``."""

    per_class: int = 8  # a rank; the paper's 64 on a GPU
    beta: float = 10.0  # paper
    convergence: float = 1.0  # of linear magnitudes: the log spectrogram alone leaves the loud parts blurred
    recorded: float = 0.5  # share of recordings, a twelfth of the corpus, in a batch
    repeats: int = 40  # times that a recording may stand in the pool to that end
    fresh: float = 0.8  # share of the recordings drawn that are varied anew
    latent_noise: float = 0.1  # added to codes, so that points between codes decode to something as well


class CWAETask:
    """The auto-encoder on standardised log-mel spectrograms (paper, section 3.2)."""

    name = "cwae"

    def __init__(self, corpus: Corpus, network: CWAE, weights: CWAELoss, device: str = "cpu") -> None:
        self.corpus, self.network, self.weights, self.device = corpus, network.to(device), weights, device
        self.mels = log_mels(corpus)
        self.labels = corpus.labels()
        self.train = training_pool(corpus, weights.recorded, weights.repeats)
        self.fresh = Fresh(corpus, weights.fresh)
        self.val = corpus.where("val", ["real"])
        if not bool(network.mean.any()):
            mean, std = self._statistics()
            network.mean.copy_(torch.from_numpy(mean))
            network.std.copy_(torch.from_numpy(std))

    def _statistics(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Mean and deviation of every (band, frame) over the training set."""
        total, squares = np.zeros(self.mels.shape[1:]), np.zeros(self.mels.shape[1:])
        for start in range(0, len(self.train), CHUNK):
            block = self.mels[self.train[start : start + CHUNK]].astype(np.float32)
            total += block.sum(0)
            squares += (block**2).sum(0)
        mean = total / len(self.train)
        deviation = np.sqrt(np.maximum(squares / len(self.train) - mean**2, 0.0))
        # A floor, or elements that hardly ever hold sound (late, high) would count as much as attacks.
        return mean.astype(np.float32), np.maximum(deviation, 0.3).astype(np.float32)

    def _batch(self, indices: Indices, keys: Indices | None = None) -> tuple[Tensor, Tensor, Tensor]:
        found = self.mels[indices].astype(np.float32)
        if keys is not None:
            self.fresh.vary(found, indices, keys)
        log_mel = torch.from_numpy(found).to(self.device)
        labels = torch.from_numpy(self.labels[indices]).to(self.device)
        return log_mel, labels, functional.one_hot(labels, len(self.corpus.classes)).float()

    def loss(self, rng: np.random.Generator, ranks: Ranks = ALONE) -> tuple[Tensor, dict[str, float]]:
        """Loss of a class-balanced batch; the MMD is that of all ranks' codes, as it is no mean over sounds."""
        network, weights = self.network, self.weights
        chosen = balanced(self.labels, self.train, weights.per_class * ranks.size, rng)
        labels = torch.from_numpy(self.labels[chosen]).to(self.device)
        keys = rng.integers(2**62, size=len(chosen))
        log_mel, _, classes = self._batch(ranks.share(chosen), ranks.share(keys))
        generator = torch.Generator(self.device).manual_seed(int(rng.integers(2**62)))
        z = network.encode(log_mel, classes).float()
        noise = torch.randn((len(chosen), z.shape[1]), generator=generator, device=self.device)
        decoded = network.decode(z + weights.latent_noise * ranks.share(noise), classes).float()
        mse = losses.reconstruction(decoded / network.std, log_mel / network.std)
        mmd = losses.class_mmd(ranks.gather(z), labels, len(self.corpus.classes), generator)
        signal = self.corpus.signal
        sc = losses.spectral_convergence(expand(decoded.clamp_max(LOUDEST), signal), expand(log_mel, signal))
        total = mse + weights.beta * mmd + weights.convergence * sc
        return total, {"mse": mse.item(), "mmd": mmd.item(), "sc": sc.item()}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Reconstruction of real validation sounds, and how far their codes are from the prior."""
        assert isinstance(network, CWAE)
        rng = np.random.default_rng(0)
        chosen = balanced(self.labels, self.val, 16, rng)
        mse, sc, codes = [], [], []
        signal = self.corpus.signal
        for start in range(0, len(chosen), 44):
            log_mel, _, classes = self._batch(chosen[start : start + 44])
            z = network.encode(log_mel, classes)
            decoded = network.decode(z, classes)
            mse.append(losses.reconstruction(decoded / network.std, log_mel / network.std).item())
            a, b = expand(decoded.clamp_max(LOUDEST), signal), expand(log_mel, signal)
            sc.append(((a - b).flatten(1).norm(dim=1) / b.flatten(1).norm(dim=1)).cpu())
            codes.append(z.cpu())
        z = torch.cat(codes)
        mean_sc = torch.cat(sc).mean().item()
        mean_mse = float(np.mean(mse))
        return {
            "score": mean_mse + 0.5 * mean_sc,  # fixed weights: runs with other losses stay comparable
            "mse": mean_mse,
            "sc": mean_sc,
            "code_std": z.std(0).mean().item(),
            "code_mean": z.mean(0).abs().mean().item(),
        }

    def describe(self) -> dict[str, Any]:
        """Data and loss."""
        return {"data": counts(self.corpus.entries), "loss": asdict(self.weights)}
