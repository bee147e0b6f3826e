"""From a decoded spectrogram to a sound: vocoder, polish, texture.

Letters: F mel bands, T frames, N samples, C classes.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from packgen.audio.air import air, octave
from packgen.audio.mel import SignalConfig
from packgen.audio.polish import half_inverse, sharpened, wanted_magnitude
from packgen.audio.polish import polish as polished
from packgen.audio.samples import Samples, resample
from packgen.engine.fused_vocoder import FusedVocoder
from packgen.errors import NoSound
from packgen.networks.mcnn import MCNN
from packgen.networks.texture import Texture, textured

AUDIBLE = 7.0  # nepers, 60 dB: what lies further under a sound's loudest frame is cut off as its silence
MARGIN = 3  # frames of context kept after the last audible one
STEP = 8  # frames: sizes are rounded up to it, as kernels are prepared anew for every size that they meet
BRIDGE = 0.02  # seconds: a gap in the mask shorter than this is no end


class Chain:
    """Trained networks that make audio of spectrograms.

    Args:
        mcnn: the vocoder; its signal is the whole one's, or the lower half of it.
        signal: of the spectrograms.
        texture: the texture network; without one, noise above the vocoder's band is all that is added.
    """

    def __init__(self, mcnn: MCNN, signal: SignalConfig, texture: Texture | None = None) -> None:
        self.signal, self.low = signal, mcnn.config.signal
        self.texture = texture.eval() if texture is not None else None
        self._vocoder = FusedVocoder(mcnn.eval())
        half_inverse(self.low)  # kept from here on: processes that are forked later need not find it each
        if self.low != self.signal:
            octave(self.signal, self.low)

    def sound(self, log_mel: Tensor, classes: Tensor, polish: int, rng: np.random.Generator) -> Samples:
        """A spectrogram (F, T) of a class (C,) as audio (N,), polished by so many steps; noise is drawn from `rng`.

        Raises:
            NoSound: if the vocoder's mask is empty.
        """
        frames = sounding_frames(log_mel.numpy())
        log_mel = log_mel[:, :frames]
        if self.texture is None:
            return self._with_air(log_mel, self.coherent(log_mel, polish), rng)
        contrast = float(self.texture.contrast @ classes)
        coherent = self.coherent(log_mel, polish, contrast)
        config = self.texture.config
        controls = self.texture(log_mel[None], classes[None])
        length = min(2 * frames * config.hop - 1, self.signal.num_samples)
        vocoded = torch.zeros(1, length)
        vocoded[0, : len(coherent)] = torch.from_numpy(coherent[:length])
        noise = torch.from_numpy(rng.standard_normal((1, length), np.float32))
        samples: Samples = textured(controls, vocoded, noise, config)[0].numpy()
        return samples

    def coherent(self, log_mel: Tensor, polish: int, contrast: float = 0.0) -> Samples:
        """What is no noise, at the signal's rate: (F, T) -> (N,), cut where the mask ends.

        Args:
            log_mel: compressed mel spectrogram.
            polish: Griffin-Lim steps after the vocoder; 0 is one magnitude projection, -1 none at all.
            contrast: by which low modes are made narrower first.

        Raises:
            NoSound: if the mask is empty.
        """
        signal = self.low
        low_mel = log_mel[: signal.bands]
        waveform, logits = self._vocoder(low_mel)
        end = min(mask_end(logits.numpy(), signal.sample_rate), signal.num_samples)
        if end == 0:
            raise NoSound("empty mask")
        if polish < 0:
            samples: Samples = waveform[:end].numpy()
        else:
            frames = min(low_mel.shape[1], end // signal.hop + 1 + MARGIN)
            size = frames * signal.hop - 1  # the longest sound with this many centred frames
            audio = waveform[:size].clone()
            audio[end:] = 0.0
            magnitude = sharpened(wanted_magnitude(low_mel[:, :frames], signal), contrast, signal)
            samples = polished(magnitude, audio, polish, signal)[:end].numpy()
        return resample(samples, signal.sample_rate, self.signal.sample_rate)[: self.signal.num_samples]

    def _with_air(self, log_mel: Tensor, samples: Samples, rng: np.random.Generator) -> Samples:
        if self.low == self.signal:
            return samples
        frames = min(log_mel.shape[1], len(samples) // self.signal.hop + 1)
        above: Samples = air(log_mel[:, :frames], self.low, len(samples), self.signal, rng).numpy()
        return samples + above


def sounding_frames(log_mel: NDArray[np.float32]) -> int:
    """Frames to render: up to the last that is less than `AUDIBLE` below the loudest, and a margin.

    The vocoder has no biases, so silence would come out as silence; leaving it out halves the work for the
    mean sound. Shape: compressed mel spectrogram (F, T).
    """
    loudness = log_mel.max(axis=0)
    audible = np.flatnonzero(loudness > max(float(loudness.max()) - AUDIBLE, 0.05))
    last = int(audible[-1]) if audible.size else 0
    return min(int(log_mel.shape[1]), -(-(last + 1 + MARGIN) // STEP) * STEP)


def mask_end(logits: NDArray[np.float32], rate: int) -> int:
    """Where the binarised mask ends: (N,) -> samples, 0 for an empty mask.

    The mask is one where the sigmoid exceeds a half. It starts with the sound; the first gap longer than
    `BRIDGE` seconds ends it, so that a flicker in the silence after a sound does not bring it back.
    """
    on = np.flatnonzero(logits > 0)
    if on.size == 0:
        return 0
    gaps = np.flatnonzero(np.diff(on) > BRIDGE * rate)
    return int(on[gaps[0]] if gaps.size else on[-1]) + 1
