"""Queries and packs as no page would send them: an answer, or one line why not."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from packgen.explore.requests import (
    FARTHEST,
    MOST_SECONDS,
    Variation,
    code_text,
    from_code,
    pack_json,
    read_json,
    read_pack,
    read_sound_request,
)
from packgen.explore.sounds import RATE
from tests.fakes import DIMENSIONS, FakeEngine
from tests.fuzz import EDITS, Edit, changed, damaged, examples, json_bytes, law

SPACES = FakeEngine().spaces
CODE = code_text(np.linspace(-1, 1, DIMENSIONS, dtype=np.float32))
PACK = {
    "name": "Mine",
    "sounds": [
        {"class": drum, "code": CODE, "start": 0.01, "end": end}
        for drum, end in (("kick", None), ("snare", 0.1))
    ],
}
NUMBERS = st.one_of(
    st.sampled_from(["nan", "inf", "-1e999", "1e308", "0x1", "1_0", " 1", "٣", "9" * 500, "-0"]),
    st.floats().map(str),
    st.integers().map(str),
)
QUERY = st.fixed_dictionaries(
    {},
    optional={
        "at": st.lists(NUMBERS, max_size=4).map(",".join),
        "seed": NUMBERS | st.text(max_size=20),
        "code": st.just(CODE)
        | st.builds(lambda edits: damaged(CODE.encode(), edits).decode("latin-1"), EDITS),
        "amount": NUMBERS,
    },
)


def check_pack(body: bytes) -> None:
    with law():
        wish = read_pack(read_json(body), SPACES)
        assert read_pack(json.loads(json.dumps(pack_json(wish))), SPACES) == wish
        for favourite in wish.favourites:
            assert np.abs(from_code(favourite.sound.code)).max() <= FARTHEST
            assert 0 <= favourite.start <= MOST_SECONDS and math.isfinite(favourite.start)


@examples(300)
@given(changed(PACK))
def test_changed_packs_are_read_or_refused(body: Any) -> None:
    check_pack(json_bytes(body))


@examples(200)
@given(EDITS)
def test_damaged_packs_are_read_or_refused(edits: list[Edit]) -> None:
    check_pack(damaged(json_bytes(PACK), edits))


@examples(300)
@given(st.sampled_from(["kick", "tom", "gong", ""]), QUERY)
def test_queries_are_read_or_refused(drum: str, query: dict[str, str]) -> None:
    with law():
        request = read_sound_request(drum, query, SPACES)
        assert not isinstance(request, Variation) or 0 <= request.amount <= 1


@examples(25)
@given(changed(PACK))
def test_the_server_answers_changed_packs(client: TestClient, body: Any) -> None:
    with law():
        answer = client.post(
            "/api/pack", content=json_bytes(body), headers={"Content-Type": "application/json"}
        )
    assert answer.status_code == 201 or (answer.status_code < 500 and "\n" not in answer.json()["error"])


@examples(100)
@given(QUERY)
def test_the_server_answers_any_query(client: TestClient, query: dict[str, str]) -> None:
    with law():
        answer = client.get("/api/sound/kick", params=query)
    if answer.status_code == 200:
        assert int.from_bytes(answer.content[24:28], "little") == RATE
    else:
        assert answer.status_code < 500 and "\n" not in answer.json()["error"]
