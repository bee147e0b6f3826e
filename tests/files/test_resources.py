"""What is told of a model before it is loaded."""

from __future__ import annotations

from pathlib import Path

from packgen.classes import CLASS_NAMES, DRUM_CLASSES
from packgen.engine.engine import Engine
from packgen.files.resources import known_classes


def test_the_head_of_the_weights_says_what_the_engine_will(paper_model: Path, tiny_engine: Engine) -> None:
    assert known_classes(paper_model) == Engine.load(paper_model).classes
    assert known_classes(paper_model) == tuple(drum.name for drum in DRUM_CLASSES if drum.paper)
    assert tiny_engine.classes == CLASS_NAMES


def test_weights_that_cannot_be_read_are_for_the_engine_to_refuse(paper_model: Path, tmp_path: Path) -> None:
    assert known_classes(tmp_path) == CLASS_NAMES
    whole = (paper_model / "cwae.safetensors").read_bytes()
    for data in (b"", whole[:200], b"\xff" * 100, whole.replace(b'\\"classes\\"', b'\\"glasses\\"', 1)):
        (tmp_path / "cwae.safetensors").write_bytes(data)
        assert known_classes(tmp_path) == CLASS_NAMES
