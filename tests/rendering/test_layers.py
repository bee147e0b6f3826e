"""Velocity layers and wishes, on an engine whose sounds follow from their codes by a known law."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace

import numpy as np
import pytest

from packgen.audio.descriptors import describe
from packgen.errors import RecipeError
from packgen.latent.electronic import Character, pooled
from packgen.latent.predictor import PREDICTED, Predictor
from packgen.latent.space import draw_fitted
from packgen.latent.streams import generator
from packgen.planning import wishes
from packgen.planning.effects import Effect
from packgen.planning.plan import plan
from packgen.planning.recipe import Recipe, Style
from packgen.planning.wishes import Wish
from packgen.rendering.layers import STRAY_DB, darken, drop_db, velocities
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound, check_recipe
from packgen.training.latent_fit import fit_predictor
from tests.fakes import RATE, FakeEngine

ENGINE = FakeEngine(("kick", "snare"))
RECIPE = Recipe((("kick", 3), ("snare", 2)), seed=4, takes=3, strict=0.0)


@functools.cache
def predictors() -> dict[str, Predictor]:
    """Fitted, as after a training, to sounds of the engine."""
    fitted = {}
    for drum in ENGINE.classes:
        codes = [draw_fitted(generator(9, drum, i), ENGINE.spaces[drum]) for i in range(60)]
        heard = [describe(ENGINE.render(drum, code).samples, RATE) for code in codes]
        values = [[getattr(each, name) or np.nan for name in PREDICTED] for each in heard]
        fitted[drum] = fit_predictor(np.stack(codes), np.array(values))
    return fitted


def sounds(recipe: Recipe) -> list[RenderedSound]:
    engine = knowing(predictors())
    return [render_sound(engine, recipe, entry) for entry in plan(recipe)]


def knowing(predictors: dict[str, Predictor]) -> FakeEngine:
    """The engine with predictors."""
    return FakeEngine(ENGINE.classes, predictors=predictors)


def wished(*wished: Wish, **changes: object) -> Recipe:
    return replace(RECIPE, styles=(("kick", Style(wishes=wished)),), takes=1, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("layers", range(1, 9))
def test_layers_share_the_velocities(layers: int) -> None:
    ranges = [velocities(layer, layers) for layer in range(layers)]
    assert [v for low, high in ranges for v in range(low, high + 1)] == list(range(1, 128))
    drops = [drop_db(layer, layers) for layer in range(layers)]
    assert drops[-1] == 0 and all(b - a > 2 * STRAY_DB for a, b in itertools.pairwise(drops))


@pytest.mark.parametrize(
    "effects", [(), (Effect("bits", (("depth", 5.0),)), Effect("drive", (("db", 20.0),)))]
)
def test_every_take_is_darker_and_quieter_than_every_harder_one(effects: tuple[Effect, ...]) -> None:
    recipe = replace(RECIPE, layers=4, styles=(("kick", Style(effects=effects)),) if effects else ())
    for sound in sounds(recipe):
        layers = [[t for t in sound.takes if t.layer == number] for number in range(4)]
        assert [len(takes) for takes in layers] == [3, 3, 3, 3]
        for soft, hard in itertools.pairwise(layers):
            # measured anew, not taken from the renderer's word
            softer, harder = ([describe(t.samples, RATE) for t in takes] for takes in (soft, hard))
            assert max(d.brightness for d in softer) < min(d.brightness for d in harder)
            assert max(d.level for d in softer) < min(d.level for d in harder)
            assert not np.array_equal(soft[0].code, hard[0].code) or sound.darkened


def test_the_hardest_layer_is_the_sound_without_layers() -> None:
    for plain, layered in zip(sounds(RECIPE), sounds(replace(RECIPE, layers=2)), strict=True):
        hardest = [t.code for t in layered.takes if t.layer == 1]
        np.testing.assert_array_equal([t.code for t in plain.takes], hardest)
        assert layered.takes[0].layer == 1 and layered.takes[0].high_velocity == 127


def test_a_filter_darkens_what_no_point_makes_dark() -> None:
    noise = np.random.default_rng(0).standard_normal(4000).astype(np.float32)
    before = describe(noise, RATE).brightness
    for wanted in (0.95, 0.5, 0.1):
        assert describe(darken(noise, RATE, wanted * before), RATE).brightness < wanted * before


@pytest.mark.parametrize("name", ["brightness", "decay", "pitch"])
def test_a_bias_moves_what_is_measured(name: str) -> None:
    def median(bias: float) -> float:
        found = sounds(wished(Wish(name, bias=bias), counts=(("kick", 7),)))
        return float(np.median([getattr(s.takes[0].descriptors, name) for s in found]))

    assert median(-0.8) < median(0.1) < median(0.8)


def test_a_range_is_met_and_said_to_be() -> None:
    predictor = predictors()["kick"]
    low, high = predictor.physical("brightness", 0.5), predictor.physical("brightness", 1.2)
    found = sounds(wished(Wish("brightness", low=low, high=high), counts=(("kick", 6),)))
    inside = [low <= sound.takes[0].descriptors.brightness <= high for sound in found]
    assert [sound.outcomes[0].met for sound in found] == inside
    assert sum(inside) >= 5
    assert len({sound.takes[0].code.tobytes() for sound in found}) == 6
    assert {sound.origin for sound in found} == {"aimed"}


def test_what_cannot_be_met_is_rendered_and_reported() -> None:
    found = sounds(wished(Wish("brightness", low=9000, high=9500), counts=(("kick", 2),)))
    assert not any(sound.outcomes[0].met for sound in found)


def test_effects_come_after_the_wish() -> None:
    wish = Wish("brightness", bias=0.3)
    style = Style(wishes=(wish,), effects=(Effect("low_pass", (("hz", 200.0), ("poles", 2.0))),))
    plain, treated = sounds(wished(wish))[0], sounds(replace(wished(wish), styles=(("kick", style),)))[0]
    assert plain.outcomes == treated.outcomes
    np.testing.assert_array_equal(plain.takes[0].code, treated.takes[0].code)
    assert treated.takes[0].descriptors.brightness < plain.takes[0].descriptors.brightness


def test_a_sound_does_not_depend_on_the_others() -> None:
    recipe = replace(wished(Wish("decay", bias=-0.5)), layers=2, takes=2)
    alone = render_sound(knowing(predictors()), recipe, list(plan(recipe))[2])
    for one, other in zip(sounds(recipe)[2].takes, alone.takes, strict=True):
        np.testing.assert_array_equal(one.samples, other.samples)


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        (replace(RECIPE, layers=2), "layers need a model that predicts"),
        (wished(Wish("decay", bias=0.5)), "decay needs a model that predicts"),
    ],
)
def test_a_model_without_predictions_is_named(recipe: Recipe, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        check_recipe(ENGINE, recipe)
    check_recipe(ENGINE, RECIPE)
    check_recipe(knowing(predictors()), recipe)


@pytest.mark.parametrize(
    "text", ["loud", "", "-", "3000", "-2", "400-200", "5-6", "nan", "1e3-2e3", "200-inf"]
)
def test_wishes_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        wishes.parse("brightness", text)


def test_a_character_is_chosen_by_its_axis_and_judged_by_an_ear_that_chose_nothing() -> None:
    rng = np.random.default_rng(5)
    kick = predictors()["kick"]
    axis = rng.standard_normal(ENGINE.spaces["kick"].dimensions + 1).astype(np.float32)
    places = pooled(ENGINE.render("kick", ENGINE.spaces["kick"].mean).log_mel).size
    deaf, shouting = np.zeros(places + 1, np.float32), np.zeros(places + 1, np.float32)
    shouting[-1] = 1.0  # hears everything as electronic
    for bias in (-1.0, 1.0):
        recipe = wished(Wish("character", bias=bias), counts=(("kick", 6),))
        heard = []
        for ear in (deaf, shouting):
            predictor = replace(kick, character=Character(axis, ear))
            engine = knowing({"kick": predictor})
            found = [render_sound(engine, recipe, entry) for entry in plan(recipe)]
            read = predictor.in_deviations("character", np.stack([sound.takes[0].code for sound in found]))
            assert (read * bias > 0.5).all()
            heard.append(found)
        outcomes = [sound.outcomes[0] for sound in heard[1]]
        assert all(outcome.met == (bias > 0) and outcome.measured == 1.0 for outcome in outcomes)
        for one, other in zip(*heard, strict=True):
            np.testing.assert_array_equal(one.takes[0].code, other.takes[0].code)


def test_a_character_needs_a_model_that_knows_it_and_is_no_range() -> None:
    with pytest.raises(RecipeError, match="knows no character of a kick"):
        check_recipe(knowing(predictors()), wished(Wish("character", bias=0.5)))
    for text in ("0.2-0.5", "808", "2"):
        with pytest.raises(ValueError, match="acoustic"):
            wishes.parse("character", text)
