"""Synthesised drum voices that fill the training corpus where recordings are few or all alike.

    >>> voiced = draw("kick", np.random.default_rng(1))
    >>> voiced.samples.dtype, float(abs(voiced.samples).max())
    (dtype('float32'), 1.0)

A voice is a function of a random generator and a sample rate; it draws its own parameters and starts at
once. A new one is a function in the file of its kind and its name in VOICES.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

from packgen.training.voices import hands, hats, kicks, membranes, shaken, snares
from packgen.training.voices.synthesis import Signal

Voice = Callable[[np.random.Generator, int], Signal]

VOICES: dict[str, tuple[Voice, ...]] = {
    "kick": (
        kicks.bridged_t_kick,
        kicks.punch_kick,
        kicks.rhythm_box_kick,
        kicks.fm_kick,
        kicks.trap_kick,
        kicks.hard_kick,
        kicks.rumble_kick,
        kicks.acoustic_kick,
        kicks.sampled_kick,
    ),
    "snare": (
        snares.bridged_t_snare,
        snares.punch_snare,
        snares.rhythm_box_snare,
        snares.acoustic_snare,
        snares.rim_snare,
        snares.trap_snare,
        snares.clap_snare,
        snares.gated_snare,
        snares.sampled_snare,
    ),
    "clap": (
        hands.analogue_clap,
        hands.bright_clap,
        hands.hand_clap,
        hands.group_clap,
        hands.sampled_clap,
    ),
    "closed_hat": (
        hats.closed_metal_hat,
        hats.closed_fizz_hat,
        hats.closed_fm_hat,
        hats.closed_cymbals,
        hats.closed_sampled_hat,
    ),
    "open_hat": (
        hats.open_metal_hat,
        hats.open_fizz_hat,
        hats.open_fm_hat,
        hats.open_cymbals,
        hats.open_sampled_hat,
    ),
    "tom": (
        membranes.bridged_t_tom,
        membranes.punch_tom,
        membranes.disco_tom,
        membranes.fm_tom,
        membranes.acoustic_tom,
        membranes.sampled_tom,
    ),
    "conga": (
        membranes.bridged_t_conga,
        membranes.open_conga,
        membranes.slap_conga,
        membranes.mute_conga,
        membranes.sampled_conga,
    ),
    "bongo": (
        membranes.bridged_t_bongo,
        membranes.open_bongo,
        membranes.slap_bongo,
        membranes.mute_bongo,
        membranes.fm_bongo,
        membranes.sampled_bongo,
    ),
    "tambourine": (
        shaken.struck_tambourine,
        shaken.shaken_tambourine,
        shaken.ringing_tambourine,
        shaken.machine_tambourine,
    ),
    "shaker": (
        shaken.maraca,
        shaken.cabasa,
        shaken.egg_shaker,
        shaken.machine_shaker,
        shaken.sampled_shaker,
    ),
    "snap": (
        hands.finger_snap,
        hands.group_snap,
        hands.synthetic_snap,
        hands.sampled_snap,
    ),
}

RENDER_RATE = 44100  # voices are rendered here and brought down, so that drive and FM alias little
LONGEST = 1.0  # seconds
SHORTEST = 0.05  # seconds


@dataclass(frozen=True)
class Voiced:
    """One synthesised sound, float32 with peak 1, and the name of the voice it came from."""

    name: str
    samples: npt.NDArray[np.float32]


def draw(class_name: str, rng: np.random.Generator, rate: int = 22050) -> Voiced:
    """One sound of the class by a voice chosen at random; the same generator state gives the same bytes."""
    voices = VOICES[class_name]
    voice = voices[int(rng.integers(len(voices)))]
    sound = soxr.resample(voice(rng, RENDER_RATE), RENDER_RATE, rate)
    return Voiced(voice.__name__, _finish(sound, rate))


def synthesise(class_name: str, rng: np.random.Generator, rate: int = 22050) -> npt.NDArray[np.float32]:
    """The samples of `draw`, for who does not ask for the voice's name."""
    return draw(class_name, rng, rate).samples


def _finish(x: Signal, rate: int) -> npt.NDArray[np.float32]:
    """Cut silence (-60 dB) off both ends and whatever exceeds a second, fade out, bring the peak to 1."""
    loud = np.flatnonzero(np.abs(x) > 1e-3 * np.abs(x).max())
    end = max(int(loud[-1]) + 1, int(loud[0] + SHORTEST * rate))
    x = x[loud[0] : min(end, int(loud[0] + LONGEST * rate))].copy()
    fade = min(max(len(x) // 8, int(0.005 * rate)), int(0.08 * rate))
    x[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    return np.asarray(x / np.abs(x).max(), np.float32)
