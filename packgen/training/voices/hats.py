"""Closed and open hi-hats: the same metal, damped at once or left to ring."""

from __future__ import annotations

import numpy as np

from packgen.training.voices import synthesis as s
from packgen.training.voices.synthesis import Signal, log_uniform

SQUARES_HZ = np.array([205.3, 304.4, 369.6, 522.7, 540.0, 800.0])  # the TR-808's, after Werner et al.


def _closed(rng: np.random.Generator, rate: int) -> tuple[Signal, float]:
    """Time axis and decay time of a pressed pedal."""
    t60 = log_uniform(rng, 0.06, 0.36)
    return s.time_axis(max(t60, 0.06), rate), t60


def _open(rng: np.random.Generator, rate: int) -> tuple[Signal, float]:
    """Time axis and decay time of a free pair of cymbals, which the pedal may close before it has rung out."""
    t60 = log_uniform(rng, 0.7, 4.0)
    return s.time_axis(min(t60, rng.uniform(0.45, 3.0)), rate), t60


def six_squares(rng: np.random.Generator, t: Signal, rate: int) -> Signal:
    """The six square waves that all metal of the TR-808 is made of, detuned."""
    pitches = SQUARES_HZ * log_uniform(rng, 0.8, 2.0) * rng.uniform(0.93, 1.07, 6)
    return s.squares(rng, t, pitches, rate)


def _metal(rng: np.random.Generator, t: Signal, t60: float, rate: int) -> Signal:
    """TR-808 and 606: six square waves in no simple ratio, through two band-passes and a high-pass
    (Werner, Abel and Smith, "The TR-808 Cymbal: a Physically-Informed, Circuit-Bendable, Digital
    Model", ICMC 2014)."""
    pile = six_squares(rng, t, rate)
    low = s.bandpass(pile, rng.uniform(3000, 4500), rng.uniform(1, 4), rate) * s.decay(t, 0.6 * t60)
    high = s.bandpass(pile, rng.uniform(6500, 9500), rng.uniform(1, 4), rate) * s.decay(t, t60)
    hiss = rng.uniform(0.0, 0.6) * s.noise(rng, t) * s.decay(t, t60)
    return s.highpass(rng.uniform(0.1, 1) * low + high + hiss, log_uniform(rng, 3000, 7500), rate, 3)


def _fizz(rng: np.random.Generator, t: Signal, t60: float, rate: int) -> Signal:
    """CR-78 and home-made hats: nothing but high-passed noise, with or without a resonant edge."""
    edge = log_uniform(rng, 3000, 8000)
    x = s.highpass(s.noise(rng, t), edge, rate, int(rng.integers(1, 5)))
    x += rng.uniform(0.0, 2.0) * s.bandpass(x, edge * rng.uniform(1, 1.4), rng.uniform(1, 8), rate)
    return s.lowpass(x, log_uniform(rng, 6000, 20000), rate, 1) * s.decay(t, t60)


def _frequency_modulation(rng: np.random.Generator, t: Signal, t60: float, rate: int) -> Signal:
    """Two FM pairs at unrelated high frequencies and a large index: a dense clang (Chowning, 1973)."""
    x = np.zeros_like(t)
    for _ in range(2):
        carrier, ratio = log_uniform(rng, 2500, 6000), rng.uniform(0.3, 1.7)
        modulator = np.sin(2 * np.pi * carrier * ratio * t + rng.uniform(1, 3) * np.sin(ratio * 2731 * t))
        x += np.sin(2 * np.pi * carrier * t + rng.uniform(1, 4) * modulator)
    x += rng.uniform(0.5, 3.5) * s.noise(rng, t)
    x = s.lowpass(x, log_uniform(rng, 6000, 20000), rate, 1)
    return s.highpass(x, log_uniform(rng, 2500, 6500), rate, 3) * s.decay(t, t60)


def _cymbals(rng: np.random.Generator, t: Signal, t60: float, rate: int) -> Signal:
    """Two real cymbals: noise that is strongest low or high as they are thick or thin, blooms within
    milliseconds and fades soonest at both ends, a crowd of modes, and the tick of the stick (Fletcher
    and Rossing, ch. 20)."""
    edges = np.geomspace(200, 19500, 11)
    centre = np.linspace(-1, 1, 10)
    colour = rng.uniform(0.5, 1.5, 10) * np.exp(-rng.uniform(-0.4, 1.3) * centre)
    fading = np.exp(-rng.uniform(0.3, 1.2) * (centre - rng.uniform(0, 0.4)) ** 2) * rng.uniform(0.85, 1.1, 10)
    wash = s.noise_bands(rng, t, edges, colour, t60 * fading, rate)
    wash = s.highpass(wash, log_uniform(rng, 200, 3000), rate)
    wash *= 1 - rng.uniform(0.0, 0.7) * np.exp(-t / log_uniform(rng, 0.002, 0.02))
    modes = np.sort(300 * 2 ** (rng.random(24) * 4.6))
    gains = rng.uniform(0.1, 1.0, 24) * np.minimum(1, modes / 2500)
    clang = s.ring(s.mallet(t, 0.0002), modes, t60 * rng.uniform(0.3, 1, 24), gains, rate)
    clang *= rng.uniform(0.05, 0.5) / s.peak(clang)
    stick = s.bandpass(s.noise(rng, t), log_uniform(rng, 3000, 9000), 0.7, rate) * s.decay(t, 0.015)
    thud = s.bandpass(s.noise(rng, t), log_uniform(rng, 180, 600), 0.7, rate) * s.decay(t, 0.06)
    return wash + clang + rng.uniform(0.2, 1.5) * stick + rng.uniform(0.0, 1.2) * thud


def _sampled(rng: np.random.Generator, t: Signal, t60: float, rate: int) -> Signal:
    """A real or metallic hat in eight bits or fewer, as LinnDrum and its heirs stored it."""
    source = (_cymbals, _metal, _fizz)[int(rng.integers(3))]
    x = s.crush(source(rng, t, t60, rate), rng.uniform(4, 8), int(rng.integers(1, 3)))
    return s.highpass(x, log_uniform(rng, 1500, 4000), rate)


def closed_metal_hat(rng: np.random.Generator, rate: int) -> Signal:
    """Six square waves (TR-808, TR-606), closed."""
    return _metal(rng, *_closed(rng, rate), rate)


def closed_fizz_hat(rng: np.random.Generator, rate: int) -> Signal:
    """High-passed noise (CR-78 and kin), closed."""
    return _fizz(rng, *_closed(rng, rate), rate)


def closed_fm_hat(rng: np.random.Generator, rate: int) -> Signal:
    """Frequency modulation, closed."""
    return _frequency_modulation(rng, *_closed(rng, rate), rate)


def closed_cymbals(rng: np.random.Generator, rate: int) -> Signal:
    """Acoustic cymbals, closed: a little longer than the machines'."""
    t, t60 = _closed(rng, rate)
    return _cymbals(rng, t, 1.2 * t60, rate)


def closed_sampled_hat(rng: np.random.Generator, rate: int) -> Signal:
    """Early sampler, closed."""
    return _sampled(rng, *_closed(rng, rate), rate)


def open_metal_hat(rng: np.random.Generator, rate: int) -> Signal:
    """Six square waves (TR-808, TR-606), open."""
    return _metal(rng, *_open(rng, rate), rate)


def open_fizz_hat(rng: np.random.Generator, rate: int) -> Signal:
    """High-passed noise (CR-78 and kin), open."""
    return _fizz(rng, *_open(rng, rate), rate)


def open_fm_hat(rng: np.random.Generator, rate: int) -> Signal:
    """Frequency modulation, open."""
    return _frequency_modulation(rng, *_open(rng, rate), rate)


def open_cymbals(rng: np.random.Generator, rate: int) -> Signal:
    """Acoustic cymbals, open."""
    return _cymbals(rng, *_open(rng, rate), rate)


def open_sampled_hat(rng: np.random.Generator, rate: int) -> Signal:
    """Early sampler, open."""
    return _sampled(rng, *_open(rng, rate), rate)
