"""Training curves: the validation and training losses that the runs wrote, as one picture."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packgen.errors import WeightsError
from packgen.evaluation.figures.canvas import FAINT, Colour, Page, Panel, Point

WIDTH, HEIGHT = 250, 150  # of a diagram
LEFT, TOP, GAP_X, GAP_Y, COLUMNS = 56, 92, 56, 62, 3
VALIDATION, TRAINING = (38, 96, 178), (196, 176, 150)


@dataclass(frozen=True)
class Shown:
    """A diagram: which columns of which network's curve, and its title."""

    network: str
    title: str
    validation: str
    training: str | None = None


DIAGRAMS = (
    Shown("cwae", "auto-encoder: squared error", "val_mse", "train_mse"),
    Shown("cwae", "auto-encoder: spectral convergence", "val_sc", "train_sc"),
    Shown("mcnn", "vocoder: spectral convergence, dB", "val_sc_db"),
    Shown("mcnn", "vocoder: multi-scale distance", "val_mss"),
    Shown("classifier", "class filter: wrong classes", "val_score"),
    Shown("judge", "judge: wrong classes", "val_score"),
)


def curves_picture(folder: Path) -> bytes | None:
    """A PNG of the curves ``NETWORK.csv`` in a folder; None where there is none.

    Raises:
        WeightsError: if a file there is no curve.
    """
    read = {path.stem: _read(path) for path in sorted(folder.glob("*.csv"))}
    found = [shown for shown in DIAGRAMS if shown.network in read]
    if not found:
        return None
    rows = -(-len(found) // COLUMNS)
    page = Page(LEFT + COLUMNS * (WIDTH + GAP_X), TOP + rows * (HEIGHT + GAP_Y) - 24)
    page.text((LEFT, 14), "Training curves", 18)
    page.text((LEFT, 40), "by step;", 11, FAINT)
    page.text((LEFT + 48, 40), "validation, its best marked", 11, VALIDATION)
    page.text((LEFT + 202, 40), "training", 11, TRAINING)
    for place, shown in enumerate(found):
        left = LEFT + place % COLUMNS * (WIDTH + GAP_X)
        top = TOP + place // COLUMNS * (HEIGHT + GAP_Y)
        _diagram(page, left, top, shown, read[shown.network])
    return page.png()


def _read(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            float(row["step"])
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise WeightsError(f"{path}: no curve of a training run ({error})") from error
    return rows


def _diagram(page: Page, left: float, top: float, shown: Shown, rows: list[dict[str, str]]) -> None:
    lines: list[tuple[Sequence[Point], Colour, float]] = []
    if shown.training:
        lines.append((_points(rows, shown.training), TRAINING, 1.2))
    lines.append((_points(rows, shown.validation), VALIDATION, 1.8))
    points = [point for line, _, _ in lines for point in line]
    if not points:
        return
    values = sorted(y for _, y in points)
    # The first validations tower over the rest: the scale reaches the ninth of ten.
    low, high = values[0], values[round(0.92 * (len(values) - 1))]
    margin = 0.06 * (high - low) or 0.1
    panel = Panel(left, top, WIDTH, HEIGHT, (0.0, max(x for x, _ in points)), (low - margin, high + margin))
    panel.frame(page, shown.title)
    ticks = _ticks(low, high, 4)
    panel.ticks_y(page, ticks, [f"{tick:g}" for tick in ticks])
    steps = [tick for tick in _ticks(*panel.x, 4) if tick >= 0]
    panel.ticks_x(page, steps, [f"{tick:,.0f}" for tick in steps])
    for line, colour, width in lines:
        page.line([panel.at(x, y) for x, y in line], colour, width)
    best = min(lines[-1][0], key=lambda point: point[1])
    page.dot(panel.at(*best), 2.8, VALIDATION)
    page.text((left + WIDTH, top - 7), f"{best[1]:.3g}", 12, VALIDATION, "rs")


def _points(rows: list[dict[str, str]], column: str) -> list[Point]:
    found = [(float(row["step"]), float(row[column])) for row in rows if row.get(column)]
    return [(x, y) for x, y in found if math.isfinite(y)]


def _ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` + 1 round numbers between two others.

    >>> _ticks(0.0, 6247.0, 4)
    [0.0, 2000.0, 4000.0, 6000.0]
    """
    if high <= low:
        return [low]
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    while (high - low) / step > most:
        step *= 2.0 if round(step / 10 ** math.floor(math.log10(step) + 1e-9)) in (1, 5) else 2.5
    first = math.ceil(low / step - 1e-9)
    count = math.floor(high / step + 1e-9) - first + 1
    return [round((first + index) * step, 10) for index in range(count)]
