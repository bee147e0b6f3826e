"""What an engine is: (class, latent code) -> sound. No torch here, so that all above render without naming it.

`packgen.engine.engine.Engine` is the one with networks; tests hand in a small one (`tests.fakes`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from packgen.audio.samples import Samples
from packgen.latent.predictor import Predictor
from packgen.latent.space import ClassSpace, Vector

if TYPE_CHECKING:
    from packgen.audio.mel import SignalConfig  # its module imports torch


@dataclass(frozen=True)
class Rendered:
    """A rendered sound, at the model's rate.

    Attributes:
        samples: (N,), not normalised; starts at the onset and ends where the mask ends.
        log_mel: compressed mel spectrogram of the samples (F, T).
        probabilities: the class filter's opinion (C,), in the order of `SoundEngine.classes`.
    """

    samples: Samples
    log_mel: NDArray[np.float32]
    probabilities: NDArray[np.float32]


class SoundEngine(Protocol):
    """What renders latent codes.

    Attributes:
        classes: names of the drum classes, in the order of probabilities.
        signal: the signal's sizes.
        spaces: the latent space of each class.
        ranges: per class, quantiles of measured descriptors over the training sounds.
        predictors: per class, descriptors predicted from codes; none in weights from before they were fitted.
        digest: names the model.
        textured: whether a texture network shapes its noise; without one it is smooth, and buzzes.
    """

    classes: tuple[str, ...]
    signal: SignalConfig
    spaces: dict[str, ClassSpace]
    ranges: dict[str, NDArray[np.float32]]
    predictors: dict[str, Predictor]
    digest: str
    textured: bool

    def score(self, drum: str, code: Vector) -> float:
        """Probability of the class for a code, cheaply, before anything is rendered."""

    def render(self, drum: str, code: Vector, polish: int = ...) -> Rendered:
        """Render a code (D,), with `polish` Griffin-Lim steps; raises NoSound if it gives no sound."""

    def sound(self, drum: str, code: Vector, polish: int = ...) -> Samples:
        """The samples (N,) of `render` alone, for those who wait for nothing else."""

    def analyse(self, samples: Samples) -> NDArray[np.float32]:
        """Compressed mel spectrogram (F, T) of a sound at the model's rate."""
