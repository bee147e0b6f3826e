"""Laws of the mel front end."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from packgen.dsp import mel
from packgen.dsp.mel import SignalConfig

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
