"""What is trained on what: the auto-encoder, the vocoder and the class filter as tasks of the loop."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from packgen.dsp.mel import compress, expand, mel_spectrogram
from packgen.networks import losses
from packgen.networks.classifier import Classifier
from packgen.networks.cwae import CWAE
from packgen.networks.mcnn import MCNN
from packgen.training.corpus import Corpus, counts

Indices = NDArray[np.int64]
CHUNK = 256  # sounds whose spectrograms are computed at a time


def log_mels(corpus: Corpus) -> NDArray[np.float16]:
    """Compressed mel spectrograms of the whole corpus (sounds, F, T), computed once and memory-mapped."""
    signal = corpus.signal
    shape = (len(corpus.entries), signal.bands, signal.frames)
    path = corpus.folder / "log_mel.f16"
    newest = (corpus.folder / "sounds.i16").stat().st_mtime
    if not (path.exists() and path.stat().st_size == 2 * int(np.prod(shape)) and path.stat().st_mtime > newest):
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


def one_hot(labels: Sequence[int] | NDArray[np.int64], num_classes: int) -> Tensor:
    """Class indices to vectors: (B,) -> (B, C)."""
    return functional.one_hot(torch.as_tensor(np.asarray(labels)), num_classes).float()


@dataclass(frozen=True)
class CWAELoss:
    """Weights of the auto-encoder's loss: ``MSE + beta · MMD + convergence · SC``."""

    per_class: int = 8  # the paper's 64 on a GPU
    beta: float = 10.0  # paper
    convergence: float = 0.5  # of linear magnitudes: the log spectrogram alone leaves the loud parts blurred
    latent_noise: float = 0.1  # added to codes, so that points between codes decode to something as well


class CWAETask:
    """The auto-encoder on standardised log-mel spectrograms (paper, section 3.2)."""

    name = "cwae"

    def __init__(self, corpus: Corpus, network: CWAE, weights: CWAELoss, device: str = "cpu") -> None:
        self.corpus, self.network, self.weights, self.device = corpus, network.to(device), weights, device
        self.mels = log_mels(corpus)
        self.labels = corpus.labels()
        self.train = corpus.where("train")
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

    def _batch(self, indices: Indices) -> tuple[Tensor, Tensor, Tensor]:
        log_mel = torch.from_numpy(self.mels[indices].astype(np.float32)).to(self.device)
        labels = torch.from_numpy(self.labels[indices]).to(self.device)
        return log_mel, labels, functional.one_hot(labels, len(self.corpus.classes)).float()

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, dict[str, float]]:
        """Loss of a class-balanced batch."""
        network, weights = self.network, self.weights
        log_mel, labels, classes = self._batch(balanced(self.labels, self.train, weights.per_class, rng))
        generator = torch.Generator(self.device).manual_seed(int(rng.integers(2**62)))
        z = network.encode(log_mel, classes).float()
        noise = torch.randn(z.shape, generator=generator, device=self.device)
        decoded = network.decode(z + weights.latent_noise * noise, classes).float()
        mse = losses.reconstruction(decoded / network.std, log_mel / network.std)
        mmd = losses.class_mmd(z, labels, len(self.corpus.classes), generator)
        signal = self.corpus.signal
        sc = losses.spectral_convergence(expand(decoded.clamp_max(13.0), signal), expand(log_mel, signal))
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
            a, b = expand(decoded.clamp_max(13.0), signal), expand(log_mel, signal)
            sc.append(((a - b).flatten(1).norm(dim=1) / b.flatten(1).norm(dim=1)).cpu())
            codes.append(z.cpu())
        z = torch.cat(codes)
        mean_sc = torch.cat(sc).mean().item()
        mean_mse = float(np.mean(mse))
        return {
            "score": mean_mse + self.weights.convergence * mean_sc,
            "mse": mean_mse,
            "sc": mean_sc,
            "code_std": z.std(0).mean().item(),
            "code_mean": z.mean(0).abs().mean().item(),
        }

    def describe(self) -> dict[str, Any]:
        """Data and loss."""
        return {"data": counts(self.corpus.entries), "loss": asdict(self.weights)}


@dataclass(frozen=True)
class MCNNLoss:
    """Weights of the vocoder's loss: ``3 SC + 10 SClog + BCE`` (paper) and multi-resolution STFT terms."""

    batch: int = 16
    frames: int = 32  # of a crop; most of a drum hit, at a third of the cost
    convergence: float = 3.0  # paper
    log_convergence: float = 10.0  # paper
    mask: float = 1.0  # paper
    resolutions: float = 2.0
    windows: tuple[int, ...] = (64, 256)


EDGE = 4  # frames at a cut edge whose context is missing, left out of the loss


class MCNNTask:
    """The vocoder on crops of real mel spectrograms (paper, section 3.3)."""

    name = "mcnn"

    def __init__(self, corpus: Corpus, network: MCNN, weights: MCNNLoss, device: str = "cpu") -> None:
        self.corpus, self.network, self.weights, self.device = corpus, network.to(device), weights, device
        self.mels = log_mels(corpus)
        self.labels = corpus.labels()
        self.train = corpus.where("train")
        self.lengths = np.array([entry.num_samples for entry in corpus.entries])
        val = corpus.where("val", ["real"])
        self.val = balanced(self.labels, val, 8, np.random.default_rng(0))

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, dict[str, float]]:
        """Loss of a batch of crops, most of them from the attack."""
        weights, signal = self.weights, self.corpus.signal
        chosen = balanced(self.labels, self.train, 2, rng)
        chosen = rng.permutation(chosen)[: weights.batch]
        audio = torch.from_numpy(self.corpus.audio(chosen))
        starts = self._starts(chosen, rng)
        crops = [self.mels[c][:, s : s + weights.frames] for c, s in zip(chosen, starts, strict=True)]
        inputs = torch.from_numpy(np.stack(crops).astype(np.float32))
        size = weights.frames * signal.hop
        padded = functional.pad(audio, (0, signal.frames * signal.hop - signal.num_samples))
        target = torch.stack([a[s * signal.hop :][:size] for a, s in zip(padded, starts, strict=True)])
        positions = torch.from_numpy(starts)[:, None] * signal.hop + torch.arange(size)
        sounding = (positions < torch.from_numpy(self.lengths[chosen])[:, None]).float()
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

    def _starts(self, chosen: Indices, rng: np.random.Generator) -> Indices:
        """First frame of each crop: 0 for two in three, else anywhere that still holds a quarter crop of sound."""
        hop, size = self.corpus.signal.hop, self.weights.frames
        last = np.maximum(0, np.minimum(self.lengths[chosen] // hop - size // 4, self.corpus.signal.frames - size))
        return np.where(rng.random(len(chosen)) < 0.67, 0, rng.integers(0, last + 1))

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Whole real sounds through the vocoder: mel-SC, multi-resolution distance, errors of the mask."""
        assert isinstance(network, MCNN)
        signal = self.corpus.signal
        sc, wrong, distance = [], [], []
        for start in range(0, len(self.val), 16):
            chosen = self.val[start : start + 16]
            audio = torch.from_numpy(self.corpus.audio(chosen)).to(self.device)
            mel = mel_spectrogram(audio, signal)
            waveform, logits = network(compress(mel, signal))
            predicted = (waveform * (logits > 0))[:, : signal.num_samples]
            other = mel_spectrogram(predicted, signal)
            sc.append(((other - mel).flatten(1).norm(dim=1) / mel.flatten(1).norm(dim=1)).cpu())
            ends = torch.from_numpy(self.lengths[chosen])[:, None].to(self.device)
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


class ClassifierTask:
    """The class filter (or judge) on real sounds only, with masking and mixing against over-fitting."""

    def __init__(self, corpus: Corpus, network: Classifier, train: Indices, name: str = "classifier") -> None:
        self.corpus, self.network, self.name = corpus, network, name
        self.mels, self.labels = log_mels(corpus), corpus.labels()
        self.train = train
        self.val = corpus.where("val", ["real"])

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, dict[str, float]]:
        """Cross-entropy with label smoothing on a class-balanced batch."""
        chosen = balanced(self.labels, self.train, 6, rng)
        x = torch.from_numpy(disturb(self.mels[chosen].astype(np.float32), rng))
        target = torch.from_numpy(self.labels[chosen])
        loss = functional.cross_entropy(self.network(x), target, label_smoothing=0.05)
        return loss, {"loss": loss.item()}

    def validate(self, network: nn.Module) -> dict[str, float]:
        """Accuracy per class on validation sounds, averaged over classes, and calibration."""
        logits = torch.cat(
            [
                network(torch.from_numpy(self.mels[self.val[i : i + 64]].astype(np.float32)))
                for i in range(0, len(self.val), 64)
            ]
        )
        truth = torch.from_numpy(self.labels[self.val])
        right = (logits.argmax(1) == truth).float()
        per_class = {name: right[truth == c].mean().item() for c, name in enumerate(self.corpus.classes) if (truth == c).any()}
        return {
            "score": 1 - float(np.mean(list(per_class.values()))),
            "loss": functional.cross_entropy(logits, truth).item(),
            **per_class,
        }

    def describe(self) -> dict[str, Any]:
        """Data: real sounds only."""
        return {"data": {"real": len(self.train)}, "split": self.name}


def disturb(log_mel: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Level, tone, noise floor and a blanked band: what must not change a drum's class. (B, F, T) -> same."""
    batch, bands, _ = log_mel.shape
    sounding = log_mel > 0
    gain = rng.normal(0.0, 0.4, (batch, 1, 1)) + rng.normal(0.0, 0.4, (batch, 1, 1)) * np.linspace(-1, 1, bands)[:, None]
    x = np.where(sounding, np.maximum(log_mel + gain, 0.0), 0.0)
    for sound in x:
        if rng.random() < 0.5:
            width = int(rng.integers(8, 48))
            start = int(rng.integers(0, bands - width))
            sound[start : start + width] = 0.0
        shift = int(rng.integers(-10, 11))  # bands: a few semitones
        sound[:] = np.roll(sound, shift, axis=0)
    return x.astype(np.float32)
