"""Random streams: every generator that a pack, a song or a server draws from, by number.

A new stream is a row of `Stream` with a number of its own. Numbers never change: they decide the bytes of every pack
that a seed has ever made.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np


class Stream(IntEnum):
    """What a sound's generator is asked for."""

    CODE = 0  # the sound's own draws, an attempt each
    TAKES = 1  # of the hardest layer
    AIM = 2  # where within a wish a sound aims
    POOL = 3  # of draws that a wish chooses from
    LAYER = 16  # plus the layers above: takes of a softer velocity layer
    LAYER_SIDESTEP = 32  # plus the layers above: ways around a layer that is too bright
    STROKE = 100  # of each hit's place in the latent space
    SIBLING = 101  # of hits in a roll that share a take
    DRIFT = 102  # of a player's clock
    OWN_TIMING = 103  # of each hit
    DYNAMICS = 104  # of a player's velocities
    CANDIDATE = 110  # base sounds that a song is cast from
    CALIBRATION = 111  # of how far strokes may stray
    HUMANIZED_BASE = 120  # base sounds that the humanizer is measured on
    VARIATION = 130  # of a sound in hand, for the server and the page


def generator(
    seed: int, drum: str, index: int, stream: int = Stream.CODE, attempt: int = 0
) -> np.random.Generator:
    """The random generator of one sound: counter-based, so no sound depends on what else is in the pack.

    The key is seed and class; index, stream and attempt select the counter's block.

    >>> a = generator(1, "kick", 5).standard_normal()
    >>> a == generator(1, "kick", 5).standard_normal() != generator(1, "snare", 5).standard_normal()
    True
    """
    key = int.from_bytes(hashlib.sha256(drum.encode()).digest()[:8], "little")
    return np.random.Generator(
        np.random.Philox(key=[seed % 2**64, key], counter=[0, index, int(stream), attempt])
    )
