"""The report: tables for people, JSON for machines."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

import packgen
from packgen.evaluation.attack import MILLISECONDS
from packgen.evaluation.evaluate import Evaluation, PackQuality
from packgen.evaluation.fidelity import Fidelity
from packgen.evaluation.targets import hit_rate, of_distances, over_packs, targets
from packgen.evaluation.traits import mean_of

FORMAT = "packgen-eval-2"
DISTANCES = (
    ("FAD", ".3g", "frechet"),
    ("KID", ".3g", "kernel"),
    ("coverage", ".3f", "coverage"),
    ("density", ".3f", "density"),
)
SILENT_DB = -200.0  # a level below is printed as none at all


def as_json(found: Evaluation) -> dict[str, Any]:
    """Everything measured, for `json.dumps`; an infinite ratio becomes null."""
    rows = [
        dataclasses.asdict(t) | {"value": t.value if math.isfinite(t.value) else None, "met": t.met}
        for t in targets(found)
    ]
    about = {"format": FORMAT, "packgen": packgen.__version__}
    return about | dataclasses.asdict(found) | {"targets": rows}


def as_tables(found: Evaluation) -> RenderableType:
    """Everything measured, for a person at a terminal."""
    return Group(
        _fidelity(f"Copy-synthesis of {found.pairs} validation sounds", found.vocoding),
        _fidelity("Through the latent code", found.coding),
        _energy(found),
        _packs(found),
        _hits(found),
        _traits(found),
        *([_kinds(found)] if found.kinds else []),
        _copies(found),
        _targets(found),
        *(Text(f"Left out: {line}") for line in found.left_out),
    )


def _table(title: str, *columns: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for index, name in enumerate(columns):
        table.add_column(name, justify="right" if index else "left", no_wrap=not index)
    return table


def _level(level_db: float | None) -> str:
    if level_db is None:
        return "–"
    return "−∞" if level_db < SILENT_DB else f"{level_db:.1f}"


def _seeds(found: Evaluation) -> str:
    first, last = found.packs[0].seed, found.packs[-1].seed
    return f"seed {first}" if first == last else f"seeds {first}–{last}"


def _fidelity(title: str, rows: dict[str, Fidelity]) -> Table:
    first = f"{MILLISECONDS[0]} ms"
    columns = ("mel-SC dB", "below 2 kHz", f"attack {first}, dB", "stripes", "tail dB", "ms", "failed")
    table = _table(title, "", *columns)
    for name, row in rows.items():
        table.add_row(
            name,
            f"{row.mel_sc_db:.1f}",
            f"{row.low_sc_db:.1f}",
            f"{row.attack_db[first]:.1f}",
            f"{row.stripe_ratio:.2f}",
            _level(row.tail_db),
            f"{row.milliseconds:.0f}",
            str(row.failed),
        )
    return table


def _energy(found: Evaluation) -> Table:
    energy = found.energy
    table = _table("Energy distance to the recording", "", "distance", "sounds")
    table.add_row("two draws of its code", f"{energy.drawn:.3f}", str(energy.sounds))
    table.add_row("the vocoder alone", f"{energy.without_texture:.3f}", str(energy.sounds))
    instrument = "–" if energy.instrument is None else f"{energy.instrument:.3f}"
    table.add_row("two recordings of its instrument", instrument, str(energy.instruments))
    return table


def _packs(found: Evaluation) -> Table:
    """Every pack, their mean, and real sounds."""
    real = found.reference
    asked, compared = found.packs[0].asked, real.distances["judge"].compared
    title = f"Default packs, {asked} sounds a class ({compared} in the distances), {_seeds(found)}"
    table = _table(title, "", *(f"seed {pack.seed}" for pack in found.packs), "mean", "real")

    def row(name: str, digits: str, value: Callable[[PackQuality], float], reference: str = "") -> None:
        figures = [value(pack) for pack in found.packs]
        mean = over_packs(found, value)
        table.add_row(name, *(format(figure, digits) for figure in [*figures, mean]), reference)

    row("hit rate", ".3f", lambda p: p.mean_hit_rate, f"{real.mean_hit_rate:.3f}")
    row("  of the grid's half", ".3f", lambda p: p.grid_hit_rate)
    row("  of the drawn half", ".3f", lambda p: p.drawn_hit_rate)
    row("can it be told? AUC", ".3f", lambda p: p.told_apart, "0.5")
    for name, training in real.distances.items():
        for words, digits, figure in DISTANCES:
            beside = format(getattr(training, figure), digits)
            row(f"{words}, {name}", digits, of_distances(name, figure), beside)
    row("stripe ratio", ".2f", lambda p: p.stripe_ratio, "1")
    if all(pack.kick_band_db is not None for pack in found.packs):
        row("kicks at 40–80 Hz, dB", ".1f", lambda p: p.kick_band_db or 0.0, _level(real.kick_band_db))
    row("last ms, dB re peak", ".1f", lambda p: p.end_db, _level(real.end_db))
    row("draws refused", ".0f", lambda p: p.redrawn)
    row("draws without sound", ".0f", lambda p: p.degenerate)
    row("ms a sound", ".0f", lambda p: p.milliseconds)
    return table


def _hits(found: Evaluation) -> Table:
    twins = found.reference.twins
    title = f"Hit rate by class ({twins} of the real sounds stand in the training split under another name)"
    table = _table(title, "", "default packs", "real", "real sounds")
    for name, rate in found.reference.hit_rate.items():
        count = found.reference.validation[name]
        table.add_row(name, f"{hit_rate(found, name):.2f}", f"{rate:.2f}", str(count))
    return table


def _traits(found: Evaluation) -> Table:
    """Medians by class, each beside the recordings'."""
    generated, real = mean_of([pack.traits for pack in found.packs]), found.reference.traits
    names = ("texture", "modulation", "modes", "air")
    title = "Medians by class, dB: packs, recordings (white noise has a texture of 5.6)"
    table = _table(title, "", "texture", "real", "at 86 Hz", "real", "modes", "real", "air", "real", "of")
    for drum, count in real.sounds.items():
        cells = [_level(getattr(each, name).get(drum)) for name in names for each in (generated, real)]
        table.add_row(drum, *cells, str(count))
    return table


def _kinds(found: Evaluation) -> Table:
    count = found.plan.each_kind
    title = f"Heard as asked: {count} sounds a class drawn acoustic (-1), {count} electronic (+1)"
    table = _table(title, "", "acoustic", "real", "electronic", "real", "recordings")
    for name, row in found.kinds.items():
        real = [
            f"{share:.2f}" if share is not None else "–" for share in (row.real_acoustic, row.real_electronic)
        ]
        counts = f"{row.recordings[0]}, {row.recordings[1]}"
        table.add_row(name, f"{row.acoustic:.2f}", real[0], f"{row.electronic:.2f}", real[1], counts)
    return table


def _copies(found: Evaluation) -> Table:
    title = f"Nearest of {found.reference.training} training sounds"
    table = _table(title, "", "generated: closest", "median", "real: closest", "median", "copies")
    for pack in found.packs:
        for name, row in (("judge's embedding", pack.copies_embedding), ("mel, dB", pack.copies_mel)):
            values = (row.nearest, row.median, row.reference, row.median_reference)
            cells = (f"{value:.3g}" for value in values)
            table.add_row(f"seed {pack.seed}, {name}", *cells, str(row.closer))
    return table


def _targets(found: Evaluation) -> Table:
    table = _table(f"Targets ({_seeds(found)}, model {found.model})", "", "found", "target", "", "beside it")
    for target in targets(found):
        mark = "[green]met[/green]" if target.met else "[red]missed[/red]"
        bound = f"{target.sign} {target.bound:g}"
        table.add_row(target.measure, f"{target.value:.3g}", bound, mark, target.reference)
    return table
