"""What base sounds answer to: which way is louder, and how far hits lie apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from packgen.humanizer import calibration
from packgen.humanizer.calibration import DrumCode, Measured, loudness
from packgen.humanizer.events import Lane
from packgen.latent.space import at, coordinates
from tests.fakes import DIMENSIONS
from tests.humanizer.measured import SPACES, measure


def test_hits_lie_apart_by_a_share_of_what_sounds_of_the_class_do() -> None:
    """A class whose sounds differ half as much as another's gives its hits half the reach."""
    lane, shape = Lane("kick", 36), SPACES["kick"]
    others = {"kick": [at(shape, [p1]) for p1 in (-2.0, 0.0, 2.0)]}
    nearer = {"kick": [at(shape, [p1]) for p1 in (-1.0, 0.0, 1.0)]}

    def hear(jobs: Sequence[DrumCode]) -> list[Measured | None]:
        return [Measured(1000, -6, None, 1, coordinates(shape, code, 1)[:, None]) for _, code in jobs]

    wide, narrow, still = (
        calibration.reaches({lane: shape.mean}, sounds, SPACES, ear, seed=1)[lane]
        for sounds, ear in ((others, hear), (nearer, hear), (others, lambda jobs: [None for _ in jobs]))
    )
    assert calibration.REACHES[0] < narrow < wide <= calibration.REACHES[1]
    assert wide == pytest.approx(min(2 * narrow, calibration.REACHES[1]))
    assert still == 1.0


def test_louder_is_where_brightness_and_level_rise() -> None:
    kick = Lane("kick", 36)
    direction = loudness({kick: SPACES["kick"].mean}, SPACES, measure)[kick]
    expected = np.zeros(DIMENSIONS)
    expected[1:3] = 2**-0.5, 1 + 2**-0.5  # the sum of (0, 1) and (1, 1) / sqrt 2
    np.testing.assert_allclose(direction, expected / np.linalg.norm(expected), atol=1e-3)


def test_where_nothing_changes_there_is_no_direction() -> None:
    def flat(jobs: Sequence[DrumCode]) -> list[Measured | None]:
        return [Measured(1000, -6, None, 1, np.zeros((2, 2), np.float32)) for _ in jobs]

    def silent(jobs: Sequence[DrumCode]) -> list[Measured | None]:
        return [None for _ in jobs]

    kick = Lane("kick", 36)
    for deaf in (flat, silent):
        assert not loudness({kick: SPACES["kick"].mean}, SPACES, deaf)[kick].any()
