"""Pictures of a reconstruction, as the paper's figures 3 (spectrograms) and 4 (waveforms)."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from packgen.audio.mel import SignalConfig, band_centres
from packgen.audio.samples import Samples
from packgen.engine.inversion import LogMel
from packgen.evaluation.figures.canvas import FAINT, Page, ramp
from packgen.evaluation.reconstruction import Reconstruction

WIDTH, HEIGHT, WAVE_HEIGHT = 340, 320, 150  # pixels of a spectrogram, and of a waveform
LEFT, TOP, GAP, BOTTOM = 62, 56, 34, 34  # pixels around and between
RANGE_DB = 90.0  # of the colours, below the original's loudest point
TICKS_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)  # the first that gives at most five is taken
PITCHES_HZ = (100, 300, 1000, 3000, 10_000)
WAVE = (52, 94, 166)
COLOURS = 256  # of the picture


def reconstruction_picture(found: Reconstruction, title: str, signal: SignalConfig) -> bytes:
    """A PNG: spectrograms side by side on top, original and final waveform below."""
    columns = list(found.mels.items())
    width = LEFT + len(columns) * (WIDTH + GAP)
    page = Page(width, TOP + HEIGHT + GAP + 2 * (WAVE_HEIGHT + GAP) + BOTTOM)
    page.text((LEFT, 8), title, 15)
    # The level of magnitude 1 depends on nothing: all panels share the original's scale.
    top_db = float(_decibels(found.mels["original"], signal).max())
    for index, (name, log_mel) in enumerate(columns):
        left = LEFT + index * (WIDTH + GAP)
        page.picture(left, TOP, WIDTH, HEIGHT, ramp(_decibels(log_mel, signal) - top_db, RANGE_DB))
        _frame(page, left, TOP, WIDTH, HEIGHT, name)
        _seconds(page, left, TOP + HEIGHT, WIDTH, signal)
        if index == 0:
            _pitches(page, left, signal)
    across = width - LEFT - GAP
    for row, (name, samples) in enumerate((("original", found.original), ("final", found.rebuilt))):
        top = TOP + HEIGHT + GAP + 22 + row * (WAVE_HEIGHT + GAP)
        _wave(page, LEFT, top, across, samples, signal)
        _frame(page, LEFT, top, across, WAVE_HEIGHT, name)
    _seconds(page, LEFT, top + WAVE_HEIGHT, across, signal)
    return page.png(COLOURS)


def _decibels(log_mel: LogMel, signal: SignalConfig) -> NDArray[np.float64]:
    """Compressed magnitudes to dB: (F, T) -> (F, T), low bands last."""
    magnitude = np.expm1(np.maximum(log_mel[::-1].astype(np.float64), 0.0)) * signal.floor
    return 20 * np.log10(np.maximum(magnitude, signal.floor))


def _frame(page: Page, left: float, top: float, width: float, height: float, name: str) -> None:
    page.outline(left, top, width, height)
    page.text((left, top - 18), name, 13)


def _seconds(page: Page, left: float, bottom: float, width: float, signal: SignalConfig) -> None:
    """Ticks of the time axis under a panel."""
    total = signal.num_samples / signal.sample_rate
    step = next(s for s in TICKS_SECONDS if total <= 5 * s or s == TICKS_SECONDS[-1])
    for tick in np.arange(0.0, total + 1e-9, step):
        x = left + float(tick) / total * width
        page.line([(x, bottom), (x, bottom + 4)], FAINT)
        page.text((x, bottom + 6), f"{tick:.3g}" + (" s" if tick == 0 else ""), 11, anchor="ma")


def _pitches(page: Page, left: float, signal: SignalConfig) -> None:
    """Ticks of the frequency axis, which is the mel scale."""
    centres = band_centres(signal)
    for hertz in PITCHES_HZ:
        if hertz < signal.sample_rate / 2:
            band = float(np.interp(hertz, centres, np.arange(len(centres))))
            y = TOP + HEIGHT - (band + 0.5) / len(centres) * HEIGHT
            page.line([(left - 5, y), (left - 1, y)], FAINT)
            words = f"{hertz / 1000:g} kHz" if hertz >= 1000 else f"{hertz} Hz"
            page.text((left - 8, y), words, 11, anchor="rm")


def _wave(page: Page, left: float, top: float, width: int, samples: Samples, signal: SignalConfig) -> None:
    """Lowest to highest sample of every pixel column, over the model's whole length."""
    middle, reach = top + WAVE_HEIGHT / 2, WAVE_HEIGHT / 2 - 4
    page.line([(left, middle), (left + width, middle)], FAINT)
    edges = np.linspace(0, signal.num_samples, width + 1).astype(int)
    for column, (start, end) in enumerate(itertools.pairwise(edges)):
        part = samples[start : max(end, start + 1)]
        if part.size:
            x = left + column + 0.5
            page.line(
                [(x, middle - reach * float(part.max())), (x, middle - reach * float(part.min()))], WAVE
            )
