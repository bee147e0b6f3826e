"""Fresh variants: recordings varied anew each time that a batch draws them, so that none is ever learnt by heart.

The corpus holds at most a dozen variants of a recording. An encoder that has seen the same few again and again
knows their codes by heart and misjudges those of new sounds.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from packgen.audio import Samples
from packgen.dsp.mel import compress, mel_spectrogram
from packgen.dsp.shaping import pad
from packgen.errors import AudioError
from packgen.training.augment import augment
from packgen.training.batches import Indices
from packgen.training.corpus import Corpus, prepare


class Fresh:
    """Variants of a corpus' training recordings.

    Args:
        corpus: a prepared corpus.
        share: of the recordings drawn that are varied; the others come as they are.
    """

    def __init__(self, corpus: Corpus, share: float) -> None:
        self.corpus, self.share = corpus, share
        real, labels = corpus.where("train", ["real"]), corpus.labels()
        self._partners = {int(label): real[labels[real] == label] for label in np.unique(labels[real])}
        self._labels = labels

    def vary(self, log_mels: NDArray[np.float32], chosen: Indices, keys: NDArray[np.int64]) -> None:
        """Put variants in the place of recordings.

        Args:
            log_mels: compressed mel spectrograms of the chosen sounds (B, F, T), changed in place.
            chosen: their corpus indices (B,).
            keys: a seed a sound (B,), so that a variant does not depend on the rest of the batch.
        """
        found: dict[int, Samples] = {}
        for position, (index, key) in enumerate(zip(chosen, keys, strict=True)):
            rng = np.random.default_rng(int(key))
            if self.corpus.entries[index].kind == "real" and rng.random() < self.share:
                try:
                    found[position] = self._variant(int(index), rng)
                except AudioError:  # a treatment can shrink a click to nothing: the recording stays
                    continue
        if found:
            signal = self.corpus.signal
            audio = torch.from_numpy(np.stack([pad(sound, signal.num_samples) for sound in found.values()]))
            log_mels[list(found)] = compress(mel_spectrogram(audio, signal), signal).numpy()

    def _variant(self, index: int, rng: np.random.Generator) -> Samples:
        partner = int(rng.choice(self._partners[int(self._labels[index])]))
        signal = self.corpus.signal
        return prepare(
            augment(self.corpus.sound(index), self.corpus.sound(partner), rng, signal.sample_rate), signal
        )
