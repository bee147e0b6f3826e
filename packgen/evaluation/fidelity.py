"""Rebuilding real sounds: copy-synthesis by the vocoder and by Griffin-Lim, and the way through the code."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from packgen.audio.griffin_lim import griffin_lim, random_phase
from packgen.audio.mel import expand, mel_to_magnitude
from packgen.audio.samples import Samples
from packgen.audio.shaping import pad
from packgen.engine.engine import POLISH, REFINEMENT, Engine
from packgen.engine.inversion import LogMel
from packgen.errors import NoSound
from packgen.evaluation import metrics
from packgen.evaluation.plan import Indices
from packgen.training.corpus import Corpus

GRIFFIN_LIM_ITERATIONS = (4, 16, 60)

Rebuild = Callable[[LogMel, str], Samples]  # (compressed mel spectrogram, class name) -> (N,)


@dataclass(frozen=True)
class Fidelity:
    """How close a way of rebuilding comes to the originals: means over sounds.

    Attributes:
        mel_sc_db, mss, onset_error, stripe_ratio: see `packgen.evaluation.metrics`.
        tail_db: level after the true end, dB relative to the peak; -240 for none.
        milliseconds: median time a sound on one thread, from its mel spectrogram on.
        failed: sounds that gave nothing, and count as silence.
    """

    mel_sc_db: float
    mss: float
    onset_error: float
    stripe_ratio: float
    tail_db: float
    milliseconds: float
    failed: int


def vocoding(engine: Engine, seed: int) -> dict[str, Rebuild]:
    """Ways from the original's mel spectrogram to sound: Griffin-Lim from random phase, and the vocoder."""
    signal = engine.signal

    def inverted(iterations: int) -> Rebuild:
        generator = torch.Generator().manual_seed(seed)

        def rebuild(log_mel: LogMel, drum: str) -> Samples:
            magnitude = mel_to_magnitude(expand(torch.from_numpy(log_mel), signal), signal)
            start = random_phase(magnitude, generator)
            found: Samples = griffin_lim(magnitude, start, iterations, signal.num_samples, signal).numpy()
            return found

        return rebuild

    def vocoded(polish: int) -> Rebuild:
        return lambda log_mel, drum: engine.vocode(log_mel, polish)

    return {f"Griffin-Lim {n}": inverted(n) for n in GRIFFIN_LIM_ITERATIONS} | {
        f"vocoder, {polish_words(polish)}": vocoded(polish) for polish in (-1, 0, POLISH)
    }


def coding(engine: Engine) -> dict[str, Rebuild]:
    """Ways through the latent code and the vocoder: the paper's reconstruction, then packgen's default."""

    def through(refinement: int, polish: int) -> Rebuild:
        def rebuild(log_mel: LogMel, drum: str) -> Samples:
            return engine.vocode(engine.decode(drum, engine.encode(drum, log_mel, refinement)), polish)

        return rebuild

    polished = polish_words(POLISH)
    return {
        "encoder, no polish": through(0, -1),
        f"encoder, {polished}": through(0, POLISH),
        f"refined, {polished}": through(REFINEMENT, POLISH),
    }


def polish_words(polish: int) -> str:
    """The number of polish steps, in words.

    >>> polish_words(-1), polish_words(0), polish_words(8)
    ('no polish', 'projection', 'polish 8')
    """
    return {-1: "no polish", 0: "projection"}.get(polish, f"polish {polish}")


@torch.inference_mode()
def measure(
    engine: Engine, corpus: Corpus, chosen: Indices, rebuild: Rebuild, tick: Callable[[], None]
) -> Fidelity:
    """Rebuild the chosen sounds of a corpus one way, and measure; `tick` is called after each."""
    signal = corpus.signal
    rows, tails, seconds = [], [], []
    originals, found = [], []
    failed = 0
    for index in chosen:
        entry = corpus.entries[index]
        sound = corpus.sound(int(index))
        original = pad(sound, signal.num_samples)
        log_mel = engine.analyse(original)
        start = time.perf_counter()
        try:
            rebuilt = rebuild(log_mel, entry.drum)
        except NoSound:
            rebuilt, failed = np.zeros(1, np.float32), failed + 1
        seconds.append(time.perf_counter() - start)
        rebuilt = pad(rebuilt, signal.num_samples)
        originals.append(sound)
        found.append(rebuilt[: len(sound)])
        rows.append(
            (
                metrics.mel_sc(original, rebuilt, signal),
                metrics.mss(original, rebuilt),
                metrics.onset_error(original, rebuilt),
            )
        )
        tails.append(metrics.tail_level(rebuilt, len(sound)))
        tick()
    mel_sc, mss, onset = (float(value) for value in np.mean(rows, axis=0))
    return Fidelity(
        mel_sc,
        mss,
        onset,
        metrics.stripe_ratio(found, originals, signal),
        metrics.power_mean(tails),
        1000 * float(np.median(seconds)),
        failed,
    )
