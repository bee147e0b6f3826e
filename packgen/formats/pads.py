"""What the sampler formats share: the pads of a kit, their samples on disk, and what a reader finds.

A pad is a MIDI note. General MIDI comes first, then a fixed rule:

1. The sounds of a class take the class's own notes in the order of `packgen.classes`: the first kick is on
   36, the second on 35; the first snare on 38, the second on 40.
2. Further sounds take free notes in kit order: 84 … 127 (above General MIDI percussion), then 0 … 34 (below
   it), then what is left of 35 … 83. A note that any class of the kit owns is never given to another, so a
   General MIDI pattern plays the right drums.
3. Where notes run out, the first sounds of every class go before the later ones of any; the rest get no pad.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packgen.classes import BY_NAME
from packgen.errors import PackError
from packgen.files.names import check_path, portable
from packgen.kit import Kit, Sound, Take

NO_PAD = -1
MOST_BYTES = 1 << 25  # of a text that a reader parses: a rack of 128 pads with 8 layers has a third
FREE_ORDER = (*range(84, 128), *range(0, 35), *range(35, 84))


@dataclass(frozen=True)
class Reading:
    """What a sampler file plays.

    Attributes:
        samples: paths of samples beside it, relative to the pack's folder.
        contained: number of samples in the file itself.
        problems: what is wrong inside the file, a line each.
    """

    samples: tuple[str, ...] = ()
    contained: int = 0
    problems: tuple[str, ...] = ()


def assign_notes(drums: Sequence[str]) -> list[int]:
    """MIDI note 0…127 of each sound, or `NO_PAD` for sounds that samplers leave out.

    Args:
        drums: class name of each sound, in kit order.

    >>> assign_notes(["kick", "kick", "kick", "closed_hat", "kick"])
    [36, 35, 84, 42, 85]
    """
    met: dict[str, int] = {}
    ranks = []  # number of each sound within its class
    for drum in drums:
        ranks.append(met.get(drum, 0))
        met[drum] = ranks[-1] + 1
    owned = {note for drum in met for note in BY_NAME[drum].notes}
    free = [note for note in FREE_ORDER if note not in owned]
    further = [i for i, drum in enumerate(drums) if ranks[i] >= len(BY_NAME[drum].notes)]
    # The lowest ranks of all classes first; then back to kit order, so that a class lies side by side.
    padded = sorted(sorted(further, key=lambda i: (ranks[i], i))[: len(free)])
    given = dict(zip(padded, free, strict=False))
    return [
        given.get(i, NO_PAD) if ranks[i] >= len(BY_NAME[drum].notes) else BY_NAME[drum].notes[ranks[i]]
        for i, drum in enumerate(drums)
    ]


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
        raise PackError(f"{path}: the sample is missing; render the pack again")
    return path


def hardest(sound: Sound) -> Take:
    """First take of the hardest layer: for formats with one sample a pad."""
    return sound.layers()[-1][0]


def velocity_range(layer: tuple[Take, ...]) -> tuple[int, int]:
    """Lowest and highest MIDI velocity that plays a layer."""
    return layer[0].low_velocity, layer[0].high_velocity
