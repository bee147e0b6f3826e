"""The real sounds that generated ones are measured against, and which of them are twins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.errors import CorpusError
from packgen.evaluation import distances
from packgen.evaluation.generation import Sounds
from packgen.evaluation.judge import Judge, Opinion
from packgen.evaluation.plan import Indices
from packgen.training.corpus import Corpus
from packgen.training.tasks.classifier import halves

# Collections copy from each other: below this RMS difference of coarse spectrograms two sounds are one recording,
# at another level or through another encoder. Between this and 2.5 dB hardly any pair is found.
TWIN_DB = 1.0


@dataclass(frozen=True)
class RealSounds:
    """Validation and training sounds, as the judge hears them.

    Attributes:
        sounds, opinion: all validation sounds.
        unseen: corpus indices of the validation sounds without a twin in the training split.
        twins: how many have one.
        apart_embedding, apart_mel: distance of each unseen one to the nearest training sound.
        training: opinion on all training sounds.
        others, others_labels: training sounds that the judge was not trained on and that have no twin in the
            validation split: the honest reference for distances between sets.
    """

    sounds: Sounds
    opinion: Opinion
    unseen: Indices
    twins: int
    apart_embedding: NDArray[np.float64]
    apart_mel: NDArray[np.float64]
    training: Opinion
    others: Opinion
    others_labels: Indices

    @classmethod
    def of(cls, corpus: Corpus, judge: Judge) -> RealSounds:
        """Take the real sounds from a corpus.

        Raises:
            CorpusError: if it holds too few.
        """
        validation, training = corpus.where("val", ["recorded"]), corpus.where("train", ["recorded"])
        if not len(validation) or not len(training):
            raise CorpusError(
                f"{corpus.folder}: holds {len(training)} recordings for training and {len(validation)} for validation; "
                "evaluation needs both, so prepare a corpus from a larger folder"
            )
        labels = corpus.labels()
        lengths = np.array([len(corpus.sound(int(i))) for i in validation])
        sounds = Sounds(corpus.audio(validation), lengths, labels[validation])
        opinion, known = judge.hear(sounds.samples), judge.hear(corpus.audio(training))
        gaps = distances.pairwise(opinion.spectra, known.spectra)
        seen, echoed = gaps.min(axis=1) < TWIN_DB, gaps.min(axis=0) < TWIN_DB
        if seen.all():
            raise CorpusError(f"{corpus.folder}: its validation sounds all stand in the training split, too")
        unheard, _ = halves(corpus)
        others = np.flatnonzero(np.isin(training, unheard) & ~echoed)
        return cls(
            sounds, opinion, validation[~seen], int(seen.sum()),
            distances.nearest(opinion.embedding[~seen], known.embedding), gaps.min(axis=1)[~seen].astype(np.float64),
            known, known[others], labels[training[others]],
        )  # fmt: skip
