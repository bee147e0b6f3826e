"""What every synthesised drum voice promises, and what a listener expects of its class."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from packgen.classes import BY_NAME, CLASS_NAMES
from packgen.training.voices import RENDER_RATE, SHORTEST, VOICES, draw
from packgen.training.voices.synthesis import (
    Signal,
    decay,
    frame_frequencies,
    modes,
    noise,
    phase,
    ring,
    shape,
    square,
    squares,
    time_axis,
)

RATE = 22050
EACH_VOICE = [(name, voice) for name, voices in VOICES.items() for voice in voices]
Samples = npt.NDArray[np.float32]


@cache
def draws(class_name: str, count: int = 24, rate: int = RATE) -> list[Samples]:
    """Several sounds of the class, made once for all tests."""
    return [draw(class_name, np.random.default_rng(seed), rate).samples for seed in range(count)]


def power(x: Samples, rate: int = RATE) -> tuple[Signal, Signal]:
    """Frequencies and the share of the energy at each."""
    energy = np.abs(np.fft.rfft(x.astype(float), 4 * rate)) ** 2
    return np.asarray(np.fft.rfftfreq(4 * rate, 1 / rate)), np.asarray(energy / energy.sum())


def centroid(x: Samples) -> float:
    frequencies, share = power(x)
    return float(frequencies @ share)


def loudest(x: Samples) -> float:
    frequencies, share = power(x)
    return float(frequencies[share.argmax()])


def audible(x: Samples) -> float:
    """Seconds until the sound stays 20 dB under its peak."""
    return float(np.flatnonzero(np.abs(x) > 0.1)[-1] / RATE)


def share_below(x: Samples, limit_hz: float) -> float:
    frequencies, share = power(x)
    return float(share[frequencies < limit_hz].sum())


@pytest.mark.parametrize(("class_name", "voice"), EACH_VOICE, ids=[voice.__name__ for _, voice in EACH_VOICE])
@pytest.mark.parametrize("rate", [22050, 44100])
def test_voice_starts_at_once_and_is_finite(
    class_name: str, voice: Callable[[np.random.Generator, int], Signal], rate: int
) -> None:
    for seed in range(4):
        x = voice(np.random.default_rng(seed), rate)
        assert x.ndim == 1
        assert np.isfinite(x).all()
        assert np.abs(x[: rate // 1000 + 1]).max() > 0
        assert np.abs(x).max() > 1e-3


@pytest.mark.parametrize("class_name", VOICES)
def test_draws_are_ready_for_the_corpus(class_name: str) -> None:
    for x in draws(class_name):
        assert x.dtype == np.float32
        assert SHORTEST - 0.001 <= len(x) / RATE <= BY_NAME[class_name].longest
        assert np.abs(x).max() == 1
        assert abs(x[-1]) < 1e-3


@pytest.mark.parametrize("class_name", VOICES)
def test_same_state_same_bytes(class_name: str) -> None:
    first, second = (draw(class_name, np.random.default_rng(7)) for _ in range(2))
    assert first.name == second.name
    assert first.samples.tobytes() == second.samples.tobytes()


def test_names_tell_the_voices_apart() -> None:
    names = [voice.__name__ for _, voice in EACH_VOICE]
    assert len(set(names)) == len(names)
    assert draw("kick", np.random.default_rng(0)).name in names


def test_draws_come_at_the_rate_they_are_rendered_at_unless_asked() -> None:
    plain, slower = (
        draw("crash", np.random.default_rng(3)).samples,
        draw("crash", np.random.default_rng(3), 22050).samples,
    )
    assert RENDER_RATE == 44_100
    assert len(plain) == pytest.approx(2 * len(slower), rel=0.1)


@pytest.mark.parametrize("class_name", CLASS_NAMES)
def test_a_class_sounds_electronic_and_natural(class_name: str) -> None:
    assert {draw(class_name, np.random.default_rng(seed)).kind for seed in range(16)} == {"electronic", ""}


def test_a_voice_says_what_it_imitates() -> None:
    voiced = [draw("kick", np.random.default_rng(seed)) for seed in range(40)]
    kinds = {sound.name: sound.kind for sound in voiced}
    assert kinds["punch_kick"] == "electronic"
    assert kinds["acoustic_kick"] == kinds["sampled_kick"] == ""


def test_every_class_has_several_voices_and_draws_differ() -> None:
    assert tuple(VOICES) == CLASS_NAMES
    for class_name, voices in VOICES.items():
        assert len(voices) >= 3
        assert len({x.tobytes() for x in draws(class_name)}) == 24


def test_kicks_are_low() -> None:
    kicks = draws("kick")
    assert 40 < np.median([loudest(x) for x in kicks]) < 80
    assert all(share_below(x, 200) > 0.4 for x in kicks)


def test_hats_are_bright_and_open_ones_longer() -> None:
    closed, opened = draws("closed_hat"), draws("open_hat")
    assert max(map(audible, closed)) < 0.15 < min(map(audible, opened))
    assert all(share_below(x, 1000) < 0.5 for x in closed + opened)
    assert np.median([centroid(x) for x in closed + opened]) > 4000


def test_skins_are_tuned_apart() -> None:
    toms, congas, bongos = (np.median([loudest(x) for x in draws(c)]) for c in ("tom", "conga", "bongo"))
    assert 60 < toms < 200 < congas < 300 < bongos < 600


@pytest.mark.parametrize("class_name", ["tambourine", "shaker"])
def test_shaken_things_are_bright(class_name: str) -> None:
    assert np.median([centroid(x) for x in draws(class_name)]) > 4000


@pytest.mark.parametrize("class_name", ["crash", "ride", "open_hat"])
def test_metal_may_ring_on(class_name: str) -> None:
    assert BY_NAME[class_name].longest == 3
    assert max(len(x) for x in draws(class_name)) > 1.5 * RATE


@pytest.mark.parametrize("class_name", ["crash", "ride", "open_hat", "closed_hat"])
def test_cymbals_reach_above_the_old_rate(class_name: str) -> None:
    frequencies, shares = zip(*(power(x, 44_100) for x in draws(class_name, 12, 44_100)), strict=True)
    above = [share[f > 11_025].sum() for f, share in zip(frequencies, shares, strict=True)]
    assert np.median(above) > 0.02


def test_crashes_outlast_rims() -> None:
    rims, crashes = draws("rim"), draws("crash")
    assert np.median([audible(x) for x in rims]) < 0.1 < 0.25 < np.median([audible(x) for x in crashes])
    assert np.median([centroid(x) for x in rims]) < 2500 < np.median([centroid(x) for x in crashes])


def test_cowbells_have_a_pitch() -> None:
    for x in draws("cowbell"):
        frequencies, share = power(x)
        pitch = loudest(x)
        assert 300 < pitch < 5000
        assert share[np.abs(frequencies / pitch - 1) < 0.03].sum() > 0.1


def test_decay_is_60_db() -> None:
    assert decay(np.array([0.3]), 0.3)[0] == pytest.approx(1e-3)


def test_phase_of_a_constant_frequency_is_a_sine() -> None:
    t = time_axis(0.1, RATE)
    np.testing.assert_allclose(
        np.sin(phase(np.full_like(t, 440.0), RATE)), np.sin(2 * np.pi * 440 * t), atol=1e-9
    )


def test_square_aliases_less_than_a_naive_one() -> None:
    t = time_axis(1.0, RATE)
    tone, folded = 1237, RATE - 11 * 1237  # where its eleventh harmonic, above Nyquist, falls
    naive, smooth = np.sign(np.sin(2 * np.pi * tone * t)), square(t, tone, RATE, 0.0)
    assert np.abs(np.fft.rfft(smooth))[folded] < 0.3 * np.abs(np.fft.rfft(naive))[folded]


def test_ring_sounds_at_the_frequency_asked() -> None:
    impulse = np.zeros(RATE)
    impulse[0] = 1.0
    x = ring(impulse, np.array([500.0]), np.array([0.5]), np.ones(1), RATE)
    assert loudest(x.astype(np.float32)) == pytest.approx(500, abs=1)
    assert np.abs(x).max() == pytest.approx(1, abs=0.05)


def test_shape_without_decay_changes_nothing() -> None:
    x = noise(np.random.default_rng(0), time_axis(0.3, RATE))
    still = np.full(len(frame_frequencies(RATE)), np.inf)
    np.testing.assert_allclose(shape(x, still, np.ones_like(still), 0.0, RATE), x, atol=1e-6)


def test_shape_gives_each_frequency_its_own_decay() -> None:
    t = time_axis(1.0, RATE)
    x = modes(np.random.default_rng(0), t, np.array([1000.0, 6000.0]), np.ones(2), RATE)
    t60s = np.where(frame_frequencies(RATE) < 3000, 2.0, 0.4)
    early, late = (np.abs(np.fft.rfft(y)) for y in np.split(shape(x, t60s, np.ones_like(t60s), 0.0, RATE), 2))
    fall = 20 * np.log10(early / late)  # in half a second
    assert fall[500] == pytest.approx(15, abs=0.5)
    assert fall[3000] == pytest.approx(75, abs=1.5)


def test_squares_are_squares_without_their_corners() -> None:
    t = time_axis(1.0, RATE)
    x = squares(np.random.default_rng(0), t, np.array([100.0]), RATE)
    assert np.abs(np.abs(x) - 1).mean() < 0.03
    spectrum = np.abs(np.fft.rfft(x)) / len(x) * 2
    np.testing.assert_allclose(spectrum[[100, 200, 300]], [4 / np.pi, 0, 4 / np.pi / 3], atol=0.02)
