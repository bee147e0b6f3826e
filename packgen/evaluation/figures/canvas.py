"""A page for diagrams and spectrograms: drawn at twice its size and brought down, so that lines are smooth."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

SCALE = 2
Colour = tuple[int, int, int]
Point = tuple[float, float]
BACKGROUND, PANEL, INK, FAINT = (255, 255, 255), (247, 247, 249), (32, 32, 38), (150, 150, 158)
# Anchors of the colour scale of spectrograms, quiet to loud, evenly spaced.
RAMP = ((4, 4, 22), (44, 18, 92), (120, 28, 110), (196, 58, 82), (244, 132, 46), (253, 230, 150))


class Page:
    """A picture of `width` × `height` pixels."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._image = Image.new("RGB", (width * SCALE, height * SCALE), BACKGROUND)
        self._pen = ImageDraw.Draw(self._image)

    def text(self, at: Point, words: str, size: int = 12, colour: Colour = INK, anchor: str = "la") -> None:
        self._pen.text(_scaled(at), words, colour, _font(size * SCALE), anchor)

    def box(self, left: float, top: float, width: float, height: float, fill: Colour = PANEL) -> None:
        self._pen.rectangle((*_scaled((left, top)), *_scaled((left + width, top + height))), fill)

    def line(self, points: Iterable[Point], colour: Colour, width: float = 1.0) -> None:
        self._pen.line([_scaled(point) for point in points], colour, round(width * SCALE), "curve")

    def dot(self, at: Point, radius: float, fill: Colour, outline: Colour | None = None) -> None:
        x, y = _scaled(at)
        reach = radius * SCALE
        box = (x - reach, y - reach, x + reach, y + reach)
        self._pen.ellipse(box, fill, outline, SCALE if outline else 0)

    def picture(
        self, left: float, top: float, width: float, height: float, colours: NDArray[np.uint8]
    ) -> None:
        """Colours (rows, columns, 3), stretched over a box."""
        size = round(width * SCALE), round(height * SCALE)
        stretched = Image.fromarray(colours).resize(size, Image.Resampling.BOX)
        self._image.paste(stretched, (round(left * SCALE), round(top * SCALE)))

    def outline(self, left: float, top: float, width: float, height: float) -> None:
        self._pen.rectangle(
            (*_scaled((left, top)), *_scaled((left + width, top + height))), outline=FAINT, width=SCALE
        )

    def png(self, colours: int = 128) -> bytes:
        """The picture, its colours reduced to a table: a third of the size, and no eye sees it.

        The table covers all colours evenly: one made for the most frequent ones would tint words beside a spectrogram.
        """
        small = self._image.resize(self._size, Image.Resampling.LANCZOS)
        data = io.BytesIO()
        table = small.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        table.save(data, "PNG", optimize=True)
        return data.getvalue()


@dataclass(frozen=True)
class Panel:
    """A diagram's place on a page, and what stands at its edges.

    Attributes:
        left, top, width, height: pixels.
        x, y: lowest and highest value shown; what lies beyond is drawn at the edge.
    """

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> Point:
        """Where a value stands on the page."""
        across, up = _share(x, self.x), _share(y, self.y)
        return self.left + across * self.width, self.top + (1 - up) * self.height

    def frame(self, page: Page, title: str) -> None:
        """Its ground and title."""
        page.box(self.left, self.top, self.width, self.height)
        page.text((self.left, self.top - 7), title, 13, anchor="ls")

    def ticks_x(self, page: Page, ticks: Sequence[float], words: Sequence[str]) -> None:
        for value, word in zip(ticks, words, strict=True):
            x, y = self.at(value, self.y[0])
            page.line([(x, y), (x, y + 4)], FAINT)
            page.text((x, y + 6), word, 10, anchor="ma")

    def ticks_y(self, page: Page, ticks: Sequence[float], words: Sequence[str]) -> None:
        for value, word in zip(ticks, words, strict=True):
            x, y = self.at(self.x[0], value)
            page.line([(x, y), (x + self.width, y)], (228, 228, 233))
            page.text((x - 5, y), word, 10, anchor="rm")


def ramp(levels_db: NDArray[np.floating], range_db: float) -> NDArray[np.uint8]:
    """Levels in dB below the brightest colour to colours: (rows, columns) -> (rows, columns, 3)."""
    anchors = np.array(RAMP, np.float64)
    position = np.clip(1 + levels_db / range_db, 0, 1) * (len(anchors) - 1)
    channels = [np.interp(position, np.arange(len(anchors)), anchors[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).round().astype(np.uint8)


def _share(value: float, ends: tuple[float, float]) -> float:
    low, high = ends
    return min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.5


def _scaled(point: Point) -> Point:
    return point[0] * SCALE, point[1] * SCALE


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
