"""A small corpus of voices and tiny networks to train on it, the same in every process that asks."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import torch

from packgen.audio.preparation import prepare
from packgen.classes import CLASS_NAMES
from packgen.networks.classifier import Classifier, ClassifierConfig
from packgen.networks.cwae import CWAE, CWAEConfig
from packgen.networks.mcnn import MCNN, MCNNConfig
from packgen.networks.texture import Texture, sizes_for
from packgen.training import corpus as corpora
from packgen.training.corpus import Corpus, Entry
from packgen.training.loop import Schedule
from packgen.training.tasks.classifier import ClassifierTask, halves
from packgen.training.tasks.cwae import CWAELoss, CWAETask
from packgen.training.tasks.mcnn import MCNNLoss, MCNNTask
from packgen.training.tasks.texture import TextureLoss, TextureTask
from packgen.training.voices import draw
from tests.conftest import TINY_SIGNAL


def write_corpus(folder: Path) -> Corpus:
    """A small corpus of voices that plays the part of real sounds."""
    entries, rows = [], []
    for name in CLASS_NAMES:
        for index in range(24):
            sound = prepare(
                draw(name, np.random.default_rng(index), TINY_SIGNAL.sample_rate).samples, TINY_SIGNAL
            )
            split = "val" if index >= 20 else "train"
            entries.append(
                Entry(
                    name, split, "recorded", "", "test", "CC0", f"g{index % 5}{split}", str(index), len(sound)
                )
            )
            rows.append(np.round(sound * 32767).astype("<i2"))
    (folder / "sounds.i16").write_bytes(np.concatenate(rows).tobytes())
    corpora.write_index(folder, entries, TINY_SIGNAL, 0)
    return corpora.load(folder)


def cwae_task(corpus: Corpus, per_class: int = 4) -> CWAETask:
    torch.manual_seed(0)
    network = CWAE(CWAEConfig(CLASS_NAMES, TINY_SIGNAL, 8, (64, 32), (4, 8, 8)))
    return CWAETask(corpus, network, CWAELoss(per_class=per_class))


def mcnn_task(corpus: Corpus, batch: int = 8) -> MCNNTask:
    torch.manual_seed(0)
    network = MCNN(MCNNConfig(TINY_SIGNAL, heads=2, channels=(16, 16, 8, 8, 4, 2)))
    return MCNNTask(corpus, network, MCNNLoss(batch=batch, frames=16))


def texture_task(corpus: Corpus) -> TextureTask:
    cwae, mcnn = cwae_task(corpus), mcnn_task(corpus)
    cwae.prepare(lambda done, total: None)
    torch.manual_seed(0)
    config = dataclasses.replace(sizes_for(CLASS_NAMES, TINY_SIGNAL), bands=24, hidden=16, blocks=1)
    weights = TextureLoss(
        batch=4, seconds=0.1, windows=(64, 256), chosen=2, most=6, repeats=2, least=12, polish=1
    )
    return TextureTask(corpus, Texture(config), cwae.network, mcnn.network, weights)


def classifier_task(corpus: Corpus, dropout: float = 0.3, per_class: int = 6) -> ClassifierTask:
    torch.manual_seed(0)
    config = ClassifierConfig(CLASS_NAMES, TINY_SIGNAL, (8, 16), 16, pool=2, dropout=dropout)
    return ClassifierTask(corpus, Classifier(config), *halves(corpus), per_class=per_class)


def schedule(steps: int) -> Schedule:
    return Schedule(minutes=10.0, max_steps=steps, learning_rate=2e-3, warmup=1, cooldown=0.0, average=0.9)
