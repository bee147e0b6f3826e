"""Requests in a row, each answered with a whole file; how long they take is for `packgen bench`."""

from __future__ import annotations

import pytest

from packgen.errors import WeightsError
from packgen.files.resources import model_folder
from tests.server.latency import measure
from tests.server.line import PACKGEN, running


def has_weights() -> bool:
    try:
        return (model_folder() / "cwae.safetensors").exists()
    except WeightsError:
        return False


def test_a_hundred_requests_in_a_row_are_answered_with_whole_files() -> None:
    with running() as server:
        assert measure(server.port, 100).count == 100  # times are for `packgen bench`


@pytest.mark.skipif(not has_weights(), reason="needs the trained weights in models/")
def test_the_real_model_answers_every_request_in_a_row() -> None:
    with running("serve", "--port", "0", "--json", "--attached", program=PACKGEN) as server:
        assert measure(server.port, 60).count == 60
