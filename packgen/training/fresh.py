"""Fresh variants: sounds varied anew each time that a batch draws them, so that none is ever learnt by heart.

An encoder that sees the same few sounds again and again knows their codes by heart and misjudges those of new ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from packgen.audio.preparation import prepare
from packgen.audio.samples import Samples
from packgen.errors import AudioError
from packgen.training.augment import augment
from packgen.training.batches import Indices
from packgen.training.corpus import Corpus


class Fresh:
    """Variants of a corpus' training sounds; a recording is layered with recordings, a rendered sound with others.

    Args:
        corpus: a prepared corpus.
        share: of the sounds drawn that are varied; the others come as they are.
    """

    def __init__(self, corpus: Corpus, share: float) -> None:
        self.corpus, self.share = corpus, share
        self._recorded = np.array([entry.origin == "recorded" for entry in corpus.entries])
        self._labels = corpus.labels()
        self._partners: dict[tuple[int, bool], Indices] = {}
        for recorded in (False, True):
            members = corpus.where("train")
            members = members[self._recorded[members] == recorded]
            for label in np.unique(self._labels[members]):
                self._partners[int(label), recorded] = members[self._labels[members] == label]

    def draw(self, chosen: Indices, keys: NDArray[np.int64]) -> list[Samples]:
        """The chosen sounds, most of them varied.

        Args:
            chosen: corpus indices (B,).
            keys: a seed a sound (B,), so that a variant does not depend on the rest of the batch.
        """
        return [self._one(int(index), int(key)) for index, key in zip(chosen, keys, strict=True)]

    def _one(self, index: int, key: int) -> Samples:
        rng = np.random.default_rng(key)
        sound = self.corpus.sound(index)
        if rng.random() >= self.share:
            return sound
        partner = int(rng.choice(self._partners[int(self._labels[index]), bool(self._recorded[index])]))
        signal = self.corpus.signal
        try:
            return prepare(augment(sound, self.corpus.sound(partner), rng, signal.sample_rate), signal)
        except AudioError:  # a treatment can shrink a click to nothing: the sound stays
            return sound
