"""SFZ: checked by sfzlint, and read by Polyphone, whose SoundFont FluidSynth plays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from packgen.formats.pads import pads
from packgen.kit import Sound
from tests.formats.conftest import Note, Player, Tool
from tests.formats.tones import Plan, TonePack, level, loudest_hertz, make_pack

Region = dict[str, str]


def write(pack: TonePack) -> Path:
    (path,) = pack.export("sfz")
    return path


def regions(path: Path) -> list[Region]:
    """Every region with the opcodes it inherits: enough of a reader for what the writer writes."""
    levels: dict[str, Region] = {}
    found = []
    for line in path.read_text("ascii").splitlines():
        if not line or line.startswith("//"):
            continue
        header, _, rest = line.partition(" ")
        pairs = dict(re.findall(r"(\w+)=(.*?)(?= \w+=|$)", rest))
        levels[header] = pairs
        if header == "<region>":
            found.append({**levels["<global>"], **levels["<group>"], **pairs})
    return found


def sfzlint(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What the program prints; its exit code is 0 whatever it finds."""
    lint = pytest.importorskip("sfzlint.lint")
    monkeypatch.setattr("sys.argv", ["sfzlint", "--no-pickle", str(path)])
    lint.main()
    return capsys.readouterr().out


def test_sfzlint_finds_nothing(
    own_pack: TonePack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(own_pack)
    assert sfzlint(path, monkeypatch, capsys) == ""
    # It does look: a sample less is found.
    (own_pack.folder / own_pack.sound("clap").takes[0].path).unlink()
    assert "Claps" in sfzlint(path, monkeypatch, capsys)


def test_a_hit_starts_one_sample_for_every_velocity_and_turn(pack: TonePack) -> None:
    """Whatever the velocity and the turn of the sequence, exactly one region of a key matches."""
    found = regions(write(pack))
    for sound in pads(pack.kit):
        own = [r for r in found if int(r["key"]) == sound.note]
        turns = len(sound.layers()[0])
        for velocity in range(1, 128):
            heard = [{r["sample"] for r in own if matches(r, velocity, turn)} for turn in range(1, turns + 1)]
            assert all(len(samples) == 1 for samples in heard)
            assert len(set.union(*heard)) == turns  # all takes of the layer, none twice in a row


def matches(region: Region, velocity: int, turn: int) -> bool:
    in_layer = int(region.get("lovel", 1)) <= velocity <= int(region.get("hivel", 127))
    return in_layer and int(region.get("seq_position", 1)) == turn


def test_each_layer_is_at_full_level_at_its_highest_velocity(pack: TonePack) -> None:
    for region in regions(write(pack)):
        high = region.get("hivel", "127")
        assert region.get(f"amp_velcurve_{high}", "1" if high == "127" else None) == "1"


def test_hats_choke_each_other_and_nothing_else(pack: TonePack) -> None:
    groups = {r["key"]: (r.get("group"), r.get("off_by")) for r in regions(write(pack))}
    assert groups["42"] == groups["46"] == ("1", "1")
    assert {group for key, group in groups.items() if key not in ("42", "46")} == {(None, None)}


def test_very_many_takes_stay_within_the_sequence_limit(tmp_path: Path) -> None:
    pack = make_pack(tmp_path, [Plan("kick", takes=101, seconds=0.01)])
    found = regions(write(pack))
    assert len(found) == 100
    assert {r["seq_length"] for r in found} == {"100"}


@pytest.fixture(scope="module")
def converted(run: Tool, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TonePack]:
    """Polyphone's SoundFont of a pack without round robin, which the format lacks."""
    plans = [Plan("kick"), Plan("snare", layers=3), Plan("closed_hat"), Plan("open_hat", seconds=1.5)]
    pack = make_pack(tmp_path_factory.mktemp("sfz"), plans)
    result = run("polyphone", "-1", "-i", write(pack).name, "-o", "converted", cwd=pack.folder)
    unknown = set(re.findall(r"opcode not supported: (\w+)", result.stdout + result.stderr))
    assert unknown <= {"ampvelcurve42", "ampvelcurve84", "offmode"}
    return pack.folder / "converted.sf2", pack


def on_drum_bank(soundfont: Path) -> Path:
    """The same SoundFont on bank 128: Polyphone writes bank 0, where no drum track looks."""
    data = bytearray(soundfont.read_bytes())
    bank = data.index(b"phdr") + 8 + 22
    data[bank : bank + 2] = (128).to_bytes(2, "little")
    target = soundfont.with_name("drums.sf2")
    target.write_bytes(data)
    return target


def test_another_reader_plays_it(converted: tuple[Path, TonePack], play: Player) -> None:
    soundfont, pack = converted
    cases: list[tuple[Sound, int, int]] = [(pack.sound("kick"), 0, 100)]
    cases += [
        (pack.sound("snare"), layer, velocity) for layer, velocity in ((0, 42), (1, 43), (2, 85), (2, 127))
    ]
    notes: list[Note] = [(0.5 + i, sound.note, velocity) for i, (sound, _, velocity) in enumerate(cases)]
    samples = play(on_drum_bank(soundfont), [*notes, (10.5, 46, 127), (10.75, 42, 127), (13.0, 46, 127)])
    heard = [loudest_hertz(samples, 0.6 + i) for i in range(len(cases))]
    assert heard == pytest.approx([pack.tones(sound, layer)[0] for sound, layer, _ in cases], abs=5)
    assert level(samples, 10.5 + 0.9) < 0.01 * level(samples, 13.0 + 0.9)
