"""A picture of what a performance changed: how early or late, how loud and how bright each hit is, drum by drum."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PIL import Image, ImageDraw

from packgen.humanizer.events import Hit, Lane, Stroke

SECONDS = 16.0  # shown: more would leave no room for a hit
WIDTH, LABEL, STRIP, GAP, HEAD = 1600, 150, 30, 14, 40  # pixels
STRIPS = ("time", "velocity", "brightness")
PAPER, INK, RULE, GHOST = (250, 250, 247), (40, 40, 46), (224, 224, 218), (176, 176, 172)
EARLY, LATE, LOUD = (52, 110, 190), (200, 92, 48), (74, 74, 84)


def draw(
    hits: Sequence[Hit],
    brightness: Mapping[Stroke, float],
    names: Mapping[Lane, str],
    title: str,
    beats: Sequence[float] = (),
) -> bytes:
    """The first seconds of a performance as PNG.

    Each drum has three strips. Time: bars up for late, down for early, on a common scale. Velocity: a bar for
    what is played, an outline for what was programmed. Brightness: a dot, dark to bright within its drum,
    whose range stands at the left.

    Args:
        hits: in order of time, at least one.
        brightness: spectral centroid of each stroke, hertz.
        names: label of each lane, in the order of the rows.
        title: stands at the top.
        beats: seconds of the beats, drawn as upright lines.
    """
    begin = min(hit.time for hit in hits)
    shown = [hit for hit in hits if hit.time <= begin + SECONDS]
    length = max(max(hit.time for hit in shown) - begin, 0.25) * 1.03
    lanes = [lane for lane in names if any(hit.stroke.lane == lane for hit in shown)]
    height = HEAD + len(lanes) * (len(STRIPS) * STRIP + GAP)
    image = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(image)
    widest = max(max(abs(hit.time - hit.source.time) for hit in shown), 0.001)
    last = max(hit.time for hit in hits)
    part = f", its first {SECONDS:g} s of {last - begin:.0f}" if len(shown) < len(hits) else ""
    legend = f"time up to {widest * 1000:.1f} ms late (up) or early (down)"
    pen.text((8, 8), f"{title}{part}   |   {legend}", fill=INK)

    def across(time: float) -> float:
        return LABEL + (time - begin) / length * (WIDTH - LABEL - 12)

    for beat in beats:
        if begin - 0.01 <= beat <= begin + length:
            pen.line((across(beat), HEAD - 8, across(beat), height), fill=RULE)
    for row, lane in enumerate(lanes):
        top = HEAD + row * (len(STRIPS) * STRIP + GAP)
        own = [hit for hit in shown if hit.stroke.lane == lane]
        pen.text((8, top + 4), names[lane], fill=INK)
        hertz = [brightness[hit.stroke] for hit in own]
        pen.text((8, top + 2 * STRIP + 10), f"{min(hertz):.0f}-{max(hertz):.0f} Hz", fill=GHOST)
        for strip, name in enumerate(STRIPS):
            y = top + strip * STRIP
            pen.text((90, y + 10), name, fill=GHOST)
            pen.line((LABEL, y + STRIP - 1, WIDTH - 8, y + STRIP - 1), fill=RULE)
        _time_strip(pen, own, across, top + STRIP // 2, widest)
        _velocity_strip(pen, own, across, top + 2 * STRIP - 2)
        _brightness_strip(pen, own, across, top + 3 * STRIP - 5, brightness)
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _time_strip(
    pen: ImageDraw.ImageDraw, hits: list[Hit], across: Callable[[float], float], middle: float, widest: float
) -> None:
    for hit in hits:
        x, late = across(hit.time), hit.time - hit.source.time
        size = late / widest * (STRIP / 2 - 3)
        pen.line((x, middle, x, middle - size), fill=LATE if late > 0 else EARLY, width=3)
        pen.point((x, middle), fill=INK)


def _velocity_strip(
    pen: ImageDraw.ImageDraw, hits: list[Hit], across: Callable[[float], float], floor: float
) -> None:
    for hit in hits:
        x = across(hit.time)
        played, asked = (velocity / 127 * (STRIP - 5) for velocity in (hit.velocity, hit.source.velocity))
        pen.rectangle((x - 2, floor - played, x + 1, floor), fill=LOUD)
        pen.line((x - 4, floor - asked, x + 3, floor - asked), fill=LATE)


def _brightness_strip(
    pen: ImageDraw.ImageDraw,
    hits: list[Hit],
    across: Callable[[float], float],
    floor: float,
    brightness: Mapping[Stroke, float],
) -> None:
    values = np.log([max(brightness[hit.stroke], 1.0) for hit in hits])
    low, span = float(values.min()), float(np.ptp(values))
    for hit, value in zip(hits, values.tolist(), strict=True):
        share = (value - low) / span if span > 1e-9 else 0.5
        x, y = across(hit.time), floor - share * (STRIP - 10)
        colour = (round(60 + 190 * share), round(60 + 120 * share), round(120 - 90 * share))
        pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=colour)
