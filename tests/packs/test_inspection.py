"""Inspection: a pack as written is whole, and every kind of damage is named."""

from __future__ import annotations

import copy
import gzip
import io
import json
import os
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import UnionType
from typing import Any, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

import jsonschema
import pytest

from packgen.engine.engine import Engine
from packgen.errors import PackError
from packgen.formats import FORMATS
from packgen.packs import manifest as manifests
from packgen.packs.folder import Shard
from packgen.packs.inspection import inspect
from packgen.packs.manifest import (
    SCHEMA_PATH,
    Generator,
    Manifest,
    ManifestRow,
    Model,
    Pack,
    WishRow,
    read_manifest,
)
from packgen.packs.schema import complaints
from packgen.packs.writer import PackWriter
from packgen.planning.plan import plan
from packgen.rendering.renderer import render_sound
from tests.packs.test_writer import INFO, RECIPE

SCHEMA = json.loads(SCHEMA_PATH.read_text())


@pytest.fixture
def pack(tmp_path: Path, tiny_engine: Engine) -> Path:
    """A pack in all formats."""
    writer = PackWriter(tmp_path / "pack", replace(INFO, formats=tuple(FORMATS)), tiny_engine.ranges)
    for entry in plan(RECIPE):
        writer.add(render_sound(tiny_engine, RECIPE, entry), tiny_engine.signal.sample_rate)
    writer.finish()
    return tmp_path / "pack"


def sample(pack: Path) -> Path:
    return sorted(pack.rglob("*.wav"))[0]


def edit(pack: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest: Any = read_manifest(pack)
    change(manifest)
    (pack / "manifest.json").write_text(json.dumps(manifest))


def rezip(path: Path, drop: str) -> None:
    """The same archive without one kind of entry."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if not name.endswith(drop)}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)


def bomb(path: Path) -> None:
    """A zip whose entries are blanks."""
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("more.dspreset", b" " * 10**8)


def tar_bomb(path: Path) -> None:
    """A drumkit that is all blanks."""
    with tarfile.open(path, "w:gz") as archive:
        head = tarfile.TarInfo("kit/drumkit.xml")
        head.size = 10**8
        archive.addfile(head, io.BytesIO(b" " * 10**8))


def test_a_manifest_that_never_ends_is_not_waited_for(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (pack / "manifest.json").unlink()
    os.mkfifo(pack / "manifest.json")
    with pytest.raises(PackError, match=r"cannot be read \(.* is no file\)"):
        inspect(pack)
    (pack / "manifest.json").unlink()
    with (pack / "manifest.json").open("wb") as file:
        file.truncate(1 << 40)
    monkeypatch.setattr(manifests, "MOST_BYTES", 1 << 16)
    with pytest.raises(PackError, match="larger than"):
        inspect(pack)


def test_a_pack_as_written_is_whole(pack: Path) -> None:
    report = inspect(pack)
    assert report.problems == () and report.notes == ()
    assert report.summary["sounds"] == {"kick": 2, "open_hat": 1}
    assert (report.summary["files"], report.summary["takes"], report.summary["layers"]) == (6, 2, 1)
    assert report.summary["command"] == INFO.command


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a sample changed": (lambda p: sample(p).write_bytes(sample(p).read_bytes() + b"\0"), "changed since"),
    "a sample gone": (lambda p: sample(p).unlink(), "missing"),
    "a sample in other case": (
        lambda p: sample(p).rename(sample(p).with_name(sample(p).name.upper())), "stands there as"
    ),
    "a folder in other case": (lambda p: (p / "Samples").rename(p / "samples"), "stands there as samples"),
    "a contact sheet gone": (lambda p: (p / "contact_sheet.png").unlink(), "contact_sheet.png: missing"),
    "no licence": (lambda p: (p / "LICENSE.txt").unlink(), "LICENSE.txt: missing"),
    "a cut table": (lambda p: (p / "manifest.csv").write_text("path\n"), "lists other files"),
    "a sampler file gone": (lambda p: next(p.glob("*.sfz")).unlink(), ".sfz: missing"),
    "sfz with another path": (
        lambda p: next(p.glob("*.sfz")).write_text(next(p.glob("*.sfz")).read_text().replace("/Kicks/", "/kicks/")),
        "stands there as",
    ),
    "sfz without a region": (lambda p: next(p.glob("*.sfz")).write_text("// mine"), ".sfz: plays no sample"),
    "a sampler file of no known format": (
        lambda p: edit(p, lambda m: m["exports"].append("README.txt")), "README.txt: is of no format"
    ),
    "a broken preset": (lambda p: next(p.glob("*.dspreset")).write_text("<Decent"), "cannot be read"),
    "a library without samples": (lambda p: rezip(next(p.glob("*.dslibrary")), ".wav"), "not in the archive"),
    "a kit without its head": (lambda p: rezip(next(p.glob("*.sitala")), ".xml"), "holds no kit1.xml"),
    "a cut drumkit": (
        lambda p: next(p.glob("*.h2drumkit")).write_bytes(next(p.glob("*.h2drumkit")).read_bytes()[:900]),
        "cannot be read",
    ),
    "a cut SoundFont": (
        lambda p: next(p.glob("*.sf2")).write_bytes(next(p.glob("*.sf2")).read_bytes()[:-10]), "bytes long and says"
    ),
    "no SoundFont at all": (lambda p: next(p.glob("*.sf2")).write_bytes(b"nothing, for sure"), "is no SoundFont"),
    "a rack with another path": (
        lambda p: next(p.glob("*.adg")).write_bytes(
            gzip.compress(gzip.decompress(next(p.glob("*.adg")).read_bytes()).replace(b"_t1.wav", b"_t9.wav"))
        ),
        "missing",
    ),
    "a rack that unpacks without end": (
        lambda p: next(p.glob("*.adg")).write_bytes(gzip.compress(b" " * 10**8)), "(ValueError: larger than"
    ),
    "a library that unpacks without end": (lambda p: bomb(next(p.glob("*.dslibrary"))), "times its size"),
    "a kit that unpacks without end": (lambda p: bomb(next(p.glob("*.sitala"))), "times its size"),
    "a drumkit that unpacks without end": (lambda p: tar_bomb(next(p.glob("*.h2drumkit"))), "times its size"),
    "a path that climbs out": (
        lambda p: edit(p, lambda m: m["files"][0].update(path="../secret.wav")), "is no such text"
    ),
    "a row twice": (lambda p: edit(p, lambda m: m["files"].append(m["files"][0])), "listed 2 times"),
    "a wrong rate": (lambda p: edit(p, lambda m: m["pack"].update(rate=48_000)), "expected"),
    "a key of nobody": (lambda p: edit(p, lambda m: m.update(colour="red")), "colour: is not known"),
    "no files": (lambda p: edit(p, lambda m: m.update(files=[])), "files: has 0 items"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_named(pack: Path, name: str) -> None:
    damage, message = DAMAGE[name]
    damage(pack)
    report = inspect(pack)
    assert any(message in line for line in report.problems), report.problems
    assert all("\n" not in line for line in report.problems)


def test_a_file_of_somebody_else_is_no_fault(pack: Path) -> None:
    (pack / "Samples" / "Kicks" / "mine.wav").write_bytes(b"mine")
    report = inspect(pack)
    assert report.problems == () and report.notes == ("Samples/Kicks/mine.wav: not of this pack",)


def test_what_is_no_pack_is_said(tmp_path: Path, tiny_engine: Engine) -> None:
    with pytest.raises(PackError, match="no such folder"):
        inspect(tmp_path / "none")
    with pytest.raises(PackError, match=r"no manifest\.json"):
        inspect(tmp_path)
    PackWriter(tmp_path / "half", INFO, tiny_engine.ranges).close()
    with pytest.raises(PackError, match="unfinished pack"):
        inspect(tmp_path / "half")
    writer = PackWriter(
        tmp_path / "shard", replace(INFO, drums=("kick",)), tiny_engine.ranges, shard=Shard(2, 2)
    )
    writer.seal()  # the second half of one sound is nothing
    with pytest.raises(PackError, match="holds a shard"):
        inspect(tmp_path / "shard")


def changes(manifest: dict[str, Any]) -> list[tuple[list[str | int], Any]]:
    """Every place of a manifest, with values that mostly do not belong there."""
    places: list[list[str | int]] = [[key] for key in manifest]
    places += [["pack", key] for key in manifest["pack"]] + [["model", key] for key in manifest["model"]]
    places += [["files", 0, key] for key in manifest["files"][0]] + [["files", 0], ["exports", 0]]
    values: list[Any] = [None, -1, 0.5, "", "../x", "/x", [], {}, True, 3.0]
    return [(place, value) for place in places for value in values]


def test_our_validator_agrees_with_a_complete_one(pack: Path) -> None:
    manifest: Any = read_manifest(pack)
    assert list(complaints(manifest, SCHEMA)) == []
    validator = jsonschema.Draft202012Validator(SCHEMA)
    refused = 0
    for place, value in changes(manifest):
        changed = copy.deepcopy(manifest)
        inner: Any = changed
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = value
        ours = list(complaints(changed, SCHEMA))
        assert bool(ours) != validator.is_valid(changed), (place, value, ours)
        refused += bool(ours)
        del inner[place[-1]]
        assert bool(list(complaints(changed, SCHEMA))) != validator.is_valid(changed), place
    assert refused > 100


# What a schema calls the types that a row's annotations name.
JSON_TYPES: dict[Any, set[str]] = {
    str: {"string"},
    int: {"integer"},
    float: {"number"},
    type(None): {"null"},
    bool: {"boolean"},
    list: {"array"},
    dict: {"object"},
}


def json_types(annotation: Any) -> set[str]:
    """The types of a schema that fit an annotation."""
    origin = get_origin(annotation)
    if origin in (Union, UnionType):
        return set().union(*map(json_types, get_args(annotation)))
    if is_typeddict(annotation):
        return {"object"}
    return JSON_TYPES[origin or annotation]


def schema_types(schema: dict[str, Any]) -> set[str]:
    """The types that a schema lets through."""
    if "$ref" in schema:
        return schema_types(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    if "const" in schema or "enum" in schema:
        return {"string"}
    return {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])


PROPERTIES = SCHEMA["properties"]
TYPED = {
    Manifest: SCHEMA,
    Generator: PROPERTIES["generator"],
    Model: PROPERTIES["model"],
    Pack: PROPERTIES["pack"],
    WishRow: PROPERTIES["wishes"]["items"],
    ManifestRow: PROPERTIES["files"]["items"],
}


@pytest.mark.parametrize("typed", TYPED, ids=lambda typed: typed.__name__)
def test_the_types_say_what_the_schema_says(typed: Any) -> None:
    schema, annotations = TYPED[typed], get_type_hints(typed)
    assert annotations.keys() == schema["properties"].keys()
    optional = {
        key
        for key, each in get_type_hints(typed, include_extras=True).items()
        if get_origin(each) is NotRequired
    }
    assert annotations.keys() - optional == set(schema["required"])
    for key, annotation in annotations.items():
        assert json_types(annotation) == schema_types(schema["properties"][key]), key


def test_a_keyword_that_is_not_known_is_not_passed_over() -> None:
    with pytest.raises(NotImplementedError, match="multipleOf"):
        list(complaints(3, {"multipleOf": 2}))
