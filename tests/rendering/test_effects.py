"""Effects: each does what its name says, from rest, and leaves a sound that ends in silence."""

from __future__ import annotations

import numpy as np
import pytest

from packgen.audio.descriptors import describe
from packgen.audio.samples import Samples
from packgen.audio.shaping import decibels, peak
from packgen.planning.effects import EFFECTS, Chain, Effect
from packgen.rendering.effects import apply

RATE = 22_050


def effect(name: str, **settings: float) -> Effect:
    values = {key: default for key, (_, _, default) in EFFECTS[name].items()} | settings
    return Effect(name, tuple(values.items()))


def hit(seed: int = 0) -> Samples:
    """A drum: a falling tone in noise, at full scale."""
    time = np.arange(RATE // 4) / RATE
    noise = np.random.default_rng(seed).standard_normal(len(time))
    wave = np.exp(-time / 0.04) * (np.sin(2 * np.pi * 180 * time) + 0.3 * noise)
    return np.asarray(wave / np.abs(wave).max(), np.float32)


def through(*chain: Effect) -> Samples:
    return apply(tuple(chain), hit(), RATE)


def band(samples: Samples, low: float, high: float) -> float:
    """Level of a band, dB."""
    power = np.abs(np.fft.rfft(samples, 2 * RATE)) ** 2
    hertz = np.fft.rfftfreq(2 * RATE, 1 / RATE)
    return decibels(float(np.sqrt(power[(hertz >= low) & (hertz < high)].mean())))


def test_filters_move_their_bands() -> None:
    dry = hit()
    assert band(through(effect("low_pass", hz=1000)), 6000, 9000) < band(dry, 6000, 9000) - 20
    assert band(through(effect("high_pass", hz=2000)), 100, 250) < band(dry, 100, 250) - 20
    assert band(through(effect("low_shelf", hz=400, db=9)), 60, 150) > band(dry, 60, 150) + 6
    assert band(through(effect("high_shelf", hz=3000, db=-9)), 7000, 9000) < band(dry, 7000, 9000) - 6
    assert band(through(effect("peak", hz=3000, db=9)), 2900, 3100) > band(dry, 2900, 3100) + 6
    steep = through(effect("low_pass", hz=1000, poles=4))
    assert band(steep, 6000, 9000) < band(through(effect("low_pass", hz=1000, poles=1)), 6000, 9000) - 20


def test_dynamics_bring_loud_and_soft_together() -> None:
    def difference(*chain: Effect) -> float:
        loud, soft = (apply(chain, (hit() * gain).astype(np.float32), RATE) for gain in (1.0, 0.1))
        return describe(loud, RATE).level - describe(soft, RATE).level

    assert difference() == pytest.approx(20, abs=0.01)
    assert difference(effect("drive", db=24)) < 15
    assert difference(effect("compress", threshold=-30, ratio=8, attack=0.5)) < 15
    assert peak(through(effect("gain", db=-6))) == pytest.approx(0.501, rel=0.05)


def test_a_room_makes_a_sound_longer_and_stays_short() -> None:
    dry, small, large = hit(), through(effect("room", size=0.1)), through(effect("room", size=0.9, wet=0.4))
    assert len(dry) < len(large) <= len(dry) + RATE
    assert len(small) < len(large)


def test_crushing_leaves_few_values_and_holding_few_changes() -> None:
    crushed = through(effect("bits", depth=4))
    inner = crushed[: len(crushed) // 2]
    assert len(np.unique(np.round(np.diff(np.unique(np.round(inner, 4))), 2))) < 8
    held = through(effect("hold", hz=4000))
    assert (np.diff(held) == 0).mean() > 0.4 > (np.diff(hit()) == 0).mean()


def test_chorus_wavers() -> None:
    wet = through(effect("chorus", rate=3, depth=0.6, mix=0.5))
    assert 0.05 < np.abs(wet - hit()).max() and wet.shape == hit().shape


@pytest.mark.parametrize("name", EFFECTS)
@pytest.mark.parametrize("place", [0, 1])
def test_extremes_stay_finite_and_end_in_silence(name: str, place: int) -> None:
    settings = {key: limits[place] for key, limits in EFFECTS[name].items()}
    wet = through(effect(name, **settings))
    assert np.isfinite(wet).all() and wet.dtype == np.float32
    assert abs(wet[-1]) < 1e-6 and peak(wet) > 0


def test_an_effect_starts_from_rest() -> None:
    chain: Chain = (effect("room"), effect("compress"), effect("chorus"), effect("bits"))
    first = apply(chain, hit(), RATE)
    apply(chain, hit(1), RATE)
    np.testing.assert_array_equal(first, apply(chain, hit(), RATE))
    np.testing.assert_array_equal(apply((), hit(), RATE), hit())


def test_what_no_effect_leaves_comes_back_as_it_was() -> None:
    silence = np.zeros(1000, np.float32)
    np.testing.assert_array_equal(apply((effect("drive"),), silence, RATE), silence)
