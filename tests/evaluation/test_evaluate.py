"""A whole evaluation of a tiny model, the command around it, and the promises of its parts."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
import typer
from numpy.typing import NDArray
from rich.console import Console
from typer.testing import CliRunner

from packgen.classes import CLASS_NAMES
from packgen.cli import eval as eval_command
from packgen.engine.engine import Engine
from packgen.errors import AudioError, CorpusError, RecipeError, WeightsError
from packgen.evaluation import comparison, report
from packgen.evaluation.energy import energy
from packgen.evaluation.evaluate import Evaluation, evaluate
from packgen.evaluation.fidelity import originals, polish_words
from packgen.evaluation.generation import default_recipe
from packgen.evaluation.judge import Judge, Opinion, as_corpus
from packgen.evaluation.plan import Plan, by_turns, matched, spread
from packgen.evaluation.reference import RealSounds
from packgen.planning.presets import from_preset, load
from packgen.training.corpus import Corpus

TINY = Plan(
    pairs_per_class=1,
    draws_per_class=2,
    packs=2,
    each_kind=1,
    recordings_per_class=4,
    telling_steps=2,
    both_embeddings=False,
    strict=0.05,
)

app = typer.Typer()
app.command()(eval_command.command)


@pytest.fixture(scope="module")
def found(model_folder: Path, corpus: Corpus) -> Evaluation:
    return evaluate(Engine.load(model_folder), Judge.load(model_folder), corpus, TINY, lambda *_: None)


def test_every_figure_of_the_report_is_a_number(found: Evaluation) -> None:
    def check(value: object, name: str) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                check(item, f"{name}.{key}")
        elif isinstance(value, float):
            assert math.isfinite(value), name

    check(dataclasses.asdict(found), "")
    assert found.pairs == len(CLASS_NAMES)
    assert [pack.seed for pack in found.packs] == [0, 1] and list(found.reference.distances) == ["judge"]
    assert {"Griffin-Lim 4", "Griffin-Lim 16", "Griffin-Lim 60"} <= set(found.vocoding)


def test_griffin_lim_gets_closer_with_every_step(found: Evaluation) -> None:
    errors = [found.vocoding[f"Griffin-Lim {n}"].mel_sc_db for n in (4, 16, 60)]
    assert errors == sorted(errors, reverse=True) and errors[0] < -6


def test_both_ways_to_a_code_are_reported(found: Evaluation) -> None:
    steps = polish_words(found.polish)
    assert list(found.coding) == ["encoder, no polish", f"encoder, {steps}", f"refined, {steps}"]


def test_same_seed_same_figures(found: Evaluation, engine: Engine, judge: Judge, corpus: Corpus) -> None:
    def figures(evaluation: Evaluation) -> dict[str, object]:
        text = json.dumps(dataclasses.asdict(evaluation))
        untimed: dict[str, object] = json.loads(
            text, object_hook=lambda d: {k: v for k, v in d.items() if k != "milliseconds"}
        )
        return untimed

    assert figures(evaluate(engine, judge, corpus, TINY, lambda *_: None)) == figures(found)
    other = evaluate(engine, judge, corpus, dataclasses.replace(TINY, seed=1), lambda *_: None)
    assert figures(other)["packs"] != figures(found)["packs"]


def test_json_and_tables_hold_all_targets(found: Evaluation) -> None:
    data = json.loads(json.dumps(report.as_json(found), allow_nan=False))
    assert data["format"] == report.FORMAT and len(data["targets"]) == 12
    console = Console(width=80, file=io.StringIO())
    with console.capture() as capture:
        console.print(report.as_tables(found))
    text = capture.get()
    for row in data["targets"]:
        assert row["measure"] in text
    assert "…" not in text  # nothing is cut off at the usual width


def test_the_command_prints_and_writes_the_same(
    model_folder: Path, corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packgen.evaluation.plan.QUICK", TINY)
    options = ["--corpus", str(corpus.folder), "--model", str(model_folder), "--quick", "--json"]
    result = CliRunner().invoke(app, [*options, "--out", str(tmp_path / "eval.json")])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == json.loads((tmp_path / "eval.json").read_text())


def test_seeds_count_the_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("packgen.evaluation.plan.FULL", TINY)
    assert eval_command._sizes(quick=False, seed=7, seeds=None) == dataclasses.replace(TINY, seed=7)
    assert eval_command._sizes(quick=False, seed=0, seeds=5).packs == 5


def test_humanised_hits_are_measured_class_by_class(
    model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("packgen.evaluation.humanized.HITS", 3)
    monkeypatch.setattr("packgen.evaluation.humanized.OTHERS", 2)
    options = ["--humanize", "--model", str(model_folder), "--corpus", str(tmp_path), "--json", "--quiet"]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    assert [row["drum"] for row in rows] == list(CLASS_NAMES)
    assert all(1 <= row["distinct"] <= 3 and row["between_hits"] >= 0 for row in rows)
    both = CliRunner().invoke(app, ["--humanize", "--figures", str(tmp_path)])
    assert isinstance(both.exception, RecipeError)


def test_a_missing_corpus_says_how_to_make_one(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["--corpus", str(tmp_path)])
    assert isinstance(result.exception, CorpusError)
    assert "packgen corpus FOLDER" in str(result.exception)


def test_a_model_without_a_judge_says_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"judge\.safetensors: no judge"):
        Judge.load(tmp_path)


def test_networks_of_another_signal_are_refused(engine: Engine, judge: Judge, corpus: Corpus) -> None:
    other = dataclasses.replace(corpus, signal=dataclasses.replace(corpus.signal, bands=40))
    with pytest.raises(WeightsError, match="different signals"):
        evaluate(engine, judge, other, TINY, lambda *_: None)


def test_a_corpus_without_validation_is_refused(judge: Judge, corpus: Corpus) -> None:
    entries = tuple(dataclasses.replace(entry, split="train") for entry in corpus.entries)
    with pytest.raises(CorpusError, match="0 for validation"):
        RealSounds.of(dataclasses.replace(corpus, entries=entries), judge, TINY)


def _with_sound(corpus: Corpus, index: int, samples: NDArray[np.float32]) -> Corpus:
    """The corpus with another sound in the place of one."""
    parts = [np.array(corpus.samples[a:b]) for a, b in itertools.pairwise(corpus.starts)]
    parts[index] = samples.astype(np.int16)
    starts = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
    return dataclasses.replace(corpus, samples=np.concatenate(parts), starts=starts)


def test_a_training_sound_in_validation_is_a_twin(judge: Judge, corpus: Corpus) -> None:
    before = RealSounds.of(corpus, judge, TINY)
    victim, original = int(before.unseen[0]), int(corpus.where("train", ["recorded"])[0])
    copied = _with_sound(
        corpus, victim, np.round(corpus.whole(original) * 0.97 * 32767)
    )  # quieter, rounded anew
    after = RealSounds.of(copied, judge, TINY)
    assert after.twins == before.twins + 1
    assert victim not in after.unseen
    assert len(after.others) <= len(before.others)


def test_drawing_real_sounds_again_would_be_copies() -> None:
    real = np.array([2.0, 3.0, 5.0])
    assert comparison.copies(np.array([0.0, 1.9, 2.0]), real).closer == 2
    assert comparison.copies(np.array([2.5, 9.0]), real).closer == 0


def test_a_sound_that_never_came_out_is_a_miss() -> None:
    logits = np.eye(2)[[0, 0, 1]]
    opinion = Opinion(logits=logits, embedding=np.zeros((3, 1)), spectra=np.zeros((3, 1), np.float32))
    labels = np.array([0, 0, 0])
    assert comparison.hit_rates(opinion, labels, ("kick", "snare")) == {"kick": pytest.approx(2 / 3)}
    assert comparison.hit_rates(opinion, labels, ("kick", "snare"), asked=4) == {"kick": 0.5, "snare": 0.0}


def test_matched_sets_hold_the_same_number_of_every_class() -> None:
    groups = [np.array([0, 0, 0, 1, 2]), np.array([1, 0, 1, 0]), np.array([0, 1, 1, 0, 2, 2])]
    positions = matched(groups, 3)
    for labels, chosen in zip(groups, positions, strict=True):
        assert np.bincount(labels[chosen], minlength=3).tolist() == [2, 1, 0]


def test_matched_sets_hold_both_halves_of_a_pack_and_several_instruments() -> None:
    few, pack = np.zeros(4, int), np.zeros(24, int)
    chosen = matched([few, pack], 1)[1]
    assert len(set(chosen)) == 4 and (chosen < 12).sum() == (chosen >= 12).sum() == 2
    assert list(matched([pack, pack], 1)[0]) == list(range(24))


def test_spread_takes_some_of_every_class_from_the_pool() -> None:
    labels = np.repeat(np.arange(3), 10)
    pool = np.arange(5, 30)
    chosen = spread(labels, pool, 4, seed=0)
    assert np.bincount(labels[chosen]).tolist() == [4, 4, 4]
    assert set(chosen) <= set(pool) and list(chosen) == sorted(chosen)
    assert spread(labels, pool, 100, seed=0).tolist() == pool.tolist()


def test_what_the_corpus_holds_stays_as_it_is(corpus: Corpus) -> None:
    """Generated sounds are prepared like real ones; preparing a real one again hardly changes it."""
    sound = corpus.audio(np.array([0]))[0]
    again = as_corpus(sound, corpus.signal)
    assert again.shape == sound.shape
    assert np.abs(again - sound).max() < 0.01
    with pytest.raises(AudioError):
        as_corpus(np.zeros(1000, np.float32), corpus.signal)


def test_by_turns_takes_every_instrument_once_before_any_twice() -> None:
    labels = np.repeat(np.arange(2), 12)
    groups = ["many"] * 9 + ["one", "two", "three"] + ["many"] * 10 + ["one", "two"]
    chosen = by_turns(labels, groups, np.arange(24), 4, seed=1)
    assert sorted(groups[i] for i in chosen if labels[i] == 0) == ["many", "one", "three", "two"]
    assert sorted(groups[i] for i in chosen if labels[i] == 1) == ["many", "many", "one", "two"]


def test_what_is_measured_is_what_a_user_gets_without_options(engine: Engine) -> None:
    """The default preset's recipe, but for the number of sounds, of takes, and this test's filter."""
    recipe = default_recipe(TINY, engine.classes, seed=5)
    usual = from_preset(load("default"), 5)
    assert recipe == dataclasses.replace(usual, counts=recipe.counts, takes=1, strict=TINY.strict)
    assert usual.mode == "mixed" and usual.strict == Plan().strict


def test_one_sound_thrice_is_at_no_energy_distance_and_other_sounds_are(
    engine: Engine, corpus: Corpus
) -> None:
    chosen = corpus.where("val", ["recorded"])[:1]
    original = originals(engine, corpus, chosen, lambda: None)[0]
    found = energy(engine, [original, *(dataclasses.replace(original) for _ in range(2))], 0, lambda: None)
    assert found.instruments == found.sounds == 3
    assert found.instrument == pytest.approx(0.0, abs=0.01)
    assert found.drawn > 0.1 and found.without_texture > 0.1
