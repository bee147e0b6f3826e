"""Where presets and weights are, and what can be told of weights before they are loaded.

In a checkout they stand beside the package, in an installed wheel inside it.
"""

from __future__ import annotations

import os
from pathlib import Path

from packgen.classes import CLASS_NAMES
from packgen.errors import WeightsError
from packgen.files.documents import parse_json

PACKAGE = Path(__file__).parents[1]
DEFAULT_MODEL = "drums-44k"


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


def known_classes(folder: Path) -> tuple[str, ...]:
    """The classes that a model knows, from the head of its weights: a thousandth of the time of loading them.

    All of them where the head cannot be read: what is wrong with the file is said by who loads it.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(folder / "cwae.safetensors", framework="numpy") as file:
            known = parse_json(file.metadata()["config"])["classes"]
        return tuple(name for name in CLASS_NAMES if name in known) or CLASS_NAMES
    except (SafetensorError, OSError, ValueError, KeyError, TypeError):
        return CLASS_NAMES


def attribution(folder: Path) -> str:
    """What a model's training data asks to be said in the licence of everything made with it."""
    path = folder / "ATTRIBUTION.txt"
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return f"Model {folder.name}; its maker gave no list of sources."
