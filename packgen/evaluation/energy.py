"""The energy distance of what is heard of a code to the recording that the code is of: it counts texture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from packgen.audio.samples import Samples
from packgen.audio.shaping import pad, peak
from packgen.engine.engine import POLISH, Engine
from packgen.errors import NoSound
from packgen.evaluation.fidelity import Original
from packgen.networks.losses import energy_distance

WINDOWS = (128, 256, 512, 1024, 2048, 4096)  # samples


@dataclass(frozen=True)
class Energy:
    """Generalised energy distances to recordings, means over sounds; lower is nearer.

    Attributes:
        drawn: of two draws of noise around one code.
        without_texture: of the vocoder alone, which gives the same sound each time.
        instrument: of two other recordings of the instrument; None where no instrument has three.
        sounds, instruments: behind these means.
    """

    drawn: float
    without_texture: float
    instrument: float | None
    sounds: int
    instruments: int


@torch.inference_mode()
def energy(engine: Engine, originals: list[Original], seed: int, tick: Callable[[], None]) -> Energy:
    """Measure validation recordings through their codes; `tick` is called after each."""
    drawn, plain, real = [], [], []
    members: dict[tuple[str, str], list[Original]] = {}
    for original in originals:
        members.setdefault((original.drum, original.group), []).append(original)

    def distance(wanted: Tensor, first: Tensor, second: Tensor) -> float:
        rate = engine.signal.sample_rate
        return float(energy_distance(wanted[None], first[None], second[None], WINDOWS, rate)[0])

    for number, original in enumerate(originals):
        wanted = _brought(original.sound, engine)
        try:
            first, second = _draws(engine, original, [seed, number])
            vocoded = _brought(engine.vocode(engine.decode(original.drum, original.code)), engine)
        except NoSound:
            pass  # `fidelity` counts these
        else:
            drawn.append(distance(wanted, first, second))
            plain.append(distance(wanted, vocoded, vocoded))
        others = [each for each in members[original.drum, original.group] if each is not original]
        if len(others) > 1:
            first, second = (_brought(each.sound, engine) for each in others[:2])
            real.append(distance(wanted, first, second))
        tick()
    return Energy(
        drawn=float(np.mean(drawn)) if drawn else 0.0,
        without_texture=float(np.mean(plain)) if plain else 0.0,
        instrument=float(np.mean(real)) if real else None,
        sounds=len(drawn),
        instruments=len(real),
    )


def _draws(engine: Engine, original: Original, key: list[int]) -> list[Tensor]:
    """Two sounds of one code with other noise, as the recording is aligned: (N,) each."""
    decoded = torch.from_numpy(engine.decode(original.drum, original.code))
    vector = torch.from_numpy(engine.class_vector(original.drum))
    rng = np.random.Generator(np.random.Philox(key=key))
    return [_brought(engine.chain.sound(decoded, vector, POLISH, rng), engine) for _ in range(2)]


def _brought(samples: Samples, engine: Engine) -> Tensor:
    """Peak one, at the model's length: level is no matter of texture."""
    top = peak(samples)
    return torch.from_numpy(pad(samples / top if top > 0 else samples, engine.signal.num_samples))
