"""Random streams."""

from __future__ import annotations

import hashlib

import numpy as np


def generator(seed: int, drum: str, index: int, purpose: int = 0, attempt: int = 0) -> np.random.Generator:
    """The random generator of one sound: counter-based, so no sound depends on what else is in the pack.

    The key is seed and class; index, purpose (a take's number, say) and attempt select the counter's block.

    >>> a = generator(1, "kick", 5).standard_normal()
    >>> a == generator(1, "kick", 5).standard_normal() != generator(1, "snare", 5).standard_normal()
    True
    """
    key = int.from_bytes(hashlib.sha256(drum.encode()).digest()[:8], "little")
    return np.random.Generator(
        np.random.Philox(key=[seed % 2**64, key], counter=[0, index, purpose, attempt])
    )
