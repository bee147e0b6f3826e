"""MIDI notes of a kit's sounds: General MIDI first, then a fixed rule for the rest.

1. The sounds of a class take the class's own notes in the order of `packgen.classes`: the first kick is on
   36, the second on 35; the first snare on 38, the second on 40.
2. Further sounds take free notes in kit order: 84 … 127 (above General MIDI percussion), then 0 … 34 (below
   it), then what is left of 35 … 83. A note that any class of the kit owns is never given to another, so a
   General MIDI pattern plays the right drums.
3. Where notes run out, the first sounds of every class go before the later ones of any; the rest get no pad.
"""

from __future__ import annotations

from collections.abc import Sequence

from packgen.classes import BY_NAME

NO_PAD = -1
FREE_ORDER = (*range(84, 128), *range(0, 35), *range(35, 84))


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
