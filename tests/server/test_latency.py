"""Requests in a row: a hundred with sines, and with the real model the latency that the paper promises."""

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


def test_a_hundred_requests_in_a_row_are_answered_with_whole_files() -> None:
    with running() as server:
        assert measure(server.port, 100, classes=10).count == 100  # times are for `packgen bench`


@pytest.mark.slow
@pytest.mark.skipif(not has_weights(), reason="needs the trained weights in models/")
def test_a_sound_comes_faster_than_the_paper_s_50_ms() -> None:
    with running("serve", "--port", "0", "--json", "--attached", program=PACKGEN) as server:
        latency = measure(server.port, 500)
    assert latency.p50 <= 15 and latency.p99 <= 40, latency
