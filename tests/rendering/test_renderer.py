"""Entries to sounds with the tiny model: the same whatever came before, takes near their sound, redraws counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_array_equal

from packgen.audio.mel import compress, mel_spectrogram
from packgen.audio.shaping import pad
from packgen.engine.chain import mask_end, sounding_frames
from packgen.engine.engine import Engine
from packgen.errors import RecipeError
from packgen.planning.plan import Entry, plan
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound
from tests.fakes import FakeEngine

RECIPE = Recipe((("kick", 4), ("snare", 2)), seed=3, takes=3, strict=0.0)


def test_a_sound_does_not_depend_on_what_came_before(tiny_engine: Engine) -> None:
    entries = list(plan(RECIPE))
    in_order = [render_sound(tiny_engine, RECIPE, entry) for entry in entries]
    alone = render_sound(tiny_engine, RECIPE, entries[3])
    for first, second in zip(in_order[3].takes, alone.takes, strict=True):
        assert_array_equal(first.samples, second.samples)


def test_takes_differ_from_their_sound_and_stay_near_it(tiny_engine: Engine) -> None:
    sounds = [render_sound(tiny_engine, RECIPE, entry) for entry in plan(RECIPE)]
    within = [np.linalg.norm(t.code - s.takes[0].code) for s in sounds for t in s.takes[1:]]
    between = [
        np.linalg.norm(a.takes[0].code - b.takes[0].code) for a in sounds for b in sounds if a is not b
    ]
    assert 0 < max(within) < 0.5 * float(np.mean(between))
    assert len({take.samples.tobytes() for sound in sounds for take in sound.takes}) == 18


def test_sounds_are_never_silent_never_longer_than_the_model(tiny_engine: Engine) -> None:
    for entry in plan(RECIPE):
        for take in render_sound(tiny_engine, RECIPE, entry).takes:
            assert 0 < len(take.samples) <= tiny_engine.signal.num_samples
            assert np.isfinite(take.samples).all() and np.abs(take.samples).max() > 1e-3
            assert take.samples[-1] == 0  # the end is faded


def test_degenerate_and_doubtful_draws_are_redrawn_and_counted() -> None:
    recipe = replace(RECIPE, strict=0.5, takes=1)
    plain = render_sound(FakeEngine(), recipe, Entry("kick", 0, None))
    other = render_sound(FakeEngine(silent=2, doubtful=3), recipe, Entry("kick", 0, None))
    assert (plain.redrawn, plain.degenerate) == (0, 0)
    assert (other.redrawn, other.degenerate) == (3, 2)
    assert not np.array_equal(plain.takes[0].code, other.takes[0].code)


def test_when_all_are_doubtful_the_likeliest_is_taken() -> None:
    recipe = replace(RECIPE, strict=0.5, takes=1)
    sound = render_sound(FakeEngine(doubtful=1000), recipe, Entry("kick", 0, None))
    assert sound.redrawn > 5


def test_an_engine_that_never_sounds_is_an_error() -> None:
    with pytest.raises(RecipeError, match="no kick came out"):
        render_sound(FakeEngine(silent=10**6), RECIPE, Entry("kick", 0, None))


def test_soft_class_vectors_make_hybrids(tiny_engine: Engine) -> None:
    code = tiny_engine.spaces["kick"].mean
    kick, snare = (tiny_engine.class_vector(name) for name in ("kick", "snare"))
    hybrid = tiny_engine.render((0.5 * kick + 0.5 * snare).astype(np.float32), code)
    assert hybrid.samples.size


def test_the_mask_ends_at_its_first_long_gap() -> None:
    logits = np.full(22_050, -1.0, np.float32)
    logits[:5000] = 1.0
    logits[5100:6000] = 1.0  # a gap of 100 samples is bridged
    logits[15_000:15_010] = 1.0  # a flicker after the end is not
    assert mask_end(logits, 22_050) == 6000
    assert mask_end(-np.ones(100, np.float32), 22_050) == 0


def test_only_sounding_frames_are_rendered() -> None:
    log_mel = np.zeros((8, 80), np.float32)
    log_mel[:, :30] = np.linspace(10.0, 1.0, 30)  # the last audible frame is above 10 - 7
    audible = int(np.flatnonzero(log_mel[0] > 3.0)[-1])
    assert audible == 22
    assert sounding_frames(log_mel) == 32  # three frames of context, in steps of eight
    assert sounding_frames(np.zeros((8, 80), np.float32)) == 8
    assert sounding_frames(np.ones((8, 80), np.float32)) == 80


def test_the_analysis_of_a_short_sound_is_that_of_the_padded_one(tiny_engine: Engine) -> None:
    rng = np.random.default_rng(0)
    for size in (1, 63, 64, 1000, 3001, tiny_engine.signal.num_samples):
        sound = rng.standard_normal(size).astype(np.float32)
        whole = compress(
            mel_spectrogram(torch.from_numpy(pad(sound, tiny_engine.signal.num_samples)), tiny_engine.signal),
            tiny_engine.signal,
        ).numpy()
        np.testing.assert_allclose(tiny_engine.analyse(sound), whole, atol=1e-3)
