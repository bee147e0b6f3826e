"""Where presets and weights are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

import os
from pathlib import Path

from packgen.errors import WeightsError

PACKAGE = Path(__file__).parent
DEFAULT_MODEL = "drums-22k"


def _folder(name: str) -> Path:
    installed = PACKAGE / f"{name}_data"
    return installed if installed.is_dir() else PACKAGE.parent / name


def presets_folder() -> Path:
    """The folder of shipped presets."""
    return _folder("presets")


def models_folder() -> Path:
    """The folder of shipped models; the environment variable PACKGEN_MODELS names another."""
    override = os.environ.get("PACKGEN_MODELS")
    return Path(override) if override else _folder("models")


def model_folder(model: str | None = None) -> Path:
    """The folder of a model, by name or by path.

    Raises:
        WeightsError: if there is none.
    """
    if model is None:
        model = DEFAULT_MODEL
    for candidate in (models_folder() / model, Path(model)):
        if candidate.is_dir():
            return candidate
    have = sorted(p.name for p in models_folder().glob("*") if p.is_dir()) if models_folder().is_dir() else []
    known = f"there are {', '.join(have)}" if have else f"none is installed in {models_folder()}"
    raise WeightsError(f"no model {model!r}: {known}; or give the path of a folder with cwae.safetensors")


def attribution(folder: Path) -> str:
    """What a model's training data asks to be said in the licence of everything made with it."""
    path = folder / "ATTRIBUTION.txt"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return f"Model {folder.name}; its maker gave no list of sources."
