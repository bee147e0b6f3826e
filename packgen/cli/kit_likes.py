"""The sounds that `packgen kit --like` is given, as latent codes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from packgen.errors import RecipeError

if TYPE_CHECKING:
    from packgen.engine.engine import Engine


def codes_of(
    engine: Engine, files: list[Path], among: Sequence[str], quiet: bool
) -> dict[str, tuple[float, ...]]:
    """Latent codes of the files' hits by class, each the likeliest `among` these.

    Raises:
        RecipeError: if two files are taken for one class.
    """
    from rich.console import Console

    from packgen.evaluation.reconstruction import encode_file

    console = Console(stderr=True, quiet=quiet, highlight=False)
    codes: dict[str, tuple[float, ...]] = {}
    for path in files:
        coded = encode_file(engine, path, among)
        if coded.drum in codes:
            raise RecipeError(
                f"{path}: a second sound taken for a {coded.drum}: give one sound for each class"
            )
        codes[coded.drum] = tuple(float(value) for value in coded.code)
        console.print(f"{path.name}: as {coded.drum} ({coded.probability:.2f})", markup=False, soft_wrap=True)
    return codes
