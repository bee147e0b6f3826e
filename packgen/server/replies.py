"""Where answers go: the choice of `packgen serve --reply`. Apart, so that --help loads nothing else."""

from __future__ import annotations

from enum import StrEnum


class ReplyTo(StrEnum):
    """Where answers go: the sender's own port, the reply port at the sender's address, or both."""

    SOURCE = "source"
    PORT = "port"
    BOTH = "both"
