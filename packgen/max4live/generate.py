"""Writes the committed device, patcher and Pure Data patch anew: `python -m packgen.max4live.generate`."""

from __future__ import annotations

from packgen.files.atomic import write_atomic
from packgen.max4live import DEVICE, FOLDER, PATCHER, PURE_DATA, amxd, pure_data
from packgen.max4live.boxes import patcher
from packgen.max4live.device import BOXES, LINES, WIDTH


def files() -> dict[str, bytes]:
    """The generated files by name."""
    return {
        DEVICE: amxd.pack(patcher(BOXES, LINES, WIDTH, project=True)),
        PATCHER: amxd.dumps(patcher(BOXES, LINES, WIDTH, project=False)).encode(),
        PURE_DATA: pure_data.patch().encode(),
    }


if __name__ == "__main__":
    for name, data in files().items():
        write_atomic(FOLDER / name, data)
