"""Claps and finger snaps: short bursts of noise, one hand or many, and the room around them."""

from __future__ import annotations

import numpy as np

from packgen.training.voices import synthesis as s
from packgen.training.voices.synthesis import Signal, log_uniform


def _retriggered(rng: np.random.Generator, t: Signal, spacing: float) -> Signal:
    """The envelope of an analogue clap: three or four sharp saw teeth, then the decay of a "room"."""
    count = int(rng.integers(2, 5))
    starts = np.concatenate([[0.0], np.cumsum(spacing * rng.uniform(0.85, 1.15, count))])
    teeth = s.bursts(t, starts[:-1], rng.uniform(0.7, 1.0, count), log_uniform(rng, 0.03, 0.08))
    tail = s.bursts(t, starts[-1:], np.ones(1), log_uniform(rng, 0.06, 0.16))
    echo = s.bursts(t, starts[-1:], rng.uniform(0.1, 0.45, 1), log_uniform(rng, 0.25, 0.8))
    return np.asarray(teeth * (t < starts[-1]) + tail + echo)


def analogue_clap(rng: np.random.Generator, rate: int) -> Signal:
    """TR-808 and 909: noise band-passed near 1 kHz, retriggered about every 10 ms, then a
    reverberant tail (Sound on Sound, "Synth Secrets", on synthesising claps)."""
    t = s.time_axis(rng.uniform(0.22, 0.6), rate)
    x = s.bandpass(s.noise(rng, t), log_uniform(rng, 800, 1900), log_uniform(rng, 0.7, 3.5), rate)
    x += rng.uniform(0.0, 0.3) * s.highpass(s.noise(rng, t), 1500, rate)
    x = s.lowpass(x, log_uniform(rng, 2500, 12000), rate, 1)
    return s.saturate(x * _retriggered(rng, t, log_uniform(rng, 0.007, 0.014)), log_uniform(rng, 0.3, 3))


def bright_clap(rng: np.random.Generator, rate: int) -> Signal:
    """Modern trap and house: wide, high-passed, tightly packed teeth, driven."""
    t = s.time_axis(rng.uniform(0.15, 0.5), rate)
    x = s.highpass(s.noise(rng, t), log_uniform(rng, 400, 1300), rate)
    x += rng.uniform(0.5, 2.5) * s.bandpass(x, log_uniform(rng, 1100, 3000), rng.uniform(1, 3), rate)
    x = s.lowpass(x, log_uniform(rng, 5000, 16000), rate, 1)
    return s.saturate(x * _retriggered(rng, t, log_uniform(rng, 0.006, 0.012)), log_uniform(rng, 0.6, 5))


def _hand(rng: np.random.Generator, t: Signal, rate: int) -> Signal:
    """One clap of two palms: a burst of a few milliseconds in one or two broad resonances, lower for
    cupped hands (Peltola, Erkut, Cook and Valimaki, "Synthesis of Hand Clapping Sounds", 2007)."""
    burst = s.noise(rng, t) * s.decay(t, log_uniform(rng, 0.015, 0.07))
    burst[0] += log_uniform(rng, 2, 10)  # the air between the palms: see _finger
    cup = s.bandpass(burst, log_uniform(rng, 600, 2400), rng.uniform(0.8, 3), rate)
    skin = s.bandpass(burst, log_uniform(rng, 2000, 6500), rng.uniform(0.5, 1.5), rate)
    return cup + rng.uniform(0.1, 0.8) * skin


def hand_clap(rng: np.random.Generator, rate: int) -> Signal:
    """One person, one clap, in a small room."""
    x = _hand(rng, s.time_axis(0.06, rate), rate)
    return s.room(rng, x, log_uniform(rng, 0.25, 0.7), log_uniform(rng, 0.2, 1.0), rate)


def group_clap(rng: np.random.Generator, rate: int) -> Signal:
    """Three to nine people who mean to clap together."""
    spread = log_uniform(rng, 0.008, 0.03)
    t = s.time_axis(0.06 + spread, rate)
    x = np.zeros_like(t)
    for start in np.concatenate([[0.0], rng.random(int(rng.integers(2, 9))) * spread]):
        index = int(start * rate)
        x[index:] += rng.uniform(0.4, 1.0) * _hand(rng, t[: len(t) - index], rate)
    return s.room(rng, x, log_uniform(rng, 0.25, 0.7), log_uniform(rng, 0.2, 0.9), rate)


def sampled_clap(rng: np.random.Generator, rate: int) -> Signal:
    """A clap out of an early sampler, gated before its room has ended."""
    source = (analogue_clap, group_clap)[int(rng.integers(2))]
    x = s.crush(source(rng, rate), rng.uniform(4, 8), int(rng.integers(1, 5)))
    x = s.highpass(s.lowpass(x, log_uniform(rng, 4000, 12000), rate), 250, rate)
    return x[: int(rng.uniform(0.15, 0.4) * rate)]


def _finger(rng: np.random.Generator, t: Signal, rate: int) -> Signal:
    """The middle finger lands on the palm: a first tick as it slips off the thumb, the pop a few
    milliseconds later, both through the narrow resonance of the hollow hand."""
    delay = log_uniform(rng, 0.002, 0.009)
    pop_t60 = log_uniform(rng, 0.006, 0.03)
    envelope = s.bursts(t, np.array([0.0, delay]), np.array([rng.uniform(0.08, 0.6), 1.0]), pop_t60)
    excitation = s.noise(rng, t) * envelope
    # A burst of noise alone has a spectrum full of holes, and a room repeats them as stripes for as long as it
    # sounds. The pressure step of the pop is even.
    excitation[int(delay * rate)] += log_uniform(rng, 3, 12)
    hollow = log_uniform(rng, 1500, 3400)
    x = s.bandpass(excitation, hollow, log_uniform(rng, 2.0, 7), rate)
    x += rng.uniform(0.2, 0.8) * s.bandpass(
        excitation, hollow * rng.uniform(1.6, 2.6), rng.uniform(1, 4), rate
    )
    x += rng.uniform(0.02, 0.25) * s.highpass(excitation, 5000, rate)
    palm = s.bandpass(excitation, log_uniform(rng, 250, 900), rng.uniform(0.5, 1.5), rate)
    return s.highpass(x + rng.uniform(0.1, 1.0) * palm, log_uniform(rng, 80, 500), rate)


def finger_snap(rng: np.random.Generator, rate: int) -> Signal:
    """One snap, close or in a small room."""
    x = _finger(rng, s.time_axis(0.05, rate), rate)
    return s.room(rng, x, log_uniform(rng, 0.25, 0.8), log_uniform(rng, 0.06, 0.4), rate)


def group_snap(rng: np.random.Generator, rate: int) -> Signal:
    """Two to four snaps almost at once, as pop productions stack them."""
    t = s.time_axis(0.07, rate)
    x = np.zeros_like(t)
    for start in np.concatenate([[0.0], rng.uniform(0.0, 0.014, int(rng.integers(1, 4)))]):
        index = int(start * rate)
        x[index:] += rng.uniform(0.4, 1.0) * _finger(rng, t[: len(t) - index], rate)
    return s.room(rng, x, log_uniform(rng, 0.25, 0.8), log_uniform(rng, 0.08, 0.4), rate)


def synthetic_snap(rng: np.random.Generator, rate: int) -> Signal:
    """A machine's snap: a high blip swept down a little, a hiss and a short tail."""
    t = s.time_axis(rng.uniform(0.15, 0.4), rate)
    pitch = log_uniform(rng, 1500, 3000)
    blip = np.sin(s.phase(s.sweep(t, pitch * rng.uniform(1.1, 1.8), pitch, 0.003), rate))
    blip *= s.decay(t, log_uniform(rng, 0.012, 0.04))
    starts = np.array([0.0, log_uniform(rng, 0.004, 0.012)])
    hiss = s.bandpass(s.noise(rng, t), pitch * rng.uniform(1, 2), rng.uniform(0.7, 3), rate)
    hiss *= s.bursts(t, starts, np.array([0.8, 1.0]), log_uniform(rng, 0.025, 0.09))
    tail = s.bandpass(s.noise(rng, t), pitch, 1.0, rate) * s.decay(t, log_uniform(rng, 0.15, 0.5))
    return rng.uniform(0.1, 0.6) * blip + rng.uniform(0.6, 1.6) * hiss + rng.uniform(0.1, 0.5) * tail


def sampled_snap(rng: np.random.Generator, rate: int) -> Signal:
    """A snap driven hard and stored in few bits."""
    x = s.saturate(finger_snap(rng, rate), log_uniform(rng, 0.5, 2.5))
    return s.crush(x, rng.uniform(6, 9), int(rng.integers(1, 3)))
