"""Effects as data: what a preset may say of them. The sound itself is made in `packgen.rendering.effects`."""

from __future__ import annotations

from dataclasses import dataclass

Limits = tuple[float, float, float]  # least, most, default

# fmt: off
EFFECTS: dict[str, dict[str, Limits]] = {
    "gain":       {"db": (-24, 24, 0)},
    "drive":      {"db": (0, 40, 12)},
    "compress":   {"threshold": (-40, 0, -18), "ratio": (1, 20, 4), "attack": (0.1, 100, 5), "release": (5, 1000, 80)},
    "low_shelf":  {"hz": (20, 2000, 100), "db": (-18, 18, 0), "q": (0.3, 4, 0.7)},
    "high_shelf": {"hz": (500, 10_000, 5000), "db": (-18, 18, 0), "q": (0.3, 4, 0.7)},
    "peak":       {"hz": (20, 10_000, 1000), "db": (-18, 18, 0), "q": (0.3, 8, 1)},
    "low_pass":   {"hz": (100, 10_500, 8000), "poles": (1, 4, 2)},
    "high_pass":  {"hz": (10, 5000, 30), "poles": (1, 4, 2)},
    "room":       {"size": (0, 1, 0.2), "damping": (0, 1, 0.6), "wet": (0, 0.6, 0.15)},
    "bits":       {"depth": (3, 16, 8)},
    "hold":       {"hz": (1000, 22_050, 8000)},
    "chorus":     {"rate": (0.1, 8, 1), "depth": (0, 1, 0.2), "mix": (0, 1, 0.3)},
}
# fmt: on


@dataclass(frozen=True)
class Effect:
    """One effect of a chain: its name in `EFFECTS` and all its settings, by name."""

    name: str
    settings: tuple[tuple[str, float], ...]


Chain = tuple[Effect, ...]  # applied in order
