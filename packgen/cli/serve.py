"""`packgen serve`: the UDP server behind Max for Live, Max, Pure Data and anything that speaks OSC."""

from __future__ import annotations

import json
import threading
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer

from packgen.cli.hints import hinting
from packgen.cli.loading import load_engine, say_what_lacks
from packgen.cli.options import Model, json_option, quiet_option
from packgen.errors import NoSound
from packgen.server import ReplyTo

if TYPE_CHECKING:
    from rich.console import Console

    from packgen.engine.engine import Engine
    from packgen.server.sessions import Stats
    from packgen.server.udp import Running

LOCAL = ("127.0.0.1", "localhost", "::1")


def warm_up(engine: Engine) -> None:
    """Render every class once: first calls are the slow ones."""
    from packgen.server.service import POLISH

    for drum in engine.classes:
        with suppress(NoSound):
            engine.sound(drum, engine.spaces[drum].mean, POLISH)


def command(
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than 127.0.0.1 open the server to the network.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="UDP port to listen on; 0 takes a free one.")
    ] = 9100,
    reply: Annotated[
        ReplyTo, typer.Option(help="Where answers go: the sender's own port, the reply port, or both.")
    ] = ReplyTo.BOTH,
    reply_port: Annotated[
        int, typer.Option(min=1, max=65535, help="Port at the sender's address that gets the answers.")
    ] = 9101,
    model: Model = None,
    folder: Annotated[Path | None, typer.Option(help="Where to make the private folder of sounds.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Of random and vary without a seed; a new one each start.")
    ] = None,
    warmup: Annotated[bool, typer.Option(help="Render each class once before announcing readiness.")] = True,
    allow_quit: Annotated[bool, typer.Option("--allow-quit", help="Let clients stop the server.")] = False,
    attached: Annotated[
        bool,
        typer.Option(
            "--attached", help="Stop when standard input closes: for programs that start the server."
        ),
    ] = False,
    as_json: Annotated[bool, json_option("Print one line with port and folder when ready.")] = False,
    quiet: Annotated[bool, quiet_option("No status line.")] = False,
) -> None:
    """Answer OSC requests for drum sounds with the paths of fresh WAV files.

    [bold]Examples:[/bold]
      packgen serve
      oscsend 127.0.0.1 9100 /packgen/generate isfff 1 kick 0.5 -1.2 0
      packgen serve --host 0.0.0.0 --allow-quit
    """
    import secrets

    from rich.console import Console

    from packgen.files.resources import model_folder
    from packgen.server.service import Service
    from packgen.server.udp import Options, listening, serve

    console = Console(stderr=True)
    with listening(host, port):
        pass  # a port in use is better said before the model is loaded than after
    weights = model_folder(model)
    with console.status(f"loading {weights.name}") if console.is_terminal else nullcontext():
        engine = load_engine(weights)
        if warmup:
            warm_up(engine)
    service = Service(engine, allow_quit=allow_quit, seed=secrets.randbits(63) if seed is None else seed)
    with _StatusLine(console) as status:

        def ready(running: Running) -> None:
            if as_json:
                address = {"host": running.host, "port": running.port, "folder": str(running.folder)}
                typer.echo(json.dumps(address))
            if quiet:
                return
            if host not in LOCAL:
                console.print(
                    f"{host} is not this machine alone: whoever reaches it can have sounds made, "
                    "and they are written to this machine's disk",
                    style="yellow",
                )
            say_what_lacks(engine, weights.name)
            console.print(f"packgen serve: ready on {running.host}, UDP port {running.port}", highlight=False)
            status.show(running.stats)

        with hinting("--folder"):
            serve(service, Options(host, port, reply, reply_port, folder, attached), ready)


class _StatusLine:
    """A line on the terminal that tells what the server does; nothing where there is no terminal."""

    def __init__(self, console: Console) -> None:
        self._console, self._done = console, threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        if self._thread is not None:
            self._thread.join()

    def show(self, stats: Stats) -> None:
        """Show counts as they change, until the block ends."""
        if self._console.is_terminal:
            self._thread = threading.Thread(target=self._run, args=(stats,), daemon=True)
            self._thread.start()

    def _run(self, stats: Stats) -> None:
        with self._console.status("waiting for requests; Ctrl-C stops") as status:
            while not self._done.wait(0.5):
                if stats.requests:
                    status.update(stats.line())
