"""The fused vocoder gives what the network as written gives."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from packgen.audio.mel import SignalConfig
from packgen.engine.fused_vocoder import FusedVocoder, interleaved_elu, two_phases
from packgen.networks.mcnn import MCNN, MCNNConfig

SMALL = MCNNConfig(SignalConfig(bands=40), heads=3, channels=(32, 16, 8, 8, 4, 4, 2, 2))


def spectrogram(frames: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 9 * torch.rand(SMALL.signal.bands, frames, generator=generator)


@pytest.mark.parametrize("frames", [1, 2, 7, 43])
@torch.inference_mode()
def test_same_numbers_as_the_network(frames: int) -> None:
    """To 30 dB at least: what 255 steps of the loudest band leave of a random network's precision."""
    torch.manual_seed(0)
    mcnn = MCNN(SMALL).eval()
    mcnn.gain.data *= 3.0
    mcnn.head_weights.data += torch.randn(SMALL.heads) * 0.2
    log_mel = spectrogram(frames)
    for found, expected in zip(FusedVocoder(mcnn)(log_mel), mcnn(log_mel[None]), strict=True):
        assert found.shape == expected[0].shape
        assert float((found - expected[0]).norm()) < 0.03 * float(expected.norm())


@torch.inference_mode()
def test_silence_stays_silence() -> None:
    """The network has no biases, and the integers' zero is exact."""
    vocoder = FusedVocoder(MCNN(SMALL).eval())
    waveform, mask = vocoder(torch.zeros(SMALL.signal.bands, 9))
    assert not waveform.any() and not mask.any()


@torch.inference_mode()
def test_a_view_gives_the_same_bytes_as_a_copy() -> None:
    vocoder = FusedVocoder(MCNN(SMALL).eval())
    view = spectrogram(30)[:, :11]
    for a, b in zip(vocoder(view), vocoder(view.contiguous()), strict=True):
        assert torch.equal(a, b)


def test_two_phases_are_a_transposed_convolution() -> None:
    torch.manual_seed(0)
    x, weight = torch.randn(2, 5, 17), torch.randn(5, 3, 13)
    expected = functional.conv_transpose1d(x, weight, stride=2, padding=6, output_padding=1)
    phases = functional.conv1d(x, two_phases(weight), padding=3)
    found = phases.view(2, 2, 3, 17).permute(0, 2, 3, 1).reshape(2, 3, 34)
    assert torch.allclose(found, expected, atol=1e-5)


def test_interleaving_puts_phases_in_turn() -> None:
    x = torch.arange(1.0, 13.0).view(1, 12)  # one moment, two groups, two phases, three channels
    assert interleaved_elu(x, 2).tolist() == [[1, 2, 3, 7, 8, 9], [4, 5, 6, 10, 11, 12]]
