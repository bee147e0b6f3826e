"""The paper's reconstruction experiment: encode, decode, vocode, mask. On one sound, and on a sound file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packgen.audio.preparation import prepare
from packgen.audio.samples import Samples
from packgen.audio.shaping import fade_out, pad, peak
from packgen.engine.engine import END_FADE, POLISH, REFINEMENT, Engine
from packgen.engine.inversion import LogMel, encode, prepared
from packgen.errors import AudioError, NoSound
from packgen.evaluation import metrics


@dataclass(frozen=True)
class Reconstruction:
    """A sound that went through the networks.

    Attributes:
        original: the prepared sound, peak 1, (N,).
        rebuilt: what came out, peak 1, (N',).
        gain: peak of the original in its file, at most 1.
        seconds_left_out: of the file, after what the model can hold.
        drum: class that it was coded as; None when only the vocoder ran.
        probability: of that class, by the class filter.
        mels: compressed spectrograms (F, T) by title: the original's, the auto-encoder's, the result's.
        mel_sc_db, mss: see `packgen.evaluation.metrics`.
    """

    original: Samples
    rebuilt: Samples
    gain: float
    seconds_left_out: float
    drum: str | None
    probability: float | None
    mels: dict[str, LogMel]
    mel_sc_db: float
    mss: float


def reconstruct(
    engine: Engine,
    path: Path,
    drum: str | None = None,
    vocoder_only: bool = False,
    polish: int = POLISH,
    refinement: int = REFINEMENT,
) -> Reconstruction:
    """Send a sound file through the networks.

    Args:
        engine: the trained networks.
        path: sound file of any rate and channels; its hit is taken from the onset on.
        drum: class to code it as; None lets the class filter guess.
        vocoder_only: skip the auto-encoder.
        polish: Griffin-Lim steps after the vocoder; -1 for none at all.
        refinement: steps that fit the code to the sound; 0 for the encoder alone.

    Raises:
        AudioError: if the file holds no hit, or the networks give no sound for it.
    """
    signal = engine.signal
    samples, original = prepared(engine, path)
    wanted = engine.analyse(original)
    mels, coded = {"original": wanted}, None
    if not vocoder_only:
        coded = encode(engine, original, wanted, [] if drum is None else [drum], refinement)
        wanted = mels["CWAE"] = engine.decode(coded.drum, coded.code)
    try:
        rebuilt = engine.vocode(wanted, polish)
    except NoSound as error:
        raise AudioError(
            f"{path}: the model gives no sound for it ({error}); try it as another class"
        ) from error
    rebuilt = fade_out(rebuilt, round(END_FADE * signal.sample_rate))
    top = peak(rebuilt)
    if not np.isfinite(top) or top == 0.0:
        raise AudioError(f"{path}: the model gives silence for it; try it as another class")
    rebuilt = (rebuilt / top).astype(np.float32)
    mels["final"] = engine.analyse(rebuilt)
    whole = prepare(samples, signal, longest=len(samples))
    padded = pad(original, signal.num_samples)
    return Reconstruction(
        original=original,
        rebuilt=rebuilt,
        gain=min(1.0, peak(samples)),
        seconds_left_out=(len(whole) - len(original)) / signal.sample_rate,
        drum=coded.drum if coded else None,
        probability=coded.probability if coded else None,
        mels=mels,
        mel_sc_db=metrics.mel_sc(padded, rebuilt, signal),
        mss=metrics.mss(padded, rebuilt),
    )
