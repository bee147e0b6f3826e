"""Preset effects on pedalboard. It is GPL-3.0, and no other module imports it: without this file packgen is free of it.

An effect is applied to each take by itself, from rest, so a sound stays the same whatever else is in the pack.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pedalboard

from packgen.audio.samples import Samples
from packgen.audio.shaping import fade_out, peak, remove_dc, trim_tail
from packgen.planning.effects import Chain

TAIL_DB = -54.0  # relative to the peak: where a room's tail is cut
FADE = 0.01  # seconds
ROOM_SECONDS = (0.2, 0.8)  # that the smallest and the largest room add before they are cut

Settings = dict[str, float]


def _poles(kind: Any, settings: Settings) -> list[Any]:
    return [kind(cutoff_frequency_hz=settings["hz"]) for _ in range(round(settings["poles"]))]


def _shelf(kind: Any, settings: Settings) -> list[Any]:
    return [kind(cutoff_frequency_hz=settings["hz"], gain_db=settings["db"], q=settings["q"])]


# Effect name -> its plug-ins; parameters and their limits stand in `packgen.planning.effects`.
_PLUGINS: dict[str, Callable[[Settings], list[Any]]] = {
    "gain": lambda s: [pedalboard.Gain(gain_db=s["db"])],
    "drive": lambda s: [pedalboard.Distortion(drive_db=s["db"])],
    "compress": lambda s: [
        pedalboard.Compressor(
            threshold_db=s["threshold"], ratio=s["ratio"], attack_ms=s["attack"], release_ms=s["release"]
        )
    ],
    "low_shelf": lambda s: _shelf(pedalboard.LowShelfFilter, s),
    "high_shelf": lambda s: _shelf(pedalboard.HighShelfFilter, s),
    "peak": lambda s: _shelf(pedalboard.PeakFilter, s),
    "low_pass": lambda s: _poles(pedalboard.LowpassFilter, s),
    "high_pass": lambda s: _poles(pedalboard.HighpassFilter, s),
    "room": lambda s: [
        pedalboard.Reverb(
            room_size=s["size"], damping=s["damping"], wet_level=s["wet"], dry_level=1 - s["wet"], width=0
        )
    ],
    "bits": lambda s: [pedalboard.Bitcrush(bit_depth=s["depth"])],
    "hold": lambda s: [
        pedalboard.Resample(target_sample_rate=s["hz"], quality=pedalboard.Resample.Quality.ZeroOrderHold)
    ],
    "chorus": lambda s: [
        pedalboard.Chorus(
            rate_hz=s["rate"], depth=s["depth"], centre_delay_ms=6.0, feedback=0.0, mix=s["mix"]
        )
    ],
}


def apply(chain: Chain, samples: Samples, rate: int) -> Samples:
    """A sound (N,) through a chain: (N',), longer where a room rings on; its last sample is zero.

    What is not finite or silent after the chain comes back as it went in.
    """
    if not chain:
        return samples
    rooms = [dict(effect.settings)["size"] for effect in chain if effect.name == "room"]
    shortest, longest = ROOM_SECONDS
    extra = round(sum(shortest + (longest - shortest) * size for size in rooms) * rate)
    padded = np.concatenate([samples, np.zeros(extra, np.float32)])[None]
    for effect in chain:
        for plugin in _PLUGINS[effect.name](dict(effect.settings)):
            padded = plugin(padded, rate, reset=True)
    wet = np.asarray(padded, np.float32).reshape(-1)
    if not np.isfinite(wet).all() or peak(wet) == 0.0:
        return samples
    cut = trim_tail(remove_dc(wet), rate, TAIL_DB) if rooms else remove_dc(wet)
    return fade_out(cut, min(round(FADE * rate), len(cut) // 4))
