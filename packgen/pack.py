"""A pack on disk: written sound by sound, resumable, described by a manifest.

While a pack is written, the hidden folder ``.packgen`` in it holds its recipe, a lock and a journal: one line a
finished sound, added after the sound's files are in place. A killed run therefore loses the sound at hand and
nothing else. `PackWriter.finish` turns the journal into the manifest, the sampler files and the contact sheet,
and removes it.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import packgen
from packgen import contact_sheet, manifest, pack_folder, texts
from packgen.audio import Samples, resample, write_atomic
from packgen.classes import BY_NAME
from packgen.dsp.descriptors import Descriptors
from packgen.dsp.shaping import amplitude, decibels, peak
from packgen.errors import OutputError, RecipeError
from packgen.exporters import EXPORTERS
from packgen.exporters.names import portable
from packgen.exporters.notes import assign_notes
from packgen.exporters.wav import WavInfo, write_wav
from packgen.kit import Kit, Sound, Take
from packgen.renderer import RenderedSound, RenderedTake
from packgen.words import character, key

PEAK_DB = -1.0
RATES = (22_050, 44_100, 48_000, 88_200, 96_000)
BITS = ("16", "24", "32f")


@dataclass(frozen=True)
class PackInfo:
    """What a pack is called and how its files are made.

    Attributes:
        name: of the pack, free text; files use its portable form.
        label: who made it.
        seed: of the recipe.
        recipe: JSON-able record of everything that decides the sounds.
        command: the line that makes this pack again.
        model: name and digest of the model.
        attribution: licence text of the model's training data.
        drums: class of every sound of the whole pack, in order; pads are assigned from it.
        formats: names from `packgen.exporters.EXPORTERS`.
        rate: hertz of the files.
        bits: ``16``, ``24`` or ``32f``.
    """

    name: str
    label: str
    seed: int
    recipe: dict[str, Any]
    command: str
    model: dict[str, str]
    attribution: str
    drums: tuple[str, ...]
    formats: tuple[str, ...] = ()
    rate: int = 44_100
    bits: str = "24"

    def __post_init__(self) -> None:
        if self.rate not in RATES:
            raise RecipeError(f"rate {self.rate} is not offered: choose {', '.join(map(str, RATES))}")
        if self.bits not in BITS:
            raise RecipeError(f"bits {self.bits!r} are not offered: choose {', '.join(BITS)}")
        if unknown := [name for name in self.formats if name not in EXPORTERS]:
            raise RecipeError(f"unknown format {unknown[0]!r}: choose wav, {', '.join(EXPORTERS)}")
        portable(self.name, "pack name")
        if self.label:
            portable(self.label, "label")


class PackWriter:
    """Writes a pack's sounds, in any order, then everything that describes them."""

    def __init__(
        self, folder: Path, info: PackInfo, ranges: dict[str, Any], resume: bool = False, force: bool = False
    ) -> None:
        """Open a folder for a pack.

        Args:
            folder: made if it does not exist.
            info: the pack's facts.
            ranges: descriptor quantiles per class, for the words in names (`Engine.ranges`).
            resume: go on with a pack of the same recipe that was interrupted.
            force: replace a pack that stands there; other files in the folder stay.

        Raises:
            OutputError: if the folder is not empty, is in use, or cannot be written.
        """
        self.folder, self.info, self.ranges = folder, info, ranges
        self._work = folder / pack_folder.WORK
        self._journal = self._work / "journal.jsonl"
        self._done: set[tuple[str, int]] = set()
        try:
            self._open(resume, force)
        except OSError as error:
            raise OutputError(
                f"cannot write into {folder}: {error.strerror or error}; choose another --out"
            ) from error

    def _open(self, resume: bool, force: bool) -> None:
        entries = [p.name for p in self.folder.iterdir()] if self.folder.exists() else []
        fresh = json.dumps(self._identity(), sort_keys=True)
        recipe = self._work / "recipe.json"
        if entries and force and not resume:
            pack_folder.lock(self.folder)
            pack_folder.remove_pack(self.folder)
        elif entries and resume and recipe.is_file():
            pack_folder.lock(self.folder)
            if recipe.read_text() != fresh:
                raise OutputError(
                    f"{self.folder} holds an unfinished pack of another recipe; repeat its own command, or --force"
                )
            self._restore()
            return
        elif entries and resume and (self.folder / "manifest.json").is_file():
            raise OutputError(f"{self.folder} holds a finished pack; there is nothing to resume")
        elif entries:
            hint = "--resume goes on with it" if recipe.is_file() else "choose another --out, or --force"
            raise OutputError(f"{self.folder} is not empty; {hint}")
        self._work.mkdir(parents=True, exist_ok=True)
        pack_folder.lock(self.folder)
        write_atomic(recipe, fresh.encode())

    def _identity(self) -> dict[str, Any]:
        """What must agree between an interrupted run and its resumption."""
        values = dataclasses.asdict(self.info) | {"version": packgen.__version__}
        values.pop("command")
        return values

    def _restore(self) -> None:
        """Read the journal of an interrupted run; a torn last line is dropped, stray files are removed."""
        kept = bytearray()
        if self._journal.is_file():
            for line in self._journal.read_bytes().splitlines(keepends=True):
                try:
                    record = json.loads(line)
                except ValueError:
                    break
                if not line.endswith(b"\n") or not all(
                    (self.folder / f["path"]).is_file() for f in record["files"]
                ):
                    break
                self._done.add((record["drum"], record["index"]))
                kept += line
        write_atomic(self._journal, bytes(kept))
        for part in self.folder.rglob(".*.part"):
            part.unlink(missing_ok=True)

    def has(self, drum: str, index: int) -> bool:
        """Whether a sound is on disk already, from an interrupted run."""
        return (drum, index) in self._done

    def write(self, sound: RenderedSound, model_rate: int) -> dict[str, Any]:
        """Write a sound's files, and return its journal record. May be called from several threads.

        Raises:
            OutputError: if a file cannot be written.
        """
        info, drum = self.info, BY_NAME[sound.drum]
        main = sound.takes[0].descriptors
        pitch = main.pitch if drum.pitched else None
        words = character(main, self.ranges[sound.drum])
        made_by = [portable(info.label, "label", 16)] if info.label else []
        parts = [
            *made_by,
            portable(info.name, "pack name", 20),
            sound.drum.replace("_", "-"),
            "-".join(words),
        ]
        parts += [key(pitch)] if pitch else []
        name = "_".join(parts) + f"_{sound.index + 1:0{_digits(info.drums)}d}"
        title = f"{drum.title} {sound.index + 1} {' '.join(words)}"
        gain = amplitude(PEAK_DB) / max(peak(take.samples) for take in sound.takes)
        files = []
        for number, take in enumerate(sound.takes):
            suffix = f"_t{number + 1}" if len(sound.takes) > 1 else ""
            path = f"{pack_folder.SAMPLES}/{drum.folder}/{name}{suffix}.wav"
            samples = level(resample((take.samples * gain).astype(np.float32), model_rate, info.rate))
            files.append(self._write_take(path, title, sound, number, take, samples, pitch))
        label = f"{sound.drum} {sound.index + 1}\n{' '.join(words)}{' ' + key(pitch) if pitch else ''}"
        outlines = [take.samples * gain for take in sound.takes]
        picture = contact_sheet.tile(label, sound.takes[0].log_mel, outlines, model_rate)
        return {
            "drum": sound.drum,
            "index": sound.index,
            "name": name,
            "title": title,
            "pitch": None if pitch is None else round(pitch, 2),
            "redrawn": sound.redrawn,
            "degenerate": sound.degenerate,
            "files": files,
            "tile": contact_sheet.to_text(picture),
        }

    def _write_take(
        self, path: str, title: str, sound: RenderedSound, number: int, take: RenderedTake, samples: Samples,
        pitch: float | None,
    ) -> dict[str, Any]:  # fmt: skip
        info = self.info
        target = self.folder / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write into {target.parent}: {error.strerror or error}") from error
        place = ", ".join(f"P{axis + 1} {value:+.2f}" for axis, value in enumerate(take.coordinates))
        comment = f"packgen seed {info.seed}, {sound.drum} {sound.index + 1} take {number + 1}, {place}"
        wav_info = WavInfo(
            title=title,
            artist=info.label or "packgen",
            comment=comment,
            software=f"packgen {packgen.__version__}",
            licence="CC0 1.0",
            genre="Drums",
            pitch_hz=pitch,
            note=BY_NAME[sound.drum].notes[0],
            low_velocity=take.low_velocity,
            high_velocity=take.high_velocity,
        )
        dither_seed = (info.seed * 1_000_003 + sound.index) * 64 + number
        digest = write_wav(target, samples, info.rate, info.bits, wav_info, dither_seed % 2**63)
        return {
            "path": path,
            "class": sound.drum,
            "sound": sound.index,
            "take": number,
            "layer": take.layer,
            "low_velocity": take.low_velocity,
            "high_velocity": take.high_velocity,
            "origin": sound.origin,
            "seed": info.seed,
            "coordinates": [round(value, 4) for value in take.coordinates],
            "code": [round(float(value), 5) for value in take.code],
            "probability": round(take.probability, 4),
            "frames": len(samples),
            **_measures(take.descriptors, samples, info.rate),
            "sha256": digest,
        }

    def commit(self, record: dict[str, Any]) -> None:
        """Add a written sound to the journal: from here on it survives a crash. Call from one thread.

        Raises:
            OutputError: if the journal cannot be written.
        """
        try:
            with self._journal.open("ab") as file:
                file.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
        except OSError as error:
            raise OutputError(
                f"cannot write {self._journal}: {error.strerror or error}; --resume goes on"
            ) from error
        self._done.add((record["drum"], record["index"]))

    def add(self, sound: RenderedSound, model_rate: int) -> None:
        """Write a sound and commit it."""
        self.commit(self.write(sound, model_rate))

    def close(self) -> None:
        """Give the folder free, leaving an unfinished pack resumable."""
        (self._work / "lock").unlink(missing_ok=True)

    def finish(self) -> Kit:
        """Write manifest, sampler files, contact sheet and texts; the pack is complete when this returns.

        Raises:
            OutputError: if something cannot be written; the pack stays resumable.
        """
        order = _order(self.info.drums)
        offsets = _offsets(self._journal)
        missing = [key for key in order if key not in offsets]
        if missing:
            raise OutputError(f"{self.folder}: {len(missing)} sounds are missing; --resume renders them")

        def records() -> Iterator[dict[str, Any]]:
            with self._journal.open("rb") as file:
                for place in order:
                    file.seek(offsets[place])
                    yield json.loads(file.readline())

        notes = assign_notes(self.info.drums)
        sounds = tuple(_sound(record, note) for record, note in zip(records(), notes, strict=True))
        info = self.info
        kit = Kit(info.name, info.label, info.seed, packgen.__version__, info.rate, info.bits, sounds)
        exported = [str(p) for name in info.formats for p in EXPORTERS[name](kit, self.folder)]
        pictures = (contact_sheet.from_text(record["tile"]) for record in records())
        sheets = contact_sheet.write_sheets(self.folder, f"{info.name}, seed {info.seed}", pictures)
        write_atomic(self.folder / "LICENSE.txt", texts.licence(info.attribution).encode())
        write_atomic(self.folder / "README.txt", texts.readme(kit, info.command, info.formats).encode())
        head = {
            "generator": {"name": "packgen", "version": packgen.__version__},
            "model": info.model,
            "pack": {"name": info.name, "label": info.label, "rate": info.rate, "bits": info.bits},
            "seed": info.seed,
            "recipe": info.recipe,
            "command": info.command,
            "licence": "CC0-1.0",
            "exports": exported,
            "contact_sheets": sheets,
        }
        manifest.write_csv(self.folder / "manifest.csv", _rows(records(), notes))
        # Last of all: where a manifest stands, the pack is whole.
        manifest.write_json(self.folder / "manifest.json", head, _rows(records(), notes))
        shutil.rmtree(self._work)
        return kit


def _rows(records: Iterator[dict[str, Any]], notes: Sequence[int]) -> Iterator[manifest.Row]:
    """The manifest's rows: a record's files with the note of its pad."""
    for record, note in zip(records, notes, strict=True):
        for row in record["files"]:
            yield row | {"note": note if note >= 0 else None}


def _digits(drums: Sequence[str]) -> int:
    return max(2, len(str(max((drums.count(drum) for drum in set(drums)), default=1))))


def _measures(measured: Descriptors, samples: Samples, rate: int) -> dict[str, Any]:
    return {
        "duration": round(len(samples) / rate, 4),
        "peak_db": round(decibels(peak(samples)), 2),
        "rms_db": round(decibels(float(np.sqrt((samples.astype(np.float64) ** 2).mean()))), 2),
        "brightness": round(measured.brightness, 1),
        "decay": round(measured.decay, 4),
        "noisiness": round(measured.noisiness, 4),
        "pitch": None if measured.pitch is None else round(measured.pitch, 2),
    }


def level(samples: Samples) -> Samples:
    """Keep a resampled sound's overshoot under full scale: resampling may raise peaks a little."""
    top = peak(samples)
    return samples if top <= amplitude(PEAK_DB) else (samples * (amplitude(PEAK_DB) / top)).astype(np.float32)


def _order(drums: Sequence[str]) -> list[tuple[str, int]]:
    """(class, index) of every sound in the pack's order."""
    seen: dict[str, int] = {}
    order = []
    for drum in drums:
        order.append((drum, seen.get(drum, 0)))
        seen[drum] = seen.get(drum, 0) + 1
    return order


def _offsets(journal: Path) -> dict[tuple[str, int], int]:
    """Where each sound's line starts in a journal."""
    offsets: dict[tuple[str, int], int] = {}
    position = 0
    if journal.is_file():
        with journal.open("rb") as file:
            for line in file:
                record = json.loads(line)
                offsets[record["drum"], record["index"]] = position
                position += len(line)
    return offsets


def _sound(record: dict[str, Any], note: int) -> Sound:
    drum = BY_NAME[record["drum"]]
    takes = tuple(
        Take(
            f["path"], f["layer"], f["take"], f["low_velocity"], f["high_velocity"], f["frames"],
            amplitude(f["peak_db"]), f["sha256"],
        )
        for f in record["files"]
    )  # fmt: skip
    return Sound(
        drum.name, record["index"], record["name"], record["title"], note, drum.choke, record["pitch"], takes
    )
