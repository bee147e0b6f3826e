"""The auto-encoder's task: standardised log-mel spectrograms through a 64-d code (paper, section 3.2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from packgen.audio.mel import LOUDEST, expand
from packgen.networks import losses
from packgen.networks.cwae import CWAE
from packgen.training.augment import Variants
from packgen.training.batches import balanced, log_mels, one_hot, spectrograms, training_pool
from packgen.training.corpus import Corpus, counts
from packgen.training.distributed import ALONE, Ranks


@dataclass(frozen=True)
class CWAELoss:
    """Weights of the auto-encoder's loss: ``MSE + beta · MMD + convergence · SC``."""

    per_class: int = 8  # a rank; the paper's 64 on a GPU
    beta: float = 10.0  # paper
    convergence: float = 1.0  # of linear magnitudes: the log spectrogram alone leaves the loud parts blurred
    recorded: float = 0.5  # share of recordings in a batch
    repeats: int = 40  # times that a recording may stand in the pool to that end
    fresh: float = 0.8  # share of the sounds drawn that are varied anew
    latent_noise: float = 0.1  # added to codes, so that points between codes decode to something as well


MEASURED = 200  # sounds of a class that mean and deviation are measured on
LEAST_DEVIATION = 0.3  # of log-mel elements
VALIDATED = 16  # sounds of a class


class CWAETask:
    """The auto-encoder on standardised log-mel spectrograms (paper, section 3.2)."""

    name = "cwae"

    def __init__(self, corpus: Corpus, network: CWAE, weights: CWAELoss, device: str = "cpu") -> None:
        self.corpus, self.network, self.weights, self.device = corpus, network.to(device), weights, device
        self.labels = corpus.labels()
        self.train = training_pool(corpus, weights.recorded, weights.repeats)
        self.variants = Variants(corpus, weights.fresh)
        val = corpus.where("val", ["recorded"])
        self.val = balanced(self.labels, val, VALIDATED, np.random.default_rng(0))

    def prepare(self, report: Callable[[int, int], None]) -> None:
        """Give the network mean and deviation of every (band, frame) of training spectrograms that lacks them.

        Args:
            report: told how many sounds are measured, of how many.
        """
        network = self.network
        unknown = network.mean.eq(0) & network.std.eq(1)
        if bool(unknown.any()):
            mean, deviation = (found.to(self.device) for found in self._statistics(report))
            network.mean.copy_(torch.where(unknown, mean, network.mean))
            network.std.copy_(torch.where(unknown, deviation, network.std))

    def _statistics(self, report: Callable[[int, int], None]) -> tuple[Tensor, Tensor]:
        """Mean and deviation (F, T) over a balanced draw of the training set."""
        chosen = balanced(self.labels, self.train, MEASURED, np.random.default_rng(0))
        shape = self.network.mean.shape
        total, squares = torch.zeros(shape, dtype=torch.float64), torch.zeros(shape, dtype=torch.float64)
        done = 0
        for chunk, found in spectrograms(self.corpus, chosen):
            total += found.double().sum(0)
            squares += found.double().square().sum(0)
            done += len(chunk)
            report(done, len(chosen))
        mean = total / len(chosen)
        deviation = (squares / len(chosen) - mean.square()).clamp_min(0.0).sqrt()
        # A floor, or elements that hardly ever hold sound (late, high) would count as much as attacks.
        return mean.float(), deviation.clamp_min(LEAST_DEVIATION).float()

    def loss(self, rng: np.random.Generator, ranks: Ranks = ALONE) -> tuple[Tensor, dict[str, float]]:
        """Loss of a class-balanced batch; the MMD is that of all ranks' codes, as it is no mean over sounds."""
        network, weights = self.network, self.weights
        chosen = balanced(self.labels, self.train, weights.per_class * ranks.size, rng)
        labels = torch.from_numpy(self.labels[chosen]).to(self.device)
        keys = rng.integers(2**62, size=len(chosen))
        sounds = self.variants.draw(ranks.share(chosen), ranks.share(keys))
        log_mel = log_mels(sounds, self.corpus.signal).to(self.device)
        classes = functional.one_hot(ranks.share(labels), len(self.corpus.classes)).float()
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
        mse, sc, codes = [], [], []
        signal = self.corpus.signal
        for chunk, found in spectrograms(self.corpus, self.val):
            log_mel, classes = found.to(self.device), one_hot(self.labels[chunk], len(self.corpus.classes))
            classes = classes.to(self.device)
            z = network.encode(log_mel, classes)
            decoded = network.decode(z, classes)
            mse.append((decoded - log_mel).div(network.std).square().mean((1, 2)).cpu())
            a, b = expand(decoded.clamp_max(LOUDEST), signal), expand(log_mel, signal)
            sc.append(((a - b).flatten(1).norm(dim=1) / b.flatten(1).norm(dim=1)).cpu())
            codes.append(z.cpu())
        z = torch.cat(codes)
        mean_sc = torch.cat(sc).mean().item()
        mean_mse = torch.cat(mse).mean().item()
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
