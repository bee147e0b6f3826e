"""The fused classifier gives what the network as written gives."""

from __future__ import annotations

import pytest
import torch

from packgen.audio.mel import SignalConfig
from packgen.engine.fused_classifier import FusedClassifier
from packgen.networks.classifier import Classifier, ClassifierConfig

CLASSES = ("kick", "snare", "clap")


@pytest.mark.parametrize(
    "config",
    [
        ClassifierConfig(CLASSES),
        ClassifierConfig(CLASSES, SignalConfig(num_samples=5000, bands=52), (4, 8), 8, pool=3),
    ],
    ids=["usual", "odd sizes"],
)
@torch.inference_mode()
def test_same_numbers_as_the_network(config: ClassifierConfig) -> None:
    torch.manual_seed(0)
    classifier = Classifier(config)
    size = (config.signal.bands, config.signal.frames)
    classifier(9 * torch.rand(8, *size))  # the norms have met some sounds
    fused = FusedClassifier(classifier.eval())
    for _ in range(3):
        log_mel = 9 * torch.rand(size)
        log_mel[:, size[1] // 2 :] = 0
        torch.testing.assert_close(fused(log_mel), classifier(log_mel[None])[0], atol=1e-4, rtol=1e-4)
