"""The figures of a model card: contact sheets, sheets beside recordings, a map of the latent space, curves."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np

from packgen.audio.samples import Samples
from packgen.audio.shaping import peak
from packgen.engine.engine import Engine
from packgen.errors import OutputError
from packgen.evaluation.acoustic import kind_recipe, known
from packgen.evaluation.figures.beside import GENERATED, RECORDED, beside_recordings
from packgen.evaluation.figures.curves import curves_picture
from packgen.evaluation.figures.regions import Codes, regions_picture
from packgen.evaluation.generation import default_recipe
from packgen.evaluation.plan import Plan, by_turns
from packgen.files.atomic import write_atomic
from packgen.packs.contact_sheet import Tile, draw_page, tile
from packgen.planning.plan import plan as entries_of
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound
from packgen.training.acoustic import Kind, kind_of
from packgen.training.corpus import Corpus
from packgen.training.latent_fit import encode, evenly

EACH = 6  # sounds of a class on a sheet: two classes fill a row
MOST_SHOWN = 250  # recordings of a class on its map, and voices half as many
WORDS = {Kind.ACOUSTIC: "acoustic", Kind.ELECTRONIC: "electronic"}


def write_figures(
    engine: Engine,
    corpus: Corpus | None,
    curves_folder: Path,
    folder: Path,
    seed: int,
    progress: Callable[[str, int, int], None],
) -> list[Path]:
    """Draw all figures that there is something for; without a corpus there is no map.

    Returns:
        Their files.

    Raises:
        OutputError: if one cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write into {folder}: {error.strerror or error}") from error
    pictures: dict[str, bytes] = {}
    if shown := curves_picture(curves_folder):
        pictures["curves.png"] = shown
    characters = known(engine)
    if characters:
        drawn = {kind: _draw(engine, kind, seed, progress) for kind in WORDS}
        for kind, sounds in drawn.items():
            pictures[f"{WORDS[kind]}.png"] = _sheet(engine, kind, sounds)
        if corpus is not None:
            found = {name: _codes(engine, corpus, name, drawn) for name in characters}
            pictures["regions.png"] = regions_picture(tuple(characters), engine.spaces, characters, found)
    if corpus is not None:
        pictures |= _beside(engine, corpus, seed, progress)
    for name, picture in pictures.items():
        write_atomic(folder / name, picture)
    return [folder / name for name in pictures]


def _draw(
    engine: Engine, kind: Kind, seed: int, progress: Callable[[str, int, int], None]
) -> list[RenderedSound]:
    recipe = kind_recipe(engine, Plan(seed=seed), kind, EACH)
    sounds: list[RenderedSound] = []
    for entry in entries_of(recipe):
        progress(WORDS[kind], len(sounds), recipe.num_sounds)
        sounds.append(render_sound(engine, recipe, entry))
    return sounds


def _beside(
    engine: Engine, corpus: Corpus, seed: int, progress: Callable[[str, int, int], None]
) -> dict[str, bytes]:
    """Two sheets of a default pack's sounds, on the grid and drawn, beside validation recordings."""
    labels = corpus.labels()
    groups = [f"{entry.source}/{entry.group}" for entry in corpus.entries]
    chosen = by_turns(labels, groups, corpus.where("val", ["recorded"]), RECORDED, seed)
    recorded: dict[str, list[Samples]] = {name: [] for name in corpus.classes}
    for index in chosen:
        recorded[corpus.entries[index].drum].append(corpus.sound(int(index)))
    generated: dict[str, list[Samples]] = {name: [] for name in engine.classes}
    recipe = default_recipe(Plan(draws_per_class=GENERATED, seed=seed), engine.classes, seed)
    for number, entry in enumerate(entries_of(recipe)):
        progress("beside recordings", number, recipe.num_sounds)
        generated[entry.drum].append(render_sound(engine, recipe, entry).takes[0].samples)
    half = len(engine.classes) // 2
    return {
        f"beside_recordings_{page}.png": beside_recordings(
            names, recorded, generated, engine.signal.sample_rate
        )
        for page, names in ((1, engine.classes[:half]), (2, engine.classes[half:]))
        if names
    }


def _sheet(engine: Engine, kind: Kind, sounds: list[RenderedSound]) -> bytes:
    """Every sound with what the listener says of it."""

    def picture(sound: RenderedSound) -> Tile:
        take, heard = sound.takes[0], sound.outcomes[0].measured
        label = f"{sound.drum} {sound.index + 1}\nheard {heard:+.1f}"
        return tile(label, take.log_mel, [take.samples / peak(take.samples)], engine.signal.num_samples)

    title = f"--character {kind}: {WORDS[kind]} (an ear apart hears -1 acoustic … +1 electronic)"
    data = io.BytesIO()
    draw_page(title, [picture(sound) for sound in sounds]).quantize(128).save(data, "PNG", optimize=True)
    return data.getvalue()


def _codes(engine: Engine, corpus: Corpus, drum: str, drawn: dict[Kind, list[RenderedSound]]) -> Codes:
    """A class's training sounds and drawn sounds, as the map shows them."""
    members = [i for i in corpus.where("train") if corpus.entries[i].drum == drum]
    recorded = np.array([i for i in members if corpus.entries[i].origin == "recorded"], np.int64)
    voiced = [i for i in members if corpus.entries[i].origin != "recorded"]
    voices = np.array([i for i in voiced if kind_of(corpus.entries[i]) == Kind.ELECTRONIC], np.int64)
    recorded, voices = evenly(recorded, MOST_SHOWN), evenly(voices, MOST_SHOWN // 2)
    label = corpus.classes.index(drum)
    return Codes(
        recordings=encode(engine.cwae, [corpus.sound(int(i)) for i in recorded], label),
        kinds=np.array([kind_of(corpus.entries[i]) for i in recorded]),
        voices=encode(engine.cwae, [corpus.sound(int(i)) for i in voices], label),
        drawn={
            kind: np.stack([sound.takes[0].code for sound in sounds if sound.drum == drum])
            for kind, sounds in drawn.items()
        },
    )
