"""Velocity layers: softer hits as other points of the latent space, darker, shorter and quieter by measure.

A proposal walks from a sound against its class's predicted brightness and decay. What it gives is measured; a
take that is not darker than every take of the harder layer is drawn back or tried further out, and the few that
stay too bright get a gentle low-pass, as a softer stroke has. Pure numpy and scipy.
"""

from __future__ import annotations

import math

import numpy as np

from packgen.audio.descriptors import Descriptors, describe
from packgen.audio.samples import Samples
from packgen.audio.shaping import fade_out
from packgen.latent import space as latent
from packgen.latent.predictor import PREDICTED, Predictor

REACH = 1.6  # deviations of brightness that the softest layer is moved down by
DECAY_SHARE = 0.5  # of that for decay
# Lengths of a proposal and how far aside of it to look, in deviations; tried in this order.
TRIES = ((1.0, 0.0), (1.6, 0.0), (1.0, 0.3), (1.6, 0.4), (2.2, 0.4), (0.6, 0.5))
DARKER = 0.94  # of the harder layer's darkest take: the brightness a softer layer starts from
LONGER = 1.1  # of the harder layer's decay that a softer one may have
LAWFUL = 0.995  # of the harder layer's darkest take: what every take must stay under
STRAY_DB = 1.0  # that takes of one layer differ in level at most: less than any two layers do
FADE = 0.002  # seconds


def velocities(layer: int, layers: int) -> tuple[int, int]:
    """Lowest and highest MIDI velocity of a layer, 0 the softest.

    >>> [velocities(layer, 3) for layer in range(3)]
    [(1, 42), (43, 85), (86, 127)]
    """
    return 1 + round(127 * layer / layers), round(127 * (layer + 1) / layers)


def drop_db(layer: int, layers: int) -> float:
    """Level of a layer relative to the hardest: the square law of MIDI velocity, as SFZ players apply it.

    >>> drop_db(3, 4), round(drop_db(0, 2), 1)
    (0.0, -11.9)
    """
    return 40 * math.log10(velocities(layer, layers)[1] / 127)


def softened(
    space: latent.ClassSpace, predictor: Predictor, code: latent.Vector, softness: float, length: float = 1.0
) -> latent.Vector:
    """The code of a softer hit: the shortest way, in the class's deviations, to lower brightness and decay.

    Args:
        space, predictor: of the class.
        code: of the hardest layer (D,).
        softness: 0 (as hard) … 1 (the softest).
        length: of the step, for further tries.
    """
    brightness, decay = (predictor.weights[PREDICTED.index(name), :-1] for name in ("brightness", "decay"))
    slopes = [space.axes @ row * space.deviations for row in (brightness, decay)]
    wanted = -REACH * softness * length * np.array([1.0, DECAY_SHARE])
    # Least-norm solution of the two equations; a little damping where the two slopes are alike.
    matrix = np.stack(slopes)
    gram = matrix @ matrix.T
    steps = matrix.T @ np.linalg.solve(gram + 0.05 * np.trace(gram) * np.eye(2) + 1e-9 * np.eye(2), wanted)
    norm = float(np.linalg.norm(steps))
    most = 3.0 * softness * length  # deviations: farther out the decoder invents
    return latent.displace(space, code, (steps * min(1.0, most / max(norm, 1e-9))).astype(np.float32))


def lawful(measured: Descriptors, harder: Descriptors, darkest: float) -> bool:
    """Whether a layer's sound is clearly darker, and not longer, than the harder layer."""
    return measured.brightness <= DARKER * darkest and measured.decay <= LONGER * harder.decay


def darken(samples: Samples, rate: int, brightness: float) -> Samples:
    """First-order low-passes, as few and as high as bring a sound's brightness under a value."""
    from scipy.signal import lfilter  # takes most of a second, and few packs need it

    filtered = samples
    for cutoff in np.geomspace(0.4 * rate, 40.0, 24):
        pole = math.exp(-2 * math.pi * cutoff / rate)
        filtered = np.asarray(lfilter([1 - pole], [1, -pole], filtered), np.float32)
        filtered = fade_out(filtered, round(FADE * rate))
        if describe(filtered, rate).brightness < brightness:
            break
    return filtered
