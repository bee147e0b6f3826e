"""Preparation: one drum hit out of a recording, as the networks want it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packgen.audio.mel import SignalConfig
from packgen.audio.samples import Samples
from packgen.audio.shaping import ONSET_DB, TAIL_DB, amplitude, fade_out, normalise, peak, trim_tail
from packgen.errors import AudioError

SHORTEST = 0.0195  # seconds, 20 ms as `trim_tail` counts them; the paper keeps sounds from 0.1 s, but snaps are shorter
FAINTEST = 1e-4  # peak below which a file holds nothing but dither
TAIL_FADE = 0.005  # seconds
PREROLL = 0.001  # seconds kept before the onset

OFFSET_WINDOW = 0.05  # seconds: a few periods of a kick, and short against what a hit takes to die away
OFFSET_SURETY = 5.0  # times the windows' disagreement that an offset must reach to be believed

LEAD_FRAME = 0.01  # seconds
SHORTEST_LEAD = 0.05  # seconds of noise: a flam's first stroke or a beater's click is over before
LOUDEST_LEAD_DB = -15.0  # relative to the peak: what is louder belongs to the sound
STEADY_DB = (
    6.0  # by which frames of steady noise may stand over their median, and the hit must stand over them
)
DRIFT_DB = 3.0  # what rises by more from its first to its last frame is a swell, unless it ends in a jump
JUMP_DB, JUMP_TIME = 15.0, 0.02  # decibels over the loudest noise, reached within so many seconds


def prepare(samples: Samples, signal: SignalConfig, longest: int | None = None) -> Samples:
    """Cut one hit out of a recording: no offset, from its onset, tail trimmed and faded, peak 1.

    Args:
        samples: the recording (N,), at the signal's rate.
        signal: gives the rate and the length that the networks hold.
        longest: samples kept at most; None for the signal's length.

    Returns:
        The hit (N',), not padded.

    Raises:
        AudioError: if nothing in it could be a drum hit.
    """
    rate = signal.sample_rate
    centred = remove_offset(samples, rate)
    sound = trim_tail(centred[find_onset(centred, rate) :], rate)
    if peak(sound) < FAINTEST:
        raise AudioError("silent")
    if len(sound) < SHORTEST * rate:
        raise AudioError(f"shorter than {SHORTEST * 1000:.0f} ms")
    cut = sound[: signal.num_samples if longest is None else longest]
    return normalise(fade_out(cut, round(TAIL_FADE * rate)))


def remove_offset(samples: Samples, rate: int) -> Samples:
    """Subtract a recording's constant offset (DC) if it surely has one over -60 dB, and then drop the zeros around it.

    The offset shows where the sound is silent: it is the median of the means of short windows, the quiet ones
    counting most. The sound's own mean is another thing, and not zero for a kick. A high-pass filter would give
    every kick a slow swing, before its onset or after it. If the windows disagree, as for a kick that is cut off in
    its first periods, there is nothing to be sure of and the sound stays as it is.
    """
    sound = _between(samples, 1e-6)
    if sound.size == 0:
        return samples
    means, weights = _window_means(sound, rate)
    order = np.argsort(means)
    middle = int(np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2))
    offset = float(means[order[min(middle, len(order) - 1)]])
    disagreement = float(np.average(np.abs(means - offset), weights=weights))
    if abs(offset) <= max(OFFSET_SURETY * disagreement, amplitude(TAIL_DB) * peak(sound)):
        return samples
    # Padding that another program added has nothing of the offset, and would now be the loud part.
    return (_between(sound, abs(offset) / 2) - np.float32(offset)).astype(np.float32)


def _between(samples: Samples, level: float) -> Samples:
    """What lies between the first and the last sample over a level."""
    over = np.flatnonzero(np.abs(samples) > level)
    return samples[over[0] : over[-1] + 1] if over.size else samples[:0]


def _window_means(sound: Samples, rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean of each Hann window of a sound and its weight, the inverse of the window's variance: (K,), (K,)."""
    size = max(1, min(round(OFFSET_WINDOW * rate), len(sound) // 5))
    windows = np.lib.stride_tricks.sliding_window_view(sound, size)[:: max(1, size // 2)].astype(np.float64)
    hann = np.hanning(size + 2)[1:-1]
    hann /= hann.sum()
    means = windows @ hann
    variances = np.maximum((windows**2) @ hann - means**2, 0.0)
    least = (FAINTEST * peak(sound)) ** 2  # silence is silence: no window of it counts more than another
    return means, 1.0 / (variances + least)


def find_onset(samples: Samples, rate: int) -> int:
    """Index at which a hit starts, less `PREROLL`; the number of samples if there is none.

    The hit starts where it exceeds -40 dB of the peak. If steady noise does so already, it starts where it rises out
    of the noise.
    """
    threshold = peak(samples) * amplitude(ONSET_DB)
    start = _first_over(samples, threshold)
    if noise := _lead_noise(samples[start:], rate, threshold):
        start += _first_over(samples[start:], noise * amplitude(STEADY_DB))
    return max(0, start - round(PREROLL * rate)) if start < len(samples) else start


def _first_over(samples: Samples, level: float) -> int:
    """Index of the first sample over a level; the number of samples if there is none."""
    over = np.abs(samples) > level
    return int(over.argmax()) if over.any() else len(samples)


def _lead_noise(samples: Samples, rate: int, threshold: float) -> float:
    """Loudest sample of the steady noise that a sound starts with; 0 if it starts with a hit or a swell.

    What stays below the threshold counts as steady at it, so that a crackle before a silence is noise too.
    """
    size = max(1, round(LEAD_FRAME * rate))
    fewest = round(SHORTEST_LEAD / LEAD_FRAME)
    frames = np.abs(samples[: len(samples) // size * size].reshape(-1, size)).max(axis=1, initial=0.0)
    lead = frames[: _first_over(frames, peak(samples) * amplitude(LOUDEST_LEAD_DB))]
    levels = 20 * np.log10(np.maximum(lead, threshold))
    while len(levels) >= fewest and levels.max() > np.median(levels) + STEADY_DB:
        levels = levels[: levels.argmax()]
    if len(levels) < fewest:
        return 0.0
    noise = amplitude(float(levels.max()))
    drift = np.polyfit(np.arange(len(levels)), levels, 1)[0] * len(levels)
    return noise if drift < DRIFT_DB or _jumps(samples, rate, noise) else 0.0


def _jumps(samples: Samples, rate: int, noise: float) -> bool:
    """Whether a sound is far over the noise soon after it rises out of it."""
    start = _first_over(samples, noise * amplitude(STEADY_DB))
    return peak(samples[start : start + round(JUMP_TIME * rate)]) > noise * amplitude(JUMP_DB)
