"""Latency: the shortened form with sines, and the promise of the paper with the real model."""

from __future__ import annotations

import pytest

from packgen.assets import model_folder
from packgen.errors import WeightsError
from tests.server.latency import measure
from tests.server.line import PACKGEN, running


def has_weights() -> bool:
    try:
        return (model_folder() / "cwae.safetensors").exists()
    except WeightsError:
        return False


def test_the_server_itself_adds_little() -> None:
    with running() as server:
        assert measure(server.port, 100, classes=10).p50 < 15


@pytest.mark.slow
@pytest.mark.skipif(not has_weights(), reason="needs the trained weights in models/")
def test_a_sound_comes_faster_than_the_paper_s_50_ms() -> None:
    with running("serve", "--port", "0", "--json", "--attached", program=PACKGEN) as server:
        latency = measure(server.port, 500)
    assert latency.p50 <= 15 and latency.p99 <= 40, latency
