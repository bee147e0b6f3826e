"""Sounds varied anew each time that a batch draws them, so that none is ever learnt by heart.

An encoder that sees the same few sounds again and again knows their codes by heart and misjudges those of new ones.
A variant differs in pitch, decay, tone and drive, and may be two sounds of a class struck together.
"""

from __future__ import annotations

import numpy as np
import scipy.signal
import soxr
from numpy.typing import NDArray

from packgen.audio.preparation import prepare
from packgen.audio.samples import Samples
from packgen.audio.shaping import normalise
from packgen.errors import AudioError
from packgen.training.batches import Indices
from packgen.training.corpus import Corpus


class Variants:
    """Variants of a corpus' training sounds; a recording is layered with recordings, a rendered sound with others.

    Args:
        corpus: a prepared corpus.
        share: of the sounds drawn that are varied; the others come as they are.
    """

    def __init__(self, corpus: Corpus, share: float) -> None:
        self.corpus, self.share = corpus, share
        self._recorded = np.array([entry.origin == "recorded" for entry in corpus.entries])
        self._labels = corpus.labels()
        self._partners: dict[tuple[int, bool], Indices] = {}
        for recorded in (False, True):
            members = corpus.where("train")
            members = members[self._recorded[members] == recorded]
            for label in np.unique(self._labels[members]):
                self._partners[int(label), recorded] = members[self._labels[members] == label]

    def draw(self, chosen: Indices, keys: NDArray[np.int64]) -> list[Samples]:
        """The chosen sounds, most of them varied.

        Args:
            chosen: corpus indices (B,).
            keys: a seed a sound (B,), so that a variant does not depend on the rest of the batch.
        """
        return [self._one(int(index), int(key)) for index, key in zip(chosen, keys, strict=True)]

    def _one(self, index: int, key: int) -> Samples:
        rng = np.random.default_rng(key)
        sound = self.corpus.sound(index)
        if rng.random() >= self.share:
            return sound
        partner = int(rng.choice(self._partners[int(self._labels[index]), bool(self._recorded[index])]))
        signal = self.corpus.signal
        try:
            return prepare(augment(sound, self.corpus.sound(partner), rng, signal.sample_rate), signal)
        except AudioError:  # a treatment can shrink a click to nothing: the sound stays
            return sound


def augment(samples: Samples, partner: Samples, rng: np.random.Generator, rate: int) -> Samples:
    """A new sound from a real hit (N,), peak 1; `partner` is another hit of its class, for layering.

    Each treatment is drawn on its own, so some results differ by one thing and some by all.
    """
    sound = samples
    if rng.random() < 0.35:
        sound = layer(sound, partner, float(rng.uniform(0.2, 0.8)))
    if rng.random() < 0.85:
        sound = repitch(sound, float(np.clip(rng.normal(0.0, 2.5), -6.0, 6.0)))
    if rng.random() < 0.6:
        sound = reshape_decay(sound, float(rng.uniform(-1.0, 1.0)), rate)
    if rng.random() < 0.6:
        sound = tilt(
            sound, float(rng.uniform(-9.0, 9.0)), float(np.exp(rng.uniform(np.log(200), np.log(5000)))), rate
        )
    if rng.random() < 0.3:
        sound = saturate(sound, float(rng.uniform(1.0, 6.0)))
    return normalise(sound)


def repitch(samples: Samples, semitones: float) -> Samples:
    """Play faster or slower, as a sampler does: pitch and length change together."""
    factor = 2 ** (semitones / 12)
    return np.asarray(soxr.resample(samples, factor * 10_000, 10_000, quality="HQ"), np.float32)


def reshape_decay(samples: Samples, amount: float, rate: int) -> Samples:
    """Shorter decay for a negative amount, longer for a positive one (±1 is about ±30 dB a second).

    Lengthening is bounded where a recording's noise would come up.
    """
    seconds = np.arange(len(samples)) / rate
    slope_db = amount * (60.0 if amount < 0 else 20.0)
    return np.asarray(samples * 10 ** (slope_db * seconds / 20), np.float32)


def tilt(samples: Samples, gain_db: float, hertz: float, rate: int) -> Samples:
    """First-order high shelf around `hertz` (bilinear transform of ``(g s + w) / (s + w)``)."""
    gain, warped = 10 ** (gain_db / 20), 2 * rate * np.tan(np.pi * min(hertz, 0.45 * rate) / rate)
    k = 2.0 * rate
    b, a = np.array([gain * k + warped, warped - gain * k]), np.array([k + warped, warped - k])
    return np.asarray(scipy.signal.lfilter(b / a[0], a / a[0], samples), np.float32)


def saturate(samples: Samples, drive: float) -> Samples:
    """Symmetric soft clipping by tanh."""
    return np.asarray(np.tanh(drive * samples), np.float32)


def layer(first: Samples, second: Samples, weight: float) -> Samples:
    """Weighted sum of two hits struck together; the shorter one is followed by silence."""
    mixed = np.zeros(max(len(first), len(second)), np.float32)
    mixed[: len(first)] += (1 - weight) * first
    mixed[: len(second)] += weight * second
    return mixed
