"""The texture network: what it adds is noise of the level and band that it says, and its score is a proper one."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from packgen.audio.mel import compress, full_band, mel_spectrogram
from packgen.networks.losses import energy_distance
from packgen.networks.texture import (
    Controls,
    Texture,
    TextureConfig,
    band_mixing,
    bin_mixing,
    centres,
    sizes_for,
    smooth_envelope,
    textured,
)

CONFIG = sizes_for(("kick", "snare"), full_band())
FRAMES = 172
SAMPLES = 44_031
SHUT, OPEN = -60.0, 60.0


def controls(gain: float = SHUT, gate: float = SHUT, envelope: float = 0.0) -> Controls:
    bands = (1, CONFIG.bands, FRAMES)
    points = (1, CONFIG.points * FRAMES)
    return Controls(torch.full(bands, gain), torch.full(bands, gate), torch.full(points, envelope))


def noise(seed: int, count: int = 1) -> Tensor:
    return torch.randn(count, SAMPLES, generator=torch.Generator().manual_seed(seed))


def test_open_gates_let_the_vocoders_sound_through_as_it_is() -> None:
    sound = noise(0)
    found = textured(controls(gate=OPEN), sound, noise(1), CONFIG)
    torch.testing.assert_close(found, sound, atol=2e-3, rtol=0)


def test_a_gain_of_one_is_noise_of_unit_variance() -> None:
    found = textured(controls(gain=0.0), torch.zeros(1, SAMPLES), noise(1), CONFIG)
    assert float(found[:, 2000:-2000].std()) == pytest.approx(1.0, rel=0.03)


def test_the_envelope_is_of_the_whole_sound_in_nepers() -> None:
    sound = noise(0)
    found = textured(controls(gate=OPEN, envelope=math.log(0.5)), sound, noise(1), CONFIG)
    torch.testing.assert_close(found, 0.5 * sound, atol=2e-3, rtol=0)
    points = torch.arange(float(CONFIG.points * FRAMES))[None]
    line = smooth_envelope(points, SAMPLES - 1000, CONFIG)
    step = CONFIG.hop // CONFIG.points
    torch.testing.assert_close(line[0, :640], torch.arange(640) / step)


def test_a_bands_gain_stands_where_its_centre_is() -> None:
    asked = controls()
    band = 60
    asked.gain[:, band] = 0.0
    found = textured(asked, torch.zeros(1, SAMPLES), noise(1), CONFIG)[0]
    power = torch.fft.rfft(found).abs().square()
    hertz = torch.linspace(0, CONFIG.signal.sample_rate / 2, len(power))
    mean = float((power * hertz).sum() / power.sum())
    assert mean == pytest.approx(centres(CONFIG)[band], rel=0.1)


def test_band_and_bin_weights_are_means() -> None:
    torch.testing.assert_close(band_mixing(CONFIG).sum(1), torch.ones(CONFIG.bands))
    torch.testing.assert_close(bin_mixing(CONFIG).sum(1), torch.ones(CONFIG.window // 2 + 1))


def test_an_untrained_network_puts_noise_about_the_decoded_level() -> None:
    """Of white noise it makes noise a neper softer, in every band: it need not learn what a level is."""
    log_mel = compress(mel_spectrogram(noise(2), CONFIG.signal), CONFIG.signal)
    torch.manual_seed(0)
    found = Texture(CONFIG)(log_mel, torch.eye(2)[:1])
    middle = found.gain[0, :, 40:130].mean(1)
    assert found.gain.shape == (1, CONFIG.bands, 2 * log_mel.shape[2])
    torch.testing.assert_close(middle, torch.full_like(middle, -1.0), atol=0.5, rtol=0)
    assert not found.envelope.any()


def test_a_hop_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="hop"):
        Texture(TextureConfig(("kick",), full_band(), 512, hop=100))


WINDOWS = (128, 512, 2048)


def score(real: Tensor, first: Tensor, second: Tensor) -> float:
    return float(energy_distance(real, first, second, WINDOWS, 44_100).mean())


def test_the_energy_distance_prefers_noise_of_the_right_level_to_any_other() -> None:
    real, first, second = (0.1 * noise(seed, 8) for seed in (1, 2, 3))
    right = score(real, first, second)
    assert right < score(real, 1.4 * first, 1.4 * second)
    assert right < score(real, 0.7 * first, 0.7 * second)


def test_the_energy_distance_prefers_noise_to_its_mean_spectrum() -> None:
    """A pulse has the smooth spectrum that squared errors reward, and is no noise."""
    real, first, second = (0.1 * noise(seed, 8) for seed in (1, 2, 3))
    pulses = torch.zeros_like(real)
    pulses[:, ::512] = 0.1 * math.sqrt(512)
    assert score(real, first, second) < score(real, pulses, pulses)


def test_the_energy_distance_of_a_sound_to_itself_is_the_least() -> None:
    real = 0.1 * noise(1, 4)
    assert abs(score(real, real, real)) < 0.02
