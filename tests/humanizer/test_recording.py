"""A whole humanised loop on disk: onsets as in its MIDI, stems, kit, manifest, and the same bytes again."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
from collections import Counter, defaultdict
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray
from PIL import Image

from packgen.errors import OutputError
from packgen.files.folders import check_free, whole_folder
from packgen.humanizer import midi, notemaps
from packgen.humanizer.events import Lane
from packgen.humanizer.groove import Feel
from packgen.humanizer.performance import STRAY_DB, Performance, perform
from packgen.humanizer.recording import Session, arrange, record
from tests.fakes import FakeEngine
from tests.humanizer.loops import BLOCK, CLOSED, DATA, KICK, OPEN, SNARE, hit, midi_bytes

SESSION = Session(
    "loop", 7, Feel(), {"name": "clicks", "digest": "c11c"}, "made of clicks", "packgen humanize"
)


def played(
    data: bytes, feel: Feel | None = None, seed: int = 7, workers: int = 1
) -> tuple[midi.Song, Performance]:
    song = midi.parse(data)
    notes, _ = midi.drum_notes(song, notemaps.GENERAL, {10})
    return song, perform(FakeEngine(), notes, song.tempo, feel or Feel(), seed, workers=workers)


def recorded(folder: Path, data: bytes, session: Session = SESSION, workers: int = 1) -> Path:
    song, performance = played(data, session.feel, session.seed, workers)
    with whole_folder(folder, force=False) as temporary:
        record(temporary, song, performance, Counter({BLOCK: 1}), FakeEngine(), session)
    return folder


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def onsets(path: Path) -> NDArray[np.float64]:
    """Seconds at which a stem comes out of silence: a detector that knows nothing of MIDI.

    A sample is an onset if it is over 1 % of the stem's peak while the 4 ms before it stayed under 0.5 %.
    """
    samples, rate = soundfile.read(path)
    level = np.abs(samples).max(axis=1) if samples.ndim == 2 else np.abs(samples)
    loud = np.flatnonzero(level > 0.01 * level.max())
    before = np.lib.stride_tricks.sliding_window_view(
        np.pad(level, (round(0.004 * rate), 0)), round(0.004 * rate)
    )
    quiet = before[loud].max(axis=1) < 0.005 * level.max()
    return np.asarray(loud[quiet] / rate)


def midi_times(path: Path, channel: int = 10) -> dict[int, list[float]]:
    """Seconds of every note-on by note, as mido plays the file."""
    now, times = 0.0, defaultdict(list)
    for message in mido.MidiFile(path):
        now += message.time
        if message.type == "note_on" and message.velocity and message.channel == channel - 1:
            times[message.note].append(now)
    return times


def test_onsets_of_stems_are_the_times_of_the_humanised_midi(tmp_path: Path) -> None:
    """Three drums that never overlap themselves, through a tempo change, with more swing than anyone wants."""
    events = [(1920, mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(87)))]
    for step in range(48):
        events += hit(step * 240, KICK, 80 + step)
        events += hit(step * 240 + 120, SNARE, 70 + step) if step % 2 else []
        events += hit(step * 240 + 10, 63, 90) if step % 3 == 0 else []
    feel = Feel(timing=0.015, swing=0.6)
    song = midi.parse(midi_bytes([events]))
    notes, _ = midi.drum_notes(song, notemaps.GENERAL, {10})
    engine = FakeEngine(seconds=0.06)
    performance = perform(engine, notes, song.tempo, feel, 3)
    record(tmp_path, song, performance, Counter(), engine, dataclasses.replace(SESSION, feel=feel))
    times = midi_times(tmp_path / "loop.mid")
    for name, note in (("kick", KICK), ("snare", SNARE), ("conga", 63)):
        heard = onsets(tmp_path / "stems" / f"{name}.wav")
        assert len(heard) == len(times[note]), name
        assert np.abs(heard - times[note]).max() < 0.001, name
    programmed = np.array([note.time for note in notes])
    assert np.abs(np.array([h.time for h in performance.hits]) - programmed).max() > 0.01


def test_everything_is_written_and_agrees(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "out", (DATA / "loop.mid").read_bytes())
    names = {"loop.wav", "loop.mid", "loop_kit.mid", "stems", "kit", "pianoroll.png", "humanize.json"}
    assert {path.name for path in folder.iterdir()} == names
    whole, _ = soundfile.read(folder / "loop.wav")
    stems = [soundfile.read(path)[0] for path in sorted((folder / "stems").iterdir())]
    np.testing.assert_allclose(sum(stems), whole, atol=(len(stems) + 1) * 2**-23)
    with Image.open(folder / "pianoroll.png") as picture:
        assert picture.size[0] == 1600
    manifest = json.loads((folder / "humanize.json").read_text())
    assert manifest["without_class"] == [{"note": BLOCK, "name": "Hi Wood Block", "hits": 1}]
    assert sum(lane["hits"] for lane in manifest["voices"]) == len(manifest["hits"])
    assert len(manifest["strokes"]) == len(manifest["hits"])
    assert all((folder / stroke["path"]).is_file() for stroke in manifest["strokes"])
    times = [
        time for note, list_ in midi_times(folder / "loop.mid").items() if note != BLOCK for time in list_
    ]
    np.testing.assert_allclose(sorted(times), sorted(h["time"] for h in manifest["hits"]), atol=2e-6)


def test_the_kit_version_plays_the_kits_own_notes_in_the_order_of_its_takes(tmp_path: Path) -> None:
    folder = recorded(tmp_path / "out", (DATA / "fills.mid").read_bytes())
    kit = json.loads((folder / "kit" / "manifest.json").read_text())["files"]
    takes = Counter(row["note"] for row in kit)
    hits = Counter({note: len(times) for note, times in midi_times(folder / "loop_kit.mid").items()})
    assert takes == hits
    manifest = json.loads((folder / "humanize.json").read_text())
    by_path = {stroke["path"]: stroke["code"] for stroke in manifest["strokes"]}
    assert {f"kit/{row['path']}": row["code"] for row in kit} == by_path
    strokes = manifest["strokes"]
    in_order = [
        stroke["path"] for lane in manifest["voices"] for stroke in strokes if stroke["voice"] == lane["name"]
    ]
    assert [f"kit/{row['path']}" for row in kit] == in_order
    assert [h["stroke"] for h in manifest["hits"]] == list(range(len(strokes)))  # each hit has its own


def test_a_seed_gives_the_same_bytes_whatever_the_number_of_workers(tmp_path: Path) -> None:
    data = (DATA / "loop.mid").read_bytes()
    one, two = recorded(tmp_path / "a", data), recorded(tmp_path / "b", data, workers=4)
    assert digests(one) == digests(two)
    other = recorded(tmp_path / "c", data, dataclasses.replace(SESSION, seed=8))
    assert digests(one)["loop.wav"] != digests(other)["loop.wav"]


def test_amount_0_is_the_programmed_file_and_renders_each_drum_once(tmp_path: Path) -> None:
    data = (DATA / "loop.mid").read_bytes()
    folder = recorded(tmp_path / "out", data, dataclasses.replace(SESSION, feel=Feel(amount=0)))
    assert (folder / "loop.mid").read_bytes() == data
    manifest = json.loads((folder / "humanize.json").read_text())
    assert len(manifest["strokes"]) == len(manifest["voices"])


def test_no_stroke_is_rendered_twice() -> None:
    song = midi.parse((DATA / "loop.mid").read_bytes())
    notes, _ = midi.drum_notes(song, notemaps.GENERAL, {10})
    engine = FakeEngine()
    performance = perform(engine, notes, song.tempo, Feel(), 1)
    takes = [(s.lane.drum, take.code.tobytes()) for s, take in performance.takes.items()]
    assert len(set(takes)) == len(takes)
    assert all(engine.rendered.count(take) == 1 for take in takes)


def test_a_loop_has_the_length_of_its_bars_and_wraps_its_tails(tmp_path: Path) -> None:
    data = midi_bytes([[*hit(0, KICK), *hit(1900, SNARE, length=10)]])
    looped = recorded(tmp_path / "loop", data, dataclasses.replace(SESSION, loop=True, feel=Feel(amount=0)))
    ending = recorded(tmp_path / "once", data, dataclasses.replace(SESSION, feel=Feel(amount=0)))
    bar, rate = soundfile.read(looped / "loop.wav")
    once, _ = soundfile.read(ending / "loop.wav")
    assert len(bar) == 2 * rate  # four beats at 120
    assert len(once) > len(bar)
    tail = once[len(bar) :]
    folded = once[: len(bar)].copy()
    folded[: len(tail)] += tail
    np.testing.assert_allclose(bar / np.abs(bar).max(), folded / np.abs(folded).max(), atol=1e-5)


def test_a_closed_hat_cuts_the_open_one() -> None:
    song, performance = played(midi_bytes([[*hit(0, OPEN), *hit(24, CLOSED), *hit(960, OPEN)]]))
    mix = arrange(song, performance, FakeEngine().signal.sample_rate, SESSION)
    cut = [placement.cut for placement in mix.placements]
    assert cut[0] == round(performance.hits[1].time * 44_100)
    assert cut[2] is None


def test_strokes_keep_their_class_and_level() -> None:
    _, performance = played((DATA / "fills.mid").read_bytes(), Feel(spread=2.0))
    levels = defaultdict(list)
    for stroke, take in performance.takes.items():
        levels[stroke.lane].append(20 * np.log10(np.abs(take.samples).max()))
    assert all(max(group) - min(group) <= 2 * STRAY_DB + 2 for group in levels.values())
    assert Lane("tom", 41) in levels


def test_a_full_folder_is_left_alone_and_nothing_is_half_written(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("keep")
    with pytest.raises(OutputError, match="not an empty folder"):
        check_free(folder, force=False)
    with pytest.raises(ZeroDivisionError), whole_folder(folder, force=True) as temporary:
        (temporary / "loop.wav").write_bytes(b"half")
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.rglob("*")] == ["out", "mine.txt"]
    for content in (b"first", b"second"):
        with whole_folder(folder, force=True) as temporary:
            (temporary / "stems").mkdir()
            (temporary / "stems" / "kick.wav").write_bytes(content)
    assert (folder / "stems" / "kick.wav").read_bytes() == b"second"
    assert (folder / "mine.txt").read_text() == "keep"
    with pytest.raises(OutputError, match="not an empty folder"):
        check_free(folder / "mine.txt", force=True)


def test_ten_thousand_hits_in_a_second_become_sound() -> None:
    events = [event for index in range(10_000) for event in hit(index, SNARE, 100, 1)]
    song, performance = played(midi_bytes([events], division=20_000))
    mix = arrange(song, performance, 22_050, SESSION)
    assert len(mix.placements) == 10_000
    assert len(performance.takes) <= Feel().renders
    assert io.BytesIO(midi.rewrite(song, performance.hits)).getbuffer().nbytes > 40_000
