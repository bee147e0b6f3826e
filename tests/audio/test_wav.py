"""The WAV writer: its samples come back, its chunks add up, and four other programs read the same metadata."""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from packgen.audio.wav import FORMATS, WavInfo, encode, plain_wav, quantise, root_note, write_wav
from packgen.errors import AudioError, OutputError, RecipeError
from packgen.files.names import ascii_text
from tests.formats.conftest import Tool
from tests.formats.tones import RATE, tone

A1_AND_A_BIT = 55.0 * 2 ** (0.25 / 12)  # a quarter of a semitone above MIDI note 33
INFO = WavInfo(
    title="Kick 01 dark short",
    artist="Größe & Co",
    comment="packgen seed 7; P1 0.25 P2 -1.50 P3 0.00",
    software="packgen 0.1.0",
    licence="(c) nobody, CC0",
    genre="Drums",
    pitch_hz=A1_AND_A_BIT,
    note=36,
    low_velocity=43,
    high_velocity=84,
)
every_format = pytest.mark.parametrize("bits", FORMATS)


def chunks(data: bytes) -> dict[bytes, bytes]:
    """Chunks by name; fails where sizes do not add up."""
    assert data[:4] == b"RIFF" and data[8:12] == b"WAVE"
    assert struct.unpack("<I", data[4:8]) == (len(data) - 8,)
    found, position = {}, 12
    while position < len(data):
        name, size = struct.unpack_from("<4sI", data, position)
        found[name] = data[position + 8 : position + 8 + size]
        assert len(found[name]) == size
        position += 8 + size + (size & 1)
    assert position == len(data)
    return found


@every_format
def test_samples_come_back(tmp_path: Path, bits: str) -> None:
    samples = tone(440.0, 0.1, 0.9)
    write_wav(tmp_path / "t.wav", samples, RATE, bits, INFO)
    read, rate = soundfile.read(tmp_path / "t.wav")
    assert rate == RATE
    # Dither adds up to one step to the half step of rounding.
    np.testing.assert_allclose(read, samples, atol={"16": 1.5 * 2**-15, "24": 0.5 * 2**-23, "32f": 0}[bits])


@every_format
def test_full_scale_does_not_wrap(bits: str) -> None:
    read, _ = soundfile.read(io.BytesIO(encode(np.array([1.0, -1.0, 1.0], np.float32), RATE, bits, INFO)))
    np.testing.assert_allclose(read, [1.0, -1.0, 1.0], atol=2.5 * 2**-15)


def test_a_plain_wav_holds_its_samples_and_no_more() -> None:
    samples = tone(440.0, 0.1, 0.9)
    data = plain_wav(samples, RATE)
    assert set(chunks(data)) == {b"fmt ", b"data"}
    read, rate = soundfile.read(io.BytesIO(data))
    assert rate == RATE
    np.testing.assert_allclose(read, samples, atol=2 * 2**-23)


def test_dither_keeps_what_lies_between_the_steps() -> None:
    """The mean of many quantised samples is the sample; without dither it would be zero."""
    quarter_step = np.full(200_000, 0.25 / 32768, np.float32)
    steps = np.frombuffer(quantise(quarter_step, "16", 1), "<i2")
    assert steps.mean() == pytest.approx(0.25, abs=0.01)
    assert set(np.unique(steps)) <= {-1, 0, 1}
    # Triangular dither and rounding: a variance of 1/4 step, whatever the signal.
    assert steps.var() == pytest.approx(0.25, abs=0.01)


def test_dither_is_repeatable_and_differs_by_seed() -> None:
    samples = tone(100.0, 0.05)
    assert quantise(samples, "16", 5) == quantise(samples, "16", 5) != quantise(samples, "16", 6)
    assert quantise(samples, "24", 5) == quantise(samples, "24", 6)


def test_hash_is_of_the_file(tmp_path: Path) -> None:
    digest = write_wav(tmp_path / "t.wav", tone(440.0, 0.01), RATE, "24", INFO)
    assert digest == hashlib.sha256((tmp_path / "t.wav").read_bytes()).hexdigest()


@given(st.integers(0, 9), st.sampled_from(sorted(FORMATS)), st.text(max_size=300))
def test_chunks_add_up(frames: int, bits: str, text: str) -> None:
    data = encode(np.zeros(frames, np.float32), RATE, bits, WavInfo(text, comment=text))
    found = chunks(data)
    expected = {b"fmt ", b"data", b"smpl", b"inst", b"acid", b"LIST"}
    expected |= {b"fact"} if bits == "32f" else set()
    assert set(found) == expected
    assert len(found[b"data"]) == frames * FORMATS[bits][1]
    title = ascii_text(text).encode()
    assert (b"INAM" + struct.pack("<I", len(title) + 1) + title + b"\0" in found[b"LIST"]) == bool(title)
    assert bits == "32f" or data[36:40] == b"data"  # where simple hardware looks


@given(st.floats(8.2, 12_500))
def test_root_note_tells_the_pitch(hertz: float) -> None:
    note, fraction = root_note(hertz)
    assert 0 <= note <= 127 and 0 <= fraction < 2**32
    assert 440 * 2 ** ((note + fraction / 2**32 - 69) / 12) == pytest.approx(hertz, rel=1e-6)


@pytest.mark.parametrize("hertz", [0.1, 1e6])
def test_root_note_stays_on_the_keyboard(hertz: float) -> None:
    assert 0 <= root_note(hertz)[0] <= 127


def test_without_pitch_the_root_is_the_pad() -> None:
    found = chunks(encode(np.zeros(1, np.float32), RATE, "24", WavInfo("Clap", note=39)))
    assert struct.unpack("<9I", found[b"smpl"])[3:5] == (39, 0)
    assert struct.unpack("<I", found[b"acid"][:4]) == (1,)  # one-shot, root note not set


def test_without_pad_all_keys_play() -> None:
    found = chunks(encode(np.zeros(1, np.float32), RATE, "24", WavInfo("Clap")))
    assert struct.unpack("<BbbBBBB", found[b"inst"]) == (60, 0, 0, 0, 127, 1, 127)


def test_what_is_no_number_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="no numbers"):
        write_wav(tmp_path / "t.wav", np.array([0, np.nan], np.float32), RATE, "24", INFO)
    assert not list(tmp_path.iterdir())


def test_unknown_format_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="'8': choose 16, 24, 32f"):
        write_wav(tmp_path / "t.wav", np.zeros(1, np.float32), RATE, "8", INFO)


def test_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot write"):
        write_wav(tmp_path / "no" / "t.wav", np.zeros(1, np.float32), RATE, "24", INFO)


# What other programs read


@pytest.fixture(params=sorted(FORMATS))
def wav(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write_wav(tmp_path / "t.wav", tone(A1_AND_A_BIT, 0.1001), RATE, request.param, INFO)
    return tmp_path / "t.wav"


TEXTS = (INFO.title, ascii_text(INFO.artist), INFO.comment, INFO.software, INFO.licence, INFO.genre)


def test_exiftool(wav: Path, run: Tool) -> None:
    (read,) = json.loads(run("exiftool", "-json", wav).stdout)
    assert tuple(read[k] for k in ("Title", "Artist", "Comment", "Software", "Copyright", "Genre")) == TEXTS
    assert (read["MIDIUnityNote"], read["NumSampleLoops"], read["SamplePeriod"]) == (33, 0, 22676)
    assert read["MIDIPitchFraction"] / 2**32 == pytest.approx(0.25, abs=1e-6)
    assert (read["UnshiftedNote"], read["LowNote"], read["HighNote"]) == (36, 36, 36)
    assert (read["LowVelocity"], read["HighVelocity"]) == (43, 84)
    assert read["AcidizerFlags"] == "One shot, Root note set"
    assert "Warning" not in read and "Error" not in read


def test_mediainfo(wav: Path, run: Tool) -> None:
    general, audio = json.loads(run("mediainfo", "--Output=JSON", wav).stdout)["media"]["track"]
    assert (general["Track"], general["Genre"], general["Copyright"]) == (
        INFO.title,
        INFO.genre,
        INFO.licence,
    )
    assert (general["Comment"], general["Encoded_Application"]) == (INFO.comment, INFO.software)
    assert ascii_text(INFO.artist) in (general.get("Performer"), general.get("Director"))
    assert (audio["Format"], audio["Channels"], audio["SamplingRate"]) == ("PCM", "1", str(RATE))


def test_wavinfo(wav: Path) -> None:
    reader = pytest.importorskip("wavinfo").WavInfoReader(str(wav))
    info = reader.info
    read = (info.title, info.artist, info.comment, info.software, info.copyright, info.genre)
    assert read == TEXTS
    assert reader.smpl.midi_note == 33
    assert reader.data.frame_count == soundfile.info(wav).frames


def test_sndfile_info(wav: Path, run: Tool) -> None:
    read = run("sndfile-info", wav).stdout
    fields = dict(re.findall(r"^ *(\w[\w .]*?) *: (.*)$", read, re.MULTILINE))
    names = ("INAM", "IART", "ICMT", "ISFT", "ICOP", "IGNR")
    assert tuple(fields[name] for name in names) == TEXTS
    assert (fields["Midi Note"], fields["Loop Count"]) == ("33", "0")
    # libsndfile prints half the reciprocal of the fraction: 0.25 semitones show as 2.
    assert 0.5 / float(fields["Pitch Fract."]) == pytest.approx(0.25, abs=1e-6)
    assert "OneShot,RootNoteValid" in read
    assert "0x21" in fields["Root note"]
    assert int(fields["Frames"]) == soundfile.info(wav).frames


def test_libsndfile_reads_the_texts(wav: Path) -> None:
    with soundfile.SoundFile(wav) as file:
        read = file.copy_metadata()
    assert (read["title"], read["artist"], read["comment"]) == TEXTS[:3]
