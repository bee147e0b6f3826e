"""Traits by class: what a measure of single sounds gives for the sounds of each class, as a median."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from packgen.audio import modes
from packgen.audio.mel import SignalConfig
from packgen.audio.samples import Samples
from packgen.evaluation import air, modulation, texture
from packgen.evaluation.plan import Indices

ByClass = dict[str, float]  # a class without a sound that can be measured is left out


@dataclass(frozen=True)
class Traits:
    """Medians over the sounds of each class, dB.

    Attributes:
        texture: deviation of the spectrogram from its local mean; white noise has 5.6.
        modulation: of band envelopes at the vocoder's frame rate over its neighbours; noise has 0.
        modes: share of the energy of 40–1,500 Hz in the strongest mode.
        air: share of the energy above 11 kHz.
        sounds: how many there are of each class.
    """

    texture: ByClass
    modulation: ByClass
    modes: ByClass
    air: ByClass
    sounds: dict[str, int]


def traits(sounds: list[Samples], labels: Indices, classes: tuple[str, ...], signal: SignalConfig) -> Traits:
    """Measure unpadded sounds, n of them with their class indices (n,), at the signal's rate."""
    rate = signal.sample_rate

    def medians(measure: Callable[[Samples], float | None]) -> ByClass:
        found = [measure(sound) for sound in sounds]
        values = {
            name: [x for x, label in zip(found, labels, strict=True) if label == c and x is not None]
            for c, name in enumerate(classes)
        }
        return {name: float(np.median(each)) for name, each in values.items() if each}

    return Traits(
        texture=medians(lambda sound: texture.deviation(sound, rate)),
        modulation=medians(lambda sound: modulation.hop_level(sound, rate, signal.hop)),
        modes=medians(lambda sound: modes.strongest_share(sound, rate)),
        air=medians(lambda sound: air.level(sound, rate)),
        sounds={name: int((labels == c).sum()) for c, name in enumerate(classes)},
    )


def mean_of(several: list[Traits]) -> Traits:
    """The mean of some sets' medians, class by class, over the sets that have the class."""

    def mean(rows: list[ByClass]) -> ByClass:
        names = {name: None for row in rows for name in row}
        return {name: float(np.mean([row[name] for row in rows if name in row])) for name in names}

    return Traits(
        texture=mean([each.texture for each in several]),
        modulation=mean([each.modulation for each in several]),
        modes=mean([each.modes for each in several]),
        air=mean([each.air for each in several]),
        sounds={
            name: sum(each.sounds[name] for each in several)
            for name in (several[0].sounds if several else {})
        },
    )
