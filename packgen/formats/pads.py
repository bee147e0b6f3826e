"""What every sampler format asks of a kit: its pads, their samples on disk, a file name."""

from __future__ import annotations

from pathlib import Path

from packgen.errors import PackError
from packgen.files.names import check_path, portable
from packgen.kit import Kit, Sound, Take


def pads(kit: Kit) -> tuple[Sound, ...]:
    """The sounds that have a pad, by MIDI note: what is without note stays a plain WAV.

    Raises:
        PackError: if no sound has a pad.
    """
    found = tuple(sorted((s for s in kit.sounds if 0 <= s.note <= 127 and s.takes), key=lambda s: s.note))
    if not found:
        raise PackError(f"kit {kit.name!r} has no sound on a MIDI note: nothing for a sampler to play")
    return found


def file_name(kit: Kit, suffix: str) -> str:
    """Name of a sampler file at the pack's top level."""
    return portable(kit.name, "pack name") + suffix


def sample(folder: Path, take: Take) -> Path:
    """The WAV of a take.

    Raises:
        PackError: if its path leaves the pack's folder, or there is no such file.
    """
    path = folder / check_path(take.path)
    if not path.is_file():
        raise PackError(f"{path}: the sample is missing; render the pack again with --resume")
    return path


def hardest(sound: Sound) -> Take:
    """First take of the hardest layer: for formats with one sample a pad."""
    return sound.layers()[-1][0]


def velocity_range(layer: tuple[Take, ...]) -> tuple[int, int]:
    """Lowest and highest MIDI velocity that plays a layer."""
    return layer[0].low_velocity, layer[0].high_velocity
