"""The judge: a classifier trained on real sounds only, apart from the filter that the engine draws with.

It hears generated sounds exactly as the corpus holds real ones: trimmed, peak one, sixteen bits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from packgen.audio.mel import SignalConfig, log_mel
from packgen.audio.preparation import prepare
from packgen.audio.samples import Samples
from packgen.audio.shaping import pad
from packgen.errors import WeightsError
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier

CHUNK = 64  # sounds at a time
COARSE = (4, 2)  # bands and frames
DECIBELS_PER_NEPER = 20 / math.log(10)


@dataclass(frozen=True)
class Opinion:
    """What the judge makes of some sounds.

    Attributes:
        logits: (n, C), in the order of `Judge.classes`.
        embedding: (n, D), the space in which sets of sounds are compared.
        spectra: (n, P), coarse log-mel spectrograms as points whose distance is the RMS difference in dB.
    """

    logits: NDArray[np.float64]
    embedding: NDArray[np.float64]
    spectra: NDArray[np.float32]

    @property
    def classes(self) -> NDArray[np.int64]:
        """Index of the class that each sound is put in, (n,)."""
        best: NDArray[np.int64] = self.logits.argmax(1)
        return best


def joined(parts: list[Opinion]) -> Opinion:
    """Opinions on one set of sounds after another."""
    return Opinion(
        logits=np.concatenate([part.logits for part in parts]),
        embedding=np.concatenate([part.embedding for part in parts]),
        spectra=np.concatenate([part.spectra for part in parts]),
    )


class Judge:
    """A trained classifier and its signal's sizes."""

    def __init__(self, network: Classifier, digest: str = "untrained") -> None:
        self.network = network.eval()
        self.classes: tuple[str, ...] = network.config.classes
        self.signal: SignalConfig = network.config.signal
        self.digest = digest

    @classmethod
    def load(cls, folder: Path) -> Judge:
        """Load ``judge.safetensors`` of a model's folder.

        Raises:
            WeightsError: if it is missing or damaged.
        """
        path = folder / "judge.safetensors"
        if not path.is_file():
            raise WeightsError(f"{path}: no judge; train one with packgen train, or choose another model")
        network, _, header = checkpoint.load(path, Classifier)
        return cls(network, header.digest[:16])

    @torch.inference_mode()
    def hear(self, sounds: NDArray[np.float32]) -> Opinion:
        """Judge prepared sounds: (n, N) -> opinions of n."""
        logits, embeddings, spectra = [], [], []
        for start in range(0, len(sounds), CHUNK):
            mels = torch.from_numpy(
                np.stack([log_mel(sound, self.signal) for sound in sounds[start : start + CHUNK]])
            )
            embedding = self.network.embedding(mels)
            spectra.append(_coarse(mels).numpy())
            embeddings.append(embedding.numpy())
            logits.append(self.network.output(embedding).numpy())
        return Opinion(
            logits=np.concatenate(logits).astype(np.float64),
            embedding=np.concatenate(embeddings).astype(np.float64),
            spectra=np.concatenate(spectra),
        )


def _coarse(mels: Tensor) -> Tensor:
    """Compressed mel spectrograms (n, F, T) to points (n, P), averaged over `COARSE` bands and frames.

    Noise differs in every detail from itself a moment later: only averaged does a copy of it look like one.
    """
    points = functional.avg_pool2d(mels[:, None], COARSE).flatten(1)
    scaled: Tensor = points * (DECIBELS_PER_NEPER / points.shape[1] ** 0.5)
    return scaled


def as_corpus(samples: Samples, signal: SignalConfig) -> Samples:
    """A sound as the corpus would hold it, padded to the model's length.

    Raises:
        AudioError: if nothing in it could be a drum hit.
    """
    prepared = pad(prepare(samples, signal), signal.num_samples)
    return (np.round(prepared * 32767) / 32767).astype(np.float32)
