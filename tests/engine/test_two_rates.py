"""An auto-encoder of the full band above a vocoder of its lower half: one sound at the higher rate."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from packgen.audio.mel import full_band
from packgen.classes import CLASS_NAMES
from packgen.engine.engine import Engine
from packgen.errors import WeightsError
from packgen.latent import space as latent
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier, ClassifierConfig
from packgen.networks.cwae import CWAE, CWAEConfig
from packgen.networks.mcnn import MCNN, MCNNConfig
from tests.conftest import TINY_SIGNAL, tiny_networks
from tests.fakes import DIMENSIONS, space

WIDE = full_band(TINY_SIGNAL, bands=57)


def wide_networks() -> tuple[CWAE, MCNN, Classifier]:
    """The tiny networks, but the auto-encoder and the filter know the octave above."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        cwae = CWAE(CWAEConfig(CLASS_NAMES, WIDE, DIMENSIONS, (32, 16), (4, 4, 4)))
        classifier = Classifier(ClassifierConfig(CLASS_NAMES, WIDE, (4, 8), 16))
    with torch.no_grad():
        cwae.mean += torch.linspace(9.0, -3.0, WIDE.frames)
        cwae.std *= 2.0
    return cwae.eval(), tiny_networks()[1], classifier.eval()


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(*wide_networks(), {name: space(index) for index, name in enumerate(CLASS_NAMES)}, {})


def code(seed: int) -> latent.Vector:
    return np.random.default_rng(seed).standard_normal(DIMENSIONS).astype(np.float32)


def treble(samples: np.ndarray, rate: int) -> float:
    """Share of the energy above 12 kHz."""
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float(power[np.fft.rfftfreq(len(samples), 1 / rate) > 12_000].sum() / power.sum())


def test_sounds_have_the_higher_rate_and_reach_the_top_octave(engine: Engine) -> None:
    rendered = engine.render("kick", code(0))
    assert engine.signal.sample_rate == 44_100
    assert rendered.log_mel.shape == (WIDE.bands, WIDE.frames)
    assert treble(rendered.samples, 44_100) > 1e-4


def test_below_the_seam_it_is_the_vocoders_sound_alone(engine: Engine) -> None:
    """What the octave above holds does not change what stands below."""
    spectrogram = engine.decode("snare", code(1))
    dark = spectrogram.copy()
    dark[TINY_SIGNAL.bands :] = 0.0
    drum = torch.from_numpy(engine.class_vector("snare"))
    bright, muted = (
        engine.chain.sound(torch.from_numpy(mel), drum, 0, np.random.default_rng(0))
        for mel in (spectrogram, dark)
    )
    size = min(len(bright), len(muted))
    difference = np.abs(np.fft.rfft(bright[:size] - muted[:size]))
    below = np.fft.rfftfreq(size, 1 / 44_100) < 9_000
    assert difference[below].max() < 0.02 * difference.max()


def test_the_same_point_gives_the_same_bytes_and_another_another_noise(engine: Engine) -> None:
    first, again, near = (engine.sound("clap", point) for point in (code(2), code(2), code(2) + 0.01))
    assert np.array_equal(first, again)
    size = min(len(first), len(near))
    assert not np.allclose(first[:size], near[:size], atol=1e-3)


def test_a_vocoder_of_another_signal_is_refused(tmp_path: Path) -> None:
    cwae, mcnn, classifier = wide_networks()
    other = MCNN(
        dataclasses.replace(mcnn.config, signal=dataclasses.replace(TINY_SIGNAL, sample_rate=24_000))
    )
    assert isinstance(other.config, MCNNConfig)
    for name, network in (("cwae", cwae), ("mcnn", other), ("classifier", classifier)):
        checkpoint.save(tmp_path / f"{name}.safetensors", network, {})
    with pytest.raises(WeightsError, match="different signals"):
        Engine.load(tmp_path)
