"""A socket to listen on, for both servers, or one line on why there is none."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from packgen.errors import PortInUseError, ServerError

MOST_CONNECTIONS = 128  # that queue in a TCP socket


@contextmanager
def bind(host: str, port: int, kind: socket.SocketKind, program: str) -> Iterator[socket.socket]:
    """A socket bound to an address, closed at the end of the block; a TCP one listens, and callers queue in it.

    Args:
        host, port: the address; port 0 takes a free one.
        kind: `socket.SOCK_DGRAM` for UDP, `socket.SOCK_STREAM` for TCP.
        program: what else may hold the port, for the error.

    Raises:
        PortInUseError: if another program has it.
        ServerError: if the address is unknown or not allowed.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_PASSIVE)[0]
        server = socket.socket(family, kind)
    except OSError as error:
        raise ServerError(f"cannot listen on {host}: {error.strerror or error}") from error
    with server:
        try:
            if kind is socket.SOCK_STREAM:
                if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # else Windows lets two servers share a port
                    server.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
                else:
                    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(address)
            if kind is socket.SOCK_STREAM:
                server.listen(MOST_CONNECTIONS)
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                raise PortInUseError(
                    f"port {port} on {host} is in use, perhaps by another {program}"
                ) from error
            raise ServerError(f"cannot listen on {host}, port {port}: {error}") from error
        yield server
