"""The application on an instrument of sines, without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from packgen.explore.app import create_app
from tests.explore.program import MODEL
from tests.fakes import FakeEngine

HOST = "127.0.0.1:9180"


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "packs"


@pytest.fixture
def client(engine: FakeEngine, out: Path) -> Iterator[TestClient]:
    app = create_app(engine, MODEL, out, frozenset({HOST, "localhost:9180"}))
    with TestClient(app, base_url=f"http://{HOST}") as client:
        yield client
