"""Who plays which note: the surest draws, low sounds for low notes; a preset's sounds are those of `packgen kit`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from packgen.audio.shaping import peak
from packgen.errors import RecipeError
from packgen.humanizer import casting
from packgen.humanizer.calibration import DrumCode, Measured
from packgen.humanizer.casting import Palette, cast
from packgen.humanizer.events import Lane
from packgen.humanizer.sources import recipe_of
from packgen.latent.space import at, coordinates
from packgen.planning import presets
from packgen.planning.plan import plan
from packgen.planning.presets import from_preset
from packgen.rendering import effects
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import render_take
from tests.fakes import FakeEngine
from tests.humanizer.measured import SPACES, TOMS, measure

PRESET = """
takes = 3
layers = 2
mode = "random"
[classes.tom]
variations = 8
effects = [{ effect = "drive", db = 20 }]
[classes.kick]
"""
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


def test_low_notes_get_low_sounds() -> None:
    bases = cast(TOMS, SPACES, measure, seed=1)
    pitches = [coordinates(SPACES["tom"], bases[lane].code, 1)[0] for lane in TOMS]
    assert pitches == sorted(pitches)
    assert pitches[2] - pitches[0] > 0.5


def test_one_lane_gets_the_surest_candidate() -> None:
    kick = Lane("kick", 36)
    code = cast([kick], SPACES, measure, seed=3)[kick].code
    doubts: list[float] = []

    def listen(jobs: Sequence[DrumCode]) -> list[Measured | None]:
        doubts.extend(float(abs(coordinates(SPACES[drum], code, 2)[1])) for drum, code in jobs)
        return measure(jobs)

    cast([kick], SPACES, listen, seed=3)
    assert abs(coordinates(SPACES["kick"], code, 2)[1]) == min(doubts[: casting.CANDIDATES])


def test_candidates_that_the_filter_doubts_are_drawn_again() -> None:
    kick, rounds = Lane("kick", 36), list[int]()

    def doubting(jobs: Sequence[DrumCode]) -> list[Measured | None]:
        rounds.append(len(jobs))
        heard = [sound for sound in measure(jobs) if sound is not None]
        return [dataclasses.replace(sound, probability=0.1 + 0.5 * (sum(rounds) > 12)) for sound in heard]

    cast([kick], SPACES, doubting, seed=1)
    assert rounds[:4] == [casting.CANDIDATES] * 3 + [0]


def test_a_seed_is_a_cast_and_lanes_do_not_depend_on_each_other() -> None:
    kick = Lane("kick", 36)
    alone, together = cast([kick], SPACES, measure, 7), cast([kick, *TOMS], SPACES, measure, 7)
    np.testing.assert_array_equal(alone[kick].code, together[kick].code)
    assert not np.array_equal(alone[kick].code, cast([kick], SPACES, measure, 8)[kick].code)


def test_a_class_without_a_sound_is_named() -> None:
    def silent(jobs: Sequence[DrumCode]) -> list[Measured | None]:
        return [None for _ in jobs]

    with pytest.raises(RecipeError, match="seed 1 finds no kick that sounds"):
        cast([Lane("kick", 36)], SPACES, silent, seed=1)
