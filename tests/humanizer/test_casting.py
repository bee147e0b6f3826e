"""A preset's sounds and effects in a performance are those of `packgen kit`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from packgen.audio.shaping import peak
from packgen.humanizer.casting import Palette, recipe_of
from packgen.humanizer.events import Lane
from packgen.latent.space import at, coordinates
from packgen.planning import presets
from packgen.planning.plan import plan
from packgen.planning.presets import from_preset
from packgen.rendering import effects
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import render_take
from tests.fakes import FakeEngine

PRESET = """
takes = 3
layers = 2
mode = "random"
[classes.tom]
variations = 8
effects = [{ effect = "drive", db = 20 }]
[classes.kick]
"""
TOMS = [Lane("tom", note) for note in (50, 41, 45)]
SHAKER = Lane("shaker", 70)


def load(folder: Path) -> presets.Preset:
    path = folder / "mine.toml"
    path.write_text(PRESET)
    return presets.load(str(path))


def test_base_sounds_are_the_kits_low_ones_for_low_notes(tmp_path: Path) -> None:
    preset, engine = load(tmp_path), FakeEngine()
    recipe = recipe_of(preset, [*TOMS, SHAKER], seed=5)
    assert recipe is not None
    assert (recipe.counts, recipe.takes, recipe.layers) == ((("tom", 3),), 1, 1)
    kit = from_preset(preset, 5, (("tom", 3),), layers=1)
    sounds = [render_sound(engine, kit, entry).takes[0] for entry in plan(kit)]
    with ThreadPoolExecutor(2) as pool:
        codes = Palette(recipe=recipe).codes(engine, [*TOMS, SHAKER], pool)
        given = at(engine.spaces["tom"], [1.0])
        moved = Palette({TOMS[0]: given}, recipe).codes(engine, [*TOMS, SHAKER], pool)
    assert {code.tobytes() for code in codes.values()} == {sound.code.tobytes() for sound in sounds}
    # P1 raises a click's pitch.
    low, middle, high = (coordinates(engine.spaces["tom"], codes[Lane("tom", n)], 1)[0] for n in (41, 45, 50))
    assert low < middle < high
    assert SHAKER not in codes
    np.testing.assert_array_equal(moved[TOMS[0]], given)
    np.testing.assert_array_equal(moved[TOMS[1]], codes[TOMS[1]])


def test_strokes_go_through_the_effects_of_their_class(tmp_path: Path) -> None:
    engine = FakeEngine()
    recipe = recipe_of(load(tmp_path), TOMS, seed=5)
    assert recipe is not None
    palette = Palette(recipe=recipe)
    base = render_take(engine, "tom", engine.spaces["tom"].mean)
    stroke = render_take(engine, "tom", at(engine.spaces["tom"], [0.3]))
    treated = palette.treat(engine, "tom", stroke, base)
    driven = effects.apply(
        recipe.style("tom").effects, stroke.samples / peak(base.samples), engine.signal.sample_rate
    )
    np.testing.assert_allclose(treated.samples, driven, atol=1e-6)
    assert treated.descriptors != stroke.descriptors
    assert palette.treat(engine, "kick", stroke, base) is stroke


def test_a_preset_without_the_drums_that_are_played_leaves_them_to_the_draw(tmp_path: Path) -> None:
    assert recipe_of(load(tmp_path), [SHAKER], seed=5) is None
