"""Pictures of a reconstruction, as the paper's figures 3 (spectrograms) and 4 (waveforms)."""

from __future__ import annotations

import io
import itertools

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from packgen.audio.mel import SignalConfig, band_centres
from packgen.audio.samples import Samples
from packgen.engine.inversion import LogMel
from packgen.evaluation.reconstruction import Reconstruction

WIDTH, HEIGHT, WAVE_HEIGHT = 340, 320, 150  # pixels of a spectrogram, and of a waveform
LEFT, TOP, GAP, BOTTOM = 62, 56, 34, 34  # pixels around and between
RANGE_DB = 90.0  # of the colours, below the original's loudest point
TICKS_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)  # the first that gives at most five is taken
PITCHES_HZ = (100, 300, 1000, 3000, 10_000)
BACKGROUND, INK, FAINT, WAVE = (255, 255, 255), (30, 30, 34), (150, 150, 158), (52, 94, 166)

# Anchors of the colour scale, quiet to loud, evenly spaced.
_ANCHORS = np.array(
    [(4, 4, 22), (44, 18, 92), (120, 28, 110), (196, 58, 82), (244, 132, 46), (253, 230, 150)], np.float64
)


def draw(found: Reconstruction, title: str, signal: SignalConfig) -> bytes:
    """A PNG: spectrograms side by side on top, original and final waveform below."""
    columns = list(found.mels.items())
    width = LEFT + len(columns) * (WIDTH + GAP)
    height = TOP + HEIGHT + GAP + 2 * (WAVE_HEIGHT + GAP) + BOTTOM
    image = Image.new("RGB", (width, height), BACKGROUND)
    pen = ImageDraw.Draw(image)
    pen.text((LEFT, 8), title, INK, ImageFont.load_default(15))
    # The level of magnitude 1 depends on nothing: all panels share the original's scale.
    top_db = float(_decibels(found.mels["original"], signal).max())
    for index, (name, log_mel) in enumerate(columns):
        left = LEFT + index * (WIDTH + GAP)
        panel = Image.fromarray(_colours(_decibels(log_mel, signal) - top_db))
        image.paste(panel.resize((WIDTH, HEIGHT), Image.Resampling.NEAREST), (left, TOP))
        _frame(pen, (left, TOP, WIDTH, HEIGHT), name)
        _seconds(pen, left, TOP + HEIGHT, WIDTH, signal)
        if index == 0:
            _pitches(pen, left, signal)
    across = width - LEFT - GAP
    for row, (name, samples) in enumerate((("original", found.original), ("final", found.rebuilt))):
        top = TOP + HEIGHT + GAP + 22 + row * (WAVE_HEIGHT + GAP)
        _wave(pen, (LEFT, top, across, WAVE_HEIGHT), samples, signal)
        _frame(pen, (LEFT, top, across, WAVE_HEIGHT), name)
    _seconds(pen, LEFT, top + WAVE_HEIGHT, across, signal)
    data = io.BytesIO()
    image.save(data, "PNG", optimize=True)
    return data.getvalue()


def _decibels(log_mel: LogMel, signal: SignalConfig) -> NDArray[np.float64]:
    """Compressed magnitudes to dB: (F, T) -> (F, T), low bands last."""
    magnitude = np.expm1(np.maximum(log_mel[::-1].astype(np.float64), 0.0)) * signal.floor
    return 20 * np.log10(np.maximum(magnitude, signal.floor))


def _colours(levels: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Levels in dB below the top to colours: (F, T) -> (F, T, 3)."""
    position = np.clip(1 + levels / RANGE_DB, 0, 1) * (len(_ANCHORS) - 1)
    channels = [np.interp(position, np.arange(len(_ANCHORS)), _ANCHORS[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def _frame(pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], name: str) -> None:
    left, top, width, height = box
    pen.rectangle((left - 1, top - 1, left + width, top + height), outline=FAINT)
    pen.text((left, top - 18), name, INK, ImageFont.load_default(13))


def _seconds(pen: ImageDraw.ImageDraw, left: int, bottom: int, width: int, signal: SignalConfig) -> None:
    """Ticks of the time axis under a panel."""
    total = signal.num_samples / signal.sample_rate
    step = next(s for s in TICKS_SECONDS if total <= 5 * s or s == TICKS_SECONDS[-1])
    font = ImageFont.load_default(11)
    for tick in np.arange(0.0, total + 1e-9, step):
        x = left + round(tick / total * (width - 1))
        pen.line((x, bottom, x, bottom + 4), FAINT)
        pen.text((x, bottom + 6), f"{tick:.3g}" + (" s" if tick == 0 else ""), INK, font, anchor="ma")


def _pitches(pen: ImageDraw.ImageDraw, left: int, signal: SignalConfig) -> None:
    """Ticks of the frequency axis, which is the mel scale."""
    centres = band_centres(signal)
    font = ImageFont.load_default(11)
    for hertz in PITCHES_HZ:
        if hertz < signal.sample_rate / 2:
            band = float(np.interp(hertz, centres, np.arange(len(centres))))
            y = TOP + HEIGHT - round((band + 0.5) / len(centres) * HEIGHT)
            pen.line((left - 5, y, left - 1, y), FAINT)
            words = f"{hertz / 1000:g} kHz" if hertz >= 1000 else f"{hertz} Hz"
            pen.text((left - 8, y), words, INK, font, anchor="rm")


def _wave(
    pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], samples: Samples, signal: SignalConfig
) -> None:
    """Lowest to highest sample of every pixel column, over the model's whole length."""
    left, top, width, height = box
    middle = top + height // 2
    pen.line((left, middle, left + width - 1, middle), FAINT)
    edges = np.linspace(0, signal.num_samples, width + 1).astype(int)
    for column, (start, end) in enumerate(itertools.pairwise(edges)):
        part = samples[start : max(end, start + 1)]
        if part.size:
            low, high = float(part.min()), float(part.max())
            reach = height / 2 - 4
            pen.line(
                (left + column, middle - round(high * reach), left + column, middle - round(low * reach)),
                WAVE,
            )
