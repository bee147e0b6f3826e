"""Packs that the tests of the formats share, and the tools that play them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile

from packgen.audio.samples import Samples
from tests.formats.tones import RATE, Plan, TonePack, make_pack

PLANS = [
    Plan("kick", takes=4),
    Plan("kick"),
    Plan("kick"),
    Plan("snare", layers=3),
    Plan("clap", layers=2, takes=3),
    Plan("closed_hat"),
    Plan("open_hat", seconds=1.5),
    Plan("snap", takes=2),
    Plan("crash", seconds=1.5),
    Plan("rim"),
]

Tool = Callable[..., "subprocess.CompletedProcess[str]"]
Note = tuple[float, int, int]  # seconds, MIDI note, velocity
Player = Callable[[Path, list[Note]], Samples]
DRUM_CHANNEL = 9


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> TonePack:
    """A pack with round robin, velocity layers, both at once, and chokes. Do not change it."""
    return make_pack(tmp_path_factory.mktemp("pack"), PLANS)


@pytest.fixture
def own_pack(tmp_path: Path) -> TonePack:
    """The same pack, the test's own."""
    return make_pack(tmp_path / "pack", PLANS)


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """Run a program that CI installs; where it is missing the test is skipped."""
    home = tmp_path_factory.mktemp("home")

    def call(
        *command: str | Path, check: bool = True, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        program = shutil.which(str(command[0]))
        if program is None:
            pytest.skip(f"{command[0]} is not installed")
        environment = {
            "QT_QPA_PLATFORM": "offscreen",
            "HOME": str(home),
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
        }
        result = subprocess.run(
            [program, *map(str, command[1:])],
            check=False, capture_output=True, text=True, timeout=180, env=environment, cwd=cwd,
        )  # fmt: skip
        assert not check or result.returncode == 0, result.stdout + result.stderr
        return result

    return call


@pytest.fixture
def play(run: Tool, tmp_path: Path) -> Player:
    """Render notes on the drum channel with FluidSynth, dry."""

    def render(soundfont: Path, notes: list[Note]) -> Samples:
        file = mido.MidiFile(ticks_per_beat=480)
        track = mido.MidiTrack()
        file.tracks.append(track)
        # The key is up again after 30 ms: a drum must not mind.
        events = [(t, "note_on", n, v) for t, n, v in notes] + [
            (t + 0.03, "note_off", n, 0) for t, n, _ in notes
        ]
        now = 0
        for seconds, kind, note, velocity in sorted(events):
            ticks = round(seconds * 960)  # 120 beats a minute
            track.append(
                mido.Message(kind, channel=DRUM_CHANNEL, note=note, velocity=velocity, time=ticks - now)
            )
            now = ticks
        track.append(mido.MetaMessage("end_of_track", time=1920))
        file.save(tmp_path / "t.mid")
        run("fluidsynth", "-niq", "-R", "0", "-C", "0", "-g", "1", "-r", str(RATE), "-T", "wav",
            "-F", tmp_path / "t.wav", soundfont, tmp_path / "t.mid")  # fmt: skip
        samples, rate = soundfile.read(tmp_path / "t.wav", dtype="float32", always_2d=True)
        assert rate == RATE
        return np.asarray(samples.mean(axis=1))

    return render
