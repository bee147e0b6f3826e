"""The socket and the server on it: from a free port to a graceful stop."""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from packgen.errors import ServerError
from packgen.server.sockets import MOST_CONNECTIONS, bind

if TYPE_CHECKING:
    from starlette.applications import Starlette

STOPPING_SECONDS = 3  # that requests at hand may still take


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A listening TCP socket; callers queue in it until `serve` runs.

    Raises:
        ServerError: if the address is unknown, in use, or stands for every address of the machine.
    """
    with bind(host, port, socket.SOCK_STREAM, "packgen explore") as server:
        if ipaddress.ip_address(str(server.getsockname()[0]).split("%")[0]).is_unspecified:
            # The Host header could then not be told from a stranger's.
            raise ServerError(f"{host} is no address: give this machine's own, as in 192.168.1.20")
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
