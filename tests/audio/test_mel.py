"""Laws of the mel front end."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from packgen.audio import mel
from packgen.audio.mel import SignalConfig

SIGNAL = SignalConfig()


def test_the_papers_sizes() -> None:
    assert (SIGNAL.frames, SIGNAL.bins) == (86, 1025)
    spectrogram = mel.mel_spectrogram(torch.zeros(2, SIGNAL.num_samples), SIGNAL)
    assert spectrogram.shape == (2, 512, 86)


@pytest.mark.parametrize("signal", [SIGNAL, SignalConfig(sample_rate=44_100, fft=4096, window=2048, hop=512)])
def test_no_filter_is_empty_and_each_is_a_mean(signal: SignalConfig) -> None:
    bank = mel.filterbank(signal)
    assert (bank >= 0).all()
    assert_close(bank.sum(1), torch.ones(signal.bands))


def test_filters_rise_in_frequency_and_even_the_lowest_are_told_apart() -> None:
    bank = mel.filterbank(SIGNAL)
    hertz = torch.linspace(0, SIGNAL.sample_rate / 2, SIGNAL.bins)
    centres = bank @ hertz
    assert (centres.diff() > 0).all()
    assert_close(centres, torch.from_numpy(mel.band_centres(SIGNAL)).float(), atol=6.0, rtol=0.02)


def test_mel_scale_inverts() -> None:
    hertz = np.linspace(0, 11_025, 100)
    np.testing.assert_allclose(mel.mel_to_hz(mel.hz_to_mel(hertz)), hertz, atol=1e-9)


def test_stft_inverts() -> None:
    audio = torch.randn(3, SIGNAL.num_samples)
    back = mel.istft(mel.stft(audio, SIGNAL), SIGNAL.num_samples, SIGNAL)
    assert_close(back, audio, atol=1e-4, rtol=1e-4)


def test_a_sine_lands_in_its_band_with_its_amplitude() -> None:
    time = torch.arange(SIGNAL.num_samples) / SIGNAL.sample_rate
    spectrogram = mel.mel_spectrogram(torch.sin(2 * torch.pi * 60.0 * time), SIGNAL)
    band = int(spectrogram[:, 40].argmax())
    assert abs(mel.band_centres(SIGNAL)[band] - 60.0) < 8.0
    assert 200 < float(spectrogram[band, 40]) <= 257  # a full-scale sine: half the window's sum of 512


def test_the_pseudo_inverse_gives_a_spectrogram_with_the_same_mel() -> None:
    audio = torch.randn(SIGNAL.num_samples) * torch.exp(-torch.arange(SIGNAL.num_samples) / 3000)
    spectrogram = mel.mel_spectrogram(audio, SIGNAL)
    again = mel.filterbank(SIGNAL) @ mel.mel_to_magnitude(spectrogram, SIGNAL)
    assert float((again - spectrogram).norm() / spectrogram.norm()) < 0.1


def test_compression_inverts_and_keeps_silence_silent() -> None:
    spectrogram = torch.tensor([[0.0, 1e-4, 1.0, 200.0]])
    compressed = mel.compress(spectrogram, SIGNAL)
    assert compressed[0, 0] == 0
    assert_close(mel.expand(compressed, SIGNAL), spectrogram)
    assert mel.expand(torch.tensor([-3.0]), SIGNAL) == 0


def test_the_front_end_passes_gradients() -> None:
    audio = torch.randn(2000, requires_grad=True)
    mel.compress(mel.mel_spectrogram(audio, SIGNAL), SIGNAL).sum().backward()  # type: ignore[no-untyped-call]
    assert audio.grad is not None and torch.isfinite(audio.grad).all() and audio.grad.abs().sum() > 0


def test_the_lower_bands_of_the_full_band_are_the_papers() -> None:
    full = mel.full_band()
    assert (full.sample_rate, full.num_samples, full.frames, full.bands) == (44_100, 44_030, 86, 615)
    assert 21_900 < full.edges[-1] < 22_050
    np.testing.assert_allclose(full.edges[: SIGNAL.bands + 2], SIGNAL.edges, rtol=1e-12)
    assert_close(
        mel.filterbank(full)[: SIGNAL.bands, : SIGNAL.bins] * 2, mel.filterbank(SIGNAL), atol=1e-6, rtol=1e-4
    )


def test_a_sound_without_treble_has_one_spectrogram_at_either_rate() -> None:
    full = mel.full_band()
    time = torch.arange(full.num_samples) / full.sample_rate
    sound = sum(torch.sin(2 * torch.pi * hertz * time) for hertz in (61.0, 440.0, 5000.0)) / 3
    sound = sound * torch.sin(torch.pi / 2 * (time / 0.05).clamp_max(1)) ** 2 * torch.exp(-6 * time)
    high, low = mel.mel_spectrogram(sound, full)[:, :-2], mel.mel_spectrogram(sound[::2], SIGNAL)[:, :-2]
    assert_close(high[: SIGNAL.bands], low, atol=0.02, rtol=0.02)
    assert high[SIGNAL.bands :].max() < 0.02


@pytest.mark.parametrize("size", [0, 1, 300, 5000, 44_030, 60_000])
def test_the_fast_spectrogram_of_one_sound_is_the_plain_one(size: int) -> None:
    full = mel.full_band()
    sound = np.random.default_rng(1).standard_normal(size, np.float32) * np.float32(0.1)
    padded = np.zeros(full.num_samples, np.float32)
    padded[: min(size, full.num_samples)] = sound[: full.num_samples]
    plain = mel.compress(mel.mel_spectrogram(torch.from_numpy(padded), full), full).numpy()
    np.testing.assert_allclose(mel.log_mel(sound, full), plain, atol=2e-4)
