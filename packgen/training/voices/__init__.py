"""Synthesised drum voices that fill the training corpus where recordings are few or all alike.

    >>> voiced = draw("kick", np.random.default_rng(1))
    >>> voiced.samples.dtype, float(abs(voiced.samples).max())
    (dtype('float32'), 1.0)

A voice is a function of a random generator and a sample rate; it draws its own parameters and starts at
once. A new one is a function in the file of its kind and its name in ELECTRONIC or NATURAL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soxr

from packgen.classes import BY_NAME, CLASS_NAMES
from packgen.training.voices import cymbals, hands, hats, kicks, membranes, shaken, snares, struck
from packgen.training.voices.synthesis import Signal

Voice = Callable[[np.random.Generator, int], Signal]

# Voices that imitate drum machines, synthesisers and what is made with them.
ELECTRONIC: dict[str, tuple[Voice, ...]] = {
    "kick": (
        kicks.bridged_t_kick,
        kicks.punch_kick,
        kicks.rhythm_box_kick,
        kicks.fm_kick,
        kicks.trap_kick,
        kicks.hard_kick,
        kicks.rumble_kick,
    ),
    "snare": (
        snares.bridged_t_snare,
        snares.punch_snare,
        snares.rhythm_box_snare,
        snares.trap_snare,
    ),
    "clap": (
        hands.analogue_clap,
        hands.bright_clap,
    ),
    "closed_hat": (
        hats.closed_metal_hat,
        hats.closed_fizz_hat,
        hats.closed_fm_hat,
    ),
    "open_hat": (
        hats.open_metal_hat,
        hats.open_fizz_hat,
        hats.open_fm_hat,
    ),
    "tom": (
        membranes.bridged_t_tom,
        membranes.punch_tom,
        membranes.disco_tom,
        membranes.fm_tom,
    ),
    "conga": (membranes.bridged_t_conga,),
    "bongo": (
        membranes.bridged_t_bongo,
        membranes.fm_bongo,
    ),
    "tambourine": (shaken.machine_tambourine,),
    "shaker": (shaken.machine_shaker,),
    "snap": (hands.synthetic_snap,),
    "crash": (
        cymbals.metal_crash,
        cymbals.fm_crash,
        cymbals.fizz_crash,
    ),
    "ride": (
        cymbals.metal_ride,
        cymbals.fm_ride,
    ),
    "rim": (
        struck.bridged_t_rim,
        struck.punch_rim,
        struck.rhythm_box_rim,
        struck.fm_rim,
    ),
    "cowbell": (
        struck.squares_cowbell,
        struck.rhythm_box_cowbell,
        struck.fm_cowbell,
    ),
}

# Voices that imitate acoustic drums, or an early sampler's recordings of them.
NATURAL: dict[str, tuple[Voice, ...]] = {
    "kick": (
        kicks.acoustic_kick,
        kicks.sampled_kick,
    ),
    "snare": (
        snares.acoustic_snare,
        snares.rim_snare,
        snares.clap_snare,
        snares.gated_snare,
        snares.sampled_snare,
    ),
    "clap": (
        hands.hand_clap,
        hands.group_clap,
        hands.sampled_clap,
    ),
    "closed_hat": (
        hats.closed_cymbals,
        hats.closed_sampled_hat,
    ),
    "open_hat": (
        hats.open_cymbals,
        hats.open_sampled_hat,
    ),
    "tom": (
        membranes.acoustic_tom,
        membranes.sampled_tom,
    ),
    "conga": (
        membranes.open_conga,
        membranes.slap_conga,
        membranes.mute_conga,
        membranes.sampled_conga,
    ),
    "bongo": (
        membranes.open_bongo,
        membranes.slap_bongo,
        membranes.mute_bongo,
        membranes.sampled_bongo,
    ),
    "tambourine": (
        shaken.struck_tambourine,
        shaken.shaken_tambourine,
        shaken.ringing_tambourine,
    ),
    "shaker": (
        shaken.maraca,
        shaken.cabasa,
        shaken.egg_shaker,
        shaken.sampled_shaker,
    ),
    "snap": (
        hands.finger_snap,
        hands.group_snap,
        hands.sampled_snap,
    ),
    "crash": (
        cymbals.plate_crash,
        cymbals.splash_crash,
        cymbals.china_crash,
        cymbals.sampled_crash,
    ),
    "ride": (
        cymbals.plate_ride,
        cymbals.bell_ride,
        cymbals.rivet_ride,
        cymbals.sampled_ride,
    ),
    "rim": (
        struck.side_stick,
        struck.hoop_shot,
        struck.sampled_rim,
    ),
    "cowbell": (
        struck.open_cowbell,
        struck.muffled_cowbell,
        struck.agogo,
        struck.sampled_cowbell,
    ),
}

VOICES: dict[str, tuple[Voice, ...]] = {
    name: ELECTRONIC.get(name, ()) + NATURAL.get(name, ()) for name in CLASS_NAMES
}

RENDER_RATE = 44_100  # what the voices were tuned at; other rates are brought down from it
SHORTEST = 0.05  # seconds


@dataclass(frozen=True)
class Voiced:
    """One synthesised sound.

    Attributes:
        name: the voice it came from.
        kind: "electronic" where the voice imitates an electronic drum, else "".
        samples: float32 with peak 1.
    """

    name: str
    kind: str
    samples: npt.NDArray[np.float32]


def draw(class_name: str, rng: np.random.Generator, rate: int = RENDER_RATE) -> Voiced:
    """One sound of the class by a voice chosen at random; the same generator state gives the same bytes."""
    voices = VOICES[class_name]
    voice = voices[int(rng.integers(len(voices)))]
    sound = voice(rng, RENDER_RATE)
    if rate != RENDER_RATE:
        sound = soxr.resample(sound, RENDER_RATE, rate)
    kind = "electronic" if voice in ELECTRONIC.get(class_name, ()) else ""
    return Voiced(voice.__name__, kind, _finish(sound, BY_NAME[class_name].longest, rate))


def _finish(x: Signal, seconds: float, rate: int) -> npt.NDArray[np.float32]:
    """Cut silence (-60 dB) off both ends and whatever exceeds the seconds, fade out, bring the peak to 1."""
    loud = np.flatnonzero(np.abs(x) > 1e-3 * np.abs(x).max())
    end = max(int(loud[-1]) + 1, int(loud[0] + SHORTEST * rate))
    x = x[loud[0] : min(end, int(loud[0] + seconds * rate))].copy()
    fade = min(max(len(x) // 8, int(0.005 * rate)), int(0.08 * seconds * rate))
    x[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    return np.asarray(x / np.abs(x).max(), np.float32)
