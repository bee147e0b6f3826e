"""The page on the fake engine, in a process of its own, as `packgen explore` serves it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from packgen.explore import serving
from packgen.explore.app import create_app
from packgen.explore.favourites import ModelInfo
from tests.fakes import FakeEngine

MODEL = ModelInfo("tones", "Nothing: these are tones.\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--delay", type=float, default=0.0)
    given = parser.parse_args()
    with serving.listening("127.0.0.1", given.port) as server:
        app = create_app(
            FakeEngine(delay=given.delay, stretch=0.2), MODEL, given.out, serving.hosts("127.0.0.1", server)
        )
        sys.stdout.write(f"http://{serving.address('127.0.0.1', server)}/\n")
        sys.stdout.flush()
        serving.serve(app, server)


if __name__ == "__main__":
    main()
