"""Rims and cowbells: a stick on wood, hoop or bell, and the circuits that stand for them."""

from __future__ import annotations

import numpy as np

from packgen.training.voices import synthesis as s
from packgen.training.voices.synthesis import Signal, log_uniform


def _tick(rng: np.random.Generator, t: Signal, low_hz: float, high_hz: float, rate: int) -> Signal:
    """A stick on wood or metal: shorter than a touch on skin."""
    return s.knock(rng, t, (low_hz, high_hz), (0.005, 0.03), rate)


# --- rims ----------------------------------------------------------------------------------------


def bridged_t_rim(rng: np.random.Generator, rate: int) -> Signal:
    """TR-808: two bridged-T networks near 455 and 1667 Hz, clipped by the amplifier that gates them, high-passed."""
    t60 = log_uniform(rng, 0.02, 0.15)
    t = s.time_axis(max(2 * t60, 0.06), rate)
    pitches = np.array([log_uniform(rng, 330, 620), log_uniform(rng, 1300, 2300)])
    gains = np.array([1.0, log_uniform(rng, 0.15, 2)])
    body = s.ring(s.mallet(t, 0.0003), pitches, t60 * np.array([1.0, rng.uniform(0.4, 1.0)]), gains, rate)
    x = s.saturate(body, log_uniform(rng, 0.5, 6))
    return s.highpass(x, log_uniform(rng, 80, 600), rate)


def punch_rim(rng: np.random.Generator, rate: int) -> Signal:
    """TR-909: three resonators near 220, 500 and 1000 Hz driven hard, then a high-pass: a bright crack."""
    t60 = log_uniform(rng, 0.03, 0.2)
    t = s.time_axis(max(1.5 * t60, 0.06), rate)
    pitches = np.array([220.0, 500.0, 1000.0]) * log_uniform(rng, 0.75, 1.5) * rng.uniform(0.9, 1.1, 3)
    body = s.ring(
        s.mallet(t, 0.0002), pitches, t60 * rng.uniform(0.4, 1.0, 3), rng.uniform(0.4, 1.0, 3), rate
    )
    x = s.saturate(body, log_uniform(rng, 2, 20)) * s.decay(t, t60)
    return s.highpass(x, log_uniform(rng, 150, 900), rate)


def rhythm_box_rim(rng: np.random.Generator, rate: int) -> Signal:
    """CR-78 and preset boxes: one high ping between rim shot and claves."""
    t60 = log_uniform(rng, 0.03, 0.15)
    t = s.time_axis(max(t60, 0.06), rate)
    pitch = log_uniform(rng, 700, 2600)
    ping = np.sin(s.phase(s.sweep(t, pitch * rng.uniform(1.0, 1.6), pitch, 0.002), rate)) * s.decay(t, t60)
    return ping + rng.uniform(0.1, 0.8) * _tick(rng, t, 1000, 6000, rate)


def fm_rim(rng: np.random.Generator, rate: int) -> Signal:
    """A wooden FM knock: an inharmonic ratio and an index gone within milliseconds."""
    t60 = log_uniform(rng, 0.03, 0.2)
    t = s.time_axis(max(t60, 0.06), rate)
    carrier = 2 * np.pi * log_uniform(rng, 350, 1800) * t
    index = rng.uniform(0.8, 5) * s.decay(t, log_uniform(rng, 0.01, 0.06))
    body = np.sin(carrier + index * np.sin(carrier * rng.uniform(1.2, 3.6))) * s.decay(t, t60)
    return s.highpass(body + rng.uniform(0.0, 0.4) * _tick(rng, t, 1500, 7000, rate), 150, rate)


# The free bar's modes over its lowest: Fletcher and Rossing, section 2.15.
BAR = np.array([1.0, 2.756, 5.404, 8.933])


def _wood(rng: np.random.Generator, t: Signal, pitch: float, t60: float, rate: int) -> Signal:
    """A stick as a bar struck on its side: few modes, all damped by the hand that holds it, peak 1."""
    ratios = BAR * rng.uniform(0.9, 1.1, 4)
    gains = np.array([1.0, rng.uniform(0.2, 1.0), rng.uniform(0.1, 0.6), rng.uniform(0.0, 0.4)])
    stroke = s.mallet(t, log_uniform(rng, 0.0001, 0.0006))
    return s.normalise(s.ring(stroke, pitch * ratios, t60 / ratios**0.5, gains, rate))


def _head(rng: np.random.Generator, t: Signal, t60: float, rate: int) -> Signal:
    """The drum below: skin and shell answer the knock on their hoop, peak 1."""
    pitch = log_uniform(rng, 160, 400)
    ratios = np.array([1.0, 1.6, 2.14, 2.3, 2.65]) * rng.uniform(0.94, 1.06, 5)
    gains = rng.uniform(0.1, 1.0, 5)
    stroke = s.mallet(t, log_uniform(rng, 0.0005, 0.002))
    return s.normalise(s.ring(stroke, pitch * ratios, t60 / ratios ** rng.uniform(0.3, 1.2), gains, rate))


def side_stick(rng: np.random.Generator, rate: int) -> Signal:
    """Cross stick: one end rests on the skin, the other raps the hoop; wood first, the drum hums behind."""
    t60 = log_uniform(rng, 0.2, 0.9)
    t = s.time_axis(t60, rate)
    x = _wood(rng, t, log_uniform(rng, 500, 2400), log_uniform(rng, 0.02, 0.15), rate)
    x += log_uniform(rng, 0.3, 4) * _head(rng, t, t60, rate)
    x += log_uniform(rng, 0.05, 0.8) * _tick(rng, t, 1500, 6000, rate)
    return s.room(rng, x, rng.uniform(0.08, 0.4), rng.uniform(0.0, 0.25), rate)


def hoop_shot(rng: np.random.Generator, rate: int) -> Signal:
    """Rim shot: stick on skin and steel hoop at once, loud and ringing, with or without wires below."""
    t60 = log_uniform(rng, 0.15, 0.7)
    t = s.time_axis(max(t60, 0.2), rate)
    hoop = log_uniform(rng, 700, 1600) * np.array([1.0, 1.0, 1.7, 2.6, 3.7]) * rng.uniform(0.85, 1.15, 5)
    gains = rng.uniform(0.2, 1.0, 5)
    ringing = s.ring(s.mallet(t, 0.0002), hoop, t60 * rng.uniform(0.2, 0.9, 5), gains, rate)
    x = s.normalise(ringing) + log_uniform(rng, 0.3, 2) * _head(rng, t, t60, rate)
    x += rng.uniform(0.2, 1.0) * _tick(rng, t, 2000, 7000, rate)
    wires = s.highpass(s.noise(rng, t), log_uniform(rng, 1000, 3000), rate) * s.decay(
        t, log_uniform(rng, 0.1, 0.4)
    )
    x += rng.uniform(0.0, 0.8) * wires
    return s.room(
        rng, s.saturate(x, log_uniform(rng, 0.3, 2)), rng.uniform(0.1, 0.4), rng.uniform(0.0, 0.2), rate
    )


def sampled_rim(rng: np.random.Generator, rate: int) -> Signal:
    """A side stick or rim shot out of an early sampler: few bits, dull."""
    source = (side_stick, hoop_shot)[int(rng.integers(2))]
    x = s.crush(source(rng, rate), rng.uniform(6, 9), int(rng.integers(1, 5)))
    return s.lowpass(x, log_uniform(rng, 3500, 12000), rate)


# --- cowbells ------------------------------------------------------------------------------------


def _two_slopes(rng: np.random.Generator, t: Signal, t60: float) -> Signal:
    """A knock that drops at once to the level from which the ringing decays slowly."""
    knock = rng.uniform(0.3, 0.8)
    return np.asarray(knock * s.decay(t, log_uniform(rng, 0.03, 0.15)) + (1 - knock) * s.decay(t, t60))


def squares_cowbell(rng: np.random.Generator, rate: int) -> Signal:
    """TR-808: two square waves near 540 and 800 Hz, a band-pass, an envelope of two slopes (Sound on Sound, "Synth
    Secrets: Synthesising Cowbells and Claves")."""
    t60 = log_uniform(rng, 0.15, 1.4)
    t = s.time_axis(min(t60, 1.0), rate)
    pitch = log_uniform(rng, 430, 720)
    x = s.squares(rng, t, pitch * np.array([1.0, rng.uniform(1.38, 1.58)]), rate)
    x = s.bandpass(x, log_uniform(rng, 850, 3200), log_uniform(rng, 0.7, 4), rate)
    return s.saturate(x * _two_slopes(rng, t, t60), log_uniform(rng, 0.2, 3))


def rhythm_box_cowbell(rng: np.random.Generator, rate: int) -> Signal:
    """CR-78 and preset boxes: two or three ringing networks struck by one pulse."""
    t60 = log_uniform(rng, 0.1, 0.6)
    t = s.time_axis(t60, rate)
    ratios = np.array([1.0, rng.uniform(1.35, 1.6), rng.uniform(2.0, 3.2)])
    gains = np.array([rng.uniform(0.4, 1), 1.0, rng.uniform(0.0, 0.6)])
    pitches = log_uniform(rng, 480, 900) * ratios
    return s.ring(s.mallet(t, 0.0004), pitches, t60 * np.array([1.0, 0.9, 0.5]), gains, rate)


def fm_cowbell(rng: np.random.Generator, rate: int) -> Signal:
    """Two carriers a fifth or so apart on one inharmonic modulator: a metallic note from two operators' beating."""
    t60 = log_uniform(rng, 0.15, 1.0)
    t = s.time_axis(t60, rate)
    pitch = log_uniform(rng, 450, 1100)
    modulator = np.sin(2 * np.pi * pitch * rng.uniform(1.3, 3.4) * t)
    modulator *= rng.uniform(0.5, 3) * s.decay(t, t60 * rng.uniform(0.2, 0.8))
    low, high = (np.sin(2 * np.pi * pitch * ratio * t + modulator) for ratio in (1.0, rng.uniform(1.35, 1.6)))
    return np.asarray((low + rng.uniform(0.2, 1.0) * high) * _two_slopes(rng, t, t60))


def _bell(rng: np.random.Generator, t: Signal, pitch: float, t60: float, partials: int, rate: int) -> Signal:
    """Folded sheet metal: two strong low modes about a fifth apart, then ever more and weaker ones, peak 1."""
    above = np.sort(rng.uniform(2.1, 14.0, partials))
    ratios = np.concatenate([[1.0, rng.uniform(1.35, 1.65)], above])
    gains = np.concatenate(
        [rng.uniform(0.5, 1.0, 2), rng.uniform(0.1, 1.0, partials) * above ** rng.uniform(-0.8, 0.3)]
    )
    t60s = t60 * rng.uniform(0.6, 1.0, partials + 2) / ratios ** rng.uniform(0.1, 0.7)
    stroke = s.mallet(t, log_uniform(rng, 0.00005, 0.0003))
    return s.normalise(s.ring(stroke, pitch * ratios, t60s, gains, rate))


def open_cowbell(rng: np.random.Generator, rate: int) -> Signal:
    """The shaft of the stick on the mouth of a mounted bell: it rings, and clanks first."""
    t60 = log_uniform(rng, 0.3, 1.3)
    t = s.time_axis(min(t60, 1.0), rate)
    x = _bell(rng, t, log_uniform(rng, 420, 1000), t60, int(rng.integers(8, 22)), rate)
    x += rng.uniform(0.05, 0.5) * _tick(rng, t, 1500, 8000, rate)
    return s.room(rng, x, rng.uniform(0.1, 0.4), rng.uniform(0.0, 0.15), rate)


def muffled_cowbell(rng: np.random.Generator, rate: int) -> Signal:
    """A hand, tape or the player's knee on the bell: a dry, dark tock."""
    t60 = log_uniform(rng, 0.08, 0.3)
    t = s.time_axis(max(t60, 0.1), rate)
    x = _bell(rng, t, log_uniform(rng, 380, 900), t60, int(rng.integers(4, 12)), rate)
    x += rng.uniform(0.1, 0.7) * _tick(rng, t, 1000, 5000, rate)
    return s.room(rng, x, rng.uniform(0.05, 0.3), rng.uniform(0.0, 0.15), rate)


def agogo(rng: np.random.Generator, rate: int) -> Signal:
    """A cone on a stem: higher and clearer than a cowbell, its upper modes far from the lowest and bright."""
    t60 = log_uniform(rng, 0.25, 1.4)
    t = s.time_axis(min(t60, 1.0), rate)
    few = np.array([1.0, rng.uniform(2.0, 2.6), rng.uniform(3.4, 4.2), rng.uniform(4.6, 5.8)])
    ratios = np.concatenate([few, rng.uniform(6, 16, int(rng.integers(3, 14)))])
    gains = np.append(1.0, rng.uniform(0.05, 0.7, len(ratios) - 1))
    t60s = t60 * rng.uniform(0.6, 1.0, len(ratios)) / ratios ** rng.uniform(0.1, 0.8)
    stroke = s.mallet(t, log_uniform(rng, 0.00005, 0.0003))
    bell = s.ring(stroke, log_uniform(rng, 600, 1900) * ratios, t60s, gains, rate)
    x = s.normalise(bell) + rng.uniform(0.05, 0.4) * _tick(rng, t, 2000, 8000, rate)
    return s.room(rng, x, rng.uniform(0.05, 0.3), rng.uniform(0.0, 0.12), rate)


def sampled_cowbell(rng: np.random.Generator, rate: int) -> Signal:
    """A cowbell or agogo out of an early sampler, pitched by its playback speed."""
    source = (open_cowbell, muffled_cowbell, agogo)[int(rng.integers(3))]
    x = s.crush(source(rng, rate), rng.uniform(6, 9), int(rng.integers(1, 4)))
    return s.lowpass(x, log_uniform(rng, 4000, 14000), rate)
