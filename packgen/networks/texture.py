"""The texture network: what of a drum is noise, how loud, and how much of the vocoder's sound it leaves.

A decoder that minimises squared errors gives the mean where a drum is noise: a smooth spectrogram, which only a train
of pulses has. This network reads that spectrogram and says, for bands up to half the rate and every few milliseconds,
how much white noise stands there (the gain) and how much of the vocoder's sound (the gate):

    sound = envelope · istft(gate · stft(vocoder) + gain · stft(noise))

Its loss is a proper scoring rule (`packgen.networks.losses.energy_distance`), so that it learns from recordings alone
what is noise. Letters: B batch, F mel bands, T frames of the spectrogram, S frames of this network's STFT, K its
bins, N samples, C classes.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from packgen.audio.mel import SignalConfig, band_centres, hz_to_mel, mel_to_hz

SHARPEST = 1.5  # the envelope's largest change, in nepers: what a frame of the STFT cannot do to an attack
INPUT_SCALE = 1 / 3  # brings log-compressed magnitudes (0…12) near one
OPEN = 2.0  # of the gates before training, as a logit: the vocoder's sound passes
FAINT = -1.0  # of the noise before training, in nepers about the decoded level
RAYLEIGH = math.sqrt(math.pi) / 2  # mean magnitude of a complex Gaussian of unit power


@dataclass(frozen=True)
class TextureConfig:
    """Sizes of the texture network; they travel in its weight file.

    Attributes:
        classes: names of the drum classes, in one-hot order.
        signal: of the spectrogram that is read.
        window, hop: of the STFT that gains and gates act on; two of its hops are one of the signal's.
        bands: of gains and gates, evenly spaced in mel.
        lowest: centre of the lowest band, hertz; the highest is centred on half the rate.
        hidden: channels of each layer.
        blocks: residual blocks.
        pooled: bands of the spectrogram that are read as one.
        points: of the envelope, a frame of the STFT.
    """

    classes: tuple[str, ...]
    signal: SignalConfig
    window: int
    hop: int
    bands: int = 96
    lowest: float = 60.0
    hidden: int = 256
    blocks: int = 3
    pooled: int = 4
    points: int = 4


def sizes_for(classes: tuple[str, ...], signal: SignalConfig) -> TextureConfig:
    """The sizes that packgen trains: an STFT of a quarter of the signal's window, and of half its hop."""
    return TextureConfig(classes, signal, signal.window // 4, signal.hop // 2)


@dataclass(frozen=True)
class Controls:
    """What the network says of one sound or of many.

    Attributes:
        gain: of white noise of unit variance, in nepers (B, bands, S).
        gate: of the vocoder's sound, a logit (B, bands, S).
        envelope: of both together, in nepers (B, points · S): one value each `hop / points` samples.
    """

    gain: Tensor
    gate: Tensor
    envelope: Tensor


class Block(nn.Module):
    """A residual block over frames, of two convolutions."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.wide = nn.Conv1d(channels, channels, 5, padding=2)
        self.mix = nn.Conv1d(channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, channels, T) -> (B, channels, T)"""
        change: Tensor = self.mix(functional.gelu(self.wide(functional.gelu(x))))
        return x + change


class Texture(nn.Module):
    """1-d convolutions over the frames of a spectrogram; two frames of controls for each that is read."""

    def __init__(self, config: TextureConfig) -> None:
        super().__init__()
        if config.signal.hop != 2 * config.hop:
            raise ValueError(f"a hop of {config.signal.hop} is not two of {config.hop}")
        self.config = config
        inputs = -(-config.signal.bands // config.pooled) + len(config.classes)
        self.input = nn.Conv1d(inputs, config.hidden, 5, padding=2)
        self.blocks = nn.ModuleList(Block(config.hidden) for _ in range(config.blocks))
        self.output = nn.Conv1d(config.hidden, 2 * (2 * config.bands + config.points), 3, padding=1)
        nn.init.zeros_(self.output.weight)
        assert self.output.bias is not None
        nn.init.zeros_(self.output.bias)
        # How much narrower than decoded a class's low modes are: see `packgen.audio.polish.sharpened`.
        self.contrast = nn.Buffer(torch.zeros(len(config.classes)))

    def forward(self, log_mel: Tensor, classes: Tensor) -> Controls:
        """(B, F, T), (B, C) -> controls of S = 2 T frames."""
        config = self.config
        x = functional.avg_pool1d(log_mel.transpose(1, 2), config.pooled, ceil_mode=True).transpose(1, 2)
        vectors = classes[:, :, None].expand(-1, -1, x.shape[2])
        x = self.input(torch.cat([x * INPUT_SCALE - 1.0, vectors], 1))
        for block in self.blocks:
            x = block(x)
        found = self.output(functional.gelu(x))  # (B, 2 · each, T): two frames of each, one after the other
        frames = found.view(len(found), 2, -1, found.shape[2]).permute(0, 2, 3, 1).flatten(2)  # (B, each, S)
        gain, gate, envelope = frames.split([config.bands, config.bands, config.points], 1)
        return Controls(
            3.0 * gain + FAINT + self._levels(log_mel),
            3.0 * gate + OPEN,
            SHARPEST * torch.tanh(envelope.transpose(1, 2).flatten(1)),
        )

    def _levels(self, log_mel: Tensor) -> Tensor:
        """The decoded level about each band's centre, in nepers: (B, F, T) -> (B, bands, S)."""
        signal = self.config.signal
        # A decoded level of this much is what noise of unit variance has.
        unit = signal.gain * RAYLEIGH * math.sqrt(0.375 * signal.window)
        levels = band_mixing(self.config).to(log_mel) @ log_mel + math.log(signal.floor / unit)
        between = torch.lerp(levels, torch.cat([levels[..., 1:], levels[..., -1:]], -1), 0.5)
        return torch.stack([levels, between], -1).flatten(-2)


def centres(config: TextureConfig) -> NDArray[np.float64]:
    """Centre frequencies of the gains' bands in hertz, (bands,)."""
    low, high = hz_to_mel(np.array([config.lowest, config.signal.sample_rate / 2]))
    return mel_to_hz(np.linspace(low, high, config.bands))


@functools.cache
@torch.inference_mode(False)
def band_mixing(config: TextureConfig) -> Tensor:
    """From the spectrogram's bands to the mean level about each centre: (bands, F), rows of sum one."""
    mels, wanted = hz_to_mel(band_centres(config.signal)), hz_to_mel(centres(config))
    spacing = wanted[1] - wanted[0]
    weights = np.maximum(0.0, 1.0 - np.abs(mels[None] - wanted[:, None]) / spacing)
    weights[weights.sum(1) == 0, -1] = 1.0  # above the last band
    return torch.from_numpy((weights / weights.sum(1, keepdims=True)).astype(np.float32))


@functools.cache
@torch.inference_mode(False)
def bin_mixing(config: TextureConfig) -> Tensor:
    """From bands to the STFT's bins, linear in mel: (K, bands), rows of sum one."""
    hertz = np.linspace(0.0, config.signal.sample_rate / 2, config.window // 2 + 1)
    places = np.interp(hz_to_mel(hertz), hz_to_mel(centres(config)), np.arange(config.bands))
    return torch.from_numpy(
        np.maximum(0.0, 1.0 - np.abs(places[:, None] - np.arange(config.bands))).astype(np.float32)
    )


def textured(controls: Controls, vocoded: Tensor, noise: Tensor, config: TextureConfig) -> Tensor:
    """Gate the vocoder's sound and add shaped noise to it. Differentiable.

    Args:
        controls: of the network, S frames.
        vocoded: the vocoder's sound (B, N), N less than S · hop.
        noise: white noise of unit variance (B, N).
        config: the network's sizes.

    Returns:
        (B, N)
    """
    window = torch.hann_window(config.window, device=vocoded.device)

    def spectrum(signal: Tensor) -> Tensor:
        return torch.stft(
            signal, config.window, config.hop, window=window, pad_mode="constant", return_complex=True
        )

    mixing = bin_mixing(config).to(vocoded.device)
    frames = vocoded.shape[-1] // config.hop + 1
    gain = torch.exp((mixing @ controls.gain[..., :frames]).clamp(-14.0, 6.0))
    gate = torch.sigmoid(mixing @ controls.gate[..., :frames])
    mixed = gate * spectrum(vocoded) + gain * spectrum(noise)
    sound = torch.istft(mixed, config.window, config.hop, window=window, length=vocoded.shape[-1])
    return sound * torch.exp(smooth_envelope(controls.envelope, vocoded.shape[-1], config))


def smooth_envelope(envelope: Tensor, num_samples: int, config: TextureConfig) -> Tensor:
    """The envelope's points, joined by straight lines: (B, points · S) -> (B, N)."""
    step = config.hop // config.points
    needed = -(-num_samples // step) + 1
    missing = max(0, needed - envelope.shape[1])
    points = torch.cat([envelope, envelope[:, -1:].expand(-1, missing)], 1)[:, :needed]
    weights = torch.arange(step, device=envelope.device) / step
    lines = torch.lerp(points[:, :-1, None], points[:, 1:, None], weights.to(envelope.dtype))
    return lines.flatten(1)[:, :num_samples]
