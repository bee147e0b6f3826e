"""A server on the fake engine, in a process of its own: one JSON line on stdout when ready; stops with its stdin."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from packgen.server import ReplyTo
from packgen.server.service import Service
from packgen.server.udp import Options, Running, serve
from tests.fakes import FakeEngine


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*", help="ignored: as whom a launcher starts it")
    parser.add_argument("--attached", action="store_true", help="ignored: it always is")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--reply", type=ReplyTo, default=ReplyTo.SOURCE)
    parser.add_argument("--reply-port", type=int, default=9101)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--allow-quit", action="store_true")
    parser.add_argument("--delay", type=float, default=0.0)
    parser.add_argument(
        "--hold", type=Path, help="print a line when a rendering begins, which ends with this file"
    )
    given = parser.parse_args()

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def ready(running: Running) -> None:
        say(json.dumps({"port": running.port, "folder": str(running.folder)}))

    def hold() -> None:
        if given.hold is not None:
            say("rendering")
            while not given.hold.exists():
                time.sleep(0.01)

    options = Options("127.0.0.1", given.port, given.reply, given.reply_port, given.folder, attached=True)
    engine = FakeEngine(delay=given.delay, begun=hold)
    serve(Service(engine, allow_quit=given.allow_quit), options, ready)


if __name__ == "__main__":
    main()
