"""Where electronic and acoustic sounds lie in the latent space: a map of every class, and drawn sounds on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from packgen.classes import BY_NAME
from packgen.evaluation.figures.canvas import FAINT, INK, Colour, Page, Panel
from packgen.latent import space as latent
from packgen.latent.electronic import Character
from packgen.training.acoustic import Kind

WIDTH, HEIGHT, STRIP = 230, 190, 54  # of a map, and of the character axis under it
LEFT, TOP, GAP_X, GAP_Y, COLUMNS = 34, 116, 30, 70, 4
REACH, ENDS = 3.0, 2.5  # deviations that a map shows, and characters that the axis shows
BINS = 40
COLOURS: dict[Kind, Colour] = {
    Kind.ACOUSTIC: (62, 116, 178),
    Kind.ELECTRONIC: (226, 110, 34),
    Kind.UNKNOWN: (190, 190, 196),
}
PALE: dict[Kind, Colour] = {Kind.ACOUSTIC: (150, 184, 220), Kind.ELECTRONIC: (246, 186, 138)}


@dataclass(frozen=True)
class Codes:
    """One class's points.

    Attributes:
        recordings: codes of real training sounds (n, D).
        kinds: their kinds (n,).
        voices: codes of synthesised electronic training sounds (m, D).
        drawn: codes of the sounds drawn acoustic and electronic, by kind.
    """

    recordings: latent.Points
    kinds: NDArray[np.int64]
    voices: latent.Points
    drawn: Mapping[Kind, latent.Points]


def regions_picture(
    classes: Sequence[str],
    spaces: Mapping[str, latent.ClassSpace],
    characters: Mapping[str, Character],
    found: Mapping[str, Codes],
) -> bytes:
    """A PNG: for every class its first two axes, and below them the axis that tells the two kinds apart."""
    rows = -(-len(classes) // COLUMNS)
    page = Page(LEFT + COLUMNS * (WIDTH + GAP_X), TOP + rows * (HEIGHT + STRIP + GAP_Y))
    page.text((LEFT, 12), "Acoustic and electronic in the latent space", 18)
    _legend(page)
    for place, name in enumerate(classes):
        left = LEFT + place % COLUMNS * (WIDTH + GAP_X)
        top = TOP + place // COLUMNS * (HEIGHT + STRIP + GAP_Y)
        _map(page, left, top, BY_NAME[name].title, spaces[name], found[name])
        if name in characters:
            _axis(page, left, top + HEIGHT + 8, characters[name], found[name])
    return page.png()


def _legend(page: Page) -> None:
    x, y = LEFT, 44.0
    for colour, words in (
        (COLOURS[Kind.ACOUSTIC], "acoustic recording"),
        (COLOURS[Kind.ELECTRONIC], "electronic recording"),
        (PALE[Kind.ELECTRONIC], "electronic voice"),
        (COLOURS[Kind.UNKNOWN], "recording of unknown kind"),
    ):
        page.dot((x + 4, y + 7), 3, colour)
        page.text((x + 12, y), words, 11)
        x += 172 if words.endswith("kind") else 146
    for kind, words in (
        (Kind.ACOUSTIC, "drawn with --character -1"),
        (Kind.ELECTRONIC, "drawn with --character 1"),
    ):
        page.dot((x + 4, y + 7), 4.5, PALE[kind], INK)
        page.text((x + 13, y), words, 11)
        x += 166
    page.text(
        (LEFT, 62),
        "Maps: P1 across, P2 up, ±3 deviations. Strips: the axis that --character moves along.",
        11,
        FAINT,
    )


def _map(page: Page, left: float, top: float, title: str, space: latent.ClassSpace, found: Codes) -> None:
    panel = Panel(left, top, WIDTH, HEIGHT, (-REACH, REACH), (-REACH, REACH))
    panel.frame(page, title)
    page.line([panel.at(-REACH, 0), panel.at(REACH, 0)], (228, 228, 233))
    page.line([panel.at(0, -REACH), panel.at(0, REACH)], (228, 228, 233))

    def dots(codes: latent.Points, radius: float, fill: Colour, outline: Colour | None = None) -> None:
        for code in codes:
            x, y = latent.coordinates(space, code, 2)
            page.dot(panel.at(float(x), float(y)), radius, fill, outline)

    dots(found.voices, 1.5, PALE[Kind.ELECTRONIC])
    for kind in (Kind.UNKNOWN, Kind.ACOUSTIC, Kind.ELECTRONIC):
        dots(found.recordings[found.kinds == kind], 1.9, COLOURS[kind])
    for kind, codes in found.drawn.items():
        dots(codes, 4.5, PALE[kind], INK)


def _axis(page: Page, left: float, top: float, character: Character, found: Codes) -> None:
    """Shares of the recordings along the character, and ticks of the drawn sounds."""
    panel = Panel(left, top, WIDTH, STRIP, (-ENDS, ENDS), (0.0, 1.0))
    page.box(left, top, WIDTH, STRIP)
    edges = np.linspace(-ENDS, ENDS, BINS + 1)

    def share(codes: latent.Points) -> NDArray[np.float64]:
        if not len(codes):
            return np.zeros(BINS)
        counts = np.histogram(np.clip(character.read(codes), -ENDS + 1e-6, ENDS - 1e-6), edges)[0]
        return np.asarray(counts / len(codes))

    bars = {
        PALE[Kind.ELECTRONIC]: share(found.voices),
        COLOURS[Kind.ACOUSTIC]: share(found.recordings[found.kinds == Kind.ACOUSTIC]),
        COLOURS[Kind.ELECTRONIC]: share(found.recordings[found.kinds == Kind.ELECTRONIC]),
    }
    tallest = max(float(each.max()) for each in bars.values()) * 1.35 or 1.0
    for number, (colour, each) in enumerate(bars.items()):
        for index in np.flatnonzero(each):
            x, y = panel.at(float(edges[index]), float(each[index]) / tallest)
            offset = number * WIDTH / BINS / 3
            page.box(x + offset, y, WIDTH / BINS / 3, top + STRIP - y, colour)
    for kind, codes in found.drawn.items():
        for value in character.read(codes):
            page.dot(panel.at(float(value), 0.9), 3.2, PALE[kind], INK)
    panel.ticks_x(page, (-1, 0, 1), ("acoustic", "0", "electronic"))
