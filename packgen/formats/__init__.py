"""Kit formats: one file each, a table maps format name to writer.

A writer takes a kit and the pack's folder, in which the WAVs of all takes already are; it writes its files at
the folder's top level, atomically, and returns their paths relative to it. A new format is one file here and
one line in the table. Samples stream from disk, one at a time.

=============  ===============  ===============  ======  ====================
format         round robin      velocity layers  chokes  pads
=============  ===============  ===============  ======  ====================
sfz            100 takes        yes              yes     128
hydrogen       16 takes×layers  yes              yes     128
decentsampler  yes              yes              yes     128
ableton        first take       yes              yes     128
sf2            first take       yes              yes     128
sitala         first take       the hardest      no      16, classes in turn
=============  ===============  ===============  ======  ====================
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from packgen.formats import ableton, decentsampler, hydrogen, sf2, sfz, sitala
from packgen.kit import Kit

Exporter = Callable[[Kit, Path], list[Path]]

EXPORTERS: dict[str, Exporter] = {
    "sfz": sfz.write,
    "hydrogen": hydrogen.write,
    "decentsampler": decentsampler.write,
    "ableton": ableton.write,
    "sf2": sf2.write,
    "sitala": sitala.write,
}
