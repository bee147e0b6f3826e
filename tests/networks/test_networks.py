"""Shapes of the paper, and what the architectures promise."""

from __future__ import annotations

import pytest
import torch
from torch.testing import assert_close

from packgen.audio.mel import SignalConfig
from packgen.classes import CLASS_NAMES
from packgen.networks.classifier import Classifier, ClassifierConfig
from packgen.networks.cwae import CWAE, KERNEL, PADDING, STRIDE, CWAEConfig, upsample_to_one
from packgen.networks.mcnn import MCNN, MCNNConfig, used_heads, with_heads
from tests.conftest import TINY_SIGNAL, tiny_networks


@pytest.fixture(scope="module")
def cwae() -> CWAE:
    return CWAE(CWAEConfig(CLASS_NAMES)).eval()


@pytest.fixture(scope="module")
def mcnn() -> MCNN:
    return MCNN(MCNNConfig()).eval()


@torch.inference_mode()
def test_cwae_has_the_papers_shapes(cwae: CWAE) -> None:
    classes = torch.eye(len(CLASS_NAMES))[:2]
    z = cwae.encode(torch.rand(2, 512, 86), classes)
    assert z.shape == (2, 64)
    assert cwae.decode(z, classes).shape == (2, 512, 86)
    assert [layer.out_features for layer in cwae.encoder.dense] == [1024, 512, 64]
    assert cwae.config.grids() == [(512, 86), (171, 43), (57, 22), (19, 11)]


@torch.inference_mode()
def test_the_class_changes_what_a_code_means(cwae: CWAE) -> None:
    cwae.train()  # batch statistics, so that the untrained class scales act
    for name, parameter in cwae.decoder.named_parameters():
        if "shift" in name:
            parameter.normal_()
    z = torch.zeros(1, 64)
    kick, snare = (cwae.decode(z, torch.eye(len(CLASS_NAMES))[i : i + 1]) for i in (0, 2))
    cwae.eval()
    assert not torch.equal(kick, snare)


@torch.inference_mode()
def test_mcnn_has_the_papers_shapes(mcnn: MCNN) -> None:
    waveform, mask = mcnn(torch.rand(2, 512, 86))
    assert waveform.shape == mask.shape == (2, 86 * 256)
    assert sum(p.numel() for p in mcnn.parameters()) == pytest.approx(7.95e6, rel=0.01)
    assert not any("bias" in name for name, _ in mcnn.named_parameters())


@torch.inference_mode()
def test_zeros_in_give_zeros_out(mcnn: MCNN) -> None:
    waveform, mask = mcnn(torch.zeros(1, 512, 86))
    assert not waveform.any()
    assert not mask.any()  # the sigmoid is a half, and only more than a half counts as sound


@torch.inference_mode()
def test_the_softsign_bounds_the_waveform(mcnn: MCNN) -> None:
    waveform, _ = mcnn(torch.rand(1, 512, 86) * 1e6)
    assert float(waveform.abs().max()) <= float(mcnn.gain.abs() / mcnn.slope.abs()) + 1e-5


def test_layers_that_do_not_multiply_to_the_hop_are_refused() -> None:
    with pytest.raises(ValueError, match="hop"):
        MCNN(MCNNConfig(channels=(4, 2)))


@torch.inference_mode()
def test_the_fast_last_deconvolution_is_the_plain_one() -> None:
    layer = torch.nn.ConvTranspose2d(5, 1, KERNEL, STRIDE, PADDING, (1, 1))
    x = torch.randn(2, 5, 171, 43)
    assert_close(upsample_to_one(x, layer)[..., :512, :86], layer(x), atol=1e-5, rtol=1e-4)


@torch.inference_mode()
def test_another_rate_needs_no_new_code() -> None:
    signal = SignalConfig(sample_rate=44_100, num_samples=44_030, window=2048, hop=512, fft=4096)
    classes = torch.eye(2)
    cwae = CWAE(CWAEConfig(("kick", "snare"), signal, 16, (32,), (2, 2, 2))).eval()
    assert cwae.decode(torch.zeros(2, 16), classes).shape == (2, 512, signal.frames)
    mcnn = MCNN(MCNNConfig(signal, 1, channels=(4, 4, 4, 4, 4, 4, 2, 2, 2)))
    assert mcnn(torch.rand(1, 512, 10))[0].shape == (1, 5120)


@torch.inference_mode()
def test_the_classifier_gives_a_logit_a_class() -> None:
    classifier = Classifier(ClassifierConfig(CLASS_NAMES)).eval()
    assert classifier(torch.rand(3, 512, 86)).shape == (3, len(CLASS_NAMES))
    assert classifier.embedding(torch.rand(3, 512, 86)).shape == (3, 64)


def test_a_tiny_cwae_overfits_one_batch() -> None:
    torch.manual_seed(0)
    cwae, _, _ = tiny_networks()
    cwae.train()
    target = torch.rand(6, TINY_SIGNAL.bands, TINY_SIGNAL.frames) * 3
    classes = torch.eye(len(CLASS_NAMES))[:6]
    optimiser = torch.optim.Adam(cwae.parameters(), 1e-2)
    losses = []
    for _ in range(150):
        loss = (cwae.decode(cwae.encode(target, classes), classes) - target).square().mean()
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.2 * losses[0]


def test_a_tiny_mcnn_overfits_one_sound() -> None:
    torch.manual_seed(0)
    mcnn = MCNN(MCNNConfig(TINY_SIGNAL, heads=2, channels=(16, 16, 8, 8, 4, 2)))
    spectrogram = torch.rand(1, TINY_SIGNAL.bands, 20) * 8
    target = torch.sin(torch.arange(20 * 64) * 0.3)[None] * 0.5
    optimiser = torch.optim.Adam(mcnn.parameters(), 3e-3)
    losses = []
    for _ in range(200):
        loss = (mcnn(spectrogram)[0] - target).square().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]


@torch.inference_mode()
def test_unused_heads_can_go() -> None:
    """A head with no weight in the waveform stays for its mask; one that gives neither goes, and nothing changes."""
    torch.manual_seed(0)
    network = MCNN(MCNNConfig(TINY_SIGNAL, heads=4, channels=(8, 8, 4, 4, 2, 2))).eval()
    network.head_weights[1] = network.head_weights[2] = 0.0
    network.heads[2].layers[-1].weight.zero_()  # type: ignore[index, union-attr]
    log_mel = 9 * torch.rand(2, TINY_SIGNAL.bands, 12)
    kept = used_heads(network, log_mel)
    assert kept == [0, 1, 3]
    for found, expected in zip(with_heads(network, kept)(log_mel), network(log_mel), strict=True):
        assert_close(found, expected)
