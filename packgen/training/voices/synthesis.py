"""The parts all drum voices are built from: envelopes, oscillators, noise, filters, saturation, rooms.

Times are in seconds and frequencies in Hz; a `t60` is the time in which a sound falls by 60 dB.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, next_fast_len, rfft
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

Signal = npt.NDArray[np.float64]

NYQUIST_MARGIN = 0.45  # filters and modes are kept below this fraction of the sample rate


def log_uniform(rng: np.random.Generator, low: float, high: float) -> float:
    """A draw whose logarithm is uniform: as many octaves low in the range as high in it."""
    return float(low * (high / low) ** rng.random())


def time_axis(seconds: float, rate: int) -> Signal:
    return np.arange(int(seconds * rate)) / rate


def peak(x: Signal) -> float:
    """Largest absolute sample, never quite 0, so that one may divide by it."""
    return float(np.abs(x).max()) + 1e-12


def normalise(x: Signal) -> Signal:
    """x at peak 1."""
    return np.asarray(x / peak(x))


# --- envelopes ---------------------------------------------------------------------------------


def decay(t: Signal, t60: float) -> Signal:
    """Exponential decay, 1 at t = 0.

    >>> decay(np.array([0.0, 0.5]), 0.5).round(4).tolist()
    [1.0, 0.001]
    """
    return np.asarray(np.exp(t * (np.log(1e-3) / t60)))


def rise(t: Signal, time_constant: float) -> Signal:
    """Exponential approach from 0 to 1."""
    return np.asarray(1 - np.exp(-t / time_constant))


def release(t: Signal, seconds: float) -> Signal:
    """1, then a straight line to 0 over the last `seconds` of t."""
    return np.asarray(np.clip((t[-1] - t) / seconds, 0, 1))


def bursts(t: Signal, starts: Signal, gains: Signal, t60: float) -> Signal:
    """One decay after the other, each cutting off the one before, as a retriggered envelope does."""
    envelope = np.zeros_like(t)
    for start, gain in zip(starts, gains, strict=True):
        index = int(np.searchsorted(t, start))
        envelope[index:] = gain * decay(t[: len(t) - index], t60)
    return envelope


# --- oscillators -------------------------------------------------------------------------------


def sweep(t: Signal, start_hz: float, end_hz: float, time_constant: float) -> Signal:
    """A frequency that falls (or rises) exponentially from start to end."""
    return np.asarray(end_hz + (start_hz - end_hz) * np.exp(-t / time_constant))


def phase(frequency_hz: Signal, rate: int) -> Signal:
    """Integral of a frequency, in radians, 0 at the first sample."""
    turns = np.cumsum(frequency_hz) / rate
    return np.asarray(2 * np.pi * (turns - turns[0]))


def triangle(radians: Signal, softness: float = 0.98) -> Signal:
    """A triangle whose corners are rounded by `softness` < 1, so that it hardly aliases."""
    return np.asarray(np.arcsin(softness * np.sin(radians)) / np.arcsin(softness))


def square(t: Signal, frequency_hz: float, rate: int, start: float) -> Signal:
    """Square wave with polynomial band-limited steps (Valimaki and Huovinen, IEEE SPM 2007)."""
    step = frequency_hz / rate
    up = (start + frequency_hz * t) % 1
    down = (up + 0.5) % 1
    return np.where(up < 0.5, 1.0, -1.0) + _step_residue(up, step) - _step_residue(down, step)


def _step_residue(turns: Signal, step: float) -> Signal:
    after = np.minimum(turns / step, 1) - 1
    before = np.maximum((turns - 1) / step, -1) + 1
    return np.asarray(before**2 - after**2)


# --- noise and filters -------------------------------------------------------------------------


def noise(rng: np.random.Generator, t: Signal) -> Signal:
    """White noise of deviation 0.3, so that its peaks lie near 1."""
    return 0.3 * rng.standard_normal(len(t))


def lowpass(x: Signal, cutoff_hz: float, rate: int, order: int = 2) -> Signal:
    return _butterworth(x, min(cutoff_hz / rate, NYQUIST_MARGIN), "lowpass", order)


def highpass(x: Signal, cutoff_hz: float, rate: int, order: int = 2) -> Signal:
    return _butterworth(x, min(cutoff_hz / rate, NYQUIST_MARGIN), "highpass", order)


def _butterworth(x: Signal, cutoff: float, kind: str, order: int) -> Signal:
    return np.asarray(sosfilt(butter(order, cutoff, kind, fs=1.0, output="sos"), x))


def bandpass(x: Signal, centre_hz: float, quality: float, rate: int) -> Signal:
    """Two-pole band-pass of gain 1 at its centre (R. Bristow-Johnson's cookbook)."""
    angle = 2 * np.pi * min(centre_hz / rate, NYQUIST_MARGIN)
    width = np.sin(angle) / (2 * quality)
    feedback = [1 + width, -2 * np.cos(angle), 1 - width]
    return np.asarray(lfilter([width, 0, -width], feedback, x))


def noise_bands(
    rng: np.random.Generator, t: Signal, edges_hz: Signal, gains: Signal, t60s: Signal, rate: int
) -> Signal:
    """Noise between the first and last edge; each band has its own level and decays at its own speed."""
    size = next_fast_len(len(t), real=True)
    spectrum = rfft(0.3 * rng.standard_normal(size))
    cuts = np.round(edges_hz / rate * size).astype(int).clip(0, len(spectrum))
    out = np.zeros_like(t)
    for low, high, gain, t60 in zip(cuts[:-1], cuts[1:], gains, t60s, strict=True):
        band = np.zeros_like(spectrum)
        band[low:high] = gain * spectrum[low:high]
        out += irfft(band, size)[: len(t)] * decay(t, t60)
    return out


def lines(t: Signal, turns: npt.NDArray[np.int64], weights: npt.NDArray[np.complex128], rate: int) -> Signal:
    """A crowd of sines that neither rise nor fall, by one transform, however many there are.

    `turns` counts each sine's periods in `line_seconds`, `weights` holds amplitude and phase.
    """
    size = _line_samples(t, rate)
    spectrum = np.zeros(size // 2 + 1, complex)
    inside = turns < size // 2
    np.add.at(spectrum, turns[inside], 0.5 * size * weights[inside])
    return np.asarray(irfft(spectrum, size)[: len(t)])


def line_seconds(t: Signal, rate: int) -> float:
    """The span that `lines` repeats after: t or a little more, and a second at least, so that lines lie close."""
    return _line_samples(t, rate) / rate


def _line_samples(t: Signal, rate: int) -> int:
    return int(next_fast_len(max(len(t), rate), real=True))


def modes(rng: np.random.Generator, t: Signal, frequencies_hz: Signal, gains: Signal, rate: int) -> Signal:
    """Sines at random phases, as a struck plate's modes would be if they did not decay: see `shape`."""
    turns = np.round(frequencies_hz * line_seconds(t, rate)).astype(int)
    return lines(t, turns, gains * np.exp(2j * np.pi * rng.random(len(turns))), rate)


def squares(rng: np.random.Generator, t: Signal, frequencies_hz: Signal, rate: int) -> Signal:
    """The sum of square waves, free of aliasing: their odd harmonics up to the last that fits."""
    fundamental = np.round(frequencies_hz * line_seconds(t, rate)).astype(int)
    odd = np.arange(1, rate / 2 / frequencies_hz.min(), 2, dtype=int)
    angles = 2 * np.pi * np.outer(rng.random(len(fundamental)), odd) - np.pi / 2
    weights = 4 / np.pi / odd * np.exp(1j * angles)
    return lines(t, np.outer(fundamental, odd).ravel(), weights.ravel(), rate)


FRAME = 512  # samples between which `shape` changes a spectrum smoothly, twice as often as that


def frame_frequencies(rate: int) -> Signal:
    """The frequencies at which `shape` asks for the rise and decay of a sound."""
    return np.asarray(np.fft.rfftfreq(FRAME, 1 / rate))


def shape(x: Signal, t60s: Signal, blooms: Signal, depth: float, rate: int) -> Signal:
    """x whose every frequency decays at its own speed, after its own rise from 1 - depth with a time constant.

    Args:
        x: samples (N,).
        t60s: decay times at `frame_frequencies` (F,).
        blooms: time constants of the rise (F,).
        depth: how much of the sound is missing at its start, 0..1.
        rate: samples a second.

    Half-overlapping frames are weighted one by one, so a crowd of modes costs no more than one.
    """
    hop = FRAME // 2
    window = np.sin(np.pi * (np.arange(FRAME) + 0.5) / FRAME)
    count = 2 * (len(x) // FRAME + 2)
    padded = np.zeros(count * hop + hop)
    padded[hop : hop + len(x)] = x
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::hop] * window
    times = np.arange(len(frames))[:, None] * (hop / rate)
    gains = np.exp(times * (np.log(1e-3) / t60s)) * (1 - depth * np.exp(-times / blooms))
    shaped = irfft(rfft(frames, axis=1) * gains, FRAME, axis=1) * window
    out = np.zeros(count * hop + hop)
    out[: count * hop] += shaped[::2].ravel()
    out[hop:] += shaped[1::2].ravel()
    return out[hop : hop + len(x)]


# --- resonance and space -----------------------------------------------------------------------


def ring(x: Signal, frequencies_hz: Signal, t60s: Signal, gains: Signal, rate: int) -> Signal:
    """A parallel bank of two-pole resonators set ringing by x: modal synthesis."""
    out = np.zeros_like(x)
    for frequency, t60, gain in zip(frequencies_hz, t60s, gains, strict=True):
        if frequency < NYQUIST_MARGIN * rate:
            radius, angle = 10 ** (-3 / (t60 * rate)), 2 * np.pi * frequency / rate
            feedback = [1, -2 * radius * np.cos(angle), radius**2]
            out += lfilter([gain * np.sin(angle)], feedback, x)
    return out


def mallet(t: Signal, seconds: float) -> Signal:
    """The force of one stroke: a single raised-cosine pulse of unit area, per sample."""
    pulse = np.where(t < seconds, 1 - np.cos(2 * np.pi * (t + t[1]) / (seconds + t[1])), 0.0)
    return np.asarray(pulse / pulse.sum())


def knock(
    rng: np.random.Generator,
    t: Signal,
    centre_hz: tuple[float, float],
    t60: tuple[float, float],
    rate: int,
) -> Signal:
    """The noise of stick, palm or fingers as they land, peak 1: centre and decay drawn from their ranges."""
    x = bandpass(noise(rng, t), log_uniform(rng, *centre_hz), rng.uniform(0.5, 1.5), rate)
    return normalise(x * decay(t, log_uniform(rng, *t60)))


def room(rng: np.random.Generator, x: Signal, t60: float, level: float, rate: int) -> Signal:
    """x and, `level` times as strong, its reverberation in a small dull room; made longer by t60."""
    t = time_axis(t60, rate)
    tail = lowpass(noise(rng, t), log_uniform(rng, 2500, 9000), rate, 1) * decay(t, t60)
    tail *= t > rng.uniform(0.001, 0.006)
    wet = fftconvolve(x, tail)
    wet *= level * peak(x) / peak(wet)
    wet[: len(x)] += x
    return np.asarray(wet)


# --- colour ------------------------------------------------------------------------------------


def saturate(x: Signal, drive: float) -> Signal:
    """Soft clipping of x scaled to peak `drive`: 0.1 is clean, 10 nearly square."""
    return np.asarray(np.tanh(x * (drive / peak(x))) / np.tanh(drive))


def crush(x: Signal, bits: float, hold: int) -> Signal:
    """The grain of an early sampler: few bits, each sample held for `hold` of them."""
    levels = 2 ** (bits - 1) / peak(x)
    held = np.repeat(x[::hold], hold)[: len(x)]
    return np.asarray(np.round(held * levels) / levels)


def tilt(x: Signal, gain: float, cutoff_hz: float, rate: int) -> Signal:
    """Multiply what lies below the cutoff by `gain`, leave the rest."""
    return np.asarray(x + (gain - 1) * lowpass(x, cutoff_hz, rate, 1))
