"""Times of single sounds: the networks as written, our engine, Griffin-Lim alone, and the machine's own peak."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import torch

from packgen.audio.griffin_lim import griffin_lim, random_phase
from packgen.audio.mel import LOUDEST, expand, mel_to_magnitude, stft
from packgen.engine.engine import POLISH, Engine
from packgen.errors import NoSound
from packgen.latent import space as latent
from packgen.latent.streams import generator
from packgen.planning.plan import plan
from packgen.planning.recipe import Recipe
from packgen.rendering.workers import Local, in_order


def draws(engine: Engine, count: int) -> list[tuple[str, latent.Vector]]:
    """(class, code) of sounds as a pack has them: all classes in turn, drawn from their fitted posteriors."""
    names = engine.classes
    return [
        (drum, latent.draw_fitted(generator(1, drum, index), engine.spaces[drum]))
        for index, drum in ((i, names[i % len(names)]) for i in range(count))
    ]


@torch.inference_mode()
def plain(engine: Engine, drum: str, code: latent.Vector) -> None:
    """The reference: decoder, vocoder and polish as the paper writes them, float32, all frames of a second."""
    signal = engine.signal
    vector = torch.from_numpy(engine.class_vector(drum))[None]
    log_mel = engine.cwae.decode(torch.from_numpy(code)[None], vector).clamp(0.0, LOUDEST)
    waveform, logits = engine.mcnn(log_mel)
    audio = (waveform * (logits > 0))[:, : signal.num_samples]
    magnitude = mel_to_magnitude(expand(log_mel, signal), signal)
    griffin_lim(magnitude, stft(audio, signal), POLISH, signal.num_samples, signal)


def ours(engine: Engine, drum: str, code: latent.Vector) -> None:
    """The same by our engine."""
    with suppress(NoSound):  # it took its time all the same
        engine.sound(drum, code)


def judged(engine: Engine, drum: str, code: latent.Vector) -> None:
    """Our engine with what a pack wants to know of a sound, too: its spectrogram and the class filter's opinion."""
    with suppress(NoSound):
        engine.render(drum, code)


@torch.inference_mode()
def griffin_lim_alone(engine: Engine, iterations: int, drum: str, code: latent.Vector) -> None:
    """Phase from noise instead of from the vocoder."""
    signal = engine.signal
    vector = torch.from_numpy(engine.class_vector(drum))[None]
    log_mel = engine.cwae.decode(torch.from_numpy(code)[None], vector).clamp(0.0, LOUDEST)
    magnitude = mel_to_magnitude(expand(log_mel, signal), signal)
    start = random_phase(magnitude, torch.Generator().manual_seed(0))
    griffin_lim(magnitude, start, iterations, signal.num_samples, signal)


def one_by_one(
    work: Callable[[str, latent.Vector], None], sounds: list[tuple[str, latent.Vector]]
) -> list[float]:
    """Seconds of each sound, rendered one after another on one thread."""
    torch.set_num_threads(1)
    times = []
    for drum, code in sounds:
        start = time.perf_counter()
        work(drum, code)
        times.append(time.perf_counter() - start)
    return times


def in_bulk(recipe: Recipe, engine: Engine, workers: int) -> float:
    """Mean seconds a sound, of whole classes rendered as `packgen kit` does it: on so many workers."""
    entries = list(plan(recipe))
    start = time.perf_counter()
    with in_order(Local(engine, recipe, workers), lambda sound: len(sound.takes), entries) as numbers:
        sounds = sum(numbers)
    return (time.perf_counter() - start) / sounds


def matrix_peak(dtype: torch.dtype, seconds: float = 0.5, size: int = 1024) -> float:
    """Billions of operations a second in square matrix products on all cores: what the machine can do."""
    threads = torch.get_num_threads()
    torch.set_num_threads(os.cpu_count() or 1)
    try:
        a = torch.rand(size, size).to(dtype)
        a @ a
        count, start = 0, time.perf_counter()
        while time.perf_counter() - start < seconds:
            a @ a
            count += 1
        return 2 * size**3 * count / (time.perf_counter() - start) / 1e9
    finally:
        torch.set_num_threads(threads)


def quantiles_ms(times: list[float]) -> dict[str, float]:
    """p50, p95, p99 and mean in milliseconds."""
    values = np.array(times) * 1e3
    return {
        **{f"p{q}": float(np.percentile(values, q)) for q in (50, 95, 99)},
        "mean": float(values.mean()),
    }
