"""`packgen reconstruct` on every kind of file that a user may have."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import typer
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner

from packgen.cli import reconstruct as command
from packgen.engine.engine import Engine
from packgen.errors import AudioError, ClassNameError, OutputError, RecipeError
from packgen.evaluation.figures import plot
from packgen.evaluation.reconstruction import reconstruct

app = typer.Typer()
app.command()(command.command)


Run = Callable[..., Any]  # arguments of the command -> what typer's CliRunner gives


@pytest.fixture
def run(model_folder: Path, tmp_path: Path) -> Run:
    def invoke(*arguments: object) -> Any:
        options = ["--model", str(model_folder), "--out", str(tmp_path / "out")]
        return CliRunner().invoke(app, [*map(str, arguments), *options])

    return invoke


def hit(path: Path, rate: int = 44_100, channels: int = 1, seconds: float = 0.2, gain: float = 0.5) -> Path:
    t = np.arange(round(rate * seconds)) / rate
    mono = gain * np.exp(-20 * t) * np.sin(2 * np.pi * 300 * t)
    soundfile.write(path, np.repeat(mono[:, None], channels, axis=1), rate, subtype="FLOAT")
    return path


def test_a_wav_keeps_its_name_and_level(run: Run, tmp_path: Path) -> None:
    result = run(hit(tmp_path / "my kick.wav", gain=0.25))
    assert result.exit_code == 0, result.output
    written = tmp_path / "out" / "my kick.wav"
    assert result.stdout.splitlines() == [str(written)]
    samples, rate = soundfile.read(written)
    assert rate == 22_050 and np.isfinite(samples).all()
    original = soundfile.read(tmp_path / "my kick.wav")[0]
    assert np.abs(samples).max() == pytest.approx(np.abs(original).max(), rel=0.02)
    assert abs(samples[-1]) < 1e-3  # it ends without a click


@pytest.mark.parametrize(
    ("rate", "channels", "seconds"), [(8000, 1, 0.2), (192_000, 2, 0.2), (44_100, 8, 0.2), (8000, 1, 600.0)]
)
def test_any_rate_channels_and_length(
    run: Run, tmp_path: Path, rate: int, channels: int, seconds: float
) -> None:
    result = run(hit(tmp_path / "x.wav", rate, channels, seconds), "--vocoder-only")
    assert result.exit_code == 0, result.output
    assert len(soundfile.read(tmp_path / "out" / "x.wav")[0]) <= 5000


def test_an_offset_is_no_sound_that_was_left_out(run: Run, tmp_path: Path) -> None:
    """A hit of 0.1 s in two seconds of a recording with a constant offset, as cheap converters give."""
    sound = np.full(2 * 44_100, 0.05)
    sound[4410:8820] += soundfile.read(hit(tmp_path / "hit.wav", seconds=0.1))[0]
    soundfile.write(tmp_path / "x.wav", sound, 44_100, subtype="FLOAT")
    row = json.loads(run(tmp_path / "x.wav", "--json", "--quiet").stdout)[0]
    assert row["seconds_left_out"] == 0.0


def test_a_long_sound_is_cut_and_the_rest_reported(run: Run, tmp_path: Path) -> None:
    t = np.arange(22_050) / 22_050
    soundfile.write(tmp_path / "x.wav", 0.5 * np.sin(2 * np.pi * 200 * t), 22_050)
    result = run(tmp_path / "x.wav", "--json", "--quiet")
    row = json.loads(result.stdout)[0]
    assert row["seconds_left_out"] == pytest.approx(1 - 5000 / 22_050, abs=0.02)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros((0, 1)),
        np.ones((1, 1)),
        np.zeros((5000, 2)),
        np.full((5000, 1), np.nan),
        np.tile([0.5, -0.5], (5000, 1)),
    ],
    ids=["no samples", "one sample", "silence", "nothing but NaN", "channels that cancel"],
)
def test_what_holds_no_hit_is_one_line_with_its_name(
    run: Run, tmp_path: Path, samples: NDArray[np.float64]
) -> None:
    soundfile.write(tmp_path / "bad.wav", samples, 22_050, subtype="FLOAT")
    error = run(tmp_path / "bad.wav").exception
    assert isinstance(error, AudioError)
    assert "bad.wav" in str(error) and "\n" not in str(error)


def test_some_nan_among_samples_is_survived(run: Run, tmp_path: Path) -> None:
    samples, rate = soundfile.read(hit(tmp_path / "x.wav"))
    samples[100:110] = np.nan
    soundfile.write(tmp_path / "x.wav", samples, rate, subtype="FLOAT")
    assert run(tmp_path / "x.wav").exit_code == 0
    assert np.isfinite(soundfile.read(tmp_path / "out" / "x.wav")[0]).all()


def test_a_bad_file_costs_only_itself(run: Run, tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    result = run(tmp_path / "text.wav", tmp_path / "missing.wav", hit(tmp_path / "good.wav"))
    assert isinstance(result.exception, AudioError)
    assert result.stdout.splitlines() == [str(tmp_path / "out" / "good.wav")]
    assert "text.wav" in result.stderr and "missing.wav" in str(result.exception)


def test_nothing_is_replaced_unasked(run: Run, tmp_path: Path) -> None:
    sound = hit(tmp_path / "x.wav")
    assert run(sound).exit_code == 0
    first = (tmp_path / "out" / "x.wav").read_bytes()
    assert isinstance(run(sound, "--polish", "0").exception, OutputError)
    assert (tmp_path / "out" / "x.wav").read_bytes() == first
    assert run(sound, "--polish", "0", "--force").exit_code == 0
    assert (tmp_path / "out" / "x.wav").read_bytes() != first


def test_an_input_is_never_replaced(run: Run, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    sound = hit(tmp_path / "out" / "x.wav")
    error = run(sound, "--force").exception
    assert isinstance(error, OutputError) and "replace an input" in str(error)


def test_two_inputs_of_one_name_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    error = run(hit(tmp_path / "x.wav"), hit(tmp_path / "other" / "x.wav")).exception
    assert isinstance(error, OutputError) and "both become" in str(error)
    assert not (tmp_path / "out").exists()


def test_options_that_make_no_sense(run: Run, tmp_path: Path) -> None:
    sound = hit(tmp_path / "x.wav")
    assert isinstance(run(sound, "--class", "snare", "--vocoder-only").exception, RecipeError)
    assert isinstance(run(sound, "--polish", "-2").exception, RecipeError)
    assert isinstance(run(sound, "--refine", "-1").exception, RecipeError)
    assert isinstance(run(sound, "--refine", "5", "--vocoder-only").exception, RecipeError)
    assert isinstance(run(sound, "--class", "piano").exception, ClassNameError)


def test_the_class_is_the_one_given(engine: Engine, tmp_path: Path) -> None:
    sound = hit(tmp_path / "x.wav")
    found = reconstruct(engine, sound, "tom")
    assert found.drum == "tom" and list(found.mels) == ["original", "CWAE", "final"]
    expected = engine.decode("tom", engine.encode("tom", engine.analyse(found.original)))
    assert (found.mels["CWAE"] == expected).all()
    guessed = reconstruct(engine, sound)
    assert guessed.drum == engine.classes[int(engine.classify(guessed.original).argmax())]
    alone = reconstruct(engine, sound, vocoder_only=True)
    assert alone.drum is None and list(alone.mels) == ["original", "final"]


def test_refinement_comes_closer_than_the_encoder(engine: Engine, run: Run, tmp_path: Path) -> None:
    sound = hit(tmp_path / "x.wav")
    wanted = engine.analyse(reconstruct(engine, sound).original)
    errors = [
        np.square(found.mels["CWAE"] - wanted, dtype=np.float64).sum()
        for found in (reconstruct(engine, sound, "tom", refinement=steps) for steps in (0, 30))
    ]
    assert errors[1] < errors[0]
    assert run(sound, "--refine", "0").exit_code == 0


def test_a_plot_shows_every_panel(engine: Engine, run: Run, tmp_path: Path) -> None:
    sound = hit(tmp_path / "x.wav")
    widths = []
    for vocoder_only in (False, True):
        found = reconstruct(engine, sound, vocoder_only=vocoder_only)
        image = Image.open(io.BytesIO(plot.reconstruction_picture(found, "x.wav", engine.signal)))
        widths.append(image.width)
        left = np.asarray(image.convert("RGB"))[
            plot.TOP : plot.TOP + plot.HEIGHT, plot.LEFT : plot.LEFT + plot.WIDTH
        ]
        assert len(np.unique(left.reshape(-1, 3), axis=0)) > 20  # a spectrogram, no blank
    assert widths[0] - widths[1] == plot.WIDTH + plot.GAP
    result = run(sound, "--plot")
    assert [Path(line).name for line in result.stdout.splitlines()] == ["x.wav", "x.png"]
    with Image.open(tmp_path / "out" / "x.png") as picture:
        assert picture.format == "PNG"
