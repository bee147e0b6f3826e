"""SFZ: a text file of regions beside its WAVs (https://sfzformat.com), in the opcodes that all players share.

Takes cycle by ``seq_length`` and ``seq_position``: never the same twice in a row. A random choice would need
``lorand``, which ARIA draws anew for every region, so that none or two of them may sound. ``default_path`` is
not used: `sfzlint` reads it wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from packgen.files.atomic import write_atomic
from packgen.files.bounded import read_file
from packgen.files.names import ascii_text
from packgen.formats.pads import MOST_BYTES, Reading, file_name, pads, sample, velocity_range
from packgen.kit import Kit, Sound, Take

HOW_TO_LOAD = "*.sfz: open in an SFZ player (sfizz, Sforzando, TAL-Sampler, …)."
MAX_SEQUENCE = 100  # sfzformat.com/opcodes/seq_length


def write(kit: Kit, folder: Path) -> list[Path]:
    """Write ``<name>.sfz``: one group a sound, one region a take."""
    lines = [
        f"// {ascii_text(kit.name)} by {ascii_text(kit.label)}: packgen {kit.version}, seed {kit.seed}",
        "<global> loop_mode=one_shot pitch_keytrack=0",
    ]
    for sound in pads(kit):
        lines += ["", f"// {ascii_text(sound.title)}", _group(sound)]
        for layer in sound.layers():
            lines += _regions(layer, folder)
    path = Path(file_name(kit, ".sfz"))
    write_atomic(folder / path, ("\n".join(lines) + "\n").encode("ascii"))
    return [path]


def read(path: Path) -> Reading:
    """The samples of all regions."""
    text = read_file(path, MOST_BYTES).decode("ascii")
    return Reading(tuple(re.findall(r"\bsample=(.+?)(?=\s+\w+=|\s*$)", text, re.MULTILINE)))


def _group(sound: Sound) -> str:
    choke = f" group={sound.choke} off_by={sound.choke} off_mode=fast" if sound.choke else ""
    return f"<group> key={sound.note}{choke}"


def _regions(layer: tuple[Take, ...], folder: Path) -> Iterator[str]:
    low, high = velocity_range(layer)
    opcodes = "" if (low, high) == (1, 127) else f"lovel={low} hivel={high} "
    if high < 127:
        opcodes += (
            f"amp_velcurve_{high}=1 "  # full level at the top of the layer: its samples are softer themselves
        )
    takes = layer[:MAX_SEQUENCE]
    for position, take in enumerate(takes, 1):
        sample(folder, take)  # must be there
        turn = f"seq_length={len(takes)} seq_position={position} " if len(takes) > 1 else ""
        yield f"<region> {turn}{opcodes}sample={take.path}"
