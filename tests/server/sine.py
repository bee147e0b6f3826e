"""An instrument of decaying sines: fast, without weights, and every latent code sounds different.

Run as a program it is a server in its own process: one JSON line on stdout when ready; stops with its stdin.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packgen.audio.samples import Samples
from packgen.classes import CLASS_NAMES
from packgen.errors import NoSound
from packgen.latent import space as latent
from packgen.server import ReplyTo
from packgen.server.service import Service
from packgen.server.udp import Options, Running, serve

DIMENSIONS = 8
SILENT = "snap"  # this class never sounds


@dataclass(frozen=True)
class Signal:
    sample_rate: int = 22050


def space(seed: int) -> latent.ClassSpace:
    """A class's space with random orthonormal axes and one mixture component."""
    rng = np.random.default_rng(seed)
    axes = np.linalg.qr(rng.standard_normal((DIMENSIONS, DIMENSIONS)))[0].astype(np.float32)
    deviations = np.linspace(2.0, 0.2, DIMENSIONS, dtype=np.float32)
    mean = rng.standard_normal(DIMENSIONS).astype(np.float32)
    factor = (axes.T * deviations).astype(np.float32)
    return latent.ClassSpace(mean, axes, deviations, np.ones(1, np.float32), mean[None], factor)


class Sines:
    """Decaying sines; `seconds` is how long a rendering takes at least, and `tell` is called when one begins."""

    def __init__(self, seconds: float = 0.0, tell: Callable[[], object] = lambda: None) -> None:
        self.classes = CLASS_NAMES
        self.spaces = {name: space(seed) for seed, name in enumerate(CLASS_NAMES)}
        self.signal, self.digest, self.seconds = Signal(), "sines", seconds
        self.tell = tell

    def sound(self, drum: str, code: latent.Vector, polish: int = 0, /) -> Samples:
        if drum == SILENT:
            raise NoSound("silent")
        self.tell()
        time.sleep(self.seconds)
        t = np.arange(4410) / self.signal.sample_rate
        hertz = 200.0 + 10.0 * float(np.abs(code).sum())
        return (0.3 * np.sin(2 * np.pi * hertz * t) * np.exp(-20 * t)).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*", help="ignored: as whom a launcher starts it")
    parser.add_argument("--attached", action="store_true", help="ignored: it always is")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--reply", type=ReplyTo, default=ReplyTo.SOURCE)
    parser.add_argument("--reply-port", type=int, default=9101)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--allow-quit", action="store_true")
    parser.add_argument("--seconds", type=float, default=0.0)
    parser.add_argument("--tell", action="store_true", help="print a line when a rendering begins")
    given = parser.parse_args()

    def say(line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def ready(running: Running) -> None:
        say(json.dumps({"port": running.port, "folder": str(running.folder)}))

    options = Options("127.0.0.1", given.port, given.reply, given.reply_port, given.folder, attached=True)
    sines = Sines(given.seconds, (lambda: say("rendering")) if given.tell else lambda: None)
    serve(Service(sines, allow_quit=given.allow_quit), options, ready)


if __name__ == "__main__":
    main()
