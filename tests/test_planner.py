"""A recipe's plan: what a sound is depends on seed, class and index alone."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from packgen.errors import RecipeError
from packgen.planner import Entry, Recipe, candidate, plan, take_codes
from tests.conftest import tiny_space

SPACE = tiny_space("kick")


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
    other = tiny_space("snare")
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
