"""Loading a model for a command, and saying in one line what it lacks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from packgen.engine.engine import Engine
    from packgen.engine.protocol import SoundEngine


def load_engine(weights: Path) -> Engine:
    """The engine of a model's folder. Its module imports torch: no sooner than it is needed.

    Raises:
        WeightsError: if a weight file is missing, damaged, or does not fit the others.
    """
    from packgen.engine.engine import Engine

    return Engine.load(weights)


def say_what_lacks(engine: SoundEngine, name: str) -> None:
    """Say on stderr that a model has no texture network, once all else went well: it is no error."""
    if not engine.textured:
        typer.echo(
            f"{name} has no texture network, so its noise is smooth, and buzzes; packgen train texture --from {name} "
            "trains one",
            err=True,
        )
