"""A model's folder from trained weights: the networks, what is fitted to their codes, and the curves."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from packgen.audio.descriptors import describe
from packgen.files.atomic import write_atomic
from packgen.latent import predictor as prediction
from packgen.latent import space as latent
from packgen.networks import checkpoint
from packgen.networks.classifier import Classifier
from packgen.networks.cwae import CWAE
from packgen.networks.mcnn import MCNN, used_heads, with_heads
from packgen.networks.texture import Texture
from packgen.training.batches import balanced, log_mels
from packgen.training.corpus import Corpus
from packgen.training.latent_fit import (
    descriptor_ranges,
    descriptor_values,
    encode,
    evenly,
    fit_character,
    fit_predictor,
    fit_space,
    members,
)

MOST_MEASURED = 300  # of a class's sounds whose descriptors are measured
CURVES = "curves"  # folder of a model's training curves, NETWORK.csv each


def finish(run: Path, corpus: Corpus, out: Path, say: Callable[[str], None]) -> None:
    """Bring trained weights together in a model's folder: cwae (with its latent space), mcnn, classifier, judge.

    The texture network comes too, if one was trained.

    Args:
        run: folder of the runs, one folder a network.
        corpus: what they were trained on.
        out: the model's folder, say ``models/drums-44k``; the runs' curves are kept in it, too.
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
        spaces[name] = fit_space(codes, codes[:recorded], codes[recorded:], found.instruments)
        heard = evenly(np.arange(len(sounds)), MOST_MEASURED)
        measured = [describe(sounds[i], corpus.signal.sample_rate) for i in heard]
        character, characters[name] = fit_character(cwae, corpus, name)
        predictors[name] = replace(
            fit_predictor(codes[heard], descriptor_values(name, measured)), character=character
        )
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
    names = ["cwae", *(stem for stem, _ in kinds)]
    if (path := run / "texture" / "texture.safetensors").is_file():
        texture, _, header = checkpoint.load(path, Texture)
        checkpoint.save(out / path.name, texture, header.provenance)
        names.append("texture")
    else:
        say("no texture network was trained: the model's noise above the vocoder's band is all that it has")
    keep_curves(run, out / CURVES, names)


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
