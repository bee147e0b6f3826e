"""A tiny model of the real classes, so that tests need no trained weights and take milliseconds."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from packgen.audio.mel import SignalConfig
from packgen.classes import CLASS_NAMES, DRUM_CLASSES
from packgen.engine.engine import Engine
from packgen.latent import space as latent
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier, ClassifierConfig
from packgen.networks.cwae import CWAE, CWAEConfig
from packgen.networks.mcnn import MCNN, MCNNConfig
from tests.fakes import DIMENSIONS, space

TINY_SIGNAL = SignalConfig(num_samples=8000, window=256, hop=64, fft=512, bands=48)


def tiny_networks(classes: tuple[str, ...] = CLASS_NAMES) -> tuple[CWAE, MCNN, Classifier]:
    """Untrained networks of small sizes, whose output is nevertheless a sound: it starts loud and decays."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        cwae = CWAE(CWAEConfig(classes, TINY_SIGNAL, DIMENSIONS, (32, 16), (4, 4, 4)))
        mcnn = MCNN(MCNNConfig(TINY_SIGNAL, heads=2, channels=(8, 8, 4, 4, 2, 2)))
        classifier = Classifier(ClassifierConfig(classes, TINY_SIGNAL, (4, 8), 16))
    with torch.no_grad():
        cwae.mean += torch.linspace(9.0, -3.0, TINY_SIGNAL.frames)
        cwae.std *= 2.0
        for weights in mcnn.heads.parameters():
            weights.abs_()  # an open mask wherever the spectrogram holds something
    return cwae.eval(), mcnn.eval(), classifier.eval()


def write_tiny_model(folder: Path, classes: tuple[str, ...] = CLASS_NAMES) -> Path:
    """A model's folder of weight files."""
    cwae, mcnn, classifier = tiny_networks(classes)
    spaces = {name: space(index) for index, name in enumerate(classes)}
    extra = {name: torch.from_numpy(array) for name, array in latent.to_arrays(spaces).items()}
    quantiles = torch.tensor([[0.05, 0.1, 0.2, 0.3, 0.4], [200, 500, 1000, 3000, 6000], [0.01, 0.02, 0.05, 0.1, 0.3],
                              [0.01, 0.05, 0.1, 0.3, 0.6]])  # fmt: skip
    extra |= {f"ranges.{name}": quantiles.float() for name in classes}
    checkpoint.save(folder / "cwae.safetensors", cwae, {"steps": 0}, extra)
    checkpoint.save(folder / "mcnn.safetensors", mcnn, {"steps": 0})
    checkpoint.save(folder / "classifier.safetensors", classifier, {"steps": 0})
    checkpoint.save(folder / "judge.safetensors", classifier, {"steps": 0})
    (folder / "ATTRIBUTION.txt").write_text("Nothing: the tiny model is untrained.\n")
    return folder


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the tiny model."""
    return write_tiny_model(tmp_path_factory.mktemp("tiny_model"))


@pytest.fixture(scope="session")
def paper_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a tiny model that knows the paper's classes alone, as models from before the others do."""
    classes = tuple(drum.name for drum in DRUM_CLASSES if drum.paper)
    return write_tiny_model(tmp_path_factory.mktemp("paper_model"), classes)


@pytest.fixture(scope="session")
def tiny_engine(tiny_model: Path) -> Engine:
    """The tiny model, loaded."""
    return Engine.load(tiny_model)
