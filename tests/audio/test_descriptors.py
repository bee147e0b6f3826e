"""Descriptors measure what is known to be there."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from packgen.audio.descriptors import describe

RATE = 22_050
TIME = np.arange(RATE) / RATE


def decaying(hertz: float, rate: float = 6.0) -> NDArray[np.float32]:
    return np.asarray(np.sin(2 * np.pi * hertz * TIME) * np.exp(-rate * TIME), np.float32)


@pytest.mark.parametrize("hertz", [45.0, 55.0, 110.0, 220.0, 440.0, 900.0])
def test_a_tone_has_its_pitch(hertz: float) -> None:
    assert describe(decaying(hertz), RATE).pitch == pytest.approx(hertz, rel=0.01)


def test_harmonics_do_not_hide_the_fundamental() -> None:
    sound = decaying(82.0) + np.float32(0.7) * decaying(164.0) + np.float32(0.5) * decaying(246.0)
    assert describe(sound, RATE).pitch == pytest.approx(82.0, rel=0.01)


def test_noise_has_no_pitch_and_is_noisy() -> None:
    noise = (np.random.default_rng(0).standard_normal(RATE) * np.exp(-20 * TIME)).astype(np.float32)
    measured = describe(noise, RATE)
    assert measured.pitch is None
    assert measured.noisiness > 0.4 > 0.001 > describe(decaying(200.0), RATE).noisiness


@pytest.mark.parametrize("rate", [5.0, 20.0, 80.0])
def test_decay_is_the_time_to_fall_by_20_db(rate: float) -> None:
    assert describe(decaying(400.0, rate), RATE).decay == pytest.approx(np.log(10) / rate, abs=0.012)


def test_brightness_follows_frequency_and_silence_is_all_zero() -> None:
    assert describe(decaying(300.0), RATE).brightness < describe(decaying(3000.0), RATE).brightness
    silence = describe(np.zeros(100, np.float32), RATE)
    assert (silence.brightness, silence.decay, silence.pitch) == (0.0, 0.0, None)


@pytest.mark.parametrize("size", [1, 2, 10, 200])
def test_the_shortest_sounds_can_be_measured(size: int) -> None:
    assert describe(np.full(size, 0.5, np.float32), RATE).duration == size / RATE
