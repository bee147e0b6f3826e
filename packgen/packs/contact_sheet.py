"""Contact sheets: waveform and log-mel spectrogram of every sound of a pack, readable at a glance.

A `Tile` is a sound reduced to a few kilobytes when it is rendered, so that a sheet needs no audio and the
memory does not grow with the pack. All tiles share one time axis: a short sound looks short.
"""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from packgen.audio.samples import Samples
from packgen.files.atomic import write_atomic

WIDTH, WAVE, MEL = 96, 36, 64  # pixels: of a tile, and of the heights of its two parts
LABEL, GAP, HEADER = 24, 8, 40  # pixels
COLUMNS = 12
PER_PAGE = 240  # tiles
BRIGHTEST = 12.0  # value of a compressed mel spectrogram that has the brightest colour
BACKGROUND, INK, FAINT = (18, 18, 22), (235, 235, 235), (140, 140, 150)
WAVE_COLOUR, SIBLING_COLOUR = (255, 196, 87), (110, 86, 44)

# Anchors of the colour scale, dark to bright, evenly spaced.
_ANCHORS = ((8, 6, 20), (52, 16, 92), (130, 28, 108), (205, 62, 78), (248, 140, 40), (252, 222, 120))


@dataclass(frozen=True)
class Tile:
    """A sound's picture.

    Attributes:
        label: two lines of text at most.
        mel: spectrogram (MEL, WIDTH), 0…255, low frequencies last.
        waves: lowest and highest sample per column of every take, (takes, 2, WIDTH), -127…127.
    """

    label: str
    mel: NDArray[np.uint8]
    waves: NDArray[np.int8]


def tile(label: str, log_mel: NDArray[np.float32], takes: Iterable[Samples], num_samples: int) -> Tile:
    """Reduce a sound: its first take's spectrogram (F, T), all takes' outlines over `num_samples`."""
    bands, frames = log_mel.shape
    rows = np.linspace(0, bands, MEL + 1).astype(int)
    columns = np.linspace(0, frames - 1, WIDTH).round().astype(int)
    pooled = np.maximum.reduceat(log_mel, rows[:-1], axis=0)[::-1, columns]
    mel = np.clip(pooled / BRIGHTEST * 255, 0, 255).astype(np.uint8)
    return Tile(label, mel, np.stack([_outline(samples, num_samples) for samples in takes]))


def _outline(samples: Samples, num_samples: int) -> NDArray[np.int8]:
    padded = np.zeros(num_samples + (-num_samples) % WIDTH, np.float32)
    size = min(len(samples), num_samples)
    padded[:size] = samples[:size]
    columns = padded.reshape(WIDTH, -1)
    return np.asarray(np.clip(np.stack([columns.min(1), columns.max(1)]) * 127, -127, 127), np.int8)


def to_text(picture: Tile) -> dict[str, str | int]:
    """A tile as JSON-able values, for a journal's line."""
    data = zlib.compress(picture.mel.tobytes() + picture.waves.tobytes(), 6)
    return {"label": picture.label, "takes": len(picture.waves), "data": base64.b64encode(data).decode()}


def from_text(values: dict[str, str | int]) -> Tile:
    """Inverse of `to_text`."""
    data = zlib.decompress(base64.b64decode(str(values["data"]), validate=True))
    mel = np.frombuffer(data, np.uint8, MEL * WIDTH).reshape(MEL, WIDTH)
    waves = np.frombuffer(data, np.int8, offset=MEL * WIDTH).reshape(int(values["takes"]), 2, WIDTH)
    return Tile(str(values["label"]), mel, waves)


def write_sheets(folder: Path, title: str, tiles: Iterable[Tile]) -> list[str]:
    """Draw ``contact_sheet.png``, and further pages for more than `PER_PAGE` tiles; returns the file names.

    Raises:
        OutputError: if one cannot be written.
    """
    names = []
    pages = _pages(tiles)
    for number, page in enumerate(pages, 1):
        name = "contact_sheet.png" if number == 1 else f"contact_sheet_{number}.png"
        buffer = io.BytesIO()
        draw_page(f"{title}, page {number}" if number > 1 else title, page).save(buffer, "PNG")
        write_atomic(folder / name, buffer.getvalue())
        names.append(name)
    return names


def _pages(tiles: Iterable[Tile]) -> Iterator[list[Tile]]:
    rest = iter(tiles)
    while page := list(islice(rest, PER_PAGE)):
        yield page


def draw_page(title: str, tiles: list[Tile]) -> Image.Image:
    """One page of tiles under a title."""
    columns = min(COLUMNS, max(4, len(tiles)))
    rows = -(-len(tiles) // columns)
    step_x, step_y = WIDTH + GAP, WAVE + MEL + LABEL + GAP
    page = Image.new("RGB", (columns * step_x + GAP, rows * step_y + HEADER), BACKGROUND)
    draw = ImageDraw.Draw(page)
    large, small = ImageFont.load_default(16), ImageFont.load_default(10)
    draw.text((GAP, 10), title, INK, large)
    for number, picture in enumerate(tiles):
        x, y = GAP + number % columns * step_x, HEADER + number // columns * step_y
        page.paste(_wave_image(picture), (x, y))
        page.paste(Image.fromarray(_COLOURS[picture.mel]), (x, y + WAVE))
        for line, text in enumerate(picture.label.split("\n")[:2]):
            draw.text((x, y + WAVE + MEL + 1 + 11 * line), _fit(text, small), FAINT if line else INK, small)
    return page


def _wave_image(picture: Tile) -> Image.Image:
    pixels = np.empty((WAVE, WIDTH, 3), np.uint8)
    pixels[:] = (28, 28, 34)
    rows = np.arange(WAVE)[:, None]
    # The sound itself last, over its siblings.
    for number in range(len(picture.waves) - 1, -1, -1):
        bottom, top = WAVE // 2 - picture.waves[number].astype(int) * (WAVE // 2 - 1) // 127
        pixels[(top <= rows) & (rows <= bottom)] = SIBLING_COLOUR if number else WAVE_COLOUR
    return Image.fromarray(pixels)


def _fit(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """The text, cut to a tile's width."""
    while font.getlength(text) > WIDTH and len(text) > 1:
        text = text[:-1]
    return text


def _colour_table() -> NDArray[np.uint8]:
    anchors = np.array(_ANCHORS, float)
    places = np.linspace(0, len(anchors) - 1, 256)
    channels = [np.interp(places, np.arange(len(anchors)), anchors[:, c]) for c in range(3)]
    return np.stack(channels, axis=1).astype(np.uint8)


_COLOURS = _colour_table()
