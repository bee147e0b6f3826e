"""The HTTP side: sounds by four kinds of requests, errors as JSON, strangers refused, everything bounded."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from packgen.explore.app import MOST_BODY, STATIC
from packgen.explore.requests import MOST_SOUNDS, code_text
from packgen.explore.security import HEADERS, MOST_QUERY
from tests.fakes import DIMENSIONS, SILENT, FakeEngine


def facts(client: TestClient, url: str) -> dict[str, Any]:
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.headers["Packgen-Sound"])
    return found


def test_a_sound_is_a_wav_with_its_facts(client: TestClient) -> None:
    answer = client.get("/api/sound/kick?at=0.5,-1,0.25")
    assert answer.headers["content-type"] == "audio/wav"
    samples, rate = soundfile.read(io.BytesIO(answer.content))
    assert rate == client.get("/api/about").json()["rate"]
    assert 0.8 < np.abs(samples).max() <= 10 ** (-1 / 20) + 1e-6
    about = json.loads(answer.headers["Packgen-Sound"])
    assert about["place"] == pytest.approx([0.5, -1, 0.25], abs=1e-3) and about["on_axes"]
    assert about["seconds"] == pytest.approx(len(samples) / rate, abs=1e-3)
    assert about["drum"] == "kick" and about["words"] and 0 <= about["shade"] <= 1


def test_the_same_ask_gives_the_same_bytes_in_any_order(client: TestClient, out: Any) -> None:
    from packgen.explore.requests import read_sound_request
    from packgen.explore.sounds import render

    code = facts(client, "/api/sound/tom?seed=5")["code"]
    urls = ["at=1,1,0", "seed=5", f"code={code}", f"code={code}&amount=0.5&seed=3"]
    first = [client.get(f"/api/sound/tom?{url}").content for url in urls]
    fresh = FakeEngine()
    for url, wav in reversed(list(zip(urls, first, strict=True))):
        query = dict(pair.split("=", 1) for pair in url.split("&"))
        assert render(fresh, read_sound_request("tom", query, fresh.spaces)).wav == wav
    assert len(set(first)) == 3  # a random sound and its code are one sound, all others differ
    assert first[1] == first[2]


def test_a_sound_is_rendered_once(client: TestClient, engine: FakeEngine) -> None:
    for _ in range(3):
        client.get("/api/sound/kick?at=1,0,0")
    assert len(engine.rendered) == 1


def test_a_variation_strays_with_its_amount(client: TestClient) -> None:
    code = facts(client, "/api/sound/snare?at=0,0,0")["code"]
    still = facts(client, f"/api/sound/snare?code={code}&amount=0&seed=1")
    little = facts(client, f"/api/sound/snare?code={code}&amount=0.1&seed=1")
    much = facts(client, f"/api/sound/snare?code={code}&amount=1&seed=1")
    assert still["code"] == code
    assert np.array(much["place"]) == pytest.approx(10 * np.array(little["place"]), rel=0.01)
    assert not much["on_axes"]


def test_coordinates_and_amounts_are_clamped(client: TestClient) -> None:
    reach = client.get("/api/about").json()["reach"]
    far = client.get("/api/sound/kick?at=1e9,-77,0")
    assert far.content == client.get(f"/api/sound/kick?at={reach},{-reach},0").content
    code = facts(client, "/api/sound/kick?at=0,0,0")["code"]
    assert facts(client, f"/api/sound/kick?code={code}&amount=99&seed=1") == facts(
        client, f"/api/sound/kick?code={code}&amount=1&seed=1"
    )


GOOD = code_text(np.zeros(DIMENSIONS, np.float32))
NOT_FINITE = code_text(np.array([np.nan] + [0] * (DIMENSIONS - 1), np.float32))
TOO_FAR = code_text(np.full(DIMENSIONS, 1e30, np.float32))


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("kick?at=nan,0,0", 400, "P1 is 'nan'"),
        ("kick?at=0,inf,0", 400, "P2 is 'inf'"),
        ("kick?at=0,0,-Infinity", 400, "P3"),
        ("kick?at=0,0,1e999", 400, "P3"),
        ("kick?at=0,0", 400, "2 coordinates"),
        ("kick?at=0,0,zero", 400, "give a number"),
        ("kick", 400, "ask with"),
        ("kick?at=0,0,0&seed=1", 400, "ask with"),
        ("kick?seed=1&seed=2", 400, "twice"),
        ("kick?seed=-1", 400, "seed is '-1'"),
        ("kick?seed=9007199254740992", 400, "whole number"),
        ("kick?seed=1e3", 400, "whole number"),
        ("kick?code=AAAA", 400, "not that of a sound"),
        ("kick?code=%00%ff", 400, "not that of a sound"),
        (f"kick?code={NOT_FINITE}", 400, "where no sound is"),
        (f"kick?code={TOO_FAR}", 400, "where no sound is"),
        (f"kick?code={GOOD}&amount=nan&seed=1", 400, "amount is 'nan'"),
        ("gong?at=0,0,0", 404, "unknown drum class 'gong': there are kick"),
        (f"{SILENT}?at=0,0,0", 422, "move towards the middle"),
        (f"{SILENT}?seed=4", 422, "draw again"),
        (f"kick?at={'9' * MOST_QUERY}", 414, "too long"),
    ],
)
def test_what_is_wrong_is_one_line_of_json(client: TestClient, path: str, status: int, message: str) -> None:
    answer = client.get(f"/api/sound/{path}")
    assert answer.status_code == status
    assert message in answer.json()["error"] and "\n" not in answer.json()["error"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(["at", "seed", "code", "amount", "x"]), st.text(max_size=30), max_size=3)
)
def test_any_query_gets_an_answer(client: TestClient, query: dict[str, str]) -> None:
    answer = client.get("/api/sound/kick", params=query)
    assert answer.status_code == 200 or (answer.status_code < 500 and answer.json()["error"])


@pytest.mark.parametrize("host", ["evil.example", "evil.example:9180", "127.0.0.1", "127.0.0.1:80", ""])
@pytest.mark.parametrize("path", ["/", "/api/about", "/api/sound/kick?at=0,0,0"])
def test_a_foreign_host_is_refused(client: TestClient, host: str, path: str) -> None:
    answer = client.get(path, headers={"Host": host})
    assert answer.status_code == 403 and "Host" in answer.json()["error"]


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "https://127.0.0.1:9180", "http://127.0.0.1:8000", "null", ""]
)
def test_a_foreign_origin_is_refused(client: TestClient, origin: str) -> None:
    for answer in (
        client.get("/api/sound/kick?at=0,0,0", headers={"Origin": origin}),
        client.post("/api/pack", headers={"Origin": origin}, json={}),
    ):
        assert answer.status_code == 403 and "other pages" in answer.json()["error"]


def test_the_page_itself_is_answered(client: TestClient) -> None:
    for name in ("127.0.0.1:9180", "localhost:9180", "LOCALHOST:9180"):
        own = {"Host": name, "Origin": f"http://{name}", "Sec-Fetch-Site": "same-origin"}
        assert client.get("/api/about", headers=own).status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_sounds_do_not_play_on_other_pages(client: TestClient, site: str) -> None:
    headers = {"Sec-Fetch-Site": site}
    assert client.get("/api/sound/kick?at=0,0,0", headers=headers).status_code == 403
    assert client.get("/", headers=headers).status_code == 200  # a link to the page is allowed


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("GET", "/main.js", 200),
        ("GET", "/api/sound/kick?at=x", 400),
        ("GET", "/nothing", 404),
        ("GET", "/../app.py", 404),
        ("GET", "/%2e%2e/app.py", 404),
        ("GET", "/api/pack", 404),
        ("POST", "/api/about", 405),
        ("DELETE", "/", 405),
    ],
)
def test_every_answer_carries_the_headers(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert HEADERS.items() <= {name.title(): value for name, value in answer.headers.items()}.items()
    if status >= 400:
        assert answer.json()["error"]


def test_the_page_needs_nothing_but_this_server() -> None:
    """No address of elsewhere in any file; no inline script or style, which the policy would stop."""
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z]+\.[a-z]|@import|eval\(", text), path
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*src=)", page)
    for name in re.findall(r'(?:src|href)="([^"#]+)"', page):
        assert (STATIC / name).is_file(), name


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"name": "a", "sounds": NaN}', "not JSON"),
        (b"[]", 'a pack is {"name"'),
        (b'{"name": "a", "sounds": []}', "1 to 200 sounds"),
        (b'{"name": "  ", "sounds": [1]}', "needs a name"),
        (b'{"name": 5, "sounds": [1]}', "needs a name"),
        (b'{"name": "a", "sounds": [1]}', "sound 1 of the pack"),
        (b'{"name": "a", "sounds": [{"class": "gong", "code": "", "start": 0, "end": null}]}', "'gong'"),
        (b'{"name": "a", "sounds": [{"class": "kick", "code": 5, "start": 0, "end": null}]}', "the code"),
    ],
)
def test_a_wrong_pack_is_one_line_of_json(client: TestClient, body: bytes, message: str) -> None:
    answer = client.post("/api/pack", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 404)
    assert message in answer.json()["error"]


@pytest.mark.parametrize("start", ["1e999", '"0"', "null", "true", "[]"])
def test_handles_are_finite_numbers(client: TestClient, start: str) -> None:
    sound = f'{{"class": "kick", "code": "{GOOD}", "start": {start}, "end": null}}'
    answer = client.post(
        "/api/pack",
        content=f'{{"name": "a", "sounds": [{sound}]}}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 400 and "start of sound 1" in answer.json()["error"]


def test_packs_are_bounded_and_must_be_json(client: TestClient) -> None:
    json_type = {"Content-Type": "application/json"}
    answer = client.post("/api/pack", content=b" " * (MOST_BODY + 1), headers=json_type)
    assert answer.status_code == 413
    sound = {"class": "kick", "code": GOOD, "start": 0, "end": None}
    assert (
        client.post("/api/pack", json={"name": "a", "sounds": [sound] * (MOST_SOUNDS + 1)}).status_code == 400
    )
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert client.post("/api/pack", content=b"{}", headers={"Content-Type": kind}).status_code == 415
