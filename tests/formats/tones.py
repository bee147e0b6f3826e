"""Tone-coded packs: every take is a sine of its own frequency, so that a rendered recording tells what played."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from packgen.audio.samples import Samples
from packgen.audio.wav import WavInfo, write_wav
from packgen.classes import BY_NAME
from packgen.formats import FORMATS
from packgen.formats.pads import assign_notes
from packgen.kit import Kit, Sound, Take

RATE = 44100
LOWEST_HZ, STEP_HZ = 300.0, 70.0  # apart enough for 50 ms of sound to tell


@dataclass(frozen=True)
class Plan:
    """One sound of a tone-coded pack."""

    drum: str
    layers: int = 1
    takes: int = 1
    seconds: float = 0.4


@dataclass(frozen=True)
class TonePack:
    """A pack on disk, and the frequency in hertz of every take, by path."""

    folder: Path
    kit: Kit
    hertz: dict[str, float]

    def tones(self, sound: Sound, layer: int) -> list[float]:
        """Frequencies of the takes of one layer, in order."""
        return [self.hertz[take.path] for take in sound.layers()[layer]]

    def export(self, name: str) -> list[Path]:
        """Write one format; the files' full paths."""
        return [self.folder / path for path in FORMATS[name].write(self.kit, self.folder)]

    def sound(self, drum: str, index: int = 0) -> Sound:
        """A sound by its class and number."""
        return next(s for s in self.kit.sounds if s.drum == drum and s.index == index)


def tone(hertz: float, seconds: float, amplitude: float = 0.5) -> Samples:
    """A sine (N,) with 5 ms ramps at both ends."""
    time = np.arange(round(seconds * RATE)) / RATE
    ramp = np.clip(np.minimum(time, time[::-1]) / 0.005, 0, 1)
    return (amplitude * ramp * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def velocities(layer: int, layers: int) -> tuple[int, int]:
    """Equal ranges of 1…127."""
    return 1 + 127 * layer // layers, 127 * (layer + 1) // layers


def make_pack(folder: Path, plans: list[Plan], bits: str = "24", name: str = "Tone Pack") -> TonePack:
    """Write the WAVs of a tone-coded pack and describe them as a kit."""
    notes = assign_notes([plan.drum for plan in plans])
    counts: dict[str, int] = {}
    sounds: list[Sound] = []
    hertz: dict[str, float] = {}
    for plan, note in zip(plans, notes, strict=True):
        index = counts[plan.drum] = counts.get(plan.drum, -1) + 1
        sound_name = f"TP_{plan.drum}_{index + 1:02d}"
        takes = []
        for layer in range(plan.layers):
            low, high = velocities(layer, plan.layers)
            for number in range(plan.takes):
                path = f"{BY_NAME[plan.drum].folder}/{sound_name}_v{layer + 1}_t{number + 1}.wav"
                hertz[path] = LOWEST_HZ + STEP_HZ * len(hertz)
                samples = tone(hertz[path], plan.seconds)
                info = WavInfo(sound_name, "Tones", note=note, low_velocity=low, high_velocity=high)
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                digest = write_wav(folder / path, samples, RATE, bits, info, len(hertz))
                takes.append(Take(path, layer, number, low, high, len(samples), 0.5, digest))
        drum = BY_NAME[plan.drum]
        title = f"{drum.title} {index + 1:02d}"
        sounds.append(Sound(plan.drum, index, sound_name, title, note, drum.choke, None, tuple(takes)))
    return TonePack(folder, Kit(name, "Töne & Co", 7, "0.0", RATE, bits, tuple(sounds)), hertz)


def loudest_hertz(samples: Samples, start: float, seconds: float = 0.05, rate: int = RATE) -> float:
    """Frequency of the strongest partial in a stretch of a recording; 0 where it is silent."""
    part = samples[round(start * rate) : round((start + seconds) * rate)].astype(np.float64)
    if len(part) == 0 or np.abs(part).max() < 1e-4:
        return 0.0
    size = 1 << 17
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), size))
    return float(np.argmax(spectrum) * rate / size)


def level(samples: Samples, start: float, seconds: float = 0.05, rate: int = RATE) -> float:
    """Root mean square of a stretch of a recording."""
    part = samples[round(start * rate) : round((start + seconds) * rate)].astype(np.float64)
    return float(np.sqrt((part**2).mean()))


def exact(folder: Path, path: str) -> bool:
    """Whether a file is there in this very spelling, also on a disk that does not tell case."""
    for part in path.split("/"):
        if part not in {child.name for child in folder.iterdir()}:
            return False
        folder = folder / part
    return folder.is_file()
