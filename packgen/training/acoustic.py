"""The kind of a sound, acoustic or electronic, and the two scores that tell the kinds apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import GroupKFold

from packgen.latent.electronic import Character
from packgen.latent.space import Points, Vector
from packgen.training.corpus import Entry

FEWEST = 2  # sounds of either kind, without which there is nothing to tell apart
FEWEST_INSTRUMENTS = 5  # recorded of either kind; below, the listener is trained on voices as well
FOLDS = 5


class Kind(IntEnum):
    """What a sound is; the numbers are the scale of the scores."""

    ACOUSTIC = -1
    UNKNOWN = 0  # where nobody says it
    ELECTRONIC = 1


def kind_of(entry: Entry) -> Kind:
    """The kind that a row of the corpus names."""
    return Kind[entry.kind.upper() or "UNKNOWN"]


def tell_apart(x: Points, kinds: NDArray[np.int64]) -> Vector | None:
    """A shrunken linear discriminant on the scale -1 … +1 from mean to mean: (n, K), (n,) -> (K + 1,).

    Its covariance is shrunk as Ledoit and Wolf do (2004): there may be fewer sounds than dimensions. None where a
    kind has fewer than `FEWEST` sounds.
    """
    acoustic, electronic = x[kinds == Kind.ACOUSTIC], x[kinds == Kind.ELECTRONIC]
    if min(len(acoustic), len(electronic)) < FEWEST:
        return None
    known = kinds != Kind.UNKNOWN
    found = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=[0.5, 0.5])
    weights = found.fit(x[known], kinds[known]).coef_[0].astype(np.float64)
    low, high = float((acoustic @ weights).mean()), float((electronic @ weights).mean())
    return np.append(weights * 2 / (high - low), -(low + high) / (high - low)).astype(np.float32)


@dataclass(frozen=True)
class Check:
    """How well a score tells recordings whose instrument it was not fitted to.

    Attributes:
        acoustic, electronic: how many there are of each kind.
        acoustic_right, electronic_right: share of them that is told right; None without any.
    """

    acoustic: int
    electronic: int
    acoustic_right: float | None
    electronic_right: float | None


@dataclass(frozen=True)
class ClassSounds:
    """The sounds of one class that its scores are fitted to.

    Attributes:
        codes: latent codes (n, D).
        spectra: pooled spectrograms (n, P).
        kinds: of each (n,).
        recorded: which are recordings (n,); the others are voices.
        training: which belong to the training split (n,).
        groups: the instrument of each.
    """

    codes: Points
    spectra: Points
    kinds: NDArray[np.int64]
    recorded: NDArray[np.bool_]
    training: NDArray[np.bool_]
    groups: Sequence[str]


def fit_scores(sounds: ClassSounds) -> tuple[Character | None, dict[str, Any]]:
    """The scores of a class, and what they were fitted to and are worth.

    The axis learns from recordings and voices, the listener from recordings alone while there are enough of them. Both
    learn from the training split; their worth is cross-validated over all instruments.
    """
    recordings = {
        which: sounds.recorded & (sounds.kinds == which) for which in (Kind.ACOUSTIC, Kind.ELECTRONIC)
    }
    counts = {which: int((found & sounds.training).sum()) for which, found in recordings.items()}
    groups = np.array(sounds.groups)
    instruments = min(len(set(groups[found & sounds.training])) for found in recordings.values())
    audible = sounds.recorded | (instruments < FEWEST_INSTRUMENTS)
    facts: dict[str, Any] = {
        "recordings": {"acoustic": counts[Kind.ACOUSTIC], "electronic": counts[Kind.ELECTRONIC]},
        "voices": int((~sounds.recorded).sum()),
        "ear hears voices": bool(audible.all()),
    }
    everything = np.ones(len(sounds.kinds), bool)
    scores = []
    for name, x, chosen in (("axis", sounds.codes, everything), ("ear", sounds.spectra, audible)):
        fitted = chosen & sounds.training
        scores.append(tell_apart(x[fitted], sounds.kinds[fitted]))
        found = check(x[chosen], sounds.kinds[chosen], sounds.recorded[chosen], groups[chosen])
        facts[name] = dataclasses.asdict(found)
    axis, listener = scores
    return (None if axis is None or listener is None else Character(axis, listener)), facts


def check(
    x: Points, kinds: NDArray[np.int64], recorded: NDArray[np.bool_], groups: Sequence[str] | NDArray[np.str_]
) -> Check:
    """Cross-validate `tell_apart` over instruments.

    Args:
        x: what is scored (n, K).
        kinds: of each (n,).
        recorded: which are recordings (n,); the others, voices, are always trained on and never tested.
        groups: the instrument of each.
    """
    tested = np.flatnonzero(recorded & (kinds != Kind.UNKNOWN))
    names = np.array(groups)[tested]
    right = np.zeros(len(tested), bool)
    folds = min(FOLDS, len(set(names)))
    for _, held in GroupKFold(folds).split(tested, groups=names) if folds > 1 else ():
        kept = np.ones(len(x), bool)
        kept[tested[held]] = False
        weights = tell_apart(x[kept], kinds[kept])
        if weights is not None:
            scores = x[tested[held]] @ weights[:-1] + weights[-1]
            right[held] = scores * kinds[tested[held]] > 0
    shares = [right[kinds[tested] == which] for which in (Kind.ACOUSTIC, Kind.ELECTRONIC)]
    rates = [round(float(share.mean()), 3) if len(share) else None for share in shares]
    return Check(len(shares[0]), len(shares[1]), rates[0], rates[1])
