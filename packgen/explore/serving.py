"""The socket and the server on it: from a free port to a graceful stop."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from packgen.errors import ServerError

if TYPE_CHECKING:
    from starlette.applications import Starlette

STOPPING_SECONDS = 3  # that requests at hand may still take
MOST_CONNECTIONS = 128


@contextmanager
def bind(host: str, port: int) -> Iterator[socket.socket]:
    """A listening TCP socket; callers queue in it until `serve` runs.

    Raises:
        ServerError: if the address is unknown, in use, or stands for every address of the machine.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise ServerError(f"cannot listen on {host}: {error.strerror or error}") from error
    if ipaddress.ip_address(str(address[0]).split("%")[0]).is_unspecified:
        # The Host header could then not be told from a stranger's.
        raise ServerError(f"--host {host} is no address: give this machine's own, as in 192.168.1.20")
    with socket.socket(family, kind) as server:
        try:
            if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows lets two servers share a port otherwise
                server.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            else:
                server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            server.bind(address)
            server.listen(MOST_CONNECTIONS)
        except (OSError, OverflowError) as error:
            if getattr(error, "errno", None) == errno.EADDRINUSE:
                raise ServerError(
                    f"port {port} on {host} is in use, perhaps by another packgen explore: "
                    "stop that or choose another --port"
                ) from error
            raise ServerError(f"cannot listen on {host}, port {port}: {error}") from error
        yield server


def address(host: str, server: socket.socket) -> str:
    """Host and port as they stand in a URL."""
    port = server.getsockname()[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def hosts(host: str, server: socket.socket) -> frozenset[str]:
    """Values of the Host header that mean this server."""
    names = {host.lower(), str(server.getsockname()[0])}
    if names & {"127.0.0.1", "localhost", "::1"}:
        names |= {"127.0.0.1", "localhost", "::1"}
    return frozenset(address(name, server) for name in names)


def serve(app: Starlette, server: socket.socket) -> None:
    """Answer requests until SIGINT or SIGTERM."""
    import uvicorn

    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # uvicorn ends the connections it knows; one that is just being accepted must be known by then.
            for listening in self.servers:
                listening.close()
            await asyncio.sleep(0.1)
            await super().shutdown(sockets)

    config = uvicorn.Config(
        app,
        http="h11",  # uvicorn's other parser is a compiled one that may or may not be installed
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=STOPPING_SECONDS,
    )
    # uvicorn stops gracefully at a signal and then raises it again; both then end up here.
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            Server(config).run(sockets=[server])
    finally:
        signal.signal(signal.SIGTERM, before)
