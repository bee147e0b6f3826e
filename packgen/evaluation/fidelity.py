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
from packgen.engine.engine import POLISH, Engine
from packgen.engine.inversion import LogMel
from packgen.errors import NoSound
from packgen.evaluation import attack, metrics
from packgen.evaluation.plan import Indices
from packgen.latent.space import Vector
from packgen.training.corpus import Corpus

GRIFFIN_LIM_ITERATIONS = (4, 16, 60)
COHERENT_HZ = 2000.0  # below it drums are modes, which may be compared sample by sample; noise may not


@dataclass(frozen=True)
class Original:
    """A recording that is rebuilt.

    Attributes:
        drum: class name.
        sound: (N',), not padded.
        log_mel: compressed mel spectrogram (F, T) of the padded sound.
        guess, code: latent codes (D,), by the encoder alone and refined.
        group: its instrument.
    """

    drum: str
    sound: Samples
    log_mel: LogMel
    guess: Vector
    code: Vector
    group: str


Rebuild = Callable[[Original], Samples]  # -> (N,)


@dataclass(frozen=True)
class Fidelity:
    """How close a way of rebuilding comes to the originals: means over sounds.

    Attributes:
        mel_sc_db, mss, onset_error, stripe_ratio: see `packgen.evaluation.metrics`; MSS is no target, since two noises
            of one envelope are as far apart as a noise and nothing like it.
        low_sc_db: mel-SC of the bands below 2 kHz.
        attack_db: mean absolute error of the first 2, 5 and 10 ms, see `packgen.evaluation.attack`.
        tail_db: level after the true end, dB relative to the peak; -240 for none.
        milliseconds: median time a sound on one thread, from its mel spectrogram or its code on.
        failed: sounds that gave nothing, and count as silence.
    """

    mel_sc_db: float
    low_sc_db: float
    attack_db: dict[str, float]
    mss: float
    onset_error: float
    stripe_ratio: float
    tail_db: float
    milliseconds: float
    failed: int


def originals(engine: Engine, corpus: Corpus, chosen: Indices, tick: Callable[[], None]) -> list[Original]:
    """The chosen sounds of a corpus with their spectrograms and codes; `tick` is called after each."""
    found = []
    for index in chosen:
        entry, sound = corpus.entries[index], corpus.sound(int(index))
        log_mel = engine.analyse(pad(sound, corpus.signal.num_samples))
        found.append(
            Original(
                drum=entry.drum,
                sound=sound,
                log_mel=log_mel,
                guess=engine.encode(entry.drum, log_mel, 0),
                code=engine.encode(entry.drum, log_mel),
                group=f"{entry.source}/{entry.group}",
            )
        )
        tick()
    return found


def vocoding(engine: Engine, seed: int) -> dict[str, Rebuild]:
    """Ways from the original's mel spectrogram to sound: Griffin-Lim from random phase, and the vocoder."""
    signal = engine.signal

    def inverted(iterations: int) -> Rebuild:
        generator = torch.Generator().manual_seed(seed)

        def rebuild(original: Original) -> Samples:
            magnitude = mel_to_magnitude(expand(torch.from_numpy(original.log_mel), signal), signal)
            start = random_phase(magnitude, generator)
            found: Samples = griffin_lim(magnitude, start, iterations, signal.num_samples, signal).numpy()
            return found

        return rebuild

    def vocoded(polish: int) -> Rebuild:
        return lambda original: engine.vocode(original.log_mel, polish)

    return {f"Griffin-Lim {n}": inverted(n) for n in GRIFFIN_LIM_ITERATIONS} | {
        f"vocoder, {polish_words(polish)}": vocoded(polish) for polish in (-1, 0, POLISH)
    }


def coding(engine: Engine) -> dict[str, Rebuild]:
    """Ways through the latent code to what a user hears: the paper's reconstruction, then packgen's default."""
    polished = polish_words(POLISH)
    return {
        "encoder, no polish": lambda original: engine.sound(original.drum, original.guess, -1),
        f"encoder, {polished}": lambda original: engine.sound(original.drum, original.guess),
        f"refined, {polished}": lambda original: engine.sound(original.drum, original.code),
    }


def polish_words(polish: int) -> str:
    """The number of polish steps, in words.

    >>> polish_words(-1), polish_words(0), polish_words(8)
    ('no polish', 'projection', 'polish 8')
    """
    return {-1: "no polish", 0: "projection"}.get(polish, f"polish {polish}")


@torch.inference_mode()
def fidelity(
    engine: Engine, originals: list[Original], rebuild: Rebuild, tick: Callable[[], None]
) -> Fidelity:
    """Rebuild sounds one way, and measure; `tick` is called after each."""
    signal = engine.signal
    rows, attacks, tails, seconds = [], [], [], []
    found: list[Samples] = []
    failed = 0
    for original in originals:
        start = time.perf_counter()
        try:
            rebuilt = rebuild(original)
        except NoSound:
            rebuilt, failed = np.zeros(1, np.float32), failed + 1
        seconds.append(time.perf_counter() - start)
        wanted, rebuilt = pad(original.sound, signal.num_samples), pad(rebuilt, signal.num_samples)
        end = len(original.sound)
        found.append(rebuilt[:end])
        rows.append(
            (
                metrics.mel_sc(wanted, rebuilt, signal),
                metrics.mel_sc(wanted, rebuilt, signal, COHERENT_HZ),
                metrics.mss(wanted, rebuilt),
                metrics.onset_error(wanted, rebuilt),
            )
        )
        attacks.append(attack.errors(wanted, rebuilt, signal.sample_rate))
        tails.append(metrics.tail_level(rebuilt, end))
        tick()
    mel_sc, low_sc, mss, onset = (float(value) for value in np.mean(rows, axis=0))
    errors = np.mean(attacks, axis=0)
    return Fidelity(
        mel_sc_db=mel_sc,
        low_sc_db=low_sc,
        attack_db={f"{ms} ms": float(x) for ms, x in zip(attack.MILLISECONDS, errors, strict=True)},
        mss=mss,
        onset_error=onset,
        stripe_ratio=metrics.stripe_ratio(found, [original.sound for original in originals], signal),
        tail_db=metrics.power_mean(tails),
        milliseconds=1000 * float(np.median(seconds)),
        failed=failed,
    )
