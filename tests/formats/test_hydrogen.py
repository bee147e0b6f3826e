"""Hydrogen itself validates the kit, installs it and renders a song: the tones tell which samples played."""

from __future__ import annotations

import itertools
import tarfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile

from packgen.audio.samples import Samples
from packgen.formats.pads import pads
from packgen.kit import Sound
from tests.formats.conftest import Tool
from tests.formats.tones import RATE, TonePack, level, loudest_hertz

BAR_TICKS, BAR_SECONDS = 192, 2.0  # at 120 beats a minute
TICK = BAR_SECONDS / BAR_TICKS
H2 = "{http://www.hydrogen-music.org/drumkit}"


@dataclass(frozen=True)
class Hit:
    """A note of the song, with its time in seconds."""

    sound: Sound
    velocity: float
    seconds: float


class Song:
    """Hits on a grid of ticks, and the file that holds them."""

    def __init__(self, pack: TonePack) -> None:
        self.pack = pack
        self.hits: list[Hit] = []

    def add(self, drum: str, bar: int, ticks: list[int], *velocities: float) -> None:
        sound = self.pack.sound(drum)
        loud = velocities * len(ticks) if len(velocities) == 1 else velocities
        self.hits += [Hit(sound, v, bar * BAR_SECONDS + t * TICK) for t, v in zip(ticks, loud, strict=True)]

    def write(self, path: Path, drumkit: ET.Element, bars: int) -> None:
        root = ET.Element("song")
        for tag, text in {
            "version": "1.2.0",
            "bpm": "120",
            "volume": "1",
            "name": "t",
            "mode": "song",
        }.items():
            ET.SubElement(root, tag).text = text
        for element in drumkit.iter():
            element.tag = element.tag.removeprefix(H2)
        component, instruments = drumkit.find("componentList"), drumkit.find("instrumentList")
        assert component is not None and instruments is not None
        for instrument in instruments:
            ET.SubElement(instrument, "drumkit").text = drumkit.findtext("name")
            ET.SubElement(instrument, "drumkitLookup").text = "1"  # the user's kits
        root.extend([component, instruments])
        patterns, sequence = ET.SubElement(root, "patternList"), ET.SubElement(root, "patternSequence")
        for bar in range(bars):
            pattern = ET.SubElement(patterns, "pattern")
            for tag, text in {"name": f"bar {bar}", "size": str(BAR_TICKS), "denominator": "4"}.items():
                ET.SubElement(pattern, tag).text = text
            notes = ET.SubElement(pattern, "noteList")
            for hit in self.hits:
                if bar * BAR_SECONDS <= hit.seconds < (bar + 1) * BAR_SECONDS:
                    self._note(notes, hit, round((hit.seconds - bar * BAR_SECONDS) / TICK))
            ET.SubElement(ET.SubElement(sequence, "group"), "patternID").text = f"bar {bar}"
        ET.ElementTree(root).write(path, "utf-8", xml_declaration=True)

    def _note(self, notes: ET.Element, hit: Hit, position: int) -> None:
        note = ET.SubElement(notes, "note")
        number = pads(self.pack.kit).index(hit.sound)
        fields = {"position": position, "leadlag": 0, "velocity": hit.velocity, "pan": 0, "pitch": 0}
        fields |= {"probability": 1, "length": -1, "instrument": number}
        for tag, value in fields.items():
            ET.SubElement(note, tag).text = str(value)
        ET.SubElement(note, "key").text = "C0"
        ET.SubElement(note, "note_off").text = "false"


KICKS, SOFT_AND_HARD, SOFT_CLAPS, HARD_CLAPS, HATS, BARS = 0, 2, 3, 4, 5, 6  # the hats ring into the next bar
QUARTERS = [0, 48, 96, 144]


@pytest.fixture(scope="session")
def rendered(pack: TonePack, run: Tool, tmp_path_factory: pytest.TempPathFactory) -> tuple[Song, Samples]:
    """The song and Hydrogen's recording of it. Slow to start: h2cli looks for sound cards first."""
    (kit,) = pack.export("hydrogen")
    verdict = run("h2cli", "-c", kit)
    assert "is valid" in verdict.stdout + verdict.stderr
    installed = run("h2cli", "-i", kit)
    assert "(E)" not in installed.stderr
    song = Song(pack)
    song.add("kick", KICKS, QUARTERS, 0.8)
    song.add("kick", KICKS + 1, QUARTERS, 0.8)
    song.add("snare", SOFT_AND_HARD, QUARTERS[:3], 20 / 127, 60 / 127, 120 / 127)
    song.add("open_hat", HATS, [0, 96], 0.8)
    song.add("closed_hat", HATS, [24], 0.8)
    song.add("clap", SOFT_CLAPS, QUARTERS, 63 / 127)
    song.add("clap", HARD_CLAPS, QUARTERS, 64 / 127)
    folder = tmp_path_factory.mktemp("song")
    with tarfile.open(kit) as archive:
        member = archive.extractfile("Tone_Pack/drumkit.xml")
        assert member is not None
        song.write(folder / "t.h2song", ET.fromstring(member.read()), BARS)
    run("h2cli", "-s", folder / "t.h2song", "-d", "auto", "-o", folder / "t.wav", "-r", str(RATE), "-b", "16")
    samples, rate = soundfile.read(folder / "t.wav", dtype="float32", always_2d=True)
    assert rate == RATE
    return song, samples.mean(axis=1)


def played(rendered: tuple[Song, Samples], drum: str, bar: int) -> list[float]:
    """Frequencies heard at the hits of a drum within a bar."""
    song, samples = rendered
    begin, end = bar * BAR_SECONDS, (bar + 1) * BAR_SECONDS
    hits = [h for h in song.hits if h.sound.drum == drum and begin <= h.seconds < end]
    return [loudest_hertz(samples, hit.seconds + 0.05) for hit in hits]


def test_takes_cycle_and_never_repeat(rendered: tuple[Song, Samples], pack: TonePack) -> None:
    heard = played(rendered, "kick", KICKS) + played(rendered, "kick", KICKS + 1)
    takes = pack.tones(pack.sound("kick"), 0)
    assert sorted(heard[:4]) == pytest.approx(takes, abs=5)
    assert heard[4:] == pytest.approx(heard[:4], abs=5)
    assert all(abs(a - b) > 20 for a, b in itertools.pairwise(heard))


def test_velocity_chooses_the_layer(rendered: tuple[Song, Samples], pack: TonePack) -> None:
    layers = [pack.tones(pack.sound("snare"), layer)[0] for layer in range(3)]
    assert played(rendered, "snare", SOFT_AND_HARD) == pytest.approx(layers, abs=5)


def test_takes_cycle_within_a_layer(rendered: tuple[Song, Samples], pack: TonePack) -> None:
    for layer, bar in enumerate((SOFT_CLAPS, HARD_CLAPS)):
        heard = played(rendered, "clap", bar)
        assert sorted(heard[:3]) == pytest.approx(pack.tones(pack.sound("clap"), layer), abs=5)
        assert heard[3] == pytest.approx(heard[0], abs=5)


def test_closed_hat_chokes_open_hat(rendered: tuple[Song, Samples]) -> None:
    _, samples = rendered
    start = HATS * BAR_SECONDS
    free = level(samples, start + 1.0 + 0.8)  # 0.8 s after the open hat that nothing chokes
    choked = level(samples, start + 0.8)  # the closed hat is over by then
    assert free > 0.01
    assert choked < 0.01 * free
