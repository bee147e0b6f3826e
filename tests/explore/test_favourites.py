"""Favourites as packs: valid, cut at their handles, repeatable, and never over something that is there."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import soundfile
from starlette.testclient import TestClient

from packgen.explore.favourites import SHORTEST, cut, save
from packgen.explore.requests import Refused, pack_json, read_pack
from packgen.formats import FORMATS
from packgen.packs.manifest import SCHEMA_PATH, read_manifest
from tests.explore.program import MODEL
from tests.explore.test_app import facts
from tests.fakes import SILENT, FakeEngine


def favourite(client: TestClient, url: str, start: float = 0, end: float | None = None) -> dict[str, Any]:
    about = facts(client, url)
    return {"class": about["drum"], "code": about["code"], "start": start, "end": end}


@pytest.fixture
def body(client: TestClient) -> dict[str, Any]:
    sounds = [
        favourite(client, "/api/sound/snare?seed=1", 0.01, 0.09),
        favourite(client, "/api/sound/kick?at=1,1,0"),
        favourite(client, "/api/sound/kick?at=-1,1,0", end=0.1),
    ]
    return {"name": "My Kit #1", "sounds": sounds}


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_favourites_become_a_pack(client: TestClient, body: dict[str, Any], out: Path) -> None:
    answer = client.post("/api/pack", json=body)
    assert answer.status_code == 201, answer.text
    folder = Path(answer.json()["folder"])
    assert answer.json()["sounds"] == 3 and folder.parent == out
    manifest = read_manifest(folder)
    jsonschema.validate(manifest, json.loads(SCHEMA_PATH.read_text()))
    assert manifest["pack"]["name"] == "My Kit #1"
    assert [row["class"] for row in manifest["files"]] == ["kick", "kick", "snare"]  # as classes are ordered
    assert [row["sound"] for row in manifest["files"]] == [0, 1, 0]
    assert len(manifest["exports"]) >= len(FORMATS)
    fake = FakeEngine()
    sure = fake.score("kick", fake.spaces["kick"].mean)
    for row in manifest["files"]:
        path = folder / row["path"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == row["sha256"]
        assert row["origin"] == "explore" and row["probability"] == pytest.approx(sure)
    seconds = [row["duration"] for row in manifest["files"]]
    assert seconds[1] == pytest.approx(0.1, abs=1e-3) and seconds[2] == pytest.approx(0.08, abs=1e-3)


def test_a_pack_sounds_like_the_page(client: TestClient, body: dict[str, Any]) -> None:
    uncut = body["sounds"][1]
    folder = Path(client.post("/api/pack", json={"name": "one", "sounds": [uncut]}).json()["folder"])
    (wav,) = (folder / "Samples").rglob("*.wav")
    heard = client.get("/api/sound/kick?at=1,1,0").content
    (folder / "heard.wav").write_bytes(heard)
    np.testing.assert_allclose(soundfile.read(wav)[0], soundfile.read(folder / "heard.wav")[0], atol=2**-21)


def test_packs_never_overwrite(client: TestClient, body: dict[str, Any], out: Path) -> None:
    (out / "My_Kit_1-2").mkdir(parents=True)
    (out / "My_Kit_1-2" / "mine.txt").write_text("mine")
    folders = [Path(client.post("/api/pack", json=body).json()["folder"]) for _ in range(2)]
    assert [folder.name for folder in folders] == ["My_Kit_1", "My_Kit_1-3"]
    assert contents(folders[0]) == contents(folders[1])  # the same favourites, the same bytes
    assert (out / "My_Kit_1-2" / "mine.txt").read_text() == "mine"


def test_a_manifest_makes_its_pack_again(client: TestClient, body: dict[str, Any], tmp_path: Path) -> None:
    folder = Path(client.post("/api/pack", json=body).json()["folder"])
    engine = FakeEngine()
    wish = read_pack(read_manifest(folder)["recipe"], engine.spaces)
    assert pack_json(wish) == body
    assert contents(save(engine, MODEL, wish, tmp_path / "again")) == contents(folder)


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"start": 0.09, "end": 0.09}, 400, "handles apart"),
        ({"start": 50}, 400, "handles apart"),
        ({"class": SILENT}, 422, "no sound"),
    ],
)
def test_a_pack_that_fails_leaves_nothing(
    client: TestClient, body: dict[str, Any], out: Path, change: dict[str, Any], status: int, message: str
) -> None:
    body["sounds"][2] |= change
    answer = client.post("/api/pack", json=body)
    assert answer.status_code == status and message in answer.json()["error"]
    assert list(out.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(client: TestClient, body: dict[str, Any], out: Path) -> None:
    out.write_text("a file")
    answer = client.post("/api/pack", json=body)
    assert answer.status_code == 507 and "cannot make a folder" in answer.json()["error"]


@pytest.mark.parametrize("name", ["…", "///"])
def test_a_name_without_letters_is_refused(client: TestClient, body: dict[str, Any], name: str) -> None:
    answer = client.post("/api/pack", json=body | {"name": name})
    assert answer.status_code == 400 and "pack name" in answer.json()["error"]


@pytest.mark.parametrize("name", ["../../etc", "C:\\Windows", "..", "con", "a/b"])
def test_a_name_cannot_leave_the_folder(
    client: TestClient, body: dict[str, Any], out: Path, name: str
) -> None:
    answer = client.post("/api/pack", json=body | {"name": name})
    if answer.status_code == 201:
        assert Path(answer.json()["folder"]).parent == out
    assert all(path.parent == out for path in out.glob("*"))
    assert not any(path.suffix == ".wav" for path in out.parent.iterdir())


def test_a_cut_keeps_the_middle_and_fades_only_where_it_cut() -> None:
    rate, samples = 1000, np.ones(400, np.float32)
    assert cut(samples, rate, 0, None) is not None and (cut(samples, rate, 0, None) == 1).all()
    early = cut(samples, rate, 0, 0.2)
    assert len(early) == 200 and early[0] == 1 and early[-1] == 0 and (early[:-2] == 1).all()
    late = cut(samples, rate, 0.1, None)
    assert len(late) == 300 and late[0] == 0 and late[-1] == 1
    assert len(cut(samples, rate, 0.1, 99)) == 300
    with pytest.raises(Refused, match="10 ms"):
        cut(samples, rate, 0.2, 0.2 + SHORTEST / 2)
