"""What is fitted to a trained auto-encoder's codes: each class's latent space, descriptors and character."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.covariance import ledoit_wolf
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge

from packgen.audio.descriptors import MEASURED, QUANTILES, Descriptors
from packgen.audio.samples import Samples
from packgen.classes import BY_NAME
from packgen.latent.electronic import Character, pooled
from packgen.latent.predictor import PREDICTED, Predictor
from packgen.latent.space import ClassSpace, Points
from packgen.networks.cwae import CWAE
from packgen.training.acoustic import ClassSounds, Kind, fit_scores, kind_of
from packgen.training.augment import Variants
from packgen.training.batches import CHUNK, log_mels, one_hot, spectrograms
from packgen.training.corpus import Corpus

FEWEST_COMPONENTS, MOST_COMPONENTS = 128, 1024  # of each class's fitted posterior
BANDWIDTH = 0.3  # of its components, in deviations of the class's codes
CROWDING = 0.5  # power of an instrument's recordings by which each of them weighs less
MOST_RECORDED = 800  # sounds of a class that its space is fitted to
FEWEST_RECORDED = 400  # of them; where there are fewer, variants make up the number
MOST_VARIANTS = 12  # of a recording
MOST_RENDERED = 200  # of a class that its character is fitted to
RIDGE = 10.0  # weight of the predictor's penalty, in sounds: codes have about unit variance
FEWEST_PREDICTED = 20  # sounds that have a descriptor, below which it is not predicted


@dataclass(frozen=True)
class Members:
    """The training sounds of one class that its space is fitted to.

    Attributes:
        recorded: all recordings, or an even choice of many.
        instruments: the instrument of each recording.
        variants: of the recordings, where these are few.
        rendered: half as many as the others: classes with few recordings are mostly rendered sounds in training;
            fitted to all, their draws would be, too.
    """

    recorded: list[Samples]
    instruments: list[str]
    variants: list[Samples]
    rendered: list[Samples]

    @property
    def all(self) -> list[Samples]:
        """All sounds, in the order of the attributes."""
        return [*self.recorded, *self.variants, *self.rendered]


def members(corpus: Corpus, drum: str) -> Members:
    """The training sounds that the space of a class is fitted to."""
    of_class = corpus.labels() == corpus.classes.index(drum)
    recorded, rendered = (
        found[of_class[found]]
        for found in (corpus.where("train", ["recorded"]), corpus.where("train", ["rendered", "voice"]))
    )
    recorded = evenly(recorded, MOST_RECORDED)
    times = min(MOST_VARIANTS, max(0, FEWEST_RECORDED - len(recorded)) // max(1, len(recorded)))
    repeated = np.repeat(recorded, times)
    variants = Variants(corpus, 1.0).draw(repeated, np.arange(len(repeated)))
    share = (len(recorded) + len(variants)) // 2 or MOST_RECORDED
    return Members(
        [corpus.sound(int(i)) for i in recorded],
        [corpus.entries[i].group for i in recorded],
        variants,
        [corpus.sound(int(i)) for i in evenly(rendered, share)],
    )


@torch.inference_mode()
def encode(network: CWAE, sounds: Sequence[Samples], label: int) -> Points:
    """Codes of sounds of one class: (n, D)."""
    classes, signal = one_hot([label], len(network.config.classes)), network.config.signal
    found = [
        network.encode(log_mels(sounds[start : start + CHUNK], signal), classes).numpy()
        for start in range(0, len(sounds), CHUNK)
    ]
    return np.concatenate([np.zeros((0, network.config.latent_dim), np.float32), *found])


def fit_space(codes: Points, recorded: Points, others: Points, instruments: Sequence[str]) -> ClassSpace:
    """Principal axes and posterior of one class's codes.

    The posterior is a kernel density around the codes of recordings: draws from it are heard as the class more
    often, and lie nearer to real sounds, than those from a Gaussian mixture fitted to all codes (FAD 15.6 against
    19.2 on 64 sounds a class). A class with few recordings gets other sounds' codes as further components, but
    half the weight stays with its recordings. Of an instrument that was recorded many times each recording weighs
    less, or a third of all draws would be one cabasa. Components are drawn in towards their mean, so that the density
    has the covariance of the codes.

    Args:
        codes: that the axes are fitted to (n, D).
        recorded: codes of all recordings (r, D).
        others: codes of other sounds of the class (m, D), r + m > 0.
        instruments: the instrument of each recording (r).
    """
    pca = PCA(svd_solver="full").fit(codes)
    # The sign of an axis is arbitrary: point it to where its largest element is positive.
    signs = np.sign(pca.components_[np.arange(len(pca.components_)), np.abs(pca.components_).argmax(1)])
    kept = evenly(np.arange(len(recorded)), MOST_COMPONENTS)
    real, sizes = recorded[kept], Counter(instruments[i] for i in kept)
    rest = others[evenly(np.arange(len(others)), max(0, FEWEST_COMPONENTS - len(real)))]
    points = np.concatenate([real, rest])
    share = max(0.5, len(real) / len(points)) if len(real) else 0.0
    own = np.array([sizes[instruments[i]] ** -CROWDING for i in kept])
    own, other = own / max(own.sum(), 1e-9), np.full(len(rest), 1 / max(1, len(rest)))
    weights = np.concatenate([share * own, (1 - share) * other])
    weights /= weights.sum()
    mean = weights @ points
    spread = (points - mean) * np.sqrt(weights * len(points))[:, None]
    covariance, _ = ledoit_wolf(spread, assume_centered=True)  # of hardly more points than dimensions
    arrays = (
        pca.mean_,
        pca.components_ * signs[:, None],
        np.sqrt(pca.explained_variance_),
        weights,
        mean + np.sqrt(1 - BANDWIDTH**2) * (points - mean),
        BANDWIDTH * np.linalg.cholesky(covariance),
    )
    return ClassSpace(*(np.ascontiguousarray(array, dtype=np.float32) for array in arrays))


def evenly(indices: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most `most` of the indices, spread evenly: every source and kind keeps its share."""
    places = np.linspace(0, len(indices) - 1, min(most, len(indices))).astype(int)
    return np.asarray(indices[places], np.int64)


def descriptor_ranges(measured: Sequence[Descriptors]) -> NDArray[np.float32]:
    """Quantiles of what is measured on a class's sounds: (len(MEASURED), len(QUANTILES))."""
    rows = [[getattr(each, name) for name in MEASURED] for each in measured]
    return np.quantile(np.array(rows), QUANTILES, axis=0).T.astype(np.float32)


def descriptor_values(drum: str, measured: Sequence[Descriptors]) -> NDArray[np.float64]:
    """What was measured on sounds of a class, for `fit_predictor` (n, K); pitch only for classes that have one."""
    values = np.full((len(measured), len(PREDICTED)), np.nan)
    for column, name in enumerate(PREDICTED):
        if name != "pitch" or BY_NAME[drum].pitched:
            values[:, column] = [getattr(each, name) or np.nan for each in measured]
    return values


def fit_predictor(codes: Points, values: NDArray[np.float64]) -> Predictor:
    """Ridge regression from codes to the logarithms of descriptors.

    Args:
        codes: of n sounds (n, D).
        values: measured descriptors (n, K), positive; NaN where a sound has none.
    """
    mean, deviation = np.full(len(PREDICTED), np.nan), np.ones(len(PREDICTED))
    weights = np.full((len(PREDICTED), codes.shape[1] + 1), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        logarithms = np.log(values)
    for row in range(len(PREDICTED)):
        known = np.isfinite(logarithms[:, row])
        if known.sum() < FEWEST_PREDICTED:
            continue
        target = logarithms[known, row]
        mean[row], deviation[row] = target.mean(), max(float(target.std()), 1e-3)
        fitted = Ridge(RIDGE).fit(codes[known].astype(np.float64), (target - mean[row]) / deviation[row])
        weights[row, :-1], weights[row, -1] = fitted.coef_, fitted.intercept_
    return Predictor(mean.astype(np.float32), deviation.astype(np.float32), weights.astype(np.float32))


def fit_character(network: CWAE, corpus: Corpus, drum: str) -> tuple[Character | None, dict[str, Any]]:
    """The scores that tell a class's acoustic from its electronic sounds, and what they were fitted to."""
    kinds = np.array(
        [kind_of(entry) if entry.drum == drum else Kind.UNKNOWN for entry in corpus.entries], np.int64
    )
    recorded = np.array([entry.origin == "recorded" for entry in corpus.entries])
    known = kinds != Kind.UNKNOWN
    rendered = evenly(np.flatnonzero(known & ~recorded), MOST_RENDERED)
    chosen = np.concatenate([np.flatnonzero(known & recorded), rendered])
    if not len(chosen):
        return None, {}
    classes = one_hot([corpus.classes.index(drum)], len(corpus.classes))
    codes, spectra = [], []
    for _, mels in spectrograms(corpus, chosen):
        with torch.inference_mode():
            codes.append(network.encode(mels, classes).numpy())
        spectra += [pooled(mel) for mel in mels.numpy()]
    entries = [corpus.entries[i] for i in chosen]
    return fit_scores(
        ClassSounds(
            codes=np.concatenate(codes),
            spectra=np.stack(spectra),
            kinds=kinds[chosen],
            recorded=recorded[chosen],
            training=np.array([entry.split == "train" for entry in entries]),
            groups=[entry.group for entry in entries],
        )
    )
