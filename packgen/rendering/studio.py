"""What a recipe needs beside the networks, brought together; effects are only loaded where it has some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packgen.planning.recipe import Recipe
from packgen.rendering.takes import Studio

if TYPE_CHECKING:
    from packgen.engine.engine import Engine


def open_studio(engine: Engine, recipe: Recipe) -> Studio:
    """The studio of a recipe.

    Raises:
        RecipeError: if it asks for what the model cannot predict.
    """
    effects = None
    if any(style.effects for _, style in recipe.styles):
        from packgen.rendering import effects as effects_module  # imports pedalboard

        effects = effects_module.apply
    studio = Studio(engine.predictors, effects, engine.analyse)
    studio.check(recipe)
    return studio
