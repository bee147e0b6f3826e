"""Crash and ride cymbals: a plate whose modes lie so close that they hiss, struck at the edge or pinged on the bow.

A real cymbal's modes are spread about evenly over frequency, some dozens in 1000 Hz; the blow sets the low ones
ringing and they hand their energy upwards within tens of milliseconds, and the highest die first (Fletcher and
Rossing, "The Physics of Musical Instruments", ch. 20).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from packgen.training.voices import synthesis as s
from packgen.training.voices.hats import six_squares
from packgen.training.voices.synthesis import Signal, log_uniform

# --- metal ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Plate:
    """A cymbal and how it was struck.

    Attributes:
        t60: decay time of its middle, in seconds.
        dull_hz: where the decay time has halved.
        slope: how fast the decay time falls about there.
        centre_hz: the loudest region.
        octaves: width of that region, in octaves to either side.
        bloom: seconds until the blow has spread over all modes, at 1000 Hz; higher ones follow later.
        depth: how much of the spectrum is missing at the start, 0..1.
        modes: number of single modes that stand out of the wash.
        wash: strength of the modes too close to tell apart.
    """

    t60: float
    dull_hz: float
    slope: float
    centre_hz: float
    octaves: float
    bloom: float
    depth: float
    modes: int
    wash: float


def _plate(rng: np.random.Generator, t: Signal, plate: Plate, rate: int) -> Signal:
    """The ringing of a struck plate, peak 1."""
    frequencies = rng.uniform(220, rate / 2, plate.modes)
    away = np.log2(frequencies / plate.centre_hz) / plate.octaves
    ringing = s.modes(rng, t, frequencies, rng.rayleigh(1.0, plate.modes) * np.exp(-0.5 * away**2), rate)
    grid = np.maximum(s.frame_frequencies(rate), 50)
    wash = _coloured(rng, t, plate, rate)
    x = s.normalise(ringing) + plate.wash * s.normalise(wash)
    t60s = plate.t60 / (1 + (grid / plate.dull_hz) ** plate.slope)
    return s.normalise(s.shape(x, t60s, plate.bloom * (grid / 1000) ** 0.5, plate.depth, rate))


def _coloured(rng: np.random.Generator, t: Signal, plate: Plate, rate: int) -> Signal:
    """Noise that is loudest about the plate's centre."""
    low, high = plate.centre_hz * 2.0 ** (-plate.octaves), plate.centre_hz * 2.0**plate.octaves
    return s.highpass(s.lowpass(s.noise(rng, t), high, rate, 1), max(low, 100), rate, 2)


def _stick(rng: np.random.Generator, t: Signal, rate: int) -> Signal:
    """Wood on metal: all of the cymbal answers for a moment."""
    return s.knock(rng, t, (2000, 14000), (0.008, 0.06), rate)


def _crowd(rng: np.random.Generator, t: Signal, pairs: int, rate: int) -> Signal:
    """FM pairs at unrelated high frequencies, peak 1 (Chowning, JAES 1973)."""
    x = np.zeros_like(t)
    for _ in range(pairs):
        carrier, ratio = log_uniform(rng, 2000, 6500), rng.uniform(0.3, 1.7)
        modulator = np.sin(2 * np.pi * carrier * ratio * t)
        x += np.sin(2 * np.pi * carrier * t + rng.uniform(1, 5) * modulator)
    return s.normalise(x)


def _seconds(t60: float) -> float:
    """How long to render: until 60 dB down, up to the three seconds that a cymbal may last."""
    return min(max(t60, 0.3), 3.0)


# --- crashes -------------------------------------------------------------------------------------


def metal_crash(rng: np.random.Generator, rate: int) -> Signal:
    """TR-808: six square waves, a band near 3.4 kHz that rings and one near 7.1 kHz that hisses, each with its own
    envelope (Werner, Abel and Smith, "The TR-808 Cymbal", ICMC 2014)."""
    t60 = log_uniform(rng, 0.9, 4.0)
    t = s.time_axis(_seconds(t60), rate)
    pile = s.normalise(six_squares(rng, t, rate)) + rng.uniform(0.0, 1.0) * s.noise(rng, t)
    low = s.bandpass(pile, log_uniform(rng, 2600, 4500), rng.uniform(1, 4), rate) * s.decay(t, t60)
    high = s.bandpass(pile, log_uniform(rng, 6000, 10000), rng.uniform(0.8, 3), rate)
    struck = s.highpass(pile, log_uniform(rng, 6000, 10000), rate) * s.decay(t, log_uniform(rng, 0.08, 0.5))
    high *= s.decay(t, t60 * rng.uniform(0.35, 1.0))
    x = rng.uniform(0.2, 1) * low + high + rng.uniform(0.1, 0.8) * struck
    return s.highpass(x, log_uniform(rng, 500, 4500), rate)


def fm_crash(rng: np.random.Generator, rate: int) -> Signal:
    """Three FM pairs and noise, the clang dying before the hiss."""
    t60 = log_uniform(rng, 0.8, 4.0)
    t = s.time_axis(_seconds(t60), rate)
    clang = _crowd(rng, t, 3, rate) * s.decay(t, t60 * rng.uniform(0.4, 1.0))
    hiss = s.highpass(s.noise(rng, t), log_uniform(rng, 1000, 5000), rate, 1) * s.decay(t, t60)
    x = s.lowpass(clang + log_uniform(rng, 0.4, 3) * hiss, log_uniform(rng, 5000, 18000), rate, 1)
    return s.highpass(x, log_uniform(rng, 400, 3500), rate)


def fizz_crash(rng: np.random.Generator, rate: int) -> Signal:
    """CR-78, Simmons and home-made: coloured noise whose top closes as it fades, with a sharp first hiss."""
    t60 = log_uniform(rng, 0.7, 3.5)
    t = s.time_axis(_seconds(t60), rate)
    edge = log_uniform(rng, 700, 5000)
    x = s.highpass(s.noise(rng, t), edge, rate, int(rng.integers(1, 4)))
    x += rng.uniform(0.0, 1.5) * s.bandpass(x, edge * rng.uniform(1, 2.5), rng.uniform(1, 6), rate)
    x = s.lowpass(x, log_uniform(rng, 5000, 18000), rate, 1)
    grid = s.frame_frequencies(rate)
    t60s = t60 / (1 + (grid / log_uniform(rng, 6000, 30000)) ** rng.uniform(0.5, 1.5))
    burst = x * s.decay(t, log_uniform(rng, 0.05, 0.3))
    return s.shape(x, t60s, np.ones_like(grid), 0.0, rate) + rng.uniform(0.0, 1.5) * burst


def plate_crash(rng: np.random.Generator, rate: int) -> Signal:
    """A crash of 14 to 20 inches hit on its edge: a splash of all modes within milliseconds, then seconds of wash."""
    t60 = log_uniform(rng, 3.0, 10.0)
    t = s.time_axis(_seconds(t60), rate)
    plate = Plate(
        t60=t60,
        dull_hz=log_uniform(rng, 3500, 14000),
        slope=rng.uniform(0.8, 2.8),
        centre_hz=log_uniform(rng, 1800, 9000),
        octaves=rng.uniform(0.8, 1.8),
        bloom=log_uniform(rng, 0.001, 0.02),
        depth=rng.uniform(0.1, 0.9),
        modes=int(log_uniform(rng, 150, 2500)),
        wash=log_uniform(rng, 0.1, 2),
    )
    x = _plate(rng, t, plate, rate) + rng.uniform(0.1, 1.0) * _stick(rng, t, rate)
    return x + _boom(rng, t, rate)


def _boom(rng: np.random.Generator, t: Signal, rate: int) -> Signal:
    """The few lowest modes, which gong along below the wash."""
    count = int(rng.integers(2, 6))
    low = s.modes(rng, t, rng.uniform(90, 600, count), rng.uniform(0.2, 1.0, count), rate)
    return log_uniform(rng, 0.03, 0.5) * s.normalise(low) * s.decay(t, log_uniform(rng, 0.5, 3))


def splash_crash(rng: np.random.Generator, rate: int) -> Signal:
    """Six to twelve inches of thin metal: bright, over within a second."""
    t60 = log_uniform(rng, 0.5, 1.8)
    t = s.time_axis(_seconds(t60), rate)
    plate = Plate(
        t60=t60,
        dull_hz=log_uniform(rng, 8000, 30000),
        slope=rng.uniform(0.6, 1.4),
        centre_hz=log_uniform(rng, 4000, 10000),
        octaves=rng.uniform(0.7, 1.4),
        bloom=log_uniform(rng, 0.001, 0.01),
        depth=rng.uniform(0.2, 0.8),
        modes=int(log_uniform(rng, 80, 800)),
        wash=log_uniform(rng, 0.3, 2),
    )
    return _plate(rng, t, plate, rate) + rng.uniform(0.1, 0.8) * _stick(rng, t, rate)


def china_crash(rng: np.random.Generator, rate: int) -> Signal:
    """A china with its rim turned up: trashy, low and rough, gone sooner than a crash."""
    t60 = log_uniform(rng, 1.5, 7.0)
    t = s.time_axis(_seconds(t60), rate)
    plate = Plate(
        t60=t60,
        dull_hz=log_uniform(rng, 3000, 12000),
        slope=rng.uniform(0.8, 2.4),
        centre_hz=log_uniform(rng, 1500, 6000),
        octaves=rng.uniform(1.0, 2.0),
        bloom=log_uniform(rng, 0.002, 0.02),
        depth=rng.uniform(0.2, 0.8),
        modes=int(log_uniform(rng, 60, 400)),
        wash=log_uniform(rng, 0.5, 3),
    )
    # The bent plate buckles while it swings wide: modes that multiply each other, which a soft clip does too.
    x = s.saturate(_plate(rng, t, plate, rate), log_uniform(rng, 0.3, 2.5))
    return x + rng.uniform(0.1, 0.6) * _stick(rng, t, rate)


def sampled_crash(rng: np.random.Generator, rate: int) -> Signal:
    """A crash in six bits or so (TR-909, LinnDrum), cut short to save memory."""
    source = (plate_crash, splash_crash, china_crash)[int(rng.integers(3))]
    return _stored(rng, source(rng, rate), rate)


def _stored(rng: np.random.Generator, x: Signal, rate: int) -> Signal:
    """The memory of an early drum machine: few bits at half the rate or less, an envelope that ends it in time."""
    x = s.crush(x[: int(log_uniform(rng, 0.6, 2.5) * rate)], rng.uniform(5, 9), int(rng.integers(1, 3)))
    x = s.lowpass(x, log_uniform(rng, 7000, 18000), rate)
    t = np.arange(len(x)) / rate
    return x * s.decay(t, log_uniform(rng, 1.0, 5)) * s.release(t, 0.1)


# --- rides ---------------------------------------------------------------------------------------


def metal_ride(rng: np.random.Generator, rate: int) -> Signal:
    """The TR-808's cymbal set short and narrow, with a ping of a few squares in front."""
    t60 = log_uniform(rng, 0.6, 2.8)
    t = s.time_axis(_seconds(t60), rate)
    pile = six_squares(rng, t, rate)
    wash = s.bandpass(pile, log_uniform(rng, 3500, 7500), rng.uniform(1, 3), rate)
    wash += rng.uniform(0.1, 1.2) * s.bandpass(pile, log_uniform(rng, 7000, 12000), rng.uniform(1, 3), rate)
    ping = s.bandpass(pile, log_uniform(rng, 2200, 6000), rng.uniform(4, 14), rate) * s.decay(t, 0.5 * t60)
    x = wash * s.decay(t, t60) + log_uniform(rng, 0.2, 2) * ping
    return s.highpass(x, log_uniform(rng, 500, 3000), rate)


def fm_ride(rng: np.random.Generator, rate: int) -> Signal:
    """Two FM pairs whose index sinks, so that a clear ping is left of the first clang, and a little air."""
    t60 = log_uniform(rng, 0.8, 3.5)
    t = s.time_axis(_seconds(t60), rate)
    index = s.decay(t, log_uniform(rng, 0.2, 1.5))
    x = np.zeros_like(t)
    for _ in range(2):
        carrier, ratio = log_uniform(rng, 1800, 7000), rng.uniform(0.4, 2.6)
        modulator = rng.uniform(0.8, 3.5) * index * np.sin(2 * np.pi * carrier * ratio * t)
        x += np.sin(2 * np.pi * carrier * t + modulator)
    air = s.highpass(s.noise(rng, t), log_uniform(rng, 3000, 8000), rate) * s.decay(t, 0.6 * t60)
    return s.highpass(x * s.decay(t, t60) + log_uniform(rng, 0.5, 5) * air, 300, rate)


def _ride(rng: np.random.Generator) -> Plate:
    """A heavy cymbal, struck on its bow: it answers at once and rings long and low."""
    return Plate(
        t60=log_uniform(rng, 4.0, 14.0),
        dull_hz=log_uniform(rng, 2000, 8000),
        slope=rng.uniform(1.0, 2.8),
        centre_hz=log_uniform(rng, 2500, 11000),
        octaves=rng.uniform(1.0, 2.2),
        bloom=log_uniform(rng, 0.001, 0.008),
        depth=rng.uniform(0.0, 0.5),
        modes=int(log_uniform(rng, 60, 600)),
        wash=log_uniform(rng, 0.1, 1),
    )


def _ping(rng: np.random.Generator, t: Signal, rate: int) -> Signal:
    """The note of the stick's tip: a handful of high modes, clear for some tenths of a second, peak 1."""
    pings = rng.uniform(1800, 9000, 12)
    t60s = log_uniform(rng, 0.15, 1.0) * rng.uniform(0.4, 1.0, 12)
    x = s.ring(s.mallet(t, 0.0001), pings, t60s, rng.uniform(0.2, 1.0, 12), rate)
    return s.normalise(x)


def plate_ride(rng: np.random.Generator, rate: int) -> Signal:
    """Tip on the bow of a ride: the stick's ping over a quiet, darkening wash."""
    plate = _ride(rng)
    t = s.time_axis(_seconds(plate.t60), rate)
    x = log_uniform(rng, 0.25, 1.5) * _plate(rng, t, plate, rate) + rng.uniform(0.3, 1.6) * _stick(
        rng, t, rate
    )
    brief = t[: int(0.6 * rate)]
    x[: len(brief)] += rng.uniform(0.1, 0.8) * _ping(rng, brief, rate) * s.release(brief, 0.2)
    return x + _boom(rng, t, rate)


def bell_ride(rng: np.random.Generator, rate: int) -> Signal:
    """The shoulder of the stick on the bell: few strong partials that sing, and the bow along with them."""
    plate = _ride(rng)
    t = s.time_axis(_seconds(plate.t60), rate)
    count = int(rng.integers(6, 13))
    partials = np.append(log_uniform(rng, 400, 1200), 1000 * 11 ** rng.random(count - 1))
    t60s = log_uniform(rng, 2.0, 8.0) * rng.uniform(0.3, 1.0, count) / (1 + partials / 8000)
    bell = s.normalise(s.ring(s.mallet(t, 0.0001), partials, t60s, rng.uniform(0.1, 1.0, count), rate))
    x = bell + log_uniform(rng, 0.3, 3) * _plate(rng, t, plate, rate)
    return x + rng.uniform(0.1, 0.7) * _stick(rng, t, rate)


def rivet_ride(rng: np.random.Generator, rate: int) -> Signal:
    """A sizzle cymbal: rivets dance on the plate and buzz for as long as it moves."""
    x = plate_ride(rng, rate)
    t = np.arange(len(x)) / rate
    knocks = (rng.random(len(t)) < log_uniform(rng, 60, 600) / rate) * rng.uniform(-1, 1, len(t))
    sizzle = s.highpass(s.bandpass(knocks, log_uniform(rng, 6000, 12000), 0.7, rate), 3000, rate)
    envelope = s.rise(t, 0.03) * s.decay(t, log_uniform(rng, 1.0, 4.0))
    return s.normalise(x) + log_uniform(rng, 0.05, 0.4) * s.normalise(sizzle * envelope)


def sampled_ride(rng: np.random.Generator, rate: int) -> Signal:
    """A ride in six bits or so (TR-909, LinnDrum), cut short to save memory."""
    source = (plate_ride, bell_ride)[int(rng.integers(2))]
    return _stored(rng, source(rng, rate), rate)
