"""An engine without networks or weights, so that tests of what stands above it take milliseconds."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from packgen.audio.mel import SignalConfig
from packgen.audio.samples import Samples
from packgen.classes import CLASS_NAMES
from packgen.engine.protocol import Rendered
from packgen.errors import NoSound
from packgen.latent.predictor import Predictor
from packgen.latent.space import ClassSpace, Vector, coordinates

DIMENSIONS = 8  # of the latent space
RATE = 22_050  # hertz
SILENT = "snap"  # this class never sounds
FARTHEST = 5.0  # deviations from its class's middle that a code may lie along any axis, and still sound


def space(seed: int) -> ClassSpace:
    """A class around a point of its own, with axes that are not the coordinates'."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.standard_normal((DIMENSIONS, DIMENSIONS)))[0].astype(np.float32)
    deviations = np.linspace(1.2, 0.3, DIMENSIONS).astype(np.float32)
    mean = rng.standard_normal(DIMENSIONS).astype(np.float32)
    factor = (axes.T * deviations).astype(np.float32)
    return ClassSpace(mean, axes, deviations, np.ones(1, np.float32), mean[None], factor)


class FakeEngine:
    """Tones that start at once and decay; P1 raises pitch and level, P2 lengthens the ring. A `SoundEngine`.

    Args:
        classes: that it knows.
        seconds: length of every sound, at P2 = 0.
        stretch: octaves of length a deviation of P2.
        delay: seconds that a rendering takes at least.
        predictors: as the protocol's.
        begun: called when a rendering begins.
        silent: how many renderings give no sound before the first that does.
        doubtful: how many scores are low before the first that is high.

    Attributes:
        rendered: what was asked for, in order: class and code.
    """

    def __init__(
        self,
        classes: tuple[str, ...] = CLASS_NAMES,
        seconds: float = 0.12,
        stretch: float = 0.0,
        delay: float = 0.0,
        predictors: dict[str, Predictor] | None = None,
        begun: Callable[[], object] = lambda: None,
        silent: int = 0,
        doubtful: int = 0,
    ) -> None:
        self.classes, self.digest, self.textured = classes, "fa4e", True
        self.signal = SignalConfig()
        self.spaces = {name: space(index) for index, name in enumerate(classes)}
        quantiles = np.array(
            [[0.1, 0.2, 0.3, 0.4, 0.5], [100, 200, 400, 800, 1600], [0.03, 0.06, 0.12, 0.2, 0.3],
             [0.001, 0.003, 0.01, 0.03, 0.1]], np.float32)  # fmt: skip
        self.ranges = dict.fromkeys(classes, quantiles)
        self.predictors = predictors or {}
        self.begun = begun
        self.seconds, self.stretch = seconds, stretch
        self.delay, self.silent, self.doubtful = delay, silent, doubtful
        self.rendered: list[tuple[str, bytes]] = []

    def score(self, drum: str, code: Vector) -> float:
        """Every sound is surely of its class, once the doubtful ones are through."""
        self.doubtful -= 1
        return 0.1 if self.doubtful >= 0 else float(self._probabilities(drum)[self.classes.index(drum)])

    def render(self, drum: str, code: Vector, polish: int = 0) -> Rendered:
        """Render a tone."""
        samples = self.sound(drum, code, polish)
        return Rendered(samples, self.analyse(samples), self._probabilities(drum))

    def sound(self, drum: str, code: Vector, polish: int = 0) -> Samples:
        """The samples of a tone."""
        self.rendered.append((drum, code.tobytes()))
        self.begun()
        time.sleep(self.delay)
        self.silent -= 1
        place = coordinates(self.spaces[drum], code, DIMENSIONS)
        if drum == SILENT or self.silent >= 0 or np.abs(place).max() > FARTHEST:
            raise NoSound("silent")
        t = np.arange(round(self.seconds * 2 ** (self.stretch * float(place[1])) * RATE)) / RATE
        hertz = 300.0 * (1 + self.classes.index(drum)) ** 0.5 * 2 ** (0.3 * float(place[0]))
        decay = 0.02 * 2 ** (0.3 * float(place[1]))
        level = 0.3 * 2 ** (0.2 * float(place[0]))
        wave = level * np.cos(2 * np.pi * hertz * t) * np.exp(-t / decay)
        wave[-64:] *= np.linspace(1, 0, 64)
        return np.asarray(wave, np.float32)

    def analyse(self, samples: Samples) -> NDArray[np.float32]:
        """The envelope in every band: enough for a contact sheet."""
        padded = np.zeros(self.signal.frames * self.signal.hop, np.float32)
        padded[: len(samples)] = samples[: len(padded)]
        envelope = np.abs(padded.reshape(self.signal.frames, -1)).max(axis=1)
        return np.asarray(np.tile(10 * envelope, (self.signal.bands, 1)), np.float32)

    def _probabilities(self, drum: str) -> NDArray[np.float32]:
        """(C,)"""
        values = np.full(len(self.classes), 0.01, np.float32)
        values[self.classes.index(drum)] = 1 - 0.01 * (len(self.classes) - 1)
        return values
