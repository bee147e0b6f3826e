"""Snare drums: two shell tones and the rattle of the wires, in the proportions of many machines."""

from __future__ import annotations

import numpy as np

from packgen.training.voices import synthesis as s
from packgen.training.voices.synthesis import Signal, log_uniform


def _wires(rng: np.random.Generator, t: Signal, t60: float, rate: int) -> Signal:
    """Band-limited noise with a sharp start: the snare wires."""
    x = s.highpass(s.noise(rng, t), log_uniform(rng, 400, 2500), rate)
    return s.lowpass(x, log_uniform(rng, 5000, 18000), rate, 1) * s.decay(t, t60)


def bridged_t_snare(rng: np.random.Generator, rate: int) -> Signal:
    """TR-808: two ringing networks near 240 and 480 Hz and enveloped, high-passed noise ("snappy")
    (Sound on Sound, "Synth Secrets: Practical Snare Drum Synthesis")."""
    pitch = log_uniform(rng, 160, 260)
    t = s.time_axis(rng.uniform(0.2, 0.55), rate)
    tones = np.array([pitch, pitch * rng.uniform(1.7, 2.2)])
    t60s = np.array([log_uniform(rng, 0.12, 0.45), log_uniform(rng, 0.06, 0.25)])
    body = s.ring(s.mallet(t, 0.0007), tones, t60s, np.array([1.0, rng.uniform(0.2, 1.0)]), rate)
    body /= s.peak(body)
    return s.saturate(
        body + log_uniform(rng, 0.4, 2.5) * _wires(rng, t, log_uniform(rng, 0.15, 0.6), rate),
        rng.uniform(0.2, 1.5),
    )


def punch_snare(rng: np.random.Generator, rate: int) -> Signal:
    """TR-909: two triangles bent a little in pitch, a low-passed noise with the body and a
    high-passed one that outlasts it."""
    pitch = log_uniform(rng, 150, 260)
    t = s.time_axis(rng.uniform(0.2, 0.5), rate)
    bend = s.sweep(t, rng.uniform(1.2, 2.2), 1.0, log_uniform(rng, 0.005, 0.025))
    low = s.triangle(s.phase(pitch * bend, rate), 0.9) * s.decay(t, log_uniform(rng, 0.1, 0.3))
    high = s.triangle(s.phase(pitch * rng.uniform(1.4, 1.9) * bend, rate), 0.9)
    high *= s.decay(t, log_uniform(rng, 0.06, 0.2))
    tone = s.lowpass(s.noise(rng, t), log_uniform(rng, 2000, 8000), rate) * s.decay(
        t, log_uniform(rng, 0.08, 0.3)
    )
    wires = _wires(rng, t, log_uniform(rng, 0.2, 0.65), rate)
    x = low + rng.uniform(0.3, 0.9) * high + rng.uniform(0.3, 1.5) * tone + log_uniform(rng, 0.5, 2) * wires
    return s.saturate(x, log_uniform(rng, 0.3, 4))


def rhythm_box_snare(rng: np.random.Generator, rate: int) -> Signal:
    """CR-78, TR-606 and kin: one thin short tone under a fizz of high-passed noise."""
    t = s.time_axis(rng.uniform(0.15, 0.4), rate)
    pitch, t60 = log_uniform(rng, 180, 320), log_uniform(rng, 0.04, 0.15)
    tone = np.sin(s.phase(np.full_like(t, pitch), rate)) * s.decay(t, t60)
    fizz = s.highpass(s.noise(rng, t), log_uniform(rng, 1200, 4500), rate) * s.decay(
        t, log_uniform(rng, 0.12, 0.4)
    )
    fizz = s.lowpass(fizz, log_uniform(rng, 6000, 18000), rate, 1)
    return rng.uniform(0.25, 1.0) * tone + rng.uniform(0.6, 1.5) * fizz


def acoustic_snare(rng: np.random.Generator, rate: int) -> Signal:
    """Two coupled heads (the lowest mode splits in two), ring of the higher membrane modes, and wires
    that rattle as hard as the head moves (Fletcher and Rossing, ch. 18.5)."""
    pitch, t60 = log_uniform(rng, 150, 280), log_uniform(rng, 0.12, 0.5)
    t = s.time_axis(rng.uniform(0.25, 0.6), rate)
    ratios = np.array([1.0, 1.83, 1.59, 2.14, 2.3, 2.65, 2.92, 3.5]) * rng.uniform(0.97, 1.03, 8)
    gains = np.array([1.0, 0.7, 0.5, 0.4, 0.4, 0.3, 0.3, 0.2]) * rng.uniform(0.1, 1, 8)
    stroke = s.mallet(t, log_uniform(rng, 0.0003, 0.0015))
    head = s.ring(stroke, pitch * ratios, t60 / ratios**0.8, gains, rate)
    head /= s.peak(head)
    rattle = s.lowpass(np.abs(head), 60, rate, 1) * 6 + 0.5 * s.decay(t, log_uniform(rng, 0.15, 0.6))
    stick = s.highpass(s.noise(rng, t), 2500, rate) * s.decay(t, log_uniform(rng, 0.008, 0.04))
    wires = s.bandpass(s.noise(rng, t), log_uniform(rng, 2500, 6500), rng.uniform(0.4, 1.2), rate)
    x = head + log_uniform(rng, 0.5, 2.5) * rattle * wires + rng.uniform(0.2, 1.2) * stick
    return s.room(rng, x, rng.uniform(0.08, 0.35), rng.uniform(0.0, 0.3), rate)


def rim_snare(rng: np.random.Generator, rate: int) -> Signal:
    """A rimshot on the snare: hoop and shell modes ring out high over a normal, short rattle."""
    pitch = log_uniform(rng, 190, 300)
    t = s.time_axis(rng.uniform(0.18, 0.45), rate)
    hoop = pitch * np.array([1.0, 1.6, rng.uniform(2.0, 2.6), rng.uniform(2.9, 3.8), rng.uniform(4.2, 6.0)])
    t60s = log_uniform(rng, 0.08, 0.3) * np.array([1.0, 0.9, 0.8, 0.6, 0.4])
    body = s.ring(s.mallet(t, 0.0004), hoop, t60s, rng.uniform(0.3, 1.0, 5), rate)
    body /= s.peak(body)
    x = body + log_uniform(rng, 0.4, 1.8) * _wires(rng, t, log_uniform(rng, 0.15, 0.5), rate)
    return s.saturate(x, log_uniform(rng, 0.4, 3))


def trap_snare(rng: np.random.Generator, rate: int) -> Signal:
    """Modern and tight: a tuned, steeply swept body, bright driven noise, often gated short."""
    pitch = log_uniform(rng, 170, 300)
    t = s.time_axis(rng.uniform(0.15, 0.4), rate)
    frequency = s.sweep(t, pitch * rng.uniform(2, 4), pitch, log_uniform(rng, 0.004, 0.015))
    body = np.sin(s.phase(frequency, rate)) * s.decay(t, log_uniform(rng, 0.08, 0.25))
    bright = s.highpass(s.noise(rng, t), log_uniform(rng, 1500, 5000), rate) * s.decay(
        t, log_uniform(rng, 0.12, 0.6)
    )
    bright = s.lowpass(bright, log_uniform(rng, 6000, 18000), rate, 1)
    gate = s.release(t, rng.uniform(0.02, 0.1))
    return s.saturate(body + log_uniform(rng, 1.0, 4) * bright, log_uniform(rng, 0.8, 6)) * gate


def clap_snare(rng: np.random.Generator, rate: int) -> Signal:
    """Snare body with a clap on top: two or three quick noise bursts before the wires settle."""
    t = s.time_axis(rng.uniform(0.2, 0.45), rate)
    count = int(rng.integers(2, 4))
    starts = np.concatenate([[0.0], np.cumsum(rng.uniform(0.005, 0.013, count))])
    envelope = s.bursts(t, starts, rng.uniform(0.6, 1.0, count + 1), log_uniform(rng, 0.15, 0.4))
    hands = s.bandpass(s.noise(rng, t), log_uniform(rng, 1000, 3000), rng.uniform(0.5, 1.5), rate) * envelope
    return _layer(log_uniform(rng, 0.4, 1.5) * s.normalise(hands), punch_snare(rng, rate))


def _layer(a: Signal, b: Signal) -> Signal:
    out = np.zeros(max(len(a), len(b)))
    out[: len(a)] += a
    out[: len(b)] += b
    return out


def gated_snare(rng: np.random.Generator, rate: int) -> Signal:
    """The 1980s: a dry snare in a big dense room, shut off by a noise gate."""
    dry = (punch_snare, acoustic_snare)[int(rng.integers(2))](rng, rate)
    x = s.room(rng, s.normalise(dry), rng.uniform(0.8, 1.6), rng.uniform(0.3, 1.0), rate)
    x = s.saturate(x[: int(rng.uniform(0.18, 0.45) * rate)], rng.uniform(0.5, 2.5))
    return x * s.release(s.time_axis(1.0, rate)[: len(x)], rng.uniform(0.02, 0.08))


def sampled_snare(rng: np.random.Generator, rate: int) -> Signal:
    """Any other snare through an early sampler (LinnDrum, SP-1200): few bits, aliasing, dull."""
    source = (punch_snare, acoustic_snare, rim_snare)[int(rng.integers(3))]
    x = s.crush(source(rng, rate), rng.uniform(5, 8), int(rng.integers(1, 5)))
    return s.lowpass(x, log_uniform(rng, 3500, 12000), rate)
