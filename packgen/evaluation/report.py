"""The report: targets, tables for people, JSON for machines."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table

import packgen
from packgen.evaluation.acoustic import of_each_kind
from packgen.evaluation.evaluate import Evaluation, Set
from packgen.evaluation.fidelity import Fidelity, polish_words

FORMAT = "packgen-eval-1"
SILENT_DB = -200.0  # a level below is printed as none at all


@dataclass(frozen=True)
class Target:
    """A figure, what it is to be, and what stands beside it.

    Attributes:
        measure: what is measured.
        value: what was found.
        sign: ``≤`` or ``≥``.
        bound: the value is to be on that side of it.
        reference: of the same run, in words.
    """

    measure: str
    value: float
    sign: str
    bound: float
    reference: str

    @property
    def met(self) -> bool:
        """Whether the value is on the right side of its bound."""
        return self.value <= self.bound if self.sign == "≤" else self.value >= self.bound


def targets(found: Evaluation) -> Iterator[Target]:
    """The project's targets, in order, with what was found."""
    steps = polish_words(found.polish)
    rival = found.vocoding["Griffin-Lim 16"]
    bare, vocoder = found.vocoding["vocoder, no polish"], found.vocoding[f"vocoder, {steps}"]
    coded, guessed = found.coding[f"refined, {steps}"], found.coding[f"encoder, {steps}"]
    rival_sc = f"Griffin-Lim 16: {rival.mel_sc_db:.1f}"
    yield Target("vocoder, mel-SC dB", vocoder.mel_sc_db, "≤", -20.0, rival_sc)
    yield Target("vocoder, ms", vocoder.milliseconds, "≤", 15.0, f"Griffin-Lim 16: {rival.milliseconds:.0f}")
    yield Target("vocoder without polish, mel-SC dB", bare.mel_sc_db, "≤", -12.0, rival_sc)
    yield Target(
        "through the code, mel-SC dB", coded.mel_sc_db, "≤", -9.0, f"encoder alone: {guessed.mel_sc_db:.1f}"
    )

    default, real = next(iter(found.sets.values())), found.reference
    rates = default.quality.hit_rate
    shares = {name: ratio(rates[name], rate) for name, rate in real.hit_rate.items()}
    worst = min(shares, key=lambda name: shares[name])
    mean = ratio(default.quality.mean_hit_rate, real.mean_hit_rate)
    yield Target("hit rate / real's", mean, "≥", 0.95, f"real: {real.mean_hit_rate:.3f}")
    yield Target(f"hit rate / real's, {worst}", shares[worst], "≥", 0.85, f"real: {real.hit_rate[worst]:.3f}")
    quality, training = default.quality, real.quality
    frechet, kernel = ratio(quality.frechet, training.frechet), ratio(quality.kernel, training.kernel)
    coverage = ratio(quality.coverage, training.coverage)
    yield Target("FAD / training's", frechet, "≤", 2.0, f"training: {training.frechet:.3g}")
    yield Target("KID / training's", kernel, "≤", 2.25, f"training: {training.kernel:.3g}")
    yield Target("coverage / training's", coverage, "≥", 0.6, f"training: {training.coverage:.3f}")
    yield Target("stripe ratio", default.stripe_ratio, "≤", 1.3, "real: 1")
    for name, copies in (("embedding", found.copies_embedding), ("mel", found.copies_mel)):
        beside = f"real pairs: {copies.reference:.3g}"
        yield Target(f"copies, by {name}", copies.closer, "≤", 0, beside)


def ratio(value: float, reference: float) -> float:
    """A figure over its reference; infinite over nothing, 1 for nothing over nothing.

    An unbiased estimate (KID) may fall below zero; that is nothing, too.

    >>> ratio(3.0, 2.0), ratio(0.1, -0.01), ratio(-0.02, 0.0)
    (1.5, inf, 1.0)
    """
    if reference > 0:
        return value / reference
    return math.inf if value > 0 else 1.0


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
        _generation(found),
        _hits(found),
        *([_character(found)] if found.character else []),
        _copies(found),
        _targets(found),
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


def _fidelity(title: str, rows: dict[str, Fidelity]) -> Table:
    table = _table(title, "", "mel-SC dB", "MSS", "onset error", "stripes", "tail dB", "ms", "failed")
    for name, row in rows.items():
        table.add_row(
            name, f"{row.mel_sc_db:.1f}", f"{row.mss:.3f}", f"{row.onset_error:.4f}", f"{row.stripe_ratio:.2f}",
            _level(row.tail_db), f"{row.milliseconds:.1f}", str(row.failed),
        )  # fmt: skip
    return table


def _generation(found: Evaluation) -> Table:
    real = found.reference
    title = (
        f"Generated sounds, {found.plan.draws_per_class} a class ({real.quality.compared} in the distances)"
    )
    table = _table(title, "", *found.sets, "real")

    def row(name: str, value: Callable[[Set], str], reference: str = "") -> None:
        table.add_row(name, *(value(drawn) for drawn in found.sets.values()), reference)

    row("hit rate", lambda s: f"{s.quality.mean_hit_rate:.3f}", f"{real.mean_hit_rate:.3f}")
    row("FAD", lambda s: f"{s.quality.frechet:.3g}", f"{real.quality.frechet:.3g}")
    row("KID", lambda s: f"{s.quality.kernel:.3g}", f"{real.quality.kernel:.3g}")
    row("coverage", lambda s: f"{s.quality.coverage:.3f}", f"{real.quality.coverage:.3f}")
    row("density", lambda s: f"{s.quality.density:.3f}", f"{real.quality.density:.3f}")
    row("stripe ratio", lambda s: f"{s.stripe_ratio:.2f}", "1")
    row("kicks at 40–80 Hz, dB", lambda s: _level(s.kick_band_db), _level(real.kick_band_db))
    row("last ms, dB re peak", lambda s: _level(s.end_db), _level(real.end_db))
    row("refused, no sound", lambda s: f"{s.redrawn}, {s.degenerate}")
    row("ms a sound", lambda s: f"{s.milliseconds:.0f}")
    return table


def _hits(found: Evaluation) -> Table:
    twins = found.reference.twins
    title = f"Hit rate by class ({twins} of the real sounds stand in the training split under another name)"
    table = _table(title, "", *found.sets, "real", "real sounds")
    for name, rate in found.reference.hit_rate.items():
        rates = [f"{row.quality.hit_rate[name]:.2f}" for row in found.sets.values()]
        table.add_row(name, *rates, f"{rate:.2f}", str(found.reference.validation[name]))
    return table


def _character(found: Evaluation) -> Table:
    count = of_each_kind(found.plan)
    title = f"Heard as asked: {count} sounds a class drawn acoustic (-1), {count} electronic (+1)"
    table = _table(title, "", "acoustic", "real", "electronic", "real", "recordings")
    for name, row in found.character.items():
        real = [
            f"{share:.2f}" if share is not None else "–" for share in (row.real_acoustic, row.real_electronic)
        ]
        table.add_row(
            name, f"{row.acoustic:.2f}", real[0], f"{row.electronic:.2f}", real[1],
            f"{row.recordings[0]}, {row.recordings[1]}",
        )  # fmt: skip
    return table


def _copies(found: Evaluation) -> Table:
    table = _table(
        "Nearest training sound", "", "generated: closest", "median", "real: closest", "median", "copies"
    )
    for name, row in (("judge's embedding", found.copies_embedding), ("mel, dB", found.copies_mel)):
        values = (row.nearest, row.median, row.reference, row.median_reference)
        table.add_row(name, *(f"{value:.3g}" for value in values), str(row.closer))
    return table


def _targets(found: Evaluation) -> Table:
    table = _table(
        f"Targets (seed {found.plan.seed}, model {found.model})", "", "found", "target", "", "beside it"
    )
    for target in targets(found):
        mark = "[green]met[/green]" if target.met else "[red]missed[/red]"
        table.add_row(
            target.measure, f"{target.value:.3g}", f"{target.sign} {target.bound:g}", mark, target.reference
        )
    return table
