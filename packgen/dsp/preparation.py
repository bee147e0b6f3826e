"""Preparation: one drum hit out of a recording, as the networks want it."""

from __future__ import annotations

import numpy as np

from packgen.audio import Samples
from packgen.dsp.mel import SignalConfig
from packgen.dsp.shaping import ONSET_DB, amplitude, fade_out, normalise, peak, trim_tail
from packgen.errors import AudioError

SHORTEST = 0.02  # seconds; the paper keeps sounds from 0.1 s, but closed hats and snaps are shorter
FAINTEST = 1e-4  # peak below which a file holds nothing but dither
TAIL_FADE = 0.005  # seconds
PREROLL = 0.001  # seconds kept before the onset

OFFSET_WINDOW = 0.05  # seconds: long against a beat of 40 Hz, short against what a hit takes to die away
OFFSET_SURETY = 5.0  # times what its windows disagree by that an offset must reach to be believed

LEAD_FRAME = 0.01  # seconds
SHORTEST_LEAD = 0.05  # seconds of steady noise: a flam's first stroke or a beater's click is over before
LOUDEST_LEAD_DB = -20.0  # relative to the peak: what is louder belongs to the sound
STEADY_DB = 6.0  # how far a frame of steady noise may stand over the others, and the hit must stand over it
DRIFT_DB = 3.0  # what rises by more from its first to its last frame is a swell, not noise


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
    """Subtract a recording's constant offset (DC), if it surely has one; padding with zeros is dropped.

    The offset shows where the sound is silent: it is the median of the means of short windows, the quiet ones
    counting most. The plain mean would not do, for a kick's own mean is not zero, and a high-pass filter would
    either ring after the hit or start before it. A kick cut off in the middle has no silence; what its windows
    disagree about is left alone.
    """
    sounding = np.flatnonzero(np.abs(samples) > 1e-6)
    if sounding.size == 0:
        return samples[:0]
    # A file with an offset that somebody padded has none in the padding.
    sound = samples[sounding[0] : sounding[-1] + 1]
    means, weights = _window_means(sound, rate)
    order = np.argsort(means)
    middle = np.searchsorted(np.cumsum(weights[order]), 0.5 * weights.sum())
    offset = float(means[order][min(int(middle), len(means) - 1)])
    uncertainty = float(np.average(np.abs(means - offset), weights=weights))
    if abs(offset) <= OFFSET_SURETY * uncertainty:
        return sound
    return (sound - np.float32(offset)).astype(np.float32)


def _window_means(sound: Samples, rate: int) -> tuple[np.ndarray, np.ndarray]:
    """Mean of each Hann window of a sound and how far to trust it, the inverse of its variance: (K,), (K,)."""
    size = max(1, min(round(OFFSET_WINDOW * rate), len(sound) // 5))
    windows = np.lib.stride_tricks.sliding_window_view(sound.astype(np.float64), size)[:: max(1, size // 2)]
    hann = np.hanning(size + 2)[1:-1]
    hann /= hann.sum()
    means = windows @ hann
    variances = (windows**2) @ hann - means**2
    faintest = (FAINTEST * peak(sound)) ** 2  # silence is silence: no window of it counts more than another
    return means, 1.0 / (np.maximum(variances, 0.0) + faintest)


def find_onset(samples: Samples, rate: int) -> int:
    """Index at which a hit starts, less `PREROLL`; the number of samples if there is none.

    The hit starts where it exceeds -40 dB of the peak, unless what does so is steady noise: then where it rises out
    of that.
    """
    top = peak(samples)
    threshold = top * amplitude(ONSET_DB)
    loud = np.flatnonzero(np.abs(samples) > threshold)
    if loud.size == 0:
        return len(samples)
    start = int(loud[0])
    noise = _lead_noise(samples[start:], rate, threshold)
    if noise:
        over = np.flatnonzero(np.abs(samples[start:]) > noise * amplitude(STEADY_DB))
        start += int(over[0])
    return max(0, start - round(PREROLL * rate))


def _lead_noise(samples: Samples, rate: int, threshold: float) -> float:
    """Loudest sample of the steady noise that a sound starts with; 0 if it starts with a hit or a swell."""
    size = round(LEAD_FRAME * rate)
    highest = peak(samples) * amplitude(LOUDEST_LEAD_DB)
    fewest = round(SHORTEST_LEAD / LEAD_FRAME)
    frames = np.abs(samples[: len(samples) // size * size].reshape(-1, size)).max(axis=1, initial=0.0)
    louder = np.flatnonzero(frames > highest)
    lead = 20 * np.log10(np.maximum(frames[: louder[0] if louder.size else len(frames)], threshold))
    count = len(lead)
    while count >= fewest and lead[:count].max() > np.median(lead[:count]) + STEADY_DB:
        count = int(np.argmax(lead[:count]))
    if count < fewest:
        return 0.0
    drift = np.polyfit(np.arange(count), lead[:count], 1)[0] * count
    return float(amplitude(lead[:count].max())) if drift < DRIFT_DB else 0.0
