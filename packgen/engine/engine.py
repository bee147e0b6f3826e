"""The engine: (class, latent code) -> sound. Decoder, vocoder, binarised mask, polish. Torch stops here.

Sounds are rendered one by one on one thread: a batch, or more threads, would round differently, and a sound
must not depend on its neighbours or on the machine's core count.
"""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from packgen.audio.descriptors import MEASURED, QUANTILES
from packgen.audio.mel import LOUDEST, SignalConfig, is_lower_half, log_mel
from packgen.audio.samples import Samples
from packgen.audio.shaping import PREROLL, fade_in, fade_out, peak, remove_dc, trim_onset, trim_tail
from packgen.engine.chain import Chain
from packgen.engine.fused_classifier import FusedClassifier
from packgen.engine.fused_decoder import FusedDecoder
from packgen.engine.protocol import Rendered
from packgen.engine.refine import refine
from packgen.errors import NoSound, WeightsError
from packgen.latent import predictor as prediction
from packgen.latent import space as latent
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier
from packgen.networks.cwae import CWAE
from packgen.networks.mcnn import MCNN
from packgen.networks.texture import Texture

POLISH = 10  # Griffin-Lim steps from the vocoder's phase; chosen by `packgen eval` against time
REFINEMENT = 50  # steps that fit a code to a sound, after the encoder
END_FADE = 0.002  # seconds: the mask's cut must not click
SILENT = 1e-3  # peak under which a draw is degenerate
SHORTEST = 0.01  # seconds, likewise
NOISE_GRID = 256  # steps of a unit that codes are rounded to before they seed noise


class Engine:
    """Trained networks, ready to render.

    Attributes:
        classes: names of the drum classes, in one-hot order.
        signal: the signal's sizes. The vocoder's are either the same or its lower half: half the rate, the lower bands.
        spaces: the latent space of each class.
        ranges: per class, quantiles of measured descriptors over the training sounds.
        predictors: per class, descriptors predicted from codes; none in weights from before they were fitted.
        digest: sha256 over the weight files, short: names the model in manifests.
        textured: whether a texture network shapes its noise.
    """

    def __init__(
        self,
        cwae: CWAE,
        mcnn: MCNN,
        classifier: Classifier,
        spaces: dict[str, latent.ClassSpace],
        ranges: dict[str, NDArray[np.float32]],
        digest: str = "untrained",
        predictors: dict[str, prediction.Predictor] | None = None,
        texture: Texture | None = None,
    ) -> None:
        # Reductions must add up in one order on every machine. The setting is the process's, and for good:
        # restoring it after each sound would race with other threads that render.
        torch.set_num_threads(1)
        self.cwae, self.mcnn = cwae.eval(), mcnn.eval()
        self._decoder = FusedDecoder(cwae)
        self._classify = FusedClassifier(classifier.eval())
        self._last = threading.local()  # the spectrogram decoded last: draws are scored, then rendered
        self.classes: tuple[str, ...] = cwae.config.classes
        self.signal: SignalConfig = cwae.config.signal
        self.chain, self.textured = Chain(mcnn, self.signal, texture), texture is not None
        self.spaces, self.ranges, self.digest = spaces, ranges, digest
        self.predictors = predictors or {}

    @classmethod
    def load(cls, folder: Path) -> Engine:
        """Load a model's weight files.

        Raises:
            WeightsError: if one is missing, damaged, or does not fit the others.
        """
        cwae, extra, first = checkpoint.load(folder / "cwae.safetensors", CWAE)
        mcnn, _, second = checkpoint.load(folder / "mcnn.safetensors", MCNN)
        classifier, _, third = checkpoint.load(folder / "classifier.safetensors", Classifier)
        signal = cwae.config.signal
        if signal != classifier.config.signal or not (
            mcnn.config.signal == signal or is_lower_half(mcnn.config.signal, signal)
        ):
            raise WeightsError(
                f"{folder}: its weight files were trained for different signals; train them on one corpus"
            )
        if cwae.config.classes != classifier.config.classes:
            raise WeightsError(
                f"{folder}: cwae and classifier know different classes; train them on one corpus"
            )
        arrays = {name: tensor.numpy() for name, tensor in extra.items()}
        try:
            spaces = latent.from_arrays(arrays, cwae.config.classes)
            ranges = {name: arrays[f"ranges.{name}"] for name in cwae.config.classes}
        except KeyError as error:
            raise WeightsError(
                f"{folder / 'cwae.safetensors'}: lacks {error}; run packgen train finish"
            ) from error
        predictors = prediction.from_arrays(arrays, cwae.config.classes)
        if not _fitted(cwae.config.latent_dim, spaces, ranges, predictors):
            raise WeightsError(
                f"{folder / 'cwae.safetensors'}: what was fitted to its codes has other sizes than they; "
                "run packgen train finish"
            )
        digests = [first.digest, second.digest, third.digest]
        texture = None
        if (path := folder / "texture.safetensors").is_file():  # models from before it was known have none
            texture, _, fourth = checkpoint.load(path, Texture)
            if (texture.config.signal, texture.config.classes) != (signal, cwae.config.classes):
                raise WeightsError(
                    f"{path}: trained for other classes or another signal; train it on one corpus"
                )
            digests.append(fourth.digest)
        digest = hashlib.sha256("".join(digests).encode()).hexdigest()[:16]
        return cls(cwae, mcnn, classifier, spaces, ranges, digest, predictors, texture)

    def class_vector(self, drum: str) -> NDArray[np.float32]:
        """One-hot vector (C,) of a class."""
        vector = np.zeros(len(self.classes), np.float32)
        vector[self.classes.index(drum)] = 1.0
        return vector

    @torch.inference_mode()
    def render(self, drum: str | NDArray[np.float32], code: latent.Vector, polish: int = POLISH) -> Rendered:
        """Render one sound, with its spectrogram and the class filter's opinion.

        Args:
            drum: class name, or a soft class vector (C,) for a hybrid.
            code: latent code (D,).
            polish: Griffin-Lim steps after the vocoder; 0 is one magnitude projection, -1 none at all.

        Raises:
            NoSound: if the code gives no sound.
        """
        samples = self.sound(drum, code, polish)
        analysed = self.analyse(samples / peak(samples))
        logits = self._classify(torch.from_numpy(analysed))
        return Rendered(samples, analysed, torch.softmax(logits, 0).numpy())

    @torch.inference_mode()
    def sound(self, drum: str | NDArray[np.float32], code: latent.Vector, polish: int = POLISH) -> Samples:
        """The samples (N,) of `render` alone, for those who wait for nothing else."""
        vector = torch.from_numpy(self.class_vector(drum) if isinstance(drum, str) else drum)
        samples = self.chain.sound(self._decode(drum, code), vector, polish, noise_of(code))
        rate = self.signal.sample_rate
        if not np.isfinite(samples).all() or peak(samples) < SILENT:
            raise NoSound("silent or not finite")
        samples = trim_tail(trim_onset(remove_dc(samples), rate), rate)
        if len(samples) < SHORTEST * rate:
            raise NoSound("too short")
        return fade_in(fade_out(samples, round(END_FADE * rate)), round(PREROLL * rate))

    @torch.inference_mode()
    def score(self, drum: str, code: latent.Vector) -> float:
        """The class filter's probability for a code, from the decoder's spectrogram: no audio is made.

        A third of the cost of `render`, so draws are sieved with it before one is rendered.
        """
        decoded = self._decode(drum, code)
        return float(torch.softmax(self._classify(decoded), 0)[self.classes.index(drum)])

    @torch.inference_mode()
    def vocode(self, log_mel: NDArray[np.float32], polish: int = POLISH) -> Samples:
        """Compressed mel spectrogram (F, T) to masked audio (N,): the vocoder and its polish alone, no noise."""
        return self.chain.coherent(torch.from_numpy(log_mel), polish)

    def _decode(self, drum: str | NDArray[np.float32], code: latent.Vector) -> Tensor:
        """(D,) -> (F, T)"""
        vector = self.class_vector(drum) if isinstance(drum, str) else drum
        key = (vector.tobytes(), code.tobytes())
        if getattr(self._last, "key", None) != key:
            found = self._decoder(torch.from_numpy(code), torch.from_numpy(vector))
            self._last.key, self._last.log_mel = key, found.clamp_(0.0, LOUDEST)
        decoded: Tensor = self._last.log_mel
        return decoded

    def analyse(self, samples: Samples) -> NDArray[np.float32]:
        """Compressed mel spectrogram (F, T) of a sound at the model's rate."""
        return log_mel(samples, self.signal)

    def encode(self, drum: str, log_mel: NDArray[np.float32], steps: int = REFINEMENT) -> latent.Vector:
        """Latent code (D,) of a compressed mel spectrogram (F, T), by the encoder and `steps` of refinement."""
        with torch.inference_mode(False), torch.no_grad():  # the refinement differentiates
            vector, target = torch.from_numpy(self.class_vector(drum)), torch.from_numpy(log_mel)
            guess = self.cwae.encode(target[None], vector[None])[0]
            code: latent.Vector = refine(self.cwae, target, vector, guess, steps).numpy()
        return code

    @torch.inference_mode()
    def decode(self, drum: str, code: latent.Vector) -> NDArray[np.float32]:
        """Compressed mel spectrogram (F, T) of a latent code (D,)."""
        return self._decode(drum, code).numpy()

    @torch.inference_mode()
    def classify(self, samples: Samples) -> NDArray[np.float32]:
        """The class filter's probabilities (C,) for a sound at the model's rate."""
        logits = self._classify(torch.from_numpy(self.analyse(samples)))
        probabilities: NDArray[np.float32] = torch.softmax(logits, 0).numpy()
        return probabilities


def _fitted(
    dimensions: int,
    spaces: dict[str, latent.ClassSpace],
    ranges: dict[str, NDArray[np.float32]],
    predictors: dict[str, prediction.Predictor],
) -> bool:
    """Whether what a weight file holds beside its network has the sizes that it should have."""
    descriptors = len(prediction.PREDICTED)
    return (
        all(space.dimensions == dimensions for space in spaces.values())
        and all(table.shape == (len(MEASURED), len(QUANTILES)) for table in ranges.values())
        and all(
            (each.mean.shape, each.deviation.shape, each.weights.shape)
            == ((descriptors,), (descriptors,), (descriptors, dimensions + 1))
            for each in predictors.values()
        )
    )


def noise_of(values: NDArray[np.float32]) -> np.random.Generator:
    """The noise of a sound, from what it is rendered from: the same point sounds the same, wherever it is met.

    Values are rounded first, so that another CPU's last digit does not give another noise.
    """
    rounded = np.round(values * NOISE_GRID).astype("<i4")
    key = int.from_bytes(hashlib.sha256(rounded.tobytes()).digest()[:16], "little")
    return np.random.Generator(np.random.Philox(key=key))
