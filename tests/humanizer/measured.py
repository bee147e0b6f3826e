"""A measure of latent codes without an engine: what is heard is plain arithmetic of a sound's place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from packgen.humanizer.calibration import DrumCode, Measured
from packgen.humanizer.events import Lane
from packgen.latent.space import coordinates
from tests.fakes import DIMENSIONS, space

SPACES = {"tom": space(1), "kick": space(2)}
TOMS = [Lane("tom", note) for note in (41, 45, 50)]


def measure(jobs: Sequence[DrumCode]) -> list[Measured | None]:
    """P1 is pitch, P2 the filter's doubt; brightness rises with P3, level with P2 and P3; all move the spectrum."""
    heard: list[Measured | None] = []
    for drum, code in jobs:
        places = coordinates(SPACES[drum], code, DIMENSIONS)
        p1, p2, p3 = (float(x) for x in places[:3])
        doubt = float(np.exp(-abs(p2)))
        heard.append(Measured(1000 * 2**p3, 6 * (p2 + p3), 100 * 2**p1, doubt, places[:, None]))
    return heard
