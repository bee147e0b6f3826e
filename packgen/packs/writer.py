"""A pack on disk: written sound by sound, resumable, described by a manifest.

While a pack is written, the hidden folder ``.packgen`` in it holds its recipe, a lock and a journal: one line a
finished sound, added after the sound's files are in place. A killed run therefore loses the sound at hand and
nothing else. `PackWriter.finish` turns the journal into the manifest, the sampler files and the contact sheet,
and removes it. A pack that is to replace another is written into the hidden folder, and the other one stands until
the new one is whole.
"""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import packgen
from packgen.errors import OccupiedError, OutputError, PackError, UnfinishedError
from packgen.files.atomic import atomic_file, is_leftover, write_atomic
from packgen.files.bounded import sha256_of
from packgen.files.folders import RESUMABLE, WORK, Claim, check_free, is_free, resumable, writing
from packgen.formats import FORMATS
from packgen.formats.pads import assign_notes
from packgen.kit import Kit
from packgen.packs import contact_sheet, journal, manifest
from packgen.packs import folder as pack_folder
from packgen.packs import readme as texts
from packgen.packs.folder import Shard
from packgen.packs.info import PackInfo
from packgen.packs.manifest import FileRow, ManifestHead, SoundRecord, WishRow
from packgen.packs.naming import Ranges
from packgen.packs.sounds import write_sound
from packgen.rendering.takes import RenderedSound


class Finished(NamedTuple):
    """A finished pack, and how well it meets the wishes that its recipe has."""

    kit: Kit
    wishes: tuple[WishRow, ...]


class PackWriter:
    """Writes a pack's sounds, in any order, then everything that describes them."""

    def __init__(
        self,
        folder: Path,
        info: PackInfo,
        ranges: Ranges,
        resume: bool = False,
        force: bool = False,
        shard: Shard | None = None,
    ) -> None:
        """Open a folder for a pack.

        Args:
            folder: made if it does not exist.
            info: the pack's facts.
            ranges: descriptor quantiles per class, for the words in names (`Engine.ranges`).
            resume: go on with a pack of the same recipe that was interrupted.
            force: replace a pack that stands there once the new one is whole; other files in the folder stay.
            shard: which part of the pack is written here; None for all of it.

        Raises:
            OutputError: if the folder is not empty, is in use, or cannot be written.
        """
        self.folder, self.info, self.ranges, self.shard = folder, info, ranges, shard
        self.place = folder  # where the files are written
        self._recipe = folder / WORK / RESUMABLE
        self._journal = folder / WORK / pack_folder.JOURNAL
        self._places: dict[journal.Key, int] = {}  # of finished sounds, in the journal
        if not (folder / WORK).exists():
            self._check(resume, force)  # said before anything is written
        self._claim = Claim(folder)
        try:
            with writing(folder):
                self._open(resume, force)
        except BaseException:
            self.close()
            raise

    def _check(self, resume: bool, force: bool) -> None:
        """Whether what stands in the folder may be gone on with, or replaced."""
        if resume and resumable(self.folder):
            return
        if resume and pack_folder.finished(self.folder):
            raise OutputError(f"{self.folder} holds a finished pack; there is nothing to resume")
        if resume or not force:
            check_free(self.folder)

    def _open(self, resume: bool, force: bool) -> None:
        self._check(resume, force)
        pack_folder.replace(self.folder)  # where a run was killed that had begun to
        for path in self.folder.rglob(".*"):
            if is_leftover(path):  # of a killed run
                path.unlink(missing_ok=True)
        new = self.folder / WORK / pack_folder.NEW
        fresh = json.dumps(self._identity(), sort_keys=True)
        if resume and resumable(self.folder):
            if self._recipe.read_text() != fresh:
                raise OccupiedError(f"{self.folder} holds an unfinished pack of another recipe")
            if new.is_dir():
                self.place = new
            self._restore()
        else:
            if resumable(self.folder):
                pack_folder.remove_unfinished(self.folder)
            elif not is_free(self.folder):
                pack_folder.check_replaceable(self.folder)
            if pack_folder.finished(self.folder):
                shutil.rmtree(new, ignore_errors=True)  # of a run that was killed before it had a recipe
                new.mkdir()
                self.place = new
        write_atomic(self._recipe, fresh.encode())
        (self.place / pack_folder.SAMPLES).mkdir(exist_ok=True)

    def _identity(self) -> dict[str, Any]:
        """What must agree between an interrupted run and its resumption."""
        values = dataclasses.asdict(self.info) | {"version": packgen.__version__}
        values.pop("command")
        return values | ({"shard": list(self.shard)} if self.shard else {})

    def _restore(self) -> None:
        """Keep what an interrupted run finished: sounds whose files are all as the journal says."""
        kept = bytearray()
        for line, record in journal.lines(self._journal):
            if all(self._intact(row) for row in record["files"]):
                self._places[record["drum"], record["index"]] = len(kept)
                kept += line
        write_atomic(self._journal, bytes(kept))

    def _intact(self, row: FileRow) -> bool:
        try:
            return sha256_of(pack_folder.inside(self.place, row["path"])) == row["sha256"]
        except (OSError, PackError):
            return False

    def has(self, drum: str, index: int) -> bool:
        """Whether a sound is on disk already, from an interrupted run."""
        return (drum, index) in self._places

    def write(self, sound: RenderedSound, model_rate: int) -> SoundRecord:
        """Write a sound's files, and return its journal record. May be called in several threads and processes.

        Raises:
            OutputError: if a file cannot be written.
        """
        return write_sound(self.place, self.info, self.ranges, sound, model_rate)

    def commit(self, record: SoundRecord) -> None:
        """Add a written sound to the journal: from here on it survives a crash. Call from one thread.

        Raises:
            OutputError: if the journal cannot be written.
        """
        with writing(self._journal), self._journal.open("ab") as file:
            position = file.tell()
            file.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
        self._places[record["drum"], record["index"]] = position

    def add(self, sound: RenderedSound, model_rate: int) -> None:
        """Write a sound and commit it."""
        self.commit(self.write(sound, model_rate))

    def close(self) -> None:
        """End the claim to the folder. An unfinished pack stays, and can be resumed."""
        self._claim.release()

    def finish(self) -> Finished:
        """Write manifest, sampler files, contact sheet and texts; the pack is complete when this returns.

        Raises:
            OutputError: if something cannot be written; the pack stays resumable.
        """
        keys = self._complete(journal.order(self.info.drums))
        with writing(self.folder):
            finished = self._describe(keys)
            self._settle()
        return finished

    def _describe(self, keys: list[journal.Key]) -> Finished:
        def records() -> Iterable[SoundRecord]:
            return journal.read(self._journal, keys, self._places)

        notes = assign_notes(self.info.drums)
        sounds = tuple(journal.sound(record, note) for record, note in zip(records(), notes, strict=True))
        info = self.info
        kit = Kit(
            name=info.name,
            label=info.label,
            seed=info.seed,
            version=packgen.__version__,
            rate=info.rate,
            bits=info.bits,
            sounds=sounds,
        )
        pictures = (contact_sheet.from_text(record["tile"]) for record in records())
        title = f"{info.name}, seed {info.seed}"
        with ThreadPoolExecutor() as pool:  # compression and disks let others work meanwhile
            drawn = pool.submit(contact_sheet.write_sheets, self.place, title, pictures)
            paths = pool.map(lambda name: FORMATS[name].write(kit, self.place), info.formats)
            exported = [str(path) for some in paths for path in some]
            sheets = drawn.result()
        terms = texts.licence(info.attribution, info.modelled)
        write_atomic(self.place / "LICENSE.txt", terms.encode())
        about = texts.readme(kit, info.command, info.formats, info.model_rate)
        write_atomic(self.place / "README.txt", about.encode())
        head: ManifestHead = {
            "generator": {"name": "packgen", "version": packgen.__version__},
            "model": {"name": info.model["name"], "digest": info.model["digest"]},
            "pack": {"name": info.name, "label": info.label, "rate": info.rate, "bits": info.bits},
            "seed": info.seed,
            "recipe": info.recipe,
            "command": info.command,
            "licence": "CC0-1.0",
            "exports": exported,
            "contact_sheets": sheets,
        }
        wishes = journal.wishes(records())
        if wishes:
            head["wishes"] = list(wishes)
        manifest.write_csv(self.place / "manifest.csv", journal.rows(records(), notes))
        # Last of all: where a manifest stands, the pack is whole.
        manifest.write_json(self.place / pack_folder.MANIFEST, head, journal.rows(records(), notes))
        return Finished(kit, wishes)

    def _settle(self) -> None:
        """Put a pack that is whole in its place, and end the claim."""
        if self.place != self.folder:
            self.place.rename(self.folder / WORK / pack_folder.WHOLE)
            pack_folder.replace(self.folder)
        self._recipe.unlink()  # nothing is left to resume
        self._claim.release()

    def seal(self) -> None:
        """Finish a shard: its journal stands open beside its samples, for `packgen.packs.shards.merge`.

        Raises:
            OutputError: if a sound is missing or something cannot be written; the shard stays resumable.
        """
        assert self.shard is not None, "only shards are sealed"
        self._complete(self.shard.part(journal.order(self.info.drums)))
        facts = {
            "shard": list(self.shard),
            "version": packgen.__version__,
            "info": dataclasses.asdict(self.info),
        }
        with writing(self.folder):
            self._journal.touch()  # more shards than sounds leave some empty
            with (
                atomic_file(self.place / pack_folder.SHARD_SOUNDS) as file,
                self._journal.open("rb") as source,
            ):
                shutil.copyfileobj(source, file)
            write_atomic(self.place / pack_folder.SHARD_FACTS, json.dumps(facts, indent=1).encode())
            self._settle()

    def _complete(self, keys: list[journal.Key]) -> list[journal.Key]:
        missing = set(keys) - self._places.keys()
        if missing:
            raise UnfinishedError(f"{self.folder}: {len(missing)} sounds are missing")
        return keys
