"""Shaping: each function does one thing and leaves its input alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from packgen.audio import shaping

RATE = 22_050
sounds = arrays(np.float32, st.integers(1, 400), elements=st.floats(-1, 1, width=32))


def test_onset_and_tail_are_found() -> None:
    sound = np.zeros(5000, np.float32)
    sound[1000:2000] = 0.5
    assert len(shaping.trim_onset(sound, RATE)) == 4000 + 22
    assert 1990 <= len(shaping.trim_tail(sound, RATE)) <= 2000 + 110


def test_silence_trims_to_nothing() -> None:
    silence = np.zeros(100, np.float32)
    assert len(shaping.trim_onset(silence, RATE)) == len(shaping.trim_tail(silence, RATE)) == 0


@given(sounds)
def test_fades_end_at_zero_and_leave_the_rest(sound: np.ndarray) -> None:
    before = sound.copy()
    faded = shaping.fade_out(sound, 50)
    assert faded[-1] == 0
    assert_array_equal(faded[: max(0, len(sound) - 50)], sound[: max(0, len(sound) - 50)])
    assert_array_equal(sound, before)


@given(sounds)
def test_no_dc_is_left(sound: np.ndarray) -> None:
    assert abs(float(shaping.remove_dc(sound).sum(dtype=np.float64))) < 1e-2


@given(sounds, st.floats(-20, 0))
def test_normalised_peaks_are_where_asked(sound: np.ndarray, level_db: float) -> None:
    top = shaping.peak(shaping.normalise(sound, level_db))
    assert top == 0 or top == pytest.approx(shaping.amplitude(level_db), rel=1e-4)


def test_decibels_and_amplitudes_invert() -> None:
    assert_allclose(shaping.decibels(shaping.amplitude(-13.5)), -13.5)
    assert shaping.decibels(0.0) == -240.0
