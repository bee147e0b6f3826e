"""What the server needs of an engine, so that it can be tested without weights and imports no torch."""

from __future__ import annotations

from typing import Protocol

from packgen.audio.samples import Samples
from packgen.latent import space as latent


class Signal(Protocol):
    """The instrument's signal."""

    @property
    def sample_rate(self) -> int:
        """Hertz."""


class Instrument(Protocol):
    """What the service needs of an engine."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names; a class's index in requests is its place here."""

    @property
    def spaces(self) -> dict[str, latent.ClassSpace]:
        """Latent space of each class."""

    @property
    def signal(self) -> Signal:
        """Sizes of the signal."""

    @property
    def digest(self) -> str:
        """Names the model."""

    def sound(self, drum: str, code: latent.Vector, polish: int, /) -> Samples:
        """Render one sound, (N,) at the signal's rate; raises NoSound if the code gives none.

        Args:
            polish: Griffin-Lim steps.
        """
