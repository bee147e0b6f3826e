"""A module imports only from the layers below its own; the command line starts without the heavy ones."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import packgen

ROOT = Path(packgen.__file__).parent

# From the top down; a module belongs to the first row that names it or its package.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("cli",),
    ("evaluation", "benchmark"),
    ("training", "explore", "humanizer", "server", "max4live"),
    ("packs",),
    ("rendering", "formats"),
    ("planning", "engine"),
    ("networks", "latent"),
    ("audio", "kit"),
    ("files", "classes", "errors"),
)
# Within a row only these reach another room.
NEIGHBOURS = {
    ("classes", "errors"),
    ("classes", "files"),  # names in messages are shown as documents' values are
    ("explore", "server"),  # sockets that both bind
    ("files", "classes"),  # what a model's file says that it knows
    ("files", "errors"),
}
# Only these may touch torch: the engine is where tensors become numpy.
TORCH = (
    "audio.air",
    "audio.griffin_lim",
    "audio.mel",
    "audio.polish",
    "engine",
    "networks",
    "training",
    "evaluation",
    "benchmark",
    "cli.train",
)


def modules() -> list[Path]:
    return sorted(path for path in ROOT.rglob("*.py") if path.parent != ROOT or path.name != "__init__.py")


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer(name: str) -> int:
    for number, row in enumerate(LAYERS):
        if name.split(".")[0] in row:
            return number
    raise AssertionError(f"packgen.{name} has no layer: add it to the table")


def imports(path: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_imports_point_down(path: Path) -> None:
    name = dotted(path)
    for imported in imports(path):
        inner = imported.removeprefix("packgen.")
        if not imported.startswith("packgen.") or not (
            (ROOT / f"{inner.replace('.', '/')}.py").exists() or (ROOT / inner.replace(".", "/")).is_dir()
        ):
            continue
        rooms = name.split(".")[0], inner.split(".")[0]
        allowed = rooms[0] == rooms[1] or rooms in NEIGHBOURS
        assert layer(inner) > layer(name) or allowed, (
            f"packgen.{name} imports {imported} from above or beside"
        )


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_torch_stops_at_the_engine(path: Path) -> None:
    name = dotted(path)
    if any(name == allowed or name.startswith(f"{allowed}.") for allowed in TORCH):
        return
    assert not any(module.split(".")[0] == "torch" for module in imports(path)), (
        f"packgen.{name} imports torch"
    )


@pytest.mark.parametrize("command", ["kit", "humanize", "serve", "explore"])
def test_the_product_reaches_neither_evaluation_nor_training(command: str) -> None:
    reached, todo = set(), [f"cli.{command}"]
    while todo:
        name = todo.pop()
        path = ROOT / f"{name.replace('.', '/')}.py"
        path = path if path.exists() else ROOT / name.replace(".", "/") / "__init__.py"
        if name in reached or not path.exists():
            continue
        reached.add(name)
        todo += [each.removeprefix("packgen.") for each in imports(path) if each.startswith("packgen.")]
    laboratory = {name for name in reached if name.split(".")[0] in ("evaluation", "training", "benchmark")}
    assert "engine.engine" in reached and not laboratory


def test_pedalboard_stays_in_one_module() -> None:
    """pedalboard is GPL-3.0: who leaves `effects` out is free of it."""
    users = {
        dotted(path) for path in modules() if any(m.split(".")[0] == "pedalboard" for m in imports(path))
    }
    assert users <= {"rendering.effects"}


def test_help_imports_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['packgen', '--help']\n"
        "from packgen.cli.app import app\n"
        "try: app()\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'sklearn', 'scipy', 'pedalboard', 'PIL', 'soundfile', 'numpy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "kit" in done.stdout
