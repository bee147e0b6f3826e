"""The SoundFont, parsed by sf2utils and played by FluidSynth from a General MIDI drum track."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import soundfile

from packgen.errors import PackError
from packgen.formats import FORMATS, read
from packgen.formats.pads import pads
from tests.formats.conftest import Player
from tests.formats.tones import RATE, Plan, TonePack, level, loudest_hertz, make_pack


@pytest.fixture(scope="module")
def soundfont(pack: TonePack) -> Path:
    (path,) = FORMATS["sf2"].write(pack.kit, pack.folder)
    return pack.folder / path


def test_every_pad_plays_its_sound(soundfont: Path, pack: TonePack, play: Player) -> None:
    sounds = pads(pack.kit)
    samples = play(soundfont, [(0.5 + 2 * i, sound.note, 127) for i, sound in enumerate(sounds)])
    heard = [loudest_hertz(samples, 0.6 + 2 * i) for i in range(len(sounds))]
    hardest = [pack.tones(sound, len(sound.layers()) - 1)[0] for sound in sounds]
    assert heard == pytest.approx(hardest, abs=5)


def test_velocity_chooses_the_layer(soundfont: Path, pack: TonePack, play: Player) -> None:
    velocities = [1, 42, 43, 84, 85, 127]
    samples = play(soundfont, [(0.5 + i, 38, velocity) for i, velocity in enumerate(velocities)])
    heard = [loudest_hertz(samples, 0.6 + i) for i in range(len(velocities))]
    tones = [pack.tones(pack.sound("snare"), layer)[0] for layer in range(3)]
    assert heard[1:] == pytest.approx([tones[0], tones[1], tones[1], tones[2], tones[2]], abs=5)


def test_layers_leave_less_to_velocity(soundfont: Path, play: Player) -> None:
    """Three layers bring their own level, so the same velocity takes a third of the decibels away."""
    samples = play(soundfont, [(0.5, 35, 127), (1.5, 35, 60), (2.5, 38, 127), (3.5, 38, 60)])
    loud, soft, hard, mid = (level(samples, t) for t in (0.6, 1.6, 2.6, 3.6))
    one_layer, three_layers = 20 * np.log10(loud / soft), 20 * np.log10(hard / mid)
    assert one_layer > 10
    assert three_layers == pytest.approx(one_layer / 3, abs=0.7)


def test_closed_hat_chokes_open_hat(soundfont: Path, play: Player) -> None:
    samples = play(soundfont, [(0.5, 46, 127), (0.75, 42, 127), (3.0, 46, 127)])
    free, choked = level(samples, 3.0 + 0.9), level(samples, 0.5 + 0.9)
    assert free > 0.01
    assert choked < 0.01 * free


def test_parsed_structure(soundfont: Path, pack: TonePack) -> None:
    parser = pytest.importorskip("sf2utils.sf2parse")
    with soundfont.open("rb") as file:
        font = parser.Sf2File(file)
        (preset,) = [p for p in font.presets if p.name != "EOP"]
        assert (preset.bank, preset.preset) == (128, 0)
        (instrument,) = [i for i in font.instruments if i.name != "EOI"]
        expected = {
            (sound.note, layer[0].low_velocity if number else 0, layer[0].high_velocity, sound.choke or None)
            for sound in pads(pack.kit)
            for number, layer in enumerate(sound.layers())
        }
        found = {
            (bag.key_range[0], *bag.velocity_range, bag.gens[57].word if 57 in bag.gens else None)
            for bag in instrument.bags
            if bag.key_range[0] == bag.key_range[1]
        }
        assert found == expected
        samples = [s for s in font.samples if s.name != "EOS"]
        assert len({s.name for s in samples}) == len(samples) == len(instrument.bags)
        frames = [layer[0].frames for sound in pads(pack.kit) for layer in sound.layers()]
        assert [s.duration for s in samples] == frames
        assert all(b.start - a.end >= 46 for a, b in itertools.pairwise(samples))


@pytest.mark.parametrize("bits", ["16", "24", "32f"])
def test_samples_are_those_of_the_wavs(tmp_path: Path, bits: str) -> None:
    """At 16 bit exactly; from more bits within the dither."""
    pack = make_pack(tmp_path, [Plan("kick", seconds=0.05), Plan("snare", seconds=0.05)], bits)
    (path,) = FORMATS["sf2"].write(pack.kit, tmp_path)
    data = (tmp_path / path).read_bytes()
    start = data.index(b"smpl") + 8
    for sound in pads(pack.kit):
        (take,) = sound.takes
        written = np.frombuffer(data, "<i2", take.frames, start) / 32768
        original, _ = soundfile.read(tmp_path / take.path)
        np.testing.assert_allclose(written, original, atol=0 if bits == "16" else 1.6 / 32768)
        assert not any(data[start + 2 * take.frames : start + 2 * (take.frames + 46)])
        start += 2 * (take.frames + 46)


def test_wrong_length_is_told(own_pack: TonePack) -> None:
    take = own_pack.sound("kick").takes[0]
    soundfile.write(own_pack.folder / take.path, np.zeros(10), RATE, subtype="PCM_24")
    with pytest.raises(PackError, match="render the pack again"):
        FORMATS["sf2"].write(own_pack.kit, own_pack.folder)
    assert not list(own_pack.folder.glob("*.sf2"))
    assert not list(own_pack.folder.glob(".*"))


@pytest.mark.parametrize("part", ["INFO", "sdta", "pdta", "pgen", "shdr"])
def test_a_part_that_is_not_there_is_told(own_pack: TonePack, part: str) -> None:
    (path,) = own_pack.export("sf2")
    path.write_bytes(path.read_bytes().replace(part.encode(), b"none", 1))
    assert read(path).problems == (f"holds no {part} where it belongs",)
