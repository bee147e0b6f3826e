"""Whole songs: real-time factor and peak memory of `packgen humanize`.

``python -m packgen.benchmark.songs FILE.mid …`` prints a JSON line a file, as it is measured; a file that is refused
says why.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from packgen.benchmark import programs
from packgen.errors import ServerError


def measure(song: Path, model: str | None = None) -> dict[str, Any]:
    """One file's figures: seconds of music, seconds from start to exit, their ratio, peak resident memory."""
    try:
        cost, music = programs.humanize(model, song)
    except ServerError as error:
        return {"song": song.name, "refused": str(error)}
    return {
        "song": song.name,
        "music_seconds": music,
        "seconds": round(cost.seconds, 2),
        "real_time_factor": round(music / cost.seconds, 2),
        "peak_mb": round(cost.peak_mb, 1),
    }


if __name__ == "__main__":
    for name in sys.argv[1:]:
        sys.stdout.write(json.dumps(measure(Path(name))) + "\n")
        sys.stdout.flush()
