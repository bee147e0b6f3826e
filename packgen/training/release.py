"""After training: fit the latent space, measure the classes' descriptors, and write a model's folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.covariance import ledoit_wolf
from sklearn.decomposition import PCA

from packgen.audio.descriptors import MEASURED, QUANTILES, Descriptors, describe
from packgen.audio.samples import Samples
from packgen.classes import BY_NAME
from packgen.files.atomic import write_atomic
from packgen.latent import predictor as prediction
from packgen.latent import space as latent
from packgen.latent.electronic import Character, pooled
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier
from packgen.networks.cwae import CWAE
from packgen.networks.mcnn import MCNN, used_heads, with_heads
from packgen.training import acoustic as sides
from packgen.training.batches import CHUNK, balanced, log_mels, one_hot, spectrograms
from packgen.training.corpus import Corpus
from packgen.training.fresh import Fresh

FEWEST_COMPONENTS, MOST_COMPONENTS = 128, 1024  # of each class's fitted posterior
BANDWIDTH = 0.3  # of its components, in deviations of the class's codes
MOST_RECORDED = 800  # sounds of a class that its space is fitted to
FEWEST_RECORDED = 400  # of them; where there are fewer, variants make up the number
MOST_VARIANTS = 12  # of a recording
MOST_MEASURED = 300  # of a class's sounds whose descriptors are measured
MOST_RENDERED = 200  # of a class that its electronic side is fitted to
CURVES = "curves"  # folder of a model's training curves, NETWORK.csv each


@dataclass(frozen=True)
class Members:
    """The training sounds of one class that its space is fitted to.

    Attributes:
        recorded: all recordings, or an even choice of many.
        variants: of the recordings, where these are few.
        rendered: half as many as the others: classes with few recordings are mostly rendered sounds in training;
            fitted to all, their draws would be, too.
    """

    recorded: list[Samples]
    variants: list[Samples]
    rendered: list[Samples]

    @property
    def all(self) -> list[Samples]:
        """Of all kinds, in the order of the attributes."""
        return [*self.recorded, *self.variants, *self.rendered]


def members(corpus: Corpus, drum: str) -> Members:
    """The training sounds that the space of a class is fitted to."""
    of_class = corpus.labels() == corpus.classes.index(drum)
    recorded, rendered = (
        found[of_class[found]]
        for found in (corpus.where("train", ["recorded"]), corpus.where("train", ["rendered", "voice"]))
    )
    recorded = evenly(recorded, MOST_RECORDED)
    times = min(MOST_VARIANTS, max(0, FEWEST_RECORDED - len(recorded)) // max(1, len(recorded)))
    repeated = np.repeat(recorded, times)
    variants = Fresh(corpus, 1.0).draw(repeated, np.arange(len(repeated)))
    share = (len(recorded) + len(variants)) // 2 or MOST_RECORDED
    return Members(
        [corpus.sound(int(i)) for i in recorded],
        variants,
        [corpus.sound(int(i)) for i in evenly(rendered, share)],
    )


@torch.inference_mode()
def encode(network: CWAE, sounds: Sequence[Samples], label: int) -> latent.Points:
    """Codes of sounds of one class: (n, D)."""
    classes, signal = one_hot([label], len(network.config.classes)), network.config.signal
    found = [
        network.encode(log_mels(sounds[start : start + CHUNK], signal), classes).numpy()
        for start in range(0, len(sounds), CHUNK)
    ]
    return np.concatenate([np.zeros((0, network.config.latent_dim), np.float32), *found])


def fit_space(codes: latent.Points, recorded: latent.Points, others: latent.Points) -> latent.ClassSpace:
    """Principal axes and posterior of one class's codes.

    The posterior is a kernel density around the codes of recordings: draws from it are heard as the class more
    often, and lie nearer to real sounds, than those from a Gaussian mixture fitted to all codes (FAD 15.6 against
    19.2 on 64 sounds a class). A class with few recordings gets other sounds' codes as further components, but
    half the weight stays with its recordings. Components are drawn in towards their mean, so that the density has
    the covariance of the codes.

    Args:
        codes: that the axes are fitted to (n, D).
        recorded: codes of all recordings (r, D).
        others: codes of other sounds of the class (m, D), r + m > 0.
    """
    pca = PCA(svd_solver="full").fit(codes)
    # The sign of an axis is arbitrary: point it to where its largest element is positive.
    signs = np.sign(pca.components_[np.arange(len(pca.components_)), np.abs(pca.components_).argmax(1)])
    real = recorded[evenly(np.arange(len(recorded)), MOST_COMPONENTS)]
    rest = others[evenly(np.arange(len(others)), max(0, FEWEST_COMPONENTS - len(real)))]
    points = np.concatenate([real, rest])
    share = max(0.5, len(real) / len(points)) if len(real) else 0.0
    weights = np.concatenate([np.full(len(real), share), np.full(len(rest), 1 - share)])
    weights /= np.where(np.arange(len(points)) < len(real), len(real), len(rest))
    weights /= weights.sum()
    mean = weights @ points
    spread = (points - mean) * np.sqrt(weights * len(points))[:, None]
    covariance, _ = ledoit_wolf(spread, assume_centered=True)  # of hardly more points than dimensions
    arrays = (
        pca.mean_,
        pca.components_ * signs[:, None],
        np.sqrt(pca.explained_variance_),
        weights,
        mean + np.sqrt(1 - BANDWIDTH**2) * (points - mean),
        BANDWIDTH * np.linalg.cholesky(covariance),
    )
    return latent.ClassSpace(*(np.ascontiguousarray(array, dtype=np.float32) for array in arrays))


def evenly(indices: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """At most `most` of the indices, spread evenly: every source and kind keeps its share."""
    places = np.linspace(0, len(indices) - 1, min(most, len(indices))).astype(int)
    return np.asarray(indices[places], np.int64)


def measure(sounds: Sequence[Samples], rate: int) -> list[Descriptors]:
    """Descriptors of the given sounds."""
    return [describe(sound, rate) for sound in sounds]


def descriptor_ranges(measured: Sequence[Descriptors]) -> NDArray[np.float32]:
    """Quantiles of what is measured on a class's sounds: (len(MEASURED), len(QUANTILES))."""
    rows = [[getattr(each, name) for name in MEASURED] for each in measured]
    return np.quantile(np.array(rows), QUANTILES, axis=0).T.astype(np.float32)


def fit_predictor(drum: str, codes: latent.Points, measured: Sequence[Descriptors]) -> prediction.Predictor:
    """From codes (n, D) to what was measured on their sounds; pitch only for classes that have one."""
    names = [name for name in prediction.PREDICTED if name != "pitch" or BY_NAME[drum].pitched]
    values = np.full((len(measured), len(prediction.PREDICTED)), np.nan)
    for column, name in enumerate(names):
        values[:, column] = [getattr(each, name) or np.nan for each in measured]
    return prediction.fit(codes, values)


def fit_character(network: CWAE, corpus: Corpus, drum: str) -> tuple[Character | None, dict[str, Any]]:
    """The electronic and the acoustic side of a class, and what `packgen.training.acoustic.fit` says of them."""
    found = np.array([sides.side(entry) if entry.drum == drum else 0 for entry in corpus.entries], np.int64)
    recorded = np.array([entry.origin == "recorded" for entry in corpus.entries])
    known = found != sides.UNKNOWN
    rendered = evenly(np.flatnonzero(known & ~recorded), MOST_RENDERED)
    chosen = np.concatenate([np.flatnonzero(known & recorded), rendered])
    if not len(chosen):
        return None, {}
    classes = one_hot([corpus.classes.index(drum)], len(corpus.classes))
    codes, spectra = [], []
    for _, mels in spectrograms(corpus, chosen):
        with torch.inference_mode():
            codes.append(network.encode(mels, classes).numpy())
        spectra += [pooled(mel) for mel in mels.numpy()]
    entries = [corpus.entries[i] for i in chosen]
    return sides.fit(
        sides.Sided(
            codes=np.concatenate(codes),
            spectra=np.stack(spectra),
            sides=found[chosen],
            recorded=recorded[chosen],
            training=np.array([entry.split == "train" for entry in entries]),
            groups=[entry.group for entry in entries],
        )
    )


def finish(run: Path, corpus: Corpus, out: Path, say: Callable[[str], None]) -> None:
    """Bring trained weights together in a model's folder: cwae (with its latent space), mcnn, classifier, judge.

    Args:
        run: folder of the runs, one folder a network.
        corpus: what they were trained on.
        out: the model's folder, say ``models/drums-22k``; the runs' curves are kept in it, too.
        say: where to report to.

    Raises:
        WeightsError: if one is missing.
    """
    cwae, _, header = checkpoint.load(run / "cwae" / "cwae.safetensors", CWAE)
    spaces: dict[str, latent.ClassSpace] = {}
    predictors: dict[str, prediction.Predictor] = {}
    characters: dict[str, Any] = {}
    extra: dict[str, torch.Tensor] = {}
    for index, name in enumerate(corpus.classes):
        found = members(corpus, name)
        sounds = found.all
        codes, recorded = encode(cwae, sounds, index), len(found.recorded)
        spaces[name] = fit_space(codes, codes[:recorded], codes[recorded:])
        heard = evenly(np.arange(len(sounds)), MOST_MEASURED)
        measured = measure([sounds[i] for i in heard], corpus.signal.sample_rate)
        character, characters[name] = fit_character(cwae, corpus, name)
        predictors[name] = replace(fit_predictor(name, codes[heard], measured), character=character)
        extra[f"ranges.{name}"] = torch.from_numpy(descriptor_ranges(measured))
        say(
            f"{name}: codes of {recorded} recordings, {len(found.variants)} variants, {len(found.rendered)} rendered, "
            f"deviations {spaces[name].deviations[:3].round(2)}; character {json.dumps(characters[name])}"
        )
    arrays = latent.to_arrays(spaces) | prediction.to_arrays(predictors)
    extra |= {name: torch.from_numpy(array) for name, array in arrays.items()}
    out.mkdir(parents=True, exist_ok=True)
    checkpoint.save(out / "cwae.safetensors", cwae, header.provenance | {"character": characters}, extra)
    kinds: tuple[tuple[str, type[Any]], ...] = (
        ("mcnn", MCNN),
        ("classifier", Classifier),
        ("judge", Classifier),
    )
    for stem, kind in kinds:
        network, _, header = checkpoint.load(run / stem / f"{stem}.safetensors", kind)
        provenance = header.provenance
        if isinstance(network, MCNN):
            heads = used_heads(network, _real_spectrograms(corpus, network.config.signal.bands))
            say(f"mcnn: of {network.config.heads} heads {len(heads)} are in use: {heads}")
            provenance, network = provenance | {"heads kept": heads}, with_heads(network, heads)
        checkpoint.save(out / f"{stem}.safetensors", network, provenance)
    keep_curves(run, out / CURVES, ("cwae", *(stem for stem, _ in kinds)))


def _real_spectrograms(corpus: Corpus, bands: int) -> torch.Tensor:
    """Some recordings of each class, their lower bands (B, bands, T)."""
    chosen = balanced(corpus.labels(), corpus.where("train", ["recorded"]), 6, np.random.default_rng(0))
    return log_mels([corpus.sound(int(i)) for i in chosen], corpus.signal)[:, :bands]


def keep_curves(run: Path, folder: Path, networks: Sequence[str]) -> None:
    """Copy what the runs noted while they trained, so that a model card can be drawn again from the model alone."""
    for name in networks:
        if (curve := run / name / "curve.csv").is_file():
            folder.mkdir(exist_ok=True)
            write_atomic(folder / f"{name}.csv", curve.read_bytes())
