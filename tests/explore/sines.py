"""An instrument of decaying sines: fast, without weights; P1 raises the pitch, P2 lengthens the ring.

Run as a program it serves the page in a process of its own, as `packgen explore` does.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packgen.audio.mel import SignalConfig
from packgen.audio.samples import Samples
from packgen.classes import CLASS_NAMES
from packgen.errors import NoSound
from packgen.explore import serving as listen
from packgen.explore.app import create_app
from packgen.explore.favourites import Model
from packgen.latent import space as latent
from tests.server.sine import DIMENSIONS, SILENT, space

MODEL = Model("sines", "Nothing: these are sines.\n")


@dataclass(frozen=True)
class Sine:
    samples: Samples
    log_mel: NDArray[np.float32]
    probabilities: NDArray[np.float32]


class Sines:
    """Decaying sines with some noise; `seconds` is how long a rendering takes at least."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.classes, self.digest, self.seconds = CLASS_NAMES, "51e5", seconds
        self.signal = SignalConfig()
        self.spaces = {name: space(seed) for seed, name in enumerate(CLASS_NAMES)}
        quantiles = np.array(
            [[0.1, 0.2, 0.3, 0.4, 0.5], [100, 200, 400, 800, 1600], [0.03, 0.06, 0.12, 0.2, 0.3],
             [0.001, 0.003, 0.01, 0.03, 0.1]], np.float32)  # fmt: skip
        self.ranges = dict.fromkeys(CLASS_NAMES, quantiles)
        self.rendered = 0

    def score(self, drum: str, code: latent.Vector) -> float:
        return 1.0

    def render(self, drum: str, code: latent.Vector, polish: int = 0) -> Sine:
        if drum == SILENT:
            raise NoSound("silent")
        self.rendered += 1
        time.sleep(self.seconds)
        place = latent.coordinates(self.spaces[drum], code, DIMENSIONS)
        decay = 0.06 * 2 ** (0.4 * float(np.clip(place[1], -4, 4)))
        t = np.arange(round(min(0.95, 5 * decay) * self.signal.sample_rate)) / self.signal.sample_rate
        hertz = 90.0 * (1 + self.classes.index(drum)) ** 0.8 * 2 ** (0.5 * float(np.clip(place[0], -4, 4)))
        noise = np.random.default_rng(0).standard_normal(len(t)) * 0.05 * 2 ** float(np.clip(place[2], -4, 3))
        swept = hertz * (t + 0.01 * (1 - np.exp(-t / 0.01)))
        wave = 0.4 * (np.sin(2 * np.pi * swept) * np.exp(-t / decay) + noise * np.exp(-t / (0.4 * decay)))
        wave[-64:] *= np.linspace(1, 0, 64)
        probabilities = np.full(len(self.classes), 0.01, np.float32)
        probabilities[self.classes.index(drum)] = 0.9
        samples = np.clip(wave, -1, 1).astype(np.float32)
        return Sine(samples, self.analyse(samples), probabilities)

    def analyse(self, samples: Samples) -> NDArray[np.float32]:
        """The envelope in every band: enough for a contact sheet."""
        padded = np.zeros(self.signal.frames * self.signal.hop, np.float32)
        padded[: len(samples)] = samples[: len(padded)]
        envelope = np.abs(padded.reshape(self.signal.frames, -1)).max(axis=1)
        return np.tile(10 * envelope, (self.signal.bands, 1)).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=0.0)
    given = parser.parse_args()
    with listen.bind("127.0.0.1", given.port) as server:
        app = create_app(Sines(given.seconds), MODEL, given.out, listen.hosts("127.0.0.1", server))
        sys.stdout.write(f"http://{listen.address('127.0.0.1', server)}/\n")
        sys.stdout.flush()
        listen.serve(app, server)


if __name__ == "__main__":
    main()
