"""Tuned skins: toms, congas and bongos, by machine and by hand."""

from __future__ import annotations

import numpy as np

from packgen.training.voices import synthesis as s
from packgen.training.voices.synthesis import Signal, log_uniform

# Frequencies of the ideal circular membrane over its lowest, modes (0,1) (1,1) (2,1) (0,2) (3,1) (1,2)
# (4,1) (2,2) (0,3) (5,1) (3,2) (6,1) (1,3) (4,2) (2,3) (0,4) (5,2), the zeros of Bessel functions: Fletcher and
# Rossing, "The Physics of Musical Instruments", section 3.1.
MEMBRANE = np.array(
    [1.0, 1.594, 2.136, 2.296, 2.653, 2.918, 3.156, 3.501, 3.600, 3.647, 4.059, 4.132, 4.230, 4.601, 4.832, 4.903,
     5.131]
)  # fmt: skip


def _skin(
    rng: np.random.Generator, t: Signal, frequency_hz: Signal, t60: float, brightness: float, rate: int
) -> Signal:
    """A membrane whose fundamental follows frequency_hz; `brightness` in 0..1 is how much of the stroke
    reaches the upper modes. Higher modes die sooner."""
    count = len(MEMBRANE)
    ratios = MEMBRANE * np.concatenate([[1.0], rng.uniform(0.95, 1.05, count - 1)])
    gains = rng.uniform(0.3, 1.0, count) * brightness ** np.arange(count)
    gains[0] = 1.0
    t60s = t60 / ratios ** rng.uniform(0.4, 1.6)
    radians = s.phase(frequency_hz, rate)
    skin = np.zeros_like(t)
    for gain, ratio, fade in zip(gains, ratios, t60s, strict=True):
        if gain > 0.01:
            skin += gain * np.sin(radians * ratio) * s.decay(t, fade)
    return s.normalise(skin)


def _touch(rng: np.random.Generator, t: Signal, low_hz: float, high_hz: float, rate: int) -> Signal:
    """A touch on skin: it takes some milliseconds."""
    return s.knock(rng, t, (low_hz, high_hz), (0.01, 0.07), rate)


# --- toms --------------------------------------------------------------------------------------


def bridged_t_tom(rng: np.random.Generator, rate: int) -> Signal:
    """TR-808: a ringing network whose pitch sinks, with dull noise as its reverberation (Sound on
    Sound, "Synth Secrets", on synthesising tom-toms)."""
    pitch, t60 = log_uniform(rng, 75, 210), log_uniform(rng, 0.25, 1.2)
    t = s.time_axis(min(t60, 1.0), rate)
    frequency = s.sweep(t, pitch * rng.uniform(1.1, 1.5), pitch, log_uniform(rng, 0.02, 0.1))
    body = np.sin(s.phase(frequency, rate)) * s.decay(t, t60)
    air = s.lowpass(s.noise(rng, t), log_uniform(rng, 300, 1500), rate, 1) * s.decay(t, 0.6 * t60)
    return body + rng.uniform(0.1, 0.8) * air + rng.uniform(0.1, 0.8) * _touch(rng, t, 700, 3000, rate)


def punch_tom(rng: np.random.Generator, rate: int) -> Signal:
    """TR-909: three swept oscillators in membrane ratios, a click of noise, some drive."""
    pitch, t60 = log_uniform(rng, 65, 200), log_uniform(rng, 0.25, 0.9)
    t = s.time_axis(t60, rate)
    frequency = s.sweep(t, pitch * rng.uniform(1.5, 2.5), pitch, log_uniform(rng, 0.02, 0.08))
    radians = s.phase(frequency, rate)
    body = s.triangle(radians, 0.9) * s.decay(t, t60)
    body += rng.uniform(0.1, 0.4) * np.sin(1.5 * radians) * s.decay(t, 0.5 * t60)
    body += rng.uniform(0.05, 0.3) * np.sin(2.1 * radians) * s.decay(t, 0.3 * t60)
    return s.saturate(
        body + rng.uniform(0.1, 0.6) * _touch(rng, t, 800, 5000, rate), log_uniform(rng, 0.3, 3)
    )


def disco_tom(rng: np.random.Generator, rate: int) -> Signal:
    """Simmons SDS-V and Synare: a long deep sweep with hissing attack, the sound of 1981."""
    pitch, t60 = log_uniform(rng, 60, 130), log_uniform(rng, 0.35, 1.3)
    t = s.time_axis(min(t60, 1.0), rate)
    frequency = s.sweep(t, pitch * rng.uniform(2.2, 4), pitch, log_uniform(rng, 0.05, 0.18))
    body = s.triangle(s.phase(frequency, rate), rng.uniform(0.8, 0.99)) * s.decay(t, t60)
    hiss = s.bandpass(s.noise(rng, t), log_uniform(rng, 700, 4000), 0.6, rate)
    return body + rng.uniform(0.2, 1.5) * hiss * s.decay(t, log_uniform(rng, 0.04, 0.4))


def acoustic_tom(rng: np.random.Generator, rate: int) -> Signal:
    """Stick on a two-headed drum: sinking membrane modes, a shell's breath and a room."""
    pitch, t60 = log_uniform(rng, 70, 210), log_uniform(rng, 0.35, 1.5)
    t = s.time_axis(min(t60, 0.9), rate)
    frequency = s.sweep(t, pitch * rng.uniform(1.03, 1.25), pitch, log_uniform(rng, 0.03, 0.12))
    body = _skin(rng, t, frequency, t60, rng.uniform(0.5, 0.85), rate)
    air = s.lowpass(s.noise(rng, t), log_uniform(rng, 300, 1500), rate) * s.decay(
        t, log_uniform(rng, 0.06, 0.3)
    )
    x = body + rng.uniform(0.0, 0.8) * air + log_uniform(rng, 0.15, 1.0) * _touch(rng, t, 1200, 5000, rate)
    return s.room(rng, x, rng.uniform(0.08, 0.4), rng.uniform(0.0, 0.25), rate)


def fm_tom(rng: np.random.Generator, rate: int) -> Signal:
    """Two-operator FM, ratio near a membrane's second mode, index and pitch falling together."""
    pitch, t60 = log_uniform(rng, 65, 200), log_uniform(rng, 0.25, 1.0)
    t = s.time_axis(t60, rate)
    frequency = s.sweep(t, pitch * rng.uniform(1.1, 1.8), pitch, log_uniform(rng, 0.02, 0.1))
    carrier = s.phase(frequency, rate)
    index = rng.uniform(0.3, 2.5) * s.decay(t, log_uniform(rng, 0.05, 0.4))
    body = np.sin(carrier + index * np.sin(carrier * rng.uniform(1.4, 2.4))) * s.decay(t, t60)
    return body + rng.uniform(0.1, 0.8) * _touch(rng, t, 1000, 5000, rate)


def sampled_tom(rng: np.random.Generator, rate: int) -> Signal:
    """A tom out of an early sampler, pitched by its playback speed."""
    source = (acoustic_tom, punch_tom)[int(rng.integers(2))]
    x = s.crush(source(rng, rate), rng.uniform(6, 9), int(rng.integers(1, 6)))
    return s.lowpass(x, log_uniform(rng, 2500, 9000), rate)


# --- congas ------------------------------------------------------------------------------------


def bridged_t_conga(rng: np.random.Generator, rate: int) -> Signal:
    """TR-808 and CR-78: the tom's network tuned up, no noise, a nearly pure ping."""
    pitch, t60 = log_uniform(rng, 150, 350), log_uniform(rng, 0.22, 0.8)
    t = s.time_axis(t60, rate)
    frequency = s.sweep(t, pitch * rng.uniform(1.0, 1.25), pitch, log_uniform(rng, 0.01, 0.05))
    body = np.sin(s.phase(frequency, rate)) * s.decay(t, t60)
    return body + rng.uniform(0.0, 0.25) * _touch(rng, t, 800, 3000, rate)


def open_conga(rng: np.random.Generator, rate: int) -> Signal:
    """Open tone: fingers at the rim; the barrel's air favours the fundamental, which sings."""
    pitch, t60 = log_uniform(rng, 140, 330), log_uniform(rng, 0.3, 1.0)
    t = s.time_axis(min(t60, 0.9), rate)
    frequency = s.sweep(t, pitch * rng.uniform(1.0, 1.05), pitch, 0.05)
    body = _skin(rng, t, frequency, t60, rng.uniform(0.25, 0.6), rate)
    x = body + log_uniform(rng, 0.08, 0.5) * _touch(rng, t, 500, 2000, rate)
    return s.room(rng, x, rng.uniform(0.05, 0.25), rng.uniform(0.0, 0.12), rate)


def slap_conga(rng: np.random.Generator, rate: int) -> Signal:
    """Slap: cupped fingers whip the edge; upper modes and skin noise over a short fundamental."""
    pitch, t60 = log_uniform(rng, 150, 340), log_uniform(rng, 0.2, 0.6)
    t = s.time_axis(max(t60, 0.2), rate)
    body = _skin(rng, t, np.full_like(t, pitch), t60, rng.uniform(0.7, 0.95), rate)
    x = body + rng.uniform(0.3, 1.0) * _touch(rng, t, 1000, 3500, rate)
    return s.room(rng, x, rng.uniform(0.05, 0.2), rng.uniform(0.0, 0.15), rate)


def mute_conga(rng: np.random.Generator, rate: int) -> Signal:
    """Muffled tone or bass: the hand stays on the skin."""
    pitch, t60 = log_uniform(rng, 140, 300), log_uniform(rng, 0.12, 0.3)
    t = s.time_axis(max(t60, 0.12), rate)
    frequency = s.sweep(t, pitch * rng.uniform(1.0, 1.2), pitch, 0.02)
    body = _skin(rng, t, frequency, t60, rng.uniform(0.3, 0.6), rate)
    x = body + rng.uniform(0.2, 0.6) * _touch(rng, t, 350, 1500, rate)
    return s.room(rng, x, rng.uniform(0.04, 0.15), rng.uniform(0.0, 0.12), rate)


def sampled_conga(rng: np.random.Generator, rate: int) -> Signal:
    """LinnDrum's conga and its heirs."""
    source = (open_conga, slap_conga, mute_conga)[int(rng.integers(3))]
    x = s.crush(source(rng, rate), rng.uniform(6, 8), int(rng.integers(1, 5)))
    return s.lowpass(x, log_uniform(rng, 3000, 10000), rate)


# --- bongos ------------------------------------------------------------------------------------


def bridged_t_bongo(rng: np.random.Generator, rate: int) -> Signal:
    """CR-78 and home organs: a short high ping from one resonator."""
    pitch, t60 = log_uniform(rng, 320, 720), log_uniform(rng, 0.1, 0.35)
    t = s.time_axis(max(t60, 0.08), rate)
    frequency = s.sweep(t, pitch * rng.uniform(1.0, 1.3), pitch, log_uniform(rng, 0.004, 0.02))
    body = np.sin(s.phase(frequency, rate)) * s.decay(t, t60)
    return body + rng.uniform(0.0, 0.3) * _touch(rng, t, 1500, 5000, rate)


def open_bongo(rng: np.random.Generator, rate: int) -> Signal:
    """Fingertips at the rim of macho or hembra: a tight, dry, bright tone."""
    pitch, t60 = log_uniform(rng, 290, 680), log_uniform(rng, 0.2, 0.7)
    t = s.time_axis(t60, rate)
    frequency = s.sweep(t, pitch * rng.uniform(1.0, 1.06), pitch, 0.03)
    body = _skin(rng, t, frequency, t60, rng.uniform(0.5, 0.85), rate)
    partner = pitch * rng.uniform(0.65, 0.8)  # the other drum of the pair, on the same bridge, hums along
    body += rng.uniform(0.0, 0.2) * np.sin(2 * np.pi * partner * t) * s.decay(t, t60)
    # Recordings are nearly free of noise: a finger gives way where a stick would crack.
    x = body + log_uniform(rng, 0.05, 0.4) * _touch(rng, t, 1500, 4500, rate)
    return s.room(rng, x, rng.uniform(0.05, 0.2), rng.uniform(0.0, 0.12), rate)


def slap_bongo(rng: np.random.Generator, rate: int) -> Signal:
    """Slap or accented martillo stroke: crack first, tone second."""
    pitch, t60 = log_uniform(rng, 290, 680), log_uniform(rng, 0.14, 0.4)
    t = s.time_axis(max(t60, 0.12), rate)
    body = _skin(rng, t, np.full_like(t, pitch), t60, rng.uniform(0.7, 0.95), rate)
    x = body + rng.uniform(0.15, 0.6) * _touch(rng, t, 1800, 5500, rate)
    return s.room(rng, x, rng.uniform(0.04, 0.15), rng.uniform(0.0, 0.12), rate)


def mute_bongo(rng: np.random.Generator, rate: int) -> Signal:
    """A finger or thumb rests on the skin: a dry knock with a hint of pitch."""
    pitch, t60 = log_uniform(rng, 270, 600), log_uniform(rng, 0.08, 0.2)
    t = s.time_axis(0.2, rate)
    body = _skin(rng, t, np.full_like(t, pitch), t60, rng.uniform(0.4, 0.7), rate)
    x = body + rng.uniform(0.08, 0.4) * _touch(rng, t, 900, 3000, rate)
    return s.room(rng, x, rng.uniform(0.04, 0.12), rng.uniform(0.0, 0.1), rate)


def fm_bongo(rng: np.random.Generator, rate: int) -> Signal:
    """A wooden FM bongo (ratio near 1.4, index gone within milliseconds)."""
    pitch, t60 = log_uniform(rng, 280, 650), log_uniform(rng, 0.12, 0.4)
    t = s.time_axis(max(t60, 0.08), rate)
    carrier = s.phase(s.sweep(t, pitch * rng.uniform(1.0, 1.2), pitch, 0.01), rate)
    index = rng.uniform(0.5, 3) * s.decay(t, log_uniform(rng, 0.02, 0.1))
    return np.sin(carrier + index * np.sin(carrier * rng.uniform(1.3, 2.3))) * s.decay(t, t60)


def sampled_bongo(rng: np.random.Generator, rate: int) -> Signal:
    """Bongos out of an early sampler."""
    source = (open_bongo, slap_bongo)[int(rng.integers(2))]
    x = s.crush(source(rng, rate), rng.uniform(6, 8), int(rng.integers(1, 4)))
    return s.lowpass(x, log_uniform(rng, 4000, 12000), rate)
