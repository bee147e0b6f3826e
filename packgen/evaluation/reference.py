"""The real sounds that generated ones are measured against, and which of them are twins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.errors import CorpusError
from packgen.evaluation import distances
from packgen.evaluation.generation import Sounds
from packgen.evaluation.judge import Judge, Opinion, joined
from packgen.evaluation.plan import Indices, Plan, by_turns, spread
from packgen.training.corpus import Corpus
from packgen.training.tasks.classifier import halves

# Collections copy from each other: below this RMS difference of coarse spectrograms two sounds are one recording,
# at another level or through another encoder. Between this and 2.5 dB hardly any pair is found.
TWIN_DB = 1.0
CHUNK = 256  # sounds in memory at a time


@dataclass(frozen=True)
class RealSounds:
    """Validation and training sounds, as the judge hears them.

    Attributes:
        sounds, opinion: all validation sounds.
        unseen: corpus indices of the validation sounds without a twin in the training split.
        twins: how many have one.
        apart_embedding, apart_mel: distance of each unseen one to the nearest training sound.
        training: opinion on the training sounds that copies are looked for among.
        others: corpus indices of training sounds that the judge was not trained on and that have no twin in the
            validation split: the honest reference for distances between sets.
    """

    sounds: Sounds
    opinion: Opinion
    unseen: Indices
    twins: int
    apart_embedding: NDArray[np.float64]
    apart_mel: NDArray[np.float64]
    training: Opinion
    others: Indices

    @classmethod
    def of(cls, corpus: Corpus, judge: Judge, plan: Plan) -> RealSounds:
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
        if plan.known_per_class is not None:
            training = spread(corpus.labels(), training, plan.known_per_class, plan.seed)
        sounds = sounds_of(corpus, validation)
        opinion = judge.hear(sounds.samples)
        chunks = np.array_split(training, -(-len(training) // CHUNK))
        known = joined([judge.hear(corpus.audio(chunk)) for chunk in chunks])
        gaps = distances.pairwise(opinion.spectra, known.spectra)
        seen, echoed = gaps.min(axis=1) < TWIN_DB, gaps.min(axis=0) < TWIN_DB
        if seen.all():
            raise CorpusError(f"{corpus.folder}: its validation sounds all stand in the training split, too")
        unheard, _ = halves(corpus)
        return cls(
            sounds=sounds,
            opinion=opinion,
            unseen=validation[~seen],
            twins=int(seen.sum()),
            apart_embedding=distances.nearest(opinion.embedding[~seen], known.embedding),
            apart_mel=gaps.min(axis=1)[~seen].astype(np.float64),
            training=known,
            others=training[np.isin(training, unheard) & ~echoed],
        )


def sounds_of(corpus: Corpus, chosen: Indices) -> Sounds:
    """Some sounds of a corpus."""
    return Sounds(
        samples=corpus.audio(chosen),
        lengths=np.array([len(corpus.sound(int(i))) for i in chosen], np.int64),
        labels=corpus.labels()[chosen],
    )


def recordings(corpus: Corpus, per_class: int, seed: int) -> tuple[Sounds, list[str]]:
    """Recordings of both splits, at most so many of each class, and the instrument of each."""
    groups = [f"{entry.source}/{entry.group}" for entry in corpus.entries]
    pool = np.concatenate([corpus.where(split, ["recorded"]) for split in ("val", "train")])
    chosen = by_turns(corpus.labels(), groups, pool, per_class, seed)
    return sounds_of(corpus, chosen), [groups[index] for index in chosen]
