"""What to do about an error, in the options of the command line. The layers below say what is wrong and no more."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from packgen.errors import (
    ClusterError,
    InUseError,
    NoNotesError,
    OccupiedError,
    PackgenError,
    PortInUseError,
    UnfinishedError,
    WorkerError,
    WriteError,
)

_HINTS: dict[type[PackgenError], str] = {
    WriteError: "free space or choose another {option}",
    OccupiedError: "choose another {option}, or --force to write into it",
    UnfinishedError: "packgen kit --resume goes on with it, or choose another {option}",
    InUseError: "wait for it, or choose another {option}",
    WorkerError: "run again with --workers 1",
    PortInUseError: "stop that or choose another --port",
    NoNotesError: "see --channel, --track and --map",
}
# The same where a pack stands that can be gone on with.
_RESUMING: dict[type[PackgenError], str] = {
    WriteError: "free space, and --resume goes on with the pack",
    WorkerError: "--resume --workers 1 goes on with the pack",
    ClusterError: "--resume goes on with the pack",
}


@contextmanager
def hinting(option: str = "--out") -> Iterator[None]:
    """Errors of the block say what to do about them, unless a block inside has said it.

    Args:
        option: names the place that is written.
    """
    try:
        yield
    except PackgenError as error:
        if not error.hint:
            error.hint = _HINTS.get(type(error), "").format(option=option)
        raise


@contextmanager
def hinting_resume(folder: Path) -> Iterator[None]:
    """Errors of a block that writes a pack say so where they leave one that can be gone on with."""
    from packgen.files.folders import resumable

    try:
        yield
    except PackgenError as error:
        if resumable(folder):
            error.hint = _RESUMING.get(type(error), "")
        raise


def hinted(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command whose errors say what to do about them."""

    @functools.wraps(command)
    def call(*arguments: Any, **options: Any) -> Any:
        with hinting():
            return command(*arguments, **options)

    return call
