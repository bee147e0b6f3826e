"""Rendering on a Dask cluster: entries travel to its workers, sounds come back and are written here.

Every worker process loads the model once, from its own disk, and shows its digest before it renders. What a
lost worker had in hand the scheduler gives to another, and as an entry always gives the same sound, nobody can
tell from the pack. Needs the extra ``packgen[cluster]`` here, on the scheduler and on the workers.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import packgen
from packgen.errors import ClusterError, PackgenError
from packgen.files.resources import model_folder, models_folder
from packgen.planning.plan import Entry
from packgen.planning.recipe import Recipe
from packgen.rendering.renderer import render_sound
from packgen.rendering.takes import RenderedSound
from packgen.rendering.workers import Finish

if TYPE_CHECKING:
    from packgen.engine.engine import Engine

CONNECT = 10.0  # seconds for the scheduler to answer, and for its first worker to be there
LOOK = 5.0  # seconds between looks at the workers while a sound is waited for
PATIENCE = 60.0  # seconds without any worker before we give up; a lost one is usually restarted within a few
LEAST_AT_ONCE = 16  # entries: waiting costs nothing here, and keeps workers busy that join later


@dataclass(frozen=True)
class Assignment:
    """What a worker must know beside the entry.

    Attributes:
        version: of packgen.
        model: name of an installed model, or path of a folder that all machines see.
        digest: of the model's weights.
        recipe: the pack's.
    """

    version: str
    model: str
    digest: str
    recipe: Recipe


class Cluster:
    """The workers of a Dask scheduler, as a `packgen.rendering.workers.Backend`; it is connected until it is closed."""

    def __init__(self, scheduler: str, weights: Path, digest: str, recipe: Recipe) -> None:
        """Connect, and check that every worker has this version of packgen and these weights.

        Args:
            scheduler: address, say ``tcp://scheduler:8786``.
            weights: the model's folder here.
            digest: of its weights (`packgen.engine.engine.Engine.digest`).
            recipe: the pack's.

        Raises:
            ClusterError: if the extra is not installed, the scheduler does not answer, there are no workers, or
                one of them has another version or other weights.
        """
        try:
            import distributed
            from distributed.comm.addressing import get_address_host_port
        except ImportError:
            raise ClusterError(
                "a cluster needs a package that is not installed: pip install distributed"
            ) from None
        for name in ("distributed", "distributed.client"):  # what matters we say ourselves, in a line
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._scheduler = scheduler
        name = weights.name if weights.parent == models_folder() else str(weights.resolve())
        self.assignment = Assignment(packgen.__version__, name, digest, recipe)
        try:
            get_address_host_port(scheduler)
        except ValueError as error:
            raise ClusterError(
                f"{scheduler!r} is no address of a scheduler ({error}): write tcp://HOST:8786"
            ) from error
        try:
            self._client = distributed.Client(scheduler, timeout=CONNECT, set_as_default=False)
        except OSError as error:
            raise ClusterError(
                f"no Dask scheduler answers at {scheduler}: start one with dask scheduler, or correct the address"
            ) from error
        try:
            self._check_workers()
        except BaseException:
            self.close()
            raise
        self.workers = max(LEAST_AT_ONCE, 2 * sum(self._client.nthreads().values()))

    def _check_workers(self) -> None:
        """Check that there are workers, and that each has this version and these weights."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT)
        except TimeoutError as error:
            raise ClusterError(
                f"the scheduler at {self._scheduler} has no workers: start some with dask worker {self._scheduler}"
            ) from error
        answers = self._client.run(
            _handshake, self.assignment.model, self.assignment.digest, on_error="return"
        )
        for worker, answer in answers.items():
            if isinstance(answer, ImportError):
                raise ClusterError(
                    f"worker {worker} lacks a package ({answer}): install packgen[cluster] there"
                )
            if isinstance(answer, PackgenError):
                raise ClusterError(f"worker {worker}: {answer}")
            if isinstance(answer, BaseException):
                raise answer
            version, digest = answer
            _check_same(self.assignment, version, digest, worker)

    @contextmanager
    def working(self, finish: Finish) -> Iterator[Callable[[Entry], Any]]:
        """Sounds are rendered there and finished here: the cluster's disks are not ours."""
        try:
            yield lambda entry: finish(self.render(entry))
        finally:
            self.close()

    def render(self, entry: Entry) -> RenderedSound:
        """Have a worker render an entry, and wait for its sound.

        Raises:
            RecipeError: if nothing comes out of the entry (`packgen.rendering.renderer.render_sound`).
            ClusterError: if the cluster is lost.
        """
        import distributed

        try:
            # Not pure: Dask would keep a result by the arguments' hash, and two packs would share their fates.
            return self._wait(self._client.submit(_render, self.assignment, entry, pure=False))
        except distributed.KilledWorker as error:
            raise ClusterError(
                f"{entry.drum} {entry.index + 1} ended worker after worker; their logs may say why (memory?)"
            ) from error
        except (CancelledError, asyncio.CancelledError, OSError) as error:
            raise ClusterError(f"lost the scheduler at {self._scheduler}") from error

    def _wait(self, future: Any) -> RenderedSound:
        """The sound of a future; ends with an error when there has been no worker for `PATIENCE` seconds."""
        waited = 0.0
        while True:
            try:
                sound: RenderedSound = future.result(timeout=LOOK)
                return sound
            except TimeoutError:
                waited = 0.0 if self._client.nthreads() else waited + LOOK
            if waited >= PATIENCE:
                raise ClusterError(f"all workers of {self._scheduler} are gone")

    def close(self) -> None:
        """Leave the cluster, which drops the entries at hand. May be called twice."""
        self._client.close()


# What runs on workers.

_ENGINES: dict[str, Engine] = {}  # by name of the model: a worker process serves many packs, and loads once
_LOADING = threading.Lock()


def _engine(model: str, digest: str) -> Engine:
    """The model of this process. It is read again when another digest is asked for: it may have been replaced."""
    from packgen.engine.engine import Engine

    with _LOADING:
        if model not in _ENGINES or _ENGINES[model].digest != digest:
            _ENGINES[model] = Engine.load(model_folder(model))
        return _ENGINES[model]


def _check_same(assignment: Assignment, version: str, digest: str, worker: str) -> None:
    if version != assignment.version:
        raise ClusterError(
            f"worker {worker} has packgen {version}, this is {assignment.version}: install the same"
        )
    if digest != assignment.digest:
        raise ClusterError(
            f"worker {worker} has other weights for the model {assignment.model} ({digest}, here {assignment.digest}): "
            "copy this one's folder there"
        )


async def _handshake(model: str, digest: str) -> tuple[str, str]:
    """A worker's version and the digest of its model, which it loads beside its event loop."""
    engine = await asyncio.to_thread(_engine, model, digest)
    return packgen.__version__, engine.digest


def _render(assignment: Assignment, entry: Entry) -> RenderedSound:
    """Render an entry on a worker, which may have joined after the others were asked."""
    import distributed

    engine = _engine(assignment.model, assignment.digest)
    _check_same(assignment, packgen.__version__, engine.digest, distributed.get_worker().address)
    return render_sound(engine, assignment.recipe, entry)
