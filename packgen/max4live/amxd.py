"""The .amxd container of Max for Live devices: chunks of four letters, a size and data.

The layout is that of Ableton's own reader (github.com/Ableton/maxdevtools, maxdiff/amxd_textconv.py):
"ampf" (device type), "meta", "ptch" (the patcher's JSON, ending in a line feed and a zero byte).
"""

from __future__ import annotations

import json
import struct
from typing import Any

from packgen.errors import PackError

INSTRUMENT = b"iiii"
UNFROZEN = 0  # of "meta": a device whose files lie beside it

Patcher = dict[str, Any]


def pack(patcher: Patcher, kind: bytes = INSTRUMENT) -> bytes:
    """A device that holds a patcher."""
    chunks = (
        (b"ampf", kind),
        (b"meta", struct.pack("<I", UNFROZEN)),
        (b"ptch", dumps(patcher).encode() + b"\0"),
    )
    return b"".join(name + struct.pack("<I", len(data)) + data for name, data in chunks)


def unpack(device: bytes) -> tuple[bytes, Patcher]:
    """Inverse of `pack`: the device's type and its patcher.

    Raises:
        PackError: if the bytes are no unfrozen device.
    """
    chunks: dict[bytes, bytes] = {}
    at = 0
    while at + 8 <= len(device):
        name, size = struct.unpack_from("<4sI", device, at)
        chunks[name] = device[at + 8 : at + 8 + size]
        at += 8 + size
    if at != len(device) or not chunks.keys() >= {b"ampf", b"ptch"}:
        raise PackError("not a Max for Live device, or a damaged one")
    try:
        return chunks[b"ampf"], json.loads(chunks[b"ptch"].rstrip(b"\0"))
    except ValueError as error:
        raise PackError(f"the device holds no readable patcher ({error})") from error


def dumps(patcher: Patcher) -> str:
    """A patcher as the text of a .maxpat file."""
    return json.dumps(patcher, indent=1, ensure_ascii=True) + "\n"
