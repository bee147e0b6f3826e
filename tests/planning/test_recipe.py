"""A recipe's plan: what a sound is depends on seed, class and index alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from packgen.errors import RecipeError
from packgen.latent import space as latent
from packgen.planning.plan import Entry, aim_of, aimed_candidate, candidate, plan, take_codes
from packgen.planning.presets import Preset, from_preset
from packgen.planning.recipe import Recipe, Style
from packgen.planning.wishes import Wish
from packgen.training.latent_fit import fit_predictor
from tests.fakes import space

SPACE = space(0)


def recipe(**changes: object) -> Recipe:
    values: dict[str, object] = {"counts": (("kick", 6), ("snare", 4)), "seed": 1} | changes
    return Recipe(**values)  # type: ignore[arg-type]


def test_mixed_is_half_grid_half_draws() -> None:
    kicks = [entry for entry in plan(recipe()) if entry.drum == "kick"]
    assert [entry.coordinates is not None for entry in kicks] == [True] * 3 + [False] * 3


def test_an_entry_does_not_depend_on_the_other_classes() -> None:
    alone = list(plan(recipe(counts=(("snare", 4),))))
    assert alone == [entry for entry in plan(recipe()) if entry.drum == "snare"]


def test_the_grid_reaches_its_range_and_stands_at_p3() -> None:
    points = [
        e.coordinates
        for e in plan(recipe(counts=(("kick", 9),), mode="grid", reach=1.5, p3=0.5, grid=(3, 3)))
    ]
    assert points[0] == (-1.5, 1.5, 0.5)
    assert points[4] == (0.0, 0.0, 0.5)
    assert points[8] == (1.5, -1.5, 0.5)


def test_attempts_differ_and_repeat() -> None:
    for coordinates in (None, (1.0, 0.0, 0.0)):
        entry = Entry("kick", 0, coordinates)
        codes = [candidate(recipe(), entry, SPACE, attempt) for attempt in range(5)]
        assert len({code.tobytes() for code in codes}) == 5
        assert_array_equal(codes[3], candidate(recipe(), entry, SPACE, 3))


def test_the_standard_prior_ignores_the_class() -> None:
    entry = Entry("kick", 0, None)
    other = space(1)
    assert_array_equal(
        candidate(recipe(prior="standard"), entry, SPACE), candidate(recipe(prior="standard"), entry, other)
    )
    assert not np.array_equal(candidate(recipe(), entry, SPACE), candidate(recipe(), entry, other))


def test_takes_differ_by_sound() -> None:
    code = SPACE.mean
    first, second = (take_codes(recipe(), Entry("kick", index, None), SPACE, code) for index in (0, 1))
    assert_array_equal(first[0], second[0])
    assert not np.array_equal(first[1], second[1])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"counts": ()}, "at least one class"),
        ({"counts": (("kick", 0),)}, "variations of kick must be 1"),
        ({"counts": (("kick", -3),)}, "not -3"),
        ({"layers": 9}, "layers must be 1 … 8, not 9"),
        (
            {"mode": "grid", "styles": (("kick", Style(wishes=(Wish("decay", bias=0.5),))),)},
            r"decay \+0.5 needs mode mixed or random",
        ),
        ({"takes": 0}, "takes must be 1 … 64, not 0"),
        ({"reach": float("nan")}, "range must be"),
        ({"spread": -0.1}, "spread must be"),
        ({"strict": 1.5}, "strict must be"),
        ({"mode": "gird"}, "unknown mode 'gird'"),
        ({"prior": "normal"}, "unknown prior"),
        ({"seed": -1}, "seed must be"),
        ({"grid": (2, 2), "mode": "grid"}, "4 points, fewer than 6"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        recipe(**changes)


def test_a_style_moves_grid_and_draws_of_its_class_alone() -> None:
    plain, styled = recipe(), recipe(styles=(("kick", Style(centre=(1.0, 0.0, -0.5), reach=0.5)),))
    for before, after in zip(plan(plain), plan(styled), strict=True):
        one, other = candidate(plain, before, SPACE), candidate(styled, after, SPACE)
        if before.drum == "snare":
            assert_array_equal(one, other)
        elif before.coordinates is None:
            moved = latent.coordinates(SPACE, other) - latent.coordinates(SPACE, one)
            np.testing.assert_allclose(moved, (1.0, 0.0, -0.5), atol=1e-4)
        else:
            found = latent.coordinates(SPACE, other)
            assert abs(found[0] - 1) <= 0.5 + 1e-4 and abs(found[2] + 0.5) < 1e-4


def test_temperature_scales_the_draws() -> None:
    def spread(temperature: float) -> float:
        drawn = recipe(styles=(("kick", Style(temperature=temperature)),))
        codes = [candidate(drawn, Entry("kick", index, None), SPACE) for index in range(40)]
        return float(np.linalg.norm(codes - SPACE.mean, axis=1).mean())

    assert spread(0.5) == pytest.approx(0.5 * spread(1.0), rel=1e-4)


def test_a_class_with_a_model_is_drawn_around_it() -> None:
    like = tuple(map(float, latent.at(SPACE, (1.5, -1.0, 0.5))))
    near = recipe(styles=(("kick", Style(like=like)),), distance=0.2)
    entries = [entry for entry in plan(near) if entry.drum == "kick"]
    assert all(entry.coordinates is None for entry in entries)
    found = np.stack([candidate(near, entry, SPACE) for entry in entries])
    middle = np.array(like, np.float32)
    assert_array_equal(found[0], middle)
    steps = ((found[1:] - middle) @ SPACE.axes.T) / SPACE.deviations
    assert 0.1 < steps.std() < 0.3 and not np.array_equal(candidate(near, entries[0], SPACE, 1), found[0])


def test_aimed_candidates_are_predicted_near_their_aim() -> None:
    rng = np.random.default_rng(0)
    codes = np.stack([latent.draw_fitted(rng, SPACE) for _ in range(200)])
    values = np.exp(np.stack([7 + codes[:, 0], -2 + codes[:, 1], np.full(200, np.nan)], axis=1))
    predictor = fit_predictor(codes, values)
    wishing = recipe(styles=(("kick", Style(wishes=(Wish("brightness", bias=0.8),))),))
    entries = [entry for entry in plan(wishing) if entry.drum == "kick"]
    assert all(entry.coordinates is None for entry in entries)
    aimed = [aim_of(wishing, entry, predictor)["brightness"] for entry in entries]
    assert len(set(aimed)) == len(aimed)
    for entry, aim in zip(entries, aimed, strict=True):
        code = aimed_candidate(wishing, entry, SPACE, predictor, {"brightness": aim})
        assert predictor.predict(code[None])[0, 0] == pytest.approx(aim, abs=0.1)


def test_what_a_user_sets_comes_before_the_preset() -> None:
    style = Style(wishes=(Wish("brightness", bias=0.5), Wish("decay", bias=0.1)))
    preset = Preset(
        "t", "", (("kick", 2), ("snare", 3)), {"kick": style}, "n", settings={"takes": 2, "reach": 1.0}
    )
    plain = from_preset(preset, 3)
    assert (plain.takes, plain.reach, plain.style("kick")) == (2, 1.0, style)
    mine = from_preset(
        preset, 3, (("kick", 1), ("snare", 1)), (Wish("brightness", bias=0.0), Wish("pitch", low=50.0, high=60.0)),
        takes=5, reach=None,
    )  # fmt: skip
    assert (mine.takes, mine.reach) == (5, 1.0)
    assert mine.style("kick").wishes == (Wish("decay", bias=0.1), Wish("pitch", low=50.0, high=60.0))
    assert mine.style("snare").wishes == ()
    with pytest.raises(RecipeError, match="pitch needs a class that has one"):
        from_preset(preset, 3, (("snare", 1),), (Wish("pitch", bias=0.5),))
