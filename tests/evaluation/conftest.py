"""A tiny untrained model with a judge, and a tiny corpus of synthesised voices that stand in for real sounds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch

from packgen.audio.mel import SignalConfig
from packgen.classes import CLASS_NAMES
from packgen.engine.engine import Engine
from packgen.evaluation.judge import Judge
from packgen.latent import space as latent
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier, ClassifierConfig
from packgen.networks.cwae import CWAE, CWAEConfig
from packgen.networks.mcnn import MCNN, MCNNConfig
from packgen.training.collect import build
from packgen.training.corpus import Corpus
from packgen.training.voices import draw

SIGNAL = SignalConfig(num_samples=5000, window=512, hop=64, fft=512, bands=48)
LATENT = 4


def _space(rng: np.random.Generator) -> latent.ClassSpace:
    eye = np.eye(LATENT, dtype=np.float32)
    mean = rng.standard_normal(LATENT).astype(np.float32)
    return latent.ClassSpace(mean, eye, np.ones(LATENT, np.float32), np.ones(1, np.float32), mean[None], eye)


def _model(folder: Path) -> None:
    """Untrained networks of a trained model's shape, in a folder of weight files."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        cwae = CWAE(CWAEConfig(CLASS_NAMES, SIGNAL, LATENT, (16, 8), (4, 4, 4)))
        cwae.mean += 4.0  # audible, as trained statistics are
        mcnn = MCNN(MCNNConfig(SIGNAL, heads=1, channels=(4, 4, 4, 4, 2, 2)))
        filter_, judge = (Classifier(ClassifierConfig(CLASS_NAMES, SIGNAL, (4, 4), 8)) for _ in range(2))
    rng = np.random.default_rng(0)
    extra = latent.to_arrays({name: _space(rng) for name in CLASS_NAMES})
    extra |= {f"ranges.{name}": np.zeros((4, 5), np.float32) for name in CLASS_NAMES}
    checkpoint.save(
        folder / "cwae.safetensors", cwae, {}, {k: torch.from_numpy(v.copy()) for k, v in extra.items()}
    )
    checkpoint.save(folder / "mcnn.safetensors", mcnn, {})
    checkpoint.save(folder / "classifier.safetensors", filter_, {})
    checkpoint.save(folder / "judge.safetensors", judge, {})


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny-model")
    _model(folder)
    return folder


@pytest.fixture
def engine(model_folder: Path) -> Engine:
    return Engine.load(model_folder)


@pytest.fixture
def judge(model_folder: Path) -> Judge:
    return Judge.load(model_folder)


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("sounds")
    rows = ["path,class,source,licence,group,split"]
    for number, drum in enumerate(CLASS_NAMES):
        for index in range(6):
            rng = np.random.Generator(np.random.Philox(key=[number, index]))
            soundfile.write(
                folder / f"{drum}_{index}.wav",
                draw(drum, rng, SIGNAL.sample_rate).samples,
                SIGNAL.sample_rate,
            )
            split = "val" if index < 2 else "train"
            rows.append(f"{drum}_{index}.wav,{drum},test,CC0-1.0,{drum}{index},{split}")
    (folder / "manifest.csv").write_text("\n".join(rows))
    return build(folder, tmp_path_factory.mktemp("corpus"), SIGNAL, per_class=0)[0]
