"""Hits to sound: placement to the sample, choke groups, stereo, one gain for the mix and all its stems.

Everything streams in blocks: memory holds the distinct sounds and one block a stem, however long the song.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from packgen.audio.samples import Samples
from packgen.audio.shaping import ONSET_DB, amplitude, peak
from packgen.errors import WriteError

Block = NDArray[np.float32]  # (N, C)

RATE = 44_100
BITS = "PCM_24"
PEAK_DB = -1.0  # of the mix
BLOCK = 2**18  # samples: six seconds
CHOKE_FADE = 0.006  # seconds: the default of ARIA's off_time (https://sfzformat.com/opcodes/off_time)
ONE_BEAT = 0.003  # seconds: hits of a choke group as close as this are struck together and both ring

# Where each class stands, -1 left … 1 right as the audience sees a kit, and its level in the mix.
STAGE: dict[str, tuple[float, float]] = {
    "kick": (0.0, 0.0),
    "snare": (0.0, -1.5),
    "clap": (0.05, -3.0),
    "closed_hat": (0.3, -9.0),
    "open_hat": (0.3, -8.0),
    "tom": (-0.15, -3.0),
    "conga": (-0.35, -4.0),
    "bongo": (0.2, -5.0),
    "tambourine": (-0.3, -9.0),
    "shaker": (-0.5, -10.0),
    "snap": (0.15, -5.0),
    "crash": (0.45, -7.0),
    "ride": (-0.4, -10.0),
    "rim": (0.0, -4.0),
    "cowbell": (0.1, -8.0),
}


@dataclass(frozen=True)
class Placement:
    """One sounding hit.

    Attributes:
        stem: index of its stem.
        sound: index of its sound.
        start: sample of the mix at which the sound begins; may lie before 0.
        gain: amplitude factor.
        cut: sample of the mix at which it is choked, None to ring to its end.
    """

    stem: int
    sound: int
    start: int
    gain: float
    cut: int | None = None


@dataclass(frozen=True)
class Mix:
    """All that is heard.

    Attributes:
        stems: (name, class) of each stem.
        sounds: mono samples at `RATE`.
        placements: ascending by start.
        num_samples: length of the mix.
        mono: one channel instead of two.
    """

    stems: tuple[tuple[str, str], ...]
    sounds: Sequence[Samples]
    placements: tuple[Placement, ...]
    num_samples: int
    mono: bool = False

    @property
    def channels(self) -> int:
        """1 or 2."""
        return 1 if self.mono else 2


def onset(samples: Samples) -> int:
    """The sample at which a sound is first heard: over -40 dB of its peak, as `trim_onset` has it."""
    loud = np.abs(samples) > peak(samples) * amplitude(ONSET_DB)
    return int(loud.argmax())


def velocity_gain(velocity: int) -> float:
    """Squared, as SFZ's default amp_veltrack of 100 has it (https://sfzformat.com/opcodes/amp_veltrack).

    >>> velocity_gain(127)
    1.0
    """
    return (velocity / 127) ** 2


def stage(drum: str) -> tuple[float, float, float]:
    """Left and right gain of a class's place at equal power, and its level, all amplitude factors."""
    position, level_db = STAGE.get(drum, (0.0, -3.0))
    angle = (position + 1) * np.pi / 4
    return float(np.cos(angle)), float(np.sin(angle)), amplitude(level_db)


def choke(
    placements: Iterable[Placement], times: Sequence[int], groups: Sequence[int], loop: int | None = None
) -> tuple[Placement, ...]:
    """Cut what rings when its choke group is struck again.

    Args:
        placements: in order of time.
        times: the sample at which each is struck.
        groups: choke group of each, 0 for none.
        loop: length of the loop: its first hit then cuts what rings over from its end.
    """
    placements = list(placements)
    together = round(ONE_BEAT * RATE)
    for group in set(groups) - {0}:
        members = [index for index, number in enumerate(groups) if number == group]
        struck = [times[index] for index in members]
        if loop is not None:
            struck += [time + loop for time in struck]
        after = np.searchsorted(struck, [times[index] + together for index in members], side="right")
        for index, following in zip(members, after.tolist(), strict=True):
            if following < len(struck):
                placements[index] = dataclasses.replace(placements[index], cut=struck[following])
    return tuple(placements)


def wrap(mix: Mix, loop: int) -> Mix:
    """The mix as a loop of `loop` samples: what sounds beyond its end, or before its start, sounds in it."""
    copies = []
    for placement in mix.placements:
        end = _end(mix, placement)
        first = -(placement.start // loop)  # repetitions that bring its start into the loop, or further
        for times in range(first - max(0, -(-(end - placement.start) // loop)), first + 1):
            move = times * loop
            if placement.start + move < loop and end + move > 0:
                cut = None if placement.cut is None else placement.cut + move
                copies.append(dataclasses.replace(placement, start=placement.start + move, cut=cut))
    copies.sort(key=lambda placement: placement.start)
    return dataclasses.replace(mix, placements=tuple(copies), num_samples=loop)


def blocks(mix: Mix) -> Iterator[list[Block]]:
    """The stems (N, C), block by block, before any common gain."""
    pending = 0
    ringing: list[Placement] = []
    places = [stage(drum) for _, drum in mix.stems]
    for begin in range(0, mix.num_samples, BLOCK):
        size = min(BLOCK, mix.num_samples - begin)
        stems = [np.zeros((size, mix.channels), np.float32) for _ in mix.stems]
        while pending < len(mix.placements) and mix.placements[pending].start < begin + size:
            ringing.append(mix.placements[pending])
            pending += 1
        for placement in ringing:
            left, right, level = places[placement.stem]
            sides = [level] if mix.mono else [left * level, right * level]
            gains = np.array(sides, np.float32) * np.float32(placement.gain)
            low, segment = _segment(mix, placement, begin, begin + size)
            stems[placement.stem][low : low + len(segment)] += segment[:, None] * gains
        ringing = [placement for placement in ringing if _end(mix, placement) > begin + size]
        yield stems


def write(
    mix: Mix, path: Path, stems: Mapping[int, Path], advance: Callable[[float], None] = lambda share: None
) -> float:
    """Write mix and stems as 24-bit WAV, and return their common gain.

    The gain brings the louder of mix and loudest stem to `PEAK_DB`: nothing clips, and the stems add up to
    the mix. It takes a first pass over all blocks to find.

    Args:
        mix: what to write.
        path: of the mix.
        stems: file of each stem that is wanted.
        advance: told the share of the work done since it was last told.

    Raises:
        WriteError: if a file cannot be written.
    """
    share = BLOCK / max(mix.num_samples, BLOCK) / 2
    top = 0.0
    for parts in blocks(mix):
        top = max(top, *(float(np.abs(part).max()) for part in parts), float(np.abs(sum(parts)).max()))
        advance(share)
    gain = amplitude(PEAK_DB) / top if top > 0 else 1.0
    try:
        with ExitStack() as stack:

            def create(target: Path) -> soundfile.SoundFile:
                file = soundfile.SoundFile(target, "w", RATE, mix.channels, BITS, format="WAV")
                return stack.enter_context(file)

            whole, files = create(path), {index: create(target) for index, target in stems.items()}
            pool = stack.enter_context(ThreadPoolExecutor())  # encoding takes longer than mixing
            for parts in blocks(mix):
                jobs = [(whole, sum(parts)), *((file, parts[index]) for index, file in files.items())]
                list(pool.map(lambda job: job[0].write(job[1] * np.float32(gain)), jobs))
                advance(share)
    except (OSError, soundfile.SoundFileError) as error:
        raise WriteError(f"cannot write {path}: {error}") from error
    return gain


def _end(mix: Mix, placement: Placement) -> int:
    """The sample of the mix that follows a placement's last one."""
    end = placement.start + len(mix.sounds[placement.sound])
    return end if placement.cut is None else min(end, placement.cut + round(CHOKE_FADE * RATE))


def _segment(mix: Mix, placement: Placement, begin: int, end: int) -> tuple[int, Samples]:
    """The part of a placement that sounds in [begin, end): its offset there, and its samples, choked ones faded."""
    low, high = max(placement.start, begin), min(_end(mix, placement), end)
    segment = mix.sounds[placement.sound][low - placement.start : max(low, high) - placement.start]
    if placement.cut is not None and high > placement.cut:
        size = round(CHOKE_FADE * RATE)
        phase = np.clip((np.arange(low, high) - placement.cut) / size, 0, 1)
        segment = (segment * (0.5 + 0.5 * np.cos(np.pi * phase))).astype(np.float32)
    return low - begin, segment
