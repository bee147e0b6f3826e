"""Shaken things: tambourines, shakers, maracas and cabasas as chance collisions in a container.

After Perry Cook, "Physically Informed Sonic Modeling (PhISM): Synthesis of Percussive Sounds",
Computer Music Journal 21(3), 1997: the energy of the shake decays, beads meet at random moments in
proportion to it, each meeting adds a grain of noise, and resonances colour the sum.
"""

from __future__ import annotations

import numpy as np
from scipy.signal import lfilter

from packgen.training.voices import synthesis as s
from packgen.training.voices.synthesis import Signal, log_uniform


def _collisions(
    rng: np.random.Generator, energy: Signal, per_second: float, grain_t60: float, rate: int
) -> Signal:
    """Noise grains at Poisson moments, each as loud as the shake is strong just then."""
    meets = rng.random(len(energy)) < per_second / rate
    meets[: rate // 2000] = True  # something always meets in the first half millisecond
    level = lfilter(
        [1.0], [1.0, -(10 ** (-3 / (grain_t60 * rate)))], meets * energy * rng.random(len(energy))
    )
    return np.asarray(level * rng.uniform(-1, 1, len(energy)))


def _shake(rng: np.random.Generator, t: Signal, attack: float, t60: float) -> Signal:
    """Energy of one throw of the wrist, perhaps with a weaker second as the beads come back."""
    envelope = s.rise(t, attack) * s.decay(t, t60)
    if rng.random() < 0.35 and t[-1] > 0.15:
        back = int(rng.uniform(0.06, 0.13) * len(t) / t[-1])
        envelope[back:] += rng.uniform(0.2, 0.7) * envelope[: len(t) - back]
    return envelope


# --- tambourines -------------------------------------------------------------------------------


def _jingles(rng: np.random.Generator, clatter: Signal, t60: float, rate: int) -> Signal:
    """Small cymbals, no two quite alike: each has a few high, inharmonic modes, and none of them stands out.

    Recordings show a dense band that only their loudest lines rise from; a dozen modes sounded like glass.
    """
    cymbals = int(rng.integers(4, 8))
    middle = log_uniform(rng, 5500, 11500)
    alike = rng.triangular(2300, middle, 1.6 * middle, 10)
    modes = (alike * rng.uniform(0.94, 1.06, (cymbals, 10))).ravel()
    gains = rng.uniform(0.2, 1.0, len(modes)) * np.minimum(modes / 5000, 1)
    x = s.ring(clatter, modes, t60 * rng.uniform(0.3, 1.0, len(modes)), gains, rate)
    x = s.normalise(x) + rng.uniform(0.15, 0.7) * s.normalise(clatter)
    return s.highpass(x, log_uniform(rng, 1500, 4000), rate)


def struck_tambourine(rng: np.random.Generator, rate: int) -> Signal:
    """Hit with the hand: all jingles jump at once and settle; a thud of frame or skin below."""
    t = s.time_axis(rng.uniform(0.35, 0.95), rate)
    energy = s.rise(t, log_uniform(rng, 0.0005, 0.006)) * s.decay(t, log_uniform(rng, 0.3, 0.9))
    clatter = _collisions(rng, energy, log_uniform(rng, 400, 3000), log_uniform(rng, 0.003, 0.015), rate)
    x = _jingles(rng, clatter, log_uniform(rng, 0.06, 0.4), rate)
    thud = s.bandpass(s.noise(rng, t), log_uniform(rng, 120, 1000), rng.uniform(0.5, 3), rate)
    thud *= s.decay(t, log_uniform(rng, 0.02, 0.12))
    return s.room(rng, x + rng.uniform(0.1, 1.0) * thud, 0.15, rng.uniform(0, 0.12), rate)


def shaken_tambourine(rng: np.random.Generator, rate: int) -> Signal:
    """Shaken: the jingles arrive over some tens of milliseconds, often there and back."""
    t = s.time_axis(rng.uniform(0.25, 0.9), rate)
    energy = _shake(rng, t, log_uniform(rng, 0.004, 0.025), log_uniform(rng, 0.2, 0.9))
    clatter = _collisions(rng, energy, log_uniform(rng, 200, 2000), log_uniform(rng, 0.002, 0.01), rate)
    return _jingles(rng, clatter, log_uniform(rng, 0.04, 0.25), rate)


def ringing_tambourine(rng: np.random.Generator, rate: int) -> Signal:
    """Large jingles that ring long after one knock, and still touch while they do."""
    t = s.time_axis(rng.uniform(0.4, 0.95), rate)
    energy = s.decay(t, log_uniform(rng, 0.3, 0.9))
    clatter = _collisions(rng, energy, log_uniform(rng, 250, 1500), log_uniform(rng, 0.002, 0.008), rate)
    return _jingles(rng, clatter, log_uniform(rng, 0.25, 0.6), rate)


def machine_tambourine(rng: np.random.Generator, rate: int) -> Signal:
    """CR-78 and its like: high squares and noise through a narrow high band, with a double hit."""
    t = s.time_axis(rng.uniform(0.2, 0.5), rate)
    squares = [s.square(t, log_uniform(rng, 900, 3500), rate, rng.random()) for _ in range(4)]
    x = 0.25 * np.sum(squares, axis=0) + rng.uniform(0.5, 3) * s.noise(rng, t)
    x = s.bandpass(x, log_uniform(rng, 5000, 8500), rng.uniform(1.5, 6), rate)
    starts = np.array([0.0, rng.uniform(0.012, 0.045)])
    gains = np.array([rng.uniform(0.4, 1.0), 1.0])
    # Filtered last: the second hit's step would otherwise click far below the band.
    return s.highpass(x * s.bursts(t, starts, gains, log_uniform(rng, 0.2, 0.7)), 3500, rate, 4)


# --- shakers -----------------------------------------------------------------------------------


def maraca(rng: np.random.Generator, rate: int) -> Signal:
    """Cook's maraca: some dozens of seeds in a gourd with one resonance."""
    t = s.time_axis(rng.uniform(0.1, 0.4), rate)
    energy = _shake(rng, t, log_uniform(rng, 0.002, 0.015), log_uniform(rng, 0.08, 0.4))
    grains = _collisions(rng, energy, log_uniform(rng, 600, 6000), log_uniform(rng, 0.001, 0.004), rate)
    return s.highpass(
        s.bandpass(grains, log_uniform(rng, 3500, 9000), log_uniform(rng, 1, 6), rate), 1500, rate
    )


def cabasa(rng: np.random.Generator, rate: int) -> Signal:
    """Steel beads scraped over a ribbed drum: very many, very short, very bright grains."""
    t = s.time_axis(rng.uniform(0.12, 0.5), rate)
    energy = _shake(rng, t, log_uniform(rng, 0.005, 0.04), log_uniform(rng, 0.15, 0.6))
    ribs = 1 + rng.uniform(0, 0.7) * np.sin(2 * np.pi * log_uniform(rng, 60, 250) * t)
    grains = _collisions(rng, energy * ribs, log_uniform(rng, 5000, 20000), 0.001, rate)
    x = s.bandpass(grains, log_uniform(rng, 5000, 13500), log_uniform(rng, 0.7, 3), rate)
    return s.highpass(x, log_uniform(rng, 2500, 5000), rate)


def egg_shaker(rng: np.random.Generator, rate: int) -> Signal:
    """A tube or egg of fine grains pushed forward: swells, then stops at the wall."""
    swell = rng.uniform(0.015, 0.09)
    t = s.time_axis(swell + rng.uniform(0.1, 0.4), rate)
    push = (np.minimum(t / swell, 1) ** rng.uniform(0.7, 2.5)) * rng.uniform(0.4, 1.0)
    stop = s.decay(np.maximum(t - swell, 0), log_uniform(rng, 0.08, 0.4))
    energy = np.where(t < swell, push + 0.02, stop)
    grains = _collisions(rng, energy, log_uniform(rng, 3000, 20000), log_uniform(rng, 0.0005, 0.002), rate)
    x = s.bandpass(grains, log_uniform(rng, 4500, 13000), log_uniform(rng, 0.7, 4), rate)
    return s.highpass(x, log_uniform(rng, 2000, 5000), rate)


def machine_shaker(rng: np.random.Generator, rate: int) -> Signal:
    """TR-808's maracas and CR-78's: high-passed noise under a short rise and fall."""
    t = s.time_axis(rng.uniform(0.08, 0.3), rate)
    x = s.highpass(s.noise(rng, t), log_uniform(rng, 4000, 8500), rate, int(rng.integers(2, 5)))
    x = s.lowpass(x, log_uniform(rng, 7000, 20000), rate, 1)
    return x * s.rise(t, log_uniform(rng, 0.006, 0.03)) * s.decay(t, log_uniform(rng, 0.07, 0.35))


def sampled_shaker(rng: np.random.Generator, rate: int) -> Signal:
    """Cabasa or shaker out of an early sampler."""
    source = (cabasa, egg_shaker, maraca)[int(rng.integers(3))]
    x = s.crush(source(rng, rate), rng.uniform(5, 8), int(rng.integers(1, 3)))
    return s.highpass(x, 2000, rate)
