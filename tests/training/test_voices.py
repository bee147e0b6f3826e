"""What every synthesised drum voice promises, and what a listener expects of its class."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from packgen.training.voices import SHORTEST, VOICES, draw, longest, synthesise
from packgen.training.voices.synthesis import Signal, decay, phase, ring, square, time_axis

RATE = 22050
EACH_VOICE = [(name, voice) for name, voices in VOICES.items() for voice in voices]
Samples = npt.NDArray[np.float32]


def draws(class_name: str, count: int = 24) -> list[Samples]:
    return [synthesise(class_name, np.random.default_rng(seed), RATE) for seed in range(count)]


def power(x: Samples) -> tuple[Signal, Signal]:
    """Frequencies and the share of the energy at each."""
    energy = np.abs(np.fft.rfft(x.astype(float), 4 * RATE)) ** 2
    return np.asarray(np.fft.rfftfreq(4 * RATE, 1 / RATE)), np.asarray(energy / energy.sum())


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
        assert SHORTEST - 0.001 <= len(x) / RATE <= longest(class_name)
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


def test_every_class_has_several_voices_and_draws_differ() -> None:
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
