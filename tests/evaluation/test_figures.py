"""The model card's figures, and the measure of character, on the tiny model with made-up sides."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from packgen.engine.engine import Engine
from packgen.errors import WeightsError
from packgen.evaluation.acoustic import kind_rates
from packgen.evaluation.figures import card as figures
from packgen.evaluation.figures.beside import levels
from packgen.evaluation.figures.curves import curves_picture
from packgen.evaluation.plan import Plan
from packgen.latent.electronic import Character, pooled
from packgen.latent.predictor import Predictor
from packgen.training.corpus import Corpus
from packgen.training.latent_fit import fit_character
from packgen.training.release import CURVES, keep_curves

KNOWN = ("kick", "clap", "shaker")


@pytest.fixture
def sided(engine: Engine) -> Engine:
    """The tiny model; the axis is its first latent number, and the ear hears all as electronic."""
    dimensions = engine.spaces["kick"].dimensions
    axis, nothing = np.zeros(dimensions + 1, np.float32), np.zeros((3, dimensions + 1), np.float32)
    axis[0] = 1.0
    places = pooled(np.zeros((engine.signal.bands, engine.signal.frames), np.float32)).size
    ear = np.zeros(places + 1, np.float32)
    ear[-1] = 1.0
    flat = Predictor(np.zeros(3, np.float32), np.ones(3, np.float32), nothing, Character(axis, ear))
    engine.predictors = dict.fromkeys(KNOWN, flat)
    return engine


def electronic(corpus: Corpus) -> Corpus:
    """The corpus with every other recording from a drum machine."""
    entries = [
        dataclasses.replace(entry, kind="electronic" if i % 2 else "acoustic")
        for i, entry in enumerate(corpus.entries)
    ]
    return dataclasses.replace(corpus, entries=tuple(entries))


def test_shares_are_what_the_ear_says(sided: Engine, corpus: Corpus) -> None:
    done: list[int] = []
    plan = Plan(each_kind=2, strict=0.0)
    found = kind_rates(sided, electronic(corpus), plan, lambda: done.append(1))
    assert set(found) == set(KNOWN) and len(done) == 2 * 2 * len(KNOWN)
    for row in found.values():
        assert (row.acoustic, row.electronic) == (0.0, 1.0)
        assert (row.real_acoustic, row.real_electronic) == (0.0, 1.0) and row.recordings == (1, 1)
    alone = kind_rates(sided, corpus, plan, lambda: None)
    assert alone["kick"].real_acoustic is None and alone["kick"].recordings == (0, 0)


def test_a_model_that_knows_no_sides_is_not_measured(engine: Engine, corpus: Corpus) -> None:
    assert kind_rates(engine, corpus, Plan(), lambda: None) == {}


def test_sides_are_fitted_where_there_are_both(sided: Engine, corpus: Corpus) -> None:
    fitted, facts = fit_character(sided.cwae, electronic(corpus), "kick")
    assert fitted is not None and fitted.axis.shape == (sided.spaces["kick"].dimensions + 1,)
    assert facts["recordings"] == {"acoustic": 2, "electronic": 2}
    assert fit_character(sided.cwae, corpus, "kick") == (None, {})


def test_every_figure_is_a_picture_and_only_the_map_needs_the_corpus(
    sided: Engine, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "EACH", 2)
    (tmp_path / "curves").mkdir()
    (tmp_path / "curves" / "cwae.csv").write_text("step,train_mse,val_mse\n1,0.5,0.6\n9,0.2,0.4\n")
    found = figures.write_figures(
        sided, electronic(corpus), tmp_path / "curves", tmp_path / "a", 0, lambda *_: None
    )
    assert [path.name for path in found] == [
        "curves.png",
        "acoustic.png",
        "electronic.png",
        "regions.png",
        "beside_recordings_1.png",
        "beside_recordings_2.png",
    ]
    for path in found:
        with Image.open(path) as picture:
            colours = picture.convert("RGB").getcolors(1 << 20)
        assert colours is not None and len(colours) > 8
    again = figures.write_figures(sided, None, tmp_path / "none", tmp_path / "b", 0, lambda *_: None)
    assert [path.name for path in again] == ["acoustic.png", "electronic.png"]
    assert again[0].read_bytes() == found[1].read_bytes()


def test_curves_are_kept_with_the_model_and_drawn_from_it(tmp_path: Path) -> None:
    for name in ("cwae", "judge"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "curve.csv").write_text("step,val_mse,val_score\n1,0.5,0.5\n2,,0.4\n")
    (tmp_path / "model").mkdir()
    keep_curves(tmp_path / "runs", tmp_path / "model" / CURVES, ("cwae", "mcnn", "judge"))
    assert sorted(path.name for path in (tmp_path / "model" / CURVES).iterdir()) == ["cwae.csv", "judge.csv"]
    shown = curves_picture(tmp_path / "model" / CURVES)
    assert shown is not None and Image.open(io.BytesIO(shown)).format == "PNG"
    assert curves_picture(tmp_path) is None
    (tmp_path / "model" / CURVES / "cwae.csv").write_text("this is,no curve\n1,2\n")
    with pytest.raises(WeightsError, match=r"cwae\.csv: no curve of a training run"):
        curves_picture(tmp_path / "model" / CURVES)


def test_a_sheet_shows_a_tone_at_its_height_from_its_start_on() -> None:
    rate = 44_100
    tone = np.sin(2 * np.pi * 11_025 * np.arange(rate // 4) / rate).astype(np.float32)
    found = levels(tone, rate)
    assert found.max() == 0.0
    assert int(found[:, 100].argmax()) == len(found) // 2  # low frequencies last
    assert found[:, -1].max() < -100  # the second quarter of a second is silent
