"""Base sounds: the seed's, the coordinates', the pack's; and which way is louder."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from packgen.errors import PackError, RecipeError
from packgen.humanizer import calibration as straying
from packgen.humanizer import sources as basesounds
from packgen.humanizer.calibration import Mel
from packgen.humanizer.events import Lane
from packgen.humanizer.sources import Job, Measured, cast, from_pack, loudness, parse_coordinates
from packgen.latent.space import at, coordinates
from packgen.packs.manifest import SCHEMA
from tests.fakes import DIMENSIONS, space

SPACES = {"tom": space(1), "kick": space(2)}
TOMS = [Lane("tom", note) for note in (41, 45, 50)]


def measure(jobs: Sequence[Job]) -> list[Measured | None]:
    """P1 is pitch, P2 the filter's doubt; brightness rises with P3, level with P2 and P3; all move the spectrum."""
    heard: list[Measured | None] = []
    for drum, code in jobs:
        places = coordinates(SPACES[drum], code, DIMENSIONS)
        p1, p2, p3 = (float(x) for x in places[:3])
        doubt = float(np.exp(-abs(p2)))
        heard.append(Measured(1000 * 2**p3, 6 * (p2 + p3), 100 * 2**p1, doubt, places[:, None]))
    return heard


def test_low_notes_get_low_sounds() -> None:
    bases = cast(TOMS, SPACES, measure, seed=1)
    pitches = [coordinates(SPACES["tom"], bases[lane].code, 1)[0] for lane in TOMS]
    assert pitches == sorted(pitches)
    assert pitches[2] - pitches[0] > 0.5


def test_one_lane_gets_the_surest_candidate() -> None:
    kick = Lane("kick", 36)
    code = cast([kick], SPACES, measure, seed=3)[kick].code
    doubts: list[float] = []

    def listen(jobs: Sequence[Job]) -> list[Measured | None]:
        doubts.extend(float(abs(coordinates(SPACES[drum], code, 2)[1])) for drum, code in jobs)
        return measure(jobs)

    cast([kick], SPACES, listen, seed=3)
    assert abs(coordinates(SPACES["kick"], code, 2)[1]) == min(doubts[: basesounds.CANDIDATES])


def test_candidates_that_the_filter_doubts_are_drawn_again() -> None:
    kick, rounds = Lane("kick", 36), list[int]()

    def doubting(jobs: Sequence[Job]) -> list[Measured | None]:
        rounds.append(len(jobs))
        heard = [sound for sound in measure(jobs) if sound is not None]
        return [dataclasses.replace(sound, probability=0.1 + 0.5 * (sum(rounds) > 12)) for sound in heard]

    cast([kick], SPACES, doubting, seed=1)
    assert rounds[:4] == [basesounds.CANDIDATES] * 3 + [0]


def test_hits_lie_apart_by_a_share_of_what_sounds_of_the_class_do() -> None:
    """A class whose sounds differ half as much as another's gives its hits half the reach."""
    lane, shape = Lane("kick", 36), SPACES["kick"]
    others = {"kick": [at(shape, [p1]) for p1 in (-2.0, 0.0, 2.0)]}
    nearer = {"kick": [at(shape, [p1]) for p1 in (-1.0, 0.0, 1.0)]}

    def hear(jobs: Sequence[Job]) -> list[Mel | None]:
        return [coordinates(shape, code, 1)[:, None] for _, code in jobs]

    wide, narrow, still = (
        straying.reaches({lane: shape.mean}, sounds, SPACES, ear, seed=1)[lane]
        for sounds, ear in ((others, hear), (nearer, hear), (others, lambda jobs: [None for _ in jobs]))
    )
    assert straying.REACHES[0] < narrow < wide <= straying.REACHES[1]
    assert wide == pytest.approx(min(2 * narrow, straying.REACHES[1]))
    assert still == 1.0


def test_a_seed_is_a_cast_and_lanes_do_not_depend_on_each_other() -> None:
    kick = Lane("kick", 36)
    alone, together = cast([kick], SPACES, measure, 7), cast([kick, *TOMS], SPACES, measure, 7)
    np.testing.assert_array_equal(alone[kick].code, together[kick].code)
    assert not np.array_equal(alone[kick].code, cast([kick], SPACES, measure, 8)[kick].code)


def test_louder_is_where_brightness_and_level_rise() -> None:
    kick = Lane("kick", 36)
    direction = loudness({kick: SPACES["kick"].mean}, SPACES, measure)[kick]
    expected = np.zeros(DIMENSIONS)
    expected[1:3] = 2**-0.5, 1 + 2**-0.5  # the sum of (0, 1) and (1, 1) / sqrt 2
    np.testing.assert_allclose(direction, expected / np.linalg.norm(expected), atol=1e-3)


def test_where_nothing_changes_there_is_no_direction() -> None:
    def flat(jobs: Sequence[Job]) -> list[Measured | None]:
        return [Measured(1000, -6, None, 1, np.zeros((2, 2), np.float32)) for _ in jobs]

    def silent(jobs: Sequence[Job]) -> list[Measured | None]:
        return [None for _ in jobs]

    kick = Lane("kick", 36)
    for deaf in (flat, silent):
        assert not loudness({kick: SPACES["kick"].mean}, SPACES, deaf)[kick].any()
    with pytest.raises(RecipeError, match="seed 1 finds no kick that sounds"):
        cast([kick], SPACES, silent, seed=1)


def test_coordinates_name_classes_and_notes() -> None:
    given = parse_coordinates(["toms=1,-2", "45=0,0,3"], TOMS, SPACES)
    places = {lane.note: coordinates(SPACES["tom"], code).round(4).tolist() for lane, code in given.items()}
    assert places == {41: [1, -2, 0], 45: [0, 0, 3], 50: [1, -2, 0]}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tom", "write a class or note"),
        ("tom=", "write a class or note"),
        ("tom=1,x", "write a class or note"),
        ("tom=nan", "write a class or note"),
        ("tom=7", "write a class or note"),
        ("banjo=1", "unknown drum class 'banjo'"),
        ("kick=1", "the file plays no kick"),
        ("36=1", "the file plays no 36"),
        ("tom=1,1,1,1,1,1,1,1,1", "there are 8 axes, not 9"),
    ],
)
def test_wrong_coordinates_are_named(text: str, message: str) -> None:
    with pytest.raises(RecipeError, match=message):
        parse_coordinates([text], TOMS, SPACES)


def write_manifest(folder: Path, rows: list[dict[str, object]]) -> Path:
    (folder / "manifest.json").write_text(
        json.dumps({"schema": SCHEMA, "files": rows, "exports": [], "contact_sheets": []})
    )
    return folder


def test_a_pack_gives_its_sounds_in_order_and_again_from_the_first(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {
            "class": "tom",
            "sound": sound,
            "take": take,
            "path": "Samples/tom.wav",
            "code": [float(10 * sound + take)] * DIMENSIONS,
        }
        for sound in (1, 0)
        for take in (1, 0)
    ]
    given = from_pack(write_manifest(tmp_path, rows), [*TOMS, Lane("kick", 36)], SPACES)
    assert {lane.note: float(code[0]) for lane, code in given.items()} == {41: 0, 45: 10, 50: 0}


def test_packs_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no finished pack"):
        from_pack(tmp_path, TOMS, SPACES)
    short: dict[str, object] = {"class": "tom", "sound": 0, "take": 0, "path": "tom.wav", "code": [1.0]}
    with pytest.raises(PackError, match="not of this model"):
        from_pack(write_manifest(tmp_path, [short]), TOMS, SPACES)
    with pytest.raises(PackError, match="damaged"):
        from_pack(write_manifest(tmp_path, [{"class": "tom", "path": "tom.wav"}]), TOMS, SPACES)


def test_a_class_that_the_model_lacks_is_named() -> None:
    with pytest.raises(RecipeError, match=r"this model does not know snap: .*choose another --model"):
        basesounds.check_classes([Lane("snap", 26)], SPACES)
