"""A small engine for tests of performances: clicks with a ring, shaped by the code; no networks, no weights."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packgen.audio.mel import SignalConfig
from packgen.audio.samples import Samples
from packgen.classes import CLASS_NAMES
from packgen.engine.protocol import Rendered
from packgen.errors import NoSound
from packgen.latent import space as latent
from packgen.latent.predictor import Predictor

DIMENSIONS = 8
RATE = 22_050


def space(seed: int) -> latent.ClassSpace:
    """A class around a point of its own, with axes that are not the coordinates'."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.standard_normal((DIMENSIONS, DIMENSIONS)))[0].astype(np.float32)
    deviations = np.linspace(1.2, 0.3, DIMENSIONS).astype(np.float32)
    mean = rng.standard_normal(DIMENSIONS).astype(np.float32)
    factor = (axes.T * deviations).astype(np.float32)
    return latent.ClassSpace(mean, axes, deviations, np.ones(1, np.float32), mean[None], factor)


class ClickEngine:
    """Sounds that start at once and decay; P1 raises pitch and level, P2 lengthens the ring."""

    def __init__(self, classes: tuple[str, ...] = CLASS_NAMES, seconds: float = 0.12) -> None:
        self.classes, self.digest, self.seconds = classes, "c11c", seconds
        self.signal = SignalConfig()
        self.spaces = {name: space(index) for index, name in enumerate(classes)}
        quantiles = np.linspace(0, 1, 5, dtype=np.float32)
        self.ranges = {name: np.outer(np.ones(6, np.float32), quantiles) for name in classes}
        self.predictors: dict[str, Predictor] = {}
        self.rendered: list[tuple[str, bytes]] = []

    def score(self, drum: str, code: latent.Vector) -> float:
        """Every click is surely of its class."""
        return float(self.probabilities(drum)[self.classes.index(drum)])

    def probabilities(self, drum: str) -> NDArray[np.float32]:
        """(C,)"""
        values = np.full(len(self.classes), 0.02, np.float32)
        values[self.classes.index(drum)] = 1 - 0.02 * (len(self.classes) - 1)
        return values

    def render(self, drum: str, code: latent.Vector, polish: int = 0) -> Rendered:
        """Render a click; far from the class's mean there is no sound."""
        self.rendered.append((drum, code.tobytes()))
        place = latent.coordinates(self.spaces[drum], code, DIMENSIONS)
        if np.abs(place).max() > 5:
            raise NoSound("too far out")
        time = np.arange(round(self.seconds * RATE)) / RATE
        hertz = 300.0 * (1 + self.classes.index(drum)) ** 0.5 * 2 ** (0.3 * float(place[0]))
        decay = 0.02 * 2 ** (0.3 * float(place[1]))
        level = 0.3 * 2 ** (0.2 * float(place[0]))
        wave = level * np.cos(2 * np.pi * hertz * time) * np.exp(-time / decay)
        wave[-64:] *= np.linspace(1, 0, 64)
        return Rendered(wave.astype(np.float32), np.zeros((512, 86), np.float32), self.probabilities(drum))

    def sound(self, drum: str, code: latent.Vector, polish: int = 0) -> Samples:
        """The samples of a click."""
        return self.render(drum, code, polish).samples

    def analyse(self, samples: Samples) -> NDArray[np.float32]:
        """Clicks have no spectrogram worth the name."""
        return np.zeros((512, 86), np.float32)
