"""A pack is built: its plan is rendered, each sound is written, and all of them are described."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from packgen.engine.protocol import SoundEngine
from packgen.kit import Kit
from packgen.packs.folder import Shard
from packgen.packs.info import PackInfo
from packgen.packs.manifest import SoundRecord, WishRow
from packgen.packs.writer import PackWriter
from packgen.planning.plan import plan
from packgen.planning.recipe import Recipe
from packgen.rendering.takes import RenderedSound
from packgen.rendering.workers import Backend, in_order


@dataclass(frozen=True)
class BuildResult:
    """What was built.

    Attributes:
        sounds, files: of the pack or the shard.
        resumed: sounds that an earlier run had finished.
        redrawn, degenerate, darkened: as `packgen.rendering.takes.RenderedSound` has them, over this run's sounds.
        wishes: how well the pack meets them; empty for a shard.
    """

    sounds: int
    files: int
    resumed: int
    redrawn: int
    degenerate: int
    darkened: int
    wishes: tuple[WishRow, ...]


def build(
    engine: SoundEngine,
    backend: Backend,
    recipe: Recipe,
    info: PackInfo,
    folder: Path,
    *,
    resume: bool = False,
    force: bool = False,
    shard: Shard | None = None,
    advance: Callable[[float], None] = lambda share: None,
) -> BuildResult:
    """Build a pack, or a shard of one.

    Args:
        engine: whose descriptors' ranges name the sounds.
        backend: where sounds are rendered.
        recipe: what is rendered.
        info: what the pack is called and how its files are made.
        folder: made if it does not exist.
        resume: go on with a pack of the same recipe that was interrupted.
        force: replace a pack that stands there.
        shard: which part to build; None for the whole pack.
        advance: told each share of the whole that is done; first of all once the backend works.

    Raises:
        OutputError: if the folder is taken or cannot be written; what is finished by then can be resumed.
        RecipeError: if nothing sounds.
    """

    def write(sound: RenderedSound) -> SoundRecord:
        return writer.write(sound, engine.signal.sample_rate)

    counts: Counter[str] = Counter()
    with closing(PackWriter(folder, info, engine.ranges, resume=resume, force=force, shard=shard)) as writer:
        entries = list(plan(recipe)) if shard is None else shard.part(plan(recipe))
        todo = [entry for entry in entries if not writer.has(entry.drum, entry.index)]
        with in_order(backend, write, todo) as records:  # a few sounds ahead of the journal, in order
            advance(1 - len(todo) / max(len(entries), 1))
            for record in records:
                writer.commit(record)
                counts.update(
                    redrawn=record["redrawn"], degenerate=record["degenerate"], darkened=record["darkened"]
                )
                advance(1 / len(entries))
        wishes: tuple[WishRow, ...] = ()
        if shard is None:
            wishes = writer.finish().wishes
        else:
            writer.seal()
    return BuildResult(
        sounds=len(entries),
        files=len(entries) * recipe.takes * recipe.layers,
        resumed=len(entries) - len(todo),
        redrawn=counts["redrawn"],
        degenerate=counts["degenerate"],
        darkened=counts["darkened"],
        wishes=wishes,
    )


def write_pack(engine: SoundEngine, sounds: Iterable[RenderedSound], info: PackInfo, folder: Path) -> Kit:
    """Write sounds that are rendered elsewhere as a pack, in the order of `PackInfo.drums`.

    Raises:
        OutputError: if the folder is taken or cannot be written.
    """
    with closing(PackWriter(folder, info, engine.ranges)) as writer:
        for sound in sounds:
            writer.add(sound, engine.signal.sample_rate)
        return writer.finish().kit
