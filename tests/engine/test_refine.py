"""What refinement promises: never worse than where it started, and back to a code from afar."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from packgen.audio.mel import expand
from packgen.classes import CLASS_NAMES
from packgen.engine.engine import Engine
from packgen.engine.refine import CONVERGENCE, refine
from packgen.networks import losses
from packgen.networks.cwae import CWAE
from tests.conftest import tiny_networks
from tests.fakes import DIMENSIONS

VECTOR = torch.eye(len(CLASS_NAMES))[3]


@pytest.fixture(scope="module")
def cwae() -> CWAE:
    """Its decoder answers to its code: untrained, it would hardly."""
    network = tiny_networks()[0]
    with torch.no_grad():
        for layer in network.decoder.dense:
            layer.weight.mul_(2.0)  # type: ignore[operator]
    return network


def codes(seed: int, number: int) -> Tensor:
    return torch.randn((number, DIMENSIONS), generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
def distance(cwae: CWAE, code: Tensor, log_mel: Tensor) -> float:
    decoded, signal = cwae.decode(code[None], VECTOR[None]), cwae.config.signal
    squares = losses.reconstruction(decoded / cwae.std, log_mel[None] / cwae.std)
    return float(
        squares
        + CONVERGENCE * losses.spectral_convergence(expand(decoded, signal), expand(log_mel[None], signal))
    )


def test_a_decoded_code_is_found_again_from_another(cwae: CWAE) -> None:
    before, after = [], []
    for wanted, start in zip(codes(1, 8), codes(2, 8), strict=True):
        with torch.no_grad():
            log_mel = cwae.decode(wanted[None], VECTOR[None])[0]
        before.append(distance(cwae, start, log_mel))
        after.append(distance(cwae, refine(cwae, log_mel, VECTOR, start, 60), log_mel))
    ratios = np.array(after) / np.array(before)
    assert np.median(ratios) < 0.3 and (ratios < 0.1).mean() >= 0.3, ratios  # some end in another valley


@pytest.mark.parametrize("steps", [1, 3, 20])
def test_never_worse_than_the_start(cwae: CWAE, steps: int) -> None:
    for seed in range(5):
        log_mel = 8 * torch.rand(
            (48, cwae.config.signal.frames), generator=torch.Generator().manual_seed(seed)
        )
        start = codes(seed, 1)[0]
        assert distance(cwae, refine(cwae, log_mel, VECTOR, start, steps), log_mel) <= distance(
            cwae, start, log_mel
        )


def test_no_steps_change_nothing_and_steps_no_weights(cwae: CWAE) -> None:
    before = {name: value.clone() for name, value in cwae.state_dict().items()}
    log_mel, start = torch.rand(48, cwae.config.signal.frames), codes(0, 1)[0]
    assert refine(cwae, log_mel, VECTOR, start, 0) is start
    refine(cwae, log_mel, VECTOR, start, 3)
    assert all(torch.equal(value, before[name]) for name, value in cwae.state_dict().items())
    assert all(parameter.grad is None for parameter in cwae.parameters())


def test_not_a_number_leaves_the_start(cwae: CWAE) -> None:
    start = codes(0, 1)[0]
    log_mel = torch.full((48, cwae.config.signal.frames), torch.nan)
    assert torch.equal(refine(cwae, log_mel, VECTOR, start, 5), start)


def test_the_engine_refines_amid_inference_and_repeats_itself(tiny_engine: Engine) -> None:
    sound = np.exp(-np.arange(4000) / 800).astype(np.float32)
    with torch.inference_mode():  # as `packgen eval` runs
        log_mel = tiny_engine.analyse(sound)
        guess, refined = tiny_engine.encode("snare", log_mel, 0), tiny_engine.encode("snare", log_mel, 10)
    assert not np.array_equal(guess, refined)
    assert np.array_equal(refined, tiny_engine.encode("snare", log_mel, 10))
