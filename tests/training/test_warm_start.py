"""Warm start: a network of more bands and classes begins as the one it comes from."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from packgen.audio.mel import PAPER, SignalConfig, full_band, log_mel
from packgen.classes import CLASS_NAMES, DRUM_CLASSES
from packgen.errors import WeightsError
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier, ClassifierConfig
from packgen.networks.cwae import CWAE, CWAEConfig
from packgen.training.warm_start import NEAR, warm_start

ELEVEN = tuple(drum.name for drum in DRUM_CLASSES if drum.paper)
NARROW = dataclasses.replace(PAPER, num_samples=8000)
WIDE = full_band(NARROW)
SIZES = {"latent_dim": 8, "hidden": (64, 32), "channels": (4, 8, 8)}


def say(text: str) -> None:
    pass


def trained(signal: SignalConfig = NARROW, classes: tuple[str, ...] = ELEVEN) -> CWAE:
    """A network whose norms have seen spectrograms and whose classes differ."""
    torch.manual_seed(0)
    network = CWAE(CWAEConfig(classes, signal, **SIZES))  # type: ignore[arg-type]
    for name, weight in network.named_parameters():
        if name.endswith(("scale.weight", "shift.weight")):
            weight.data += 0.2 * torch.randn_like(weight)
    sounds = torch.from_numpy(
        np.stack([log_mel(hit(seed, signal.sample_rate), signal) for seed in range(40)])
    )
    network.mean.copy_(sounds.mean(0))
    network.std.copy_(sounds.std(0).clamp_min(0.3))
    for _ in range(20):  # the norms' running statistics
        vectors = torch.eye(len(classes))[torch.arange(40) % len(classes)]
        network.decode(network.encode(sounds, vectors), vectors)
    return network.eval()


def hit(seed: int, rate: int) -> np.ndarray:
    """A drum of a few partials below 10 kHz that starts and ends softly, the same at every rate."""
    rng = np.random.default_rng(seed)
    time = np.arange(rate // 3) / rate
    hertz = np.exp(rng.uniform(np.log(50), np.log(8000), 6))
    sound = sum(np.sin(2 * np.pi * h * time + p) for h, p in zip(hertz, rng.uniform(0, 6, 6), strict=True))
    return np.asarray(sound / 6 * np.sin(np.pi * time * 3) ** 2 * np.exp(-8 * time), np.float32)


@pytest.fixture
def old(tmp_path: Path) -> tuple[CWAE, Path]:
    network = trained()
    checkpoint.save(tmp_path / "cwae.safetensors", network, {})
    return checkpoint.load(tmp_path / "cwae.safetensors", CWAE)[0], tmp_path / "cwae.safetensors"


def widened(path: Path) -> CWAE:
    network = CWAE(CWAEConfig(CLASS_NAMES, WIDE, **SIZES))  # type: ignore[arg-type]
    warm_start(network, path, say)
    return network.eval()


@torch.no_grad()
def test_old_and_new_agree_on_sounds_without_treble(old: tuple[CWAE, Path]) -> None:
    before, after = old[0], widened(old[1])
    low = torch.from_numpy(np.stack([log_mel(hit(seed, 22_050), NARROW) for seed in range(100, 122)]))
    high = torch.from_numpy(np.stack([log_mel(hit(seed, 44_100), WIDE) for seed in range(100, 122)]))
    assert (high[:, : NARROW.bands] - low).abs().mean() < 0.01  # the sounds are the same
    vectors = torch.eye(len(ELEVEN)).repeat(2, 1)
    wider = torch.nn.functional.pad(vectors, (0, len(CLASS_NAMES) - len(ELEVEN)))
    codes = before.encode(low, vectors)
    assert (after.encode(high, wider) - codes).square().mean().sqrt() < 0.1 * codes.std()
    decoded, again = before.decode(codes, vectors), after.decode(codes, wider)[:, : NARROW.bands]
    spread = decoded.std()
    difference = (decoded - again).square().mean((0, 2)).sqrt()
    assert difference[:440].max() < 1e-3 * spread  # 8 kHz: the new bands' filters do not reach further down
    assert difference[:490].max() < 0.3 * spread  # 10 kHz


@torch.no_grad()
def test_a_new_class_starts_as_a_near_one(old: tuple[CWAE, Path]) -> None:
    network = widened(old[1])
    code = torch.randn(1, 8, generator=torch.Generator().manual_seed(1))
    eye = torch.eye(len(CLASS_NAMES))
    for name, near in NEAR.items():
        one, other = (eye[[CLASS_NAMES.index(each)]] for each in (name, near))
        torch.testing.assert_close(network.decode(code, one), network.decode(code, other))
    assert {drum.name for drum in DRUM_CLASSES if not drum.paper} == set(NEAR)


def test_a_network_of_the_same_sizes_starts_as_a_copy(old: tuple[CWAE, Path]) -> None:
    network = CWAE(CWAEConfig(ELEVEN, NARROW, **SIZES))  # type: ignore[arg-type]
    warm_start(network, old[1], say)
    for key, value in old[0].state_dict().items():
        assert torch.equal(network.state_dict()[key], value), key


def test_a_classifier_learns_more_classes(tmp_path: Path) -> None:
    torch.manual_seed(1)
    before = Classifier(ClassifierConfig(ELEVEN, NARROW)).eval()
    checkpoint.save(tmp_path / "classifier.safetensors", before, {})
    after = Classifier(ClassifierConfig(CLASS_NAMES, WIDE)).eval()
    told: list[str] = []
    warm_start(after, tmp_path / "classifier.safetensors", told.append)
    assert "crash" in told[0]
    assert torch.allclose(after.output.weight[: len(ELEVEN)], before.output.weight, atol=1e-3)
    assert torch.equal(
        after.output.weight[CLASS_NAMES.index("rim")], after.output.weight[CLASS_NAMES.index("snare")]
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"hidden": (32, 16)}, "sizes differ"),
        ({"latent_dim": 4}, "sizes differ"),
        ({"channels": (4, 4, 8)}, "differ"),
    ],
)
def test_other_layers_are_refused(old: tuple[CWAE, Path], changes: dict[str, object], reason: str) -> None:
    network = CWAE(CWAEConfig(CLASS_NAMES, WIDE, **{**SIZES, **changes}))  # type: ignore[arg-type]
    with pytest.raises(WeightsError, match=reason):
        warm_start(network, old[1], say)


def test_bands_that_are_not_the_lower_ones_are_refused(old: tuple[CWAE, Path]) -> None:
    other = dataclasses.replace(WIDE, top=0.0)
    with pytest.raises(WeightsError, match="lower bands"):
        warm_start(CWAE(CWAEConfig(CLASS_NAMES, other, **SIZES)), old[1], say)  # type: ignore[arg-type]
