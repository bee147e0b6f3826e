"""Laws of the latent space: axes, draws, grids, takes."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from packgen.latent import space as latent
from packgen.latent.streams import generator
from tests.fakes import DIMENSIONS, space

SPACE = space(0)


def test_coordinates_undo_at() -> None:
    assert_allclose(
        latent.coordinates(SPACE, latent.at(SPACE, [0.5, -2.0, 1.25])), [0.5, -2.0, 1.25], atol=1e-5
    )


def test_a_grid_walks_rows_from_the_top_left() -> None:
    points = [latent.at(SPACE, [x, y, 0.5]) for x, y in latent.walk(3, 2, reach=2.0)]
    seen = np.array([latent.coordinates(SPACE, point) for point in points])
    expected = [[-2, 2, 0.5], [0, 2, 0.5], [2, 2, 0.5], [-2, -2, 0.5], [0, -2, 0.5], [2, -2, 0.5]]
    assert_allclose(seen, expected, atol=1e-4)


def test_a_generator_depends_on_nothing_but_its_key() -> None:
    first = generator(1, "kick", 3, 1, attempt=2).standard_normal(4)
    generator(1, "kick", 3).standard_normal(1000)
    assert_array_equal(first, generator(1, "kick", 3, 1, attempt=2).standard_normal(4))
    others = [
        (2, "kick", 3, 1, 2),
        (1, "snare", 3, 1, 2),
        (1, "kick", 4, 1, 2),
        (1, "kick", 3, 0, 2),
        (1, "kick", 3, 1, 3),
    ]
    for seed, drum, index, purpose, attempt in others:
        assert not np.array_equal(first, generator(seed, drum, index, purpose, attempt).standard_normal(4))


def test_fitted_draws_have_the_mixtures_mean_and_covariance() -> None:
    rng = np.random.default_rng(0)
    draws = np.stack([latent.draw_fitted(rng, SPACE) for _ in range(4000)])
    assert_allclose(draws.mean(0), SPACE.means[0], atol=0.06)
    assert_allclose(np.cov(draws.T), SPACE.factor @ SPACE.factor.T, atol=0.06)


def test_takes_start_with_the_sound_and_do_not_depend_on_their_number() -> None:
    code = latent.at(SPACE, [1.0])
    few = latent.takes(generator(1, "kick", 0), SPACE, code, 3, 0.2)
    many = latent.takes(generator(1, "kick", 0), SPACE, code, 8, 0.2)
    assert_array_equal(few, many[:3])
    assert_array_equal(few[0], code)
    assert len({point.tobytes() for point in many}) == 8


def test_successive_takes_are_correlated() -> None:
    code = np.zeros(DIMENSIONS, np.float32)
    points = (
        latent.takes(np.random.default_rng(0), SPACE, code, 4000, 1.0)[1:] @ SPACE.axes.T
    ) / SPACE.deviations
    neighbours = np.mean(
        [np.corrcoef(points[:-1, axis], points[1:, axis])[0, 1] for axis in range(DIMENSIONS)]
    )
    assert_allclose(neighbours, 0.5, atol=0.05)
    assert_allclose(points.std(), 1.0, atol=0.05)
    # Of a stationary walk with this correlation, a step varies as a place does: 2 (1 - ρ) = 1.
    assert_allclose(np.diff(points, axis=0).std(), 1.0, atol=0.05)


def test_spaces_survive_their_arrays() -> None:
    spaces = {"kick": SPACE, "snare": space(1)}
    back = latent.from_arrays(latent.to_arrays(spaces), spaces)
    for name, there in spaces.items():
        assert_array_equal(back[name].factor, there.factor)
        assert_array_equal(back[name].axes, there.axes)
