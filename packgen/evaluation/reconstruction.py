"""The paper's reconstruction experiment: encode, decode, vocode, mask. On one sound, and on a sound file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packgen.audio.preparation import prepare
from packgen.audio.samples import Samples, read
from packgen.audio.shaping import fade_out, pad, peak, trim_onset, trim_tail
from packgen.engine.engine import END_FADE, POLISH, REFINEMENT, Engine
from packgen.errors import AudioError, NoSound
from packgen.evaluation import metrics
from packgen.latent.space import Vector

LogMel = NDArray[np.float32]  # (F, T), compressed


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


@dataclass(frozen=True)
class Encoded:
    """A sound file as the auto-encoder knows it.

    Attributes:
        drum: class that it is coded as.
        probability: of that class, by the class filter.
        code: latent code (D,).
    """

    drum: str
    probability: float
    code: Vector


def encode_file(engine: Engine, path: Path, among: Sequence[str] = ()) -> Encoded:
    """The latent code of a sound file's hit, as the likeliest of some classes; of all if none are named.

    Raises:
        AudioError: if the file holds no hit.
    """
    original = _prepared(engine, path)[1]
    return _encode(engine, original, engine.analyse(original), among, REFINEMENT)


def _prepared(engine: Engine, path: Path) -> tuple[Samples, Samples]:
    """A file's samples at the model's rate, and the hit in them as the networks want it."""
    samples = read(path, engine.signal.sample_rate)
    try:
        return samples, prepare(samples, engine.signal)
    except AudioError as error:
        raise AudioError(f"{path}: {error}; give a file that holds a drum hit") from error


def _encode(
    engine: Engine, original: Samples, log_mel: LogMel, among: Sequence[str], refinement: int
) -> Encoded:
    probabilities = dict(zip(engine.classes, engine.classify(original), strict=True))
    drum = max(among or engine.classes, key=lambda name: probabilities[name])
    code = engine.encode(drum, log_mel, refinement)
    return Encoded(drum, float(probabilities[drum]), code)


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
    samples, original = _prepared(engine, path)
    wanted = engine.analyse(original)
    mels, coded = {"original": wanted}, None
    if not vocoder_only:
        coded = _encode(engine, original, wanted, [] if drum is None else [drum], refinement)
        wanted = mels["CWAE"] = engine.decode(coded.drum, coded.code)
    try:
        rebuilt = engine.vocode(wanted, polish)
    except NoSound as error:
        raise AudioError(f"{path}: the model gives no sound for it ({error}); try another --class") from error
    rebuilt = fade_out(rebuilt, round(END_FADE * signal.sample_rate))
    top = peak(rebuilt)
    if not np.isfinite(top) or top == 0.0:
        raise AudioError(f"{path}: the model gives silence for it; try another --class")
    rebuilt = (rebuilt / top).astype(np.float32)
    mels["final"] = engine.analyse(rebuilt)
    whole = trim_tail(trim_onset(samples, signal.sample_rate), signal.sample_rate)
    padded = pad(original, signal.num_samples)
    return Reconstruction(
        original, rebuilt, min(1.0, peak(samples)), max(0.0, (len(whole) - signal.num_samples) / signal.sample_rate),
        coded.drum if coded else None, coded.probability if coded else None, mels,
        metrics.mel_sc(padded, rebuilt, signal), metrics.mss(padded, rebuilt),
    )  # fmt: skip
