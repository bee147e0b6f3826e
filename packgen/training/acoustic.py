"""Which sounds are electronic and which acoustic, and the two scores that tell them apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import GroupKFold

from packgen.latent.electronic import Character
from packgen.latent.space import Points, Vector
from packgen.training.corpus import Entry

ACOUSTIC, UNKNOWN, ELECTRONIC = -1, 0, 1
FEWEST = 2  # sounds of either side, without which there is nothing to tell apart
FEWEST_INSTRUMENTS = 5  # recorded of either side; below, the ear is trained on voices as well
FOLDS = 5

_SIDES = {"acoustic": ACOUSTIC, "electronic": ELECTRONIC, "": UNKNOWN}


def side(entry: Entry) -> int:
    """`ELECTRONIC`, `ACOUSTIC`, or `UNKNOWN` where nobody says it."""
    return _SIDES[entry.kind]


def tell_apart(x: Points, sides: NDArray[np.int64]) -> Vector | None:
    """A shrunken linear discriminant on the scale -1 … +1 from mean to mean: (n, K), (n,) -> (K + 1,).

    Its covariance is shrunk as Ledoit and Wolf do (2004): there may be fewer sounds than dimensions. None where a
    side has fewer than `FEWEST` sounds.
    """
    acoustic, electronic = x[sides == ACOUSTIC], x[sides == ELECTRONIC]
    if min(len(acoustic), len(electronic)) < FEWEST:
        return None
    known = sides != UNKNOWN
    found = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=[0.5, 0.5])
    weights = found.fit(x[known], sides[known]).coef_[0].astype(np.float64)
    low, high = float((acoustic @ weights).mean()), float((electronic @ weights).mean())
    return np.append(weights * 2 / (high - low), -(low + high) / (high - low)).astype(np.float32)


@dataclass(frozen=True)
class Check:
    """How well a score tells recordings whose instrument it was not fitted to.

    Attributes:
        acoustic, electronic: how many there are of each side.
        acoustic_right, electronic_right: share of them that is put on its side; None without any.
    """

    acoustic: int
    electronic: int
    acoustic_right: float | None
    electronic_right: float | None


@dataclass(frozen=True)
class Sided:
    """The sounds of one class whose side is known, or could be.

    Attributes:
        codes: latent codes (n, D).
        spectra: pooled spectrograms (n, P).
        sides: of each (n,).
        recorded: which are recordings (n,); the others are voices.
        training: which belong to the training split (n,).
        groups: the instrument of each.
    """

    codes: Points
    spectra: Points
    sides: NDArray[np.int64]
    recorded: NDArray[np.bool_]
    training: NDArray[np.bool_]
    groups: Sequence[str]


def fit(known: Sided) -> tuple[Character | None, dict[str, Any]]:
    """The scores of a class, and what they were fitted to and are worth.

    The axis learns from recordings and voices, the ear from recordings alone while there are enough of them. Both
    learn from the training split; their worth is cross-validated over all instruments.
    """
    recordings = {which: known.recorded & (known.sides == which) for which in (ACOUSTIC, ELECTRONIC)}
    counts = {which: int((found & known.training).sum()) for which, found in recordings.items()}
    groups = np.array(known.groups)
    instruments = min(len(set(groups[found & known.training])) for found in recordings.values())
    audible = known.recorded | (instruments < FEWEST_INSTRUMENTS)
    facts: dict[str, Any] = {
        "recordings": {"acoustic": counts[ACOUSTIC], "electronic": counts[ELECTRONIC]},
        "voices": int((~known.recorded).sum()),
        "ear hears voices": bool(audible.all()),
    }
    everything = np.ones(len(known.sides), bool)
    scores = []
    for name, x, chosen in (("axis", known.codes, everything), ("ear", known.spectra, audible)):
        fitted = chosen & known.training
        scores.append(tell_apart(x[fitted], known.sides[fitted]))
        found = check(x[chosen], known.sides[chosen], known.recorded[chosen], groups[chosen])
        facts[name] = dataclasses.asdict(found)
    axis, ear = scores
    return (None if axis is None or ear is None else Character(axis, ear)), facts


def check(
    x: Points, sides: NDArray[np.int64], recorded: NDArray[np.bool_], groups: Sequence[str] | NDArray[np.str_]
) -> Check:
    """Cross-validate `tell_apart` over instruments.

    Args:
        x: what is scored (n, K).
        sides: of each (n,).
        recorded: which are recordings (n,); the others, voices, are always trained on and never tested.
        groups: the instrument of each.
    """
    tested = np.flatnonzero(recorded & (sides != UNKNOWN))
    names = np.array(groups)[tested]
    right = np.zeros(len(tested), bool)
    folds = min(FOLDS, len(set(names)))
    for _, held in GroupKFold(folds).split(tested, groups=names) if folds > 1 else ():
        kept = np.ones(len(x), bool)
        kept[tested[held]] = False
        weights = tell_apart(x[kept], sides[kept])
        if weights is not None:
            scores = x[tested[held]] @ weights[:-1] + weights[-1]
            right[held] = scores * sides[tested[held]] > 0
    shares = [right[sides[tested] == which] for which in (ACOUSTIC, ELECTRONIC)]
    rates = [round(float(share.mean()), 3) if len(share) else None for share in shares]
    return Check(len(shares[0]), len(shares[1]), rates[0], rates[1])
