"""The server of the plug-in: OSC messages in, rendered WAVs and answers out.

`osc` turns bytes into messages, `service` answers them, `dispatcher` decides whose sound is rendered next, `sessions`
remembers clients, `files` holds their sounds, `udp` is the socket. README.md beside this file is the protocol.
"""

from __future__ import annotations

from enum import StrEnum


class ReplyTo(StrEnum):
    """Where answers go: the sender's own port, the reply port at the sender's address, or both."""

    SOURCE = "source"  # here, so that the command line's --help loads nothing else of the server
    PORT = "port"
    BOTH = "both"
