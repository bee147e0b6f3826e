"""Sheets of a model's sounds beside recordings, at a window so short that the texture of noise is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from packgen.audio.samples import Samples
from packgen.audio.shaping import pad, peak
from packgen.classes import BY_NAME
from packgen.evaluation.figures.canvas import FAINT, Page, ramp
from packgen.evaluation.metrics import magnitude

WINDOW, HOP = 512, 32  # samples
SECONDS, RANGE_DB = 0.5, 75.0  # that a spectrogram shows
RECORDED, GENERATED = 3, 5  # of a class
WIDTH, HEIGHT = 200, 110  # pixels of a spectrogram
LEFT, TOP, GAP, BETWEEN, BOTTOM = 96, 66, 6, 22, 10
COLOURS = 256  # of the picture

Rows = Mapping[str, Sequence[Samples]]  # class name -> sounds


def beside_recordings(classes: Sequence[str], recorded: Rows, generated: Rows, rate: int) -> bytes:
    """A PNG: a row a class, recordings on the left, the model's sounds on the right, 0 Hz to half the rate."""
    columns = RECORDED + GENERATED
    page = Page(LEFT + columns * (WIDTH + GAP) + BETWEEN, TOP + len(classes) * (HEIGHT + GAP) + BOTTOM)
    right = LEFT + RECORDED * (WIDTH + GAP) + BETWEEN
    page.text((LEFT, 10), "Beside recordings", 18)
    words = f"first {SECONDS:g} s, 0 … {rate / 2000:.4g} kHz, {RANGE_DB:g} dB, window {WINDOW}, hop {HOP}"
    page.text((LEFT + 180, 15), words, 11, FAINT)
    page.text((LEFT, TOP - 8), "recordings", 13, anchor="ls")
    page.text((right, TOP - 8), "a default pack: grid and drawn", 13, anchor="ls")
    for row, drum in enumerate(classes):
        top = TOP + row * (HEIGHT + GAP)
        page.text((LEFT - 8, top + HEIGHT / 2), BY_NAME[drum].title, 12, anchor="rm")
        for start, sounds in ((LEFT, recorded[drum][:RECORDED]), (right, generated[drum][:GENERATED])):
            for column, sound in enumerate(sounds):
                left = start + column * (WIDTH + GAP)
                page.picture(left, top, WIDTH, HEIGHT, ramp(levels(sound, rate), RANGE_DB))
    return page.png(COLOURS)


def levels(samples: Samples, rate: int) -> NDArray[np.float64]:
    """Levels in dB below the loudest cell: (N,) -> (bins, frames), low frequencies last."""
    shown = torch.from_numpy(pad(samples / (peak(samples) or 1.0), round(SECONDS * rate)))
    cells = magnitude(shown, WINDOW, HOP).double().numpy()[::-1]
    return np.asarray(20 * np.log10(np.maximum(cells / max(float(cells.max()), 1e-9), 1e-9)))
