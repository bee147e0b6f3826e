"""Kick drums: a low swept sine with a click, from drum machines to hardstyle and a real shell."""

from __future__ import annotations

import numpy as np

from packgen.training.voices import synthesis as s
from packgen.training.voices.synthesis import Signal, log_uniform


def _click(rng: np.random.Generator, t: Signal, rate: int) -> Signal:
    """The beater: a filtered pulse or a blip of noise, a few milliseconds long, peak about 1."""
    length = log_uniform(rng, 0.003, 0.03)
    if rng.random() < 0.5:
        raw = s.mallet(t, log_uniform(rng, 0.0003, 0.003))
    else:
        raw = s.noise(rng, t) * s.decay(t, length)
    coloured = s.bandpass(raw, log_uniform(rng, 700, 5000), rng.uniform(0.5, 1.5), rate)
    return s.normalise(coloured)


def bridged_t_kick(rng: np.random.Generator, rate: int) -> Signal:
    """TR-808: a bridged-T network rings near 50 Hz, more than an octave up for the first milliseconds,
    then sighs downwards (Werner, Abel and Smith, "... Model of the TR-808 Bass Drum", DAFx 2014)."""
    pitch, t60 = log_uniform(rng, 41, 66), log_uniform(rng, 0.3, 1.8)
    t = s.time_axis(min(t60, 1.0), rate)
    leap = rng.uniform(0.6, 2.0) * np.exp(-t / rng.uniform(0.003, 0.008))
    sigh = rng.uniform(0.0, 0.25) * np.exp(-t / rng.uniform(0.03, 0.12))
    body = np.sin(s.phase(pitch * (1 + leap + sigh), rate)) * s.decay(t, t60)
    pulse = s.lowpass(np.where(t < 0.001, 1.0, 0.0), log_uniform(rng, 600, 8000), rate)
    return s.saturate(body + rng.uniform(0.1, 1.0) * pulse, log_uniform(rng, 0.2, 2.5))


def punch_kick(rng: np.random.Generator, rate: int) -> Signal:
    """TR-909: a triangle rounded towards a sine, swept fast from far above, with a pulse and a noise
    click (Sound on Sound, "Synth Secrets: Practical Bass Drum Synthesis")."""
    pitch, t60 = log_uniform(rng, 43, 68), log_uniform(rng, 0.22, 0.8)
    t = s.time_axis(t60, rate)
    frequency = s.sweep(t, pitch * rng.uniform(2.5, 6.5), pitch, log_uniform(rng, 0.007, 0.05 * t60**0.6))
    body = s.triangle(s.phase(frequency, rate), rng.uniform(0.5, 0.98)) * s.decay(t, t60)
    hold = s.release(t, 0.3 * t60)  # VCA envelopes end, they do not trail off for ever
    return s.saturate(body * hold + rng.uniform(0.2, 1.3) * _click(rng, t, rate), log_uniform(rng, 0.3, 4))


def rhythm_box_kick(rng: np.random.Generator, rate: int) -> Signal:
    """CR-78, TR-606, preset boxes: one or two short resonators struck by a pulse, no drive."""
    pitch, t60 = log_uniform(rng, 50, 80), log_uniform(rng, 0.12, 0.4)
    t = s.time_axis(t60, rate)
    stroke = s.mallet(t, log_uniform(rng, 0.0005, 0.004))
    frequencies = np.array([pitch, pitch * rng.uniform(1.5, 2.4)])
    gains = np.array([1.0, rng.uniform(0.0, 0.4)])
    body = s.ring(stroke, frequencies, np.array([t60, t60 * rng.uniform(0.2, 0.6)]), gains, rate)
    return body + rng.uniform(0.05, 0.6) * s.peak(body) * _click(rng, t, rate)


def fm_kick(rng: np.random.Generator, rate: int) -> Signal:
    """Two-operator FM with a fast-falling index (Chowning, JAES 1973): bright knock, pure tail."""
    pitch, t60 = log_uniform(rng, 42, 68), log_uniform(rng, 0.2, 0.9)
    t = s.time_axis(t60, rate)
    carrier = s.phase(s.sweep(t, pitch * rng.uniform(1.5, 4.5), pitch, log_uniform(rng, 0.01, 0.04)), rate)
    index = rng.uniform(0.5, 4) * s.decay(t, log_uniform(rng, 0.03, 0.15))
    body = np.sin(carrier + index * np.sin(carrier * rng.choice([0.5, 1.0, 1.41, 2.0, 3.0])))
    return s.saturate(
        body * s.decay(t, t60) + rng.uniform(0.0, 0.3) * _click(rng, t, rate), rng.uniform(0.2, 2)
    )


def trap_kick(rng: np.random.Generator, rate: int) -> Signal:
    """The long tuned "808" of trap: a saturated sub with a short steep sweep and a tight click."""
    pitch, t60 = log_uniform(rng, 36, 60), log_uniform(rng, 0.7, 2.5)
    t = s.time_axis(rng.uniform(0.5, 1.0), rate)
    frequency = s.sweep(t, pitch * rng.uniform(2, 6), pitch, log_uniform(rng, 0.005, 0.02))
    frequency *= 1 - rng.uniform(0, 0.12) * (t / t[-1])
    body = s.saturate(np.sin(s.phase(frequency, rate)) * s.decay(t, t60), log_uniform(rng, 0.5, 5))
    return body * s.release(t, 0.15) + rng.uniform(0.2, 1.3) * _click(rng, t, rate)


def hard_kick(rng: np.random.Generator, rate: int) -> Signal:
    """Gabber and hardstyle: a wide sweep driven into clipping, filtered, driven again; the tail is
    the distorted sub itself."""
    pitch, t60 = log_uniform(rng, 44, 62), log_uniform(rng, 0.35, 1.5)
    t = s.time_axis(rng.uniform(0.22, 0.55), rate)
    frequency = s.sweep(t, pitch * rng.uniform(4, 10), pitch, log_uniform(rng, 0.012, 0.05))
    body = np.sin(s.phase(frequency, rate)) * s.decay(t, t60)
    body = s.saturate(body + rng.uniform(0, 0.4) * _click(rng, t, rate), log_uniform(rng, 2, 15))
    body = s.tilt(body, rng.uniform(1.0, 2.5), log_uniform(rng, 80, 200), rate)
    body = s.lowpass(body, log_uniform(rng, 800, 7000), rate)
    return s.saturate(body, log_uniform(rng, 0.5, 4)) * s.release(t, 0.4 * float(t[-1]))


def rumble_kick(rng: np.random.Generator, rate: int) -> Signal:
    """Techno: a dry kick and, behind it, its own reverberation, low-passed to a growl."""
    dry = punch_kick(rng, rate)
    wet = s.room(rng, dry, rng.uniform(0.3, 0.7), rng.uniform(0.4, 1.2), rate)
    wet[: len(dry)] -= dry
    growl = s.saturate(s.lowpass(wet, log_uniform(rng, 100, 400), rate, 3), log_uniform(rng, 0.5, 4))
    growl *= rng.uniform(0.08, 0.35)
    growl[: len(dry)] += dry
    return growl


def acoustic_kick(rng: np.random.Generator, rate: int) -> Signal:
    """A damped membrane (mode ratios of Fletcher and Rossing, ch. 18), felt or plastic beater, dull air
    noise of the shell and a little room."""
    pitch, t60 = log_uniform(rng, 45, 75), log_uniform(rng, 0.18, 0.7)
    t = s.time_axis(min(t60 * 1.2, 0.9), rate)
    ratios = np.array([1.0, 1.59, 2.14, 2.3, 2.65]) * rng.uniform(0.96, 1.04, 5)
    radians = s.phase(s.sweep(t, pitch * rng.uniform(1.1, 1.8), pitch, log_uniform(rng, 0.01, 0.04)), rate)
    gains = np.array([1.0, 0.5, 0.3, 0.25, 0.2]) * rng.uniform(0.2, 1, 5)
    gains[0] = 1.0
    body = np.zeros_like(t)
    for gain, ratio in zip(gains, ratios, strict=True):
        body += gain * np.sin(radians * ratio) * s.decay(t, t60 / ratio**1.5)
    air = s.lowpass(s.noise(rng, t), log_uniform(rng, 200, 3000), rate, 1) * s.decay(
        t, log_uniform(rng, 0.05, 0.3)
    )
    x = body + rng.uniform(0.3, 1.5) * air + log_uniform(rng, 0.15, 1.2) * _click(rng, t, rate)
    return s.room(rng, x, rng.uniform(0.05, 0.25), rng.uniform(0.0, 0.2), rate)


def sampled_kick(rng: np.random.Generator, rate: int) -> Signal:
    """Any other kick through an early sampler: few bits, low rate, a dull output filter."""
    source = (punch_kick, acoustic_kick, bridged_t_kick)[int(rng.integers(3))]
    x = s.crush(
        s.saturate(source(rng, rate), rng.uniform(0.3, 2)), rng.uniform(6, 9), int(rng.integers(1, 5))
    )
    return s.lowpass(x, log_uniform(rng, 2500, 9000), rate)
