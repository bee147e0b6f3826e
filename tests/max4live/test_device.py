"""The Max for Live device, held to its generator, to Max's reference, and to the screen it must fit."""

from __future__ import annotations

import json
import re
from itertools import combinations
from typing import Any

import pytest

from packgen.classes import CLASS_NAMES
from packgen.errors import PackError
from packgen.max4live import DEVICE, FILES, FOLDER, LAUNCHER, PATCHER, amxd
from packgen.max4live.device import BOXES, HEIGHT, LINES, SHOWN, WIDTH
from packgen.max4live.generate import files
from packgen.server.service import HANDLERS, REPLIES

# In Max since version 8, but not in the reference that py2max brings.
UNKNOWN = {"node.script": (1, 2)}
# The reference leaves out its one inlet (it lists the messages the inlet takes).
WRONG = {"udpsend": (1, 0)}


@pytest.fixture(scope="module")
def patcher() -> dict[str, Any]:
    value: dict[str, Any] = json.loads((FOLDER / PATCHER).read_text())["patcher"]
    return value


@pytest.fixture(scope="module")
def boxes(patcher: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {box["box"]["id"]: box["box"] for box in patcher["boxes"]}


@pytest.mark.parametrize("name", files())
def test_the_committed_file_is_what_the_generator_writes(name: str) -> None:
    assert (FOLDER / name).read_bytes() == files()[name], "run python -m packgen.max4live.generate"


def test_the_device_is_an_instrument_that_round_trips(patcher: dict[str, Any]) -> None:
    data = (FOLDER / DEVICE).read_bytes()
    kind, inner = amxd.unpack(data)
    assert kind == b"iiii"
    assert amxd.pack(inner, kind) == data
    project = inner["patcher"].pop("project")
    assert project["amxdtype"] == int.from_bytes(kind, "big")
    assert inner["patcher"] == patcher


def test_another_writer_agrees_on_what_makes_a_device() -> None:
    m4l = pytest.importorskip("py2max.m4l")
    data = (FOLDER / DEVICE).read_bytes()
    other = m4l.pack_amxd("{}", device_type="instrument")
    assert data[:12] == other[:12]  # "ampf", version, type
    _, inner = amxd.unpack(data)
    block = m4l.ensure_amxd_project_block({"patcher": {}}, "instrument", mtime=0)["patcher"]["project"]
    ours = inner["patcher"]["project"]
    assert ours.keys() <= block.keys() and ours["amxdtype"] == block["amxdtype"]


@pytest.mark.parametrize("cut", [0, 4, 30, 1000])
def test_a_damaged_device_is_said(cut: int) -> None:
    with pytest.raises(PackError):
        amxd.unpack((FOLDER / DEVICE).read_bytes()[:cut])


def test_every_object_is_known_and_has_the_ports_of_the_reference(boxes: dict[str, dict[str, Any]]) -> None:
    porttypes = pytest.importorskip("py2max.maxref.porttypes")
    maxref = pytest.importorskip("py2max.maxref")
    for box in boxes.values():
        text: str = box.get("text", "")
        name = text.split()[0] if box["maxclass"] == "newobj" else box["maxclass"]
        ours = (box["numinlets"], box["numoutlets"])
        assert len(box["outlettype"]) == box["numoutlets"]
        if name in UNKNOWN:
            assert maxref.get_object_info(name) is None and ours == UNKNOWN[name]
            continue
        assert maxref.get_object_info(name) is not None, name
        expected = WRONG.get(name) or porttypes.port_counts(name, text)
        assert ours == expected, f"{text or name}: {ours}, the reference says {expected}"


def test_another_linter_finds_no_error() -> None:
    lint = pytest.importorskip("py2max.lint")
    patcher = pytest.importorskip("py2max").Patcher.from_file(str(FOLDER / PATCHER))
    errors = [str(f) for f in lint.lint(patcher) if f.severity == lint.ERROR and "udpsend" not in f.message]
    assert errors == []


def test_messages_are_ones_their_receivers_take(
    boxes: dict[str, dict[str, Any]], patcher: dict[str, Any]
) -> None:
    """What message boxes and prepends say ("set", "replace", …) stands in the receiver's list of messages."""
    maxref = pytest.importorskip("py2max.maxref")
    checked = 0
    for line in (item["patchline"] for item in patcher["lines"]):
        source, target = boxes[line["source"][0]], boxes[line["destination"][0]]
        words = source.get("text", "").split()
        if source["maxclass"] == "message":
            word = words[0]
        elif words and words[0] == "prepend":
            word = words[1]
        else:
            continue
        name = target["text"].split()[0] if target["maxclass"] == "newobj" else target["maxclass"]
        methods = maxref.get_object_info(name)["methods"]
        wanted = "int" if word.isdigit() else word
        assert wanted in methods or "anything" in methods, f"{name} does not take {word}"
        checked += 1
    assert checked > 15


def test_every_connection_ends_at_ports_that_exist(
    boxes: dict[str, dict[str, Any]], patcher: dict[str, Any]
) -> None:
    lines = [item["patchline"] for item in patcher["lines"]]
    for line in lines:
        (source, outlet), (target, inlet) = line["source"], line["destination"]
        assert outlet < boxes[source]["numoutlets"] and inlet < boxes[target]["numinlets"], line
    assert len({json.dumps(line) for line in lines}) == len(lines)


def test_nothing_lies_idle() -> None:
    """Every object but labels is connected, and every interface control both shown and wired."""
    ends = {end.partition(":")[0] for line in LINES for end in line.split()}
    labels = {name for name, box in BOXES.items() if box.kind == "live.comment"} - {"status"}
    assert BOXES.keys() - labels == ends


def test_messages_run_in_time_with_signals(boxes: dict[str, dict[str, Any]], patcher: dict[str, Any]) -> None:
    signals = {"*~", "plugout~"}
    for line in (item["patchline"] for item in patcher["lines"]):
        source, outlet = line["source"]
        if boxes[source]["outlettype"][outlet] == "signal":
            assert boxes[line["destination"][0]]["text"].split()[0] in signals


def test_the_layout_fits_live_s_height_and_nothing_overlaps() -> None:
    places = {name: box.place for name, box in SHOWN.items() if box.place is not None}
    assert places.keys() == SHOWN.keys()
    for name, (x, y, width, height) in places.items():
        assert x >= 0 and y >= 0 and x + width <= WIDTH and y + height <= HEIGHT, name
    for (one, a), (two, b) in combinations(places.items(), 2):
        apart = a[0] + a[2] <= b[0] or b[0] + b[2] <= a[0] or a[1] + a[3] <= b[1] or b[1] + b[3] <= a[1]
        assert apart, f"{one} and {two} overlap"


def test_all_of_the_paper_s_controls_are_there(boxes: dict[str, dict[str, Any]]) -> None:
    kinds = {name: boxes[name]["maxclass"] for name in SHOWN}
    assert kinds["pad"] == "pictslider" and kinds["wave"] == "waveform~" and kinds["fine"] == "live.dial"
    assert {"class", "range", "start", "end", "random", "vary", "history", "status"} <= kinds.keys()


def test_parameters_are_automatable_and_their_names_unique(boxes: dict[str, dict[str, Any]]) -> None:
    live = {"live.dial", "live.menu", "live.numbox", "live.tab", "live.text"}
    names = []
    for box in boxes.values():
        if box["maxclass"] in live:
            assert box["parameter_enable"] == 1
            value = box["saved_attribute_attributes"]["valueof"]
            assert value["parameter_type"] in (0, 1, 2)
            assert value.get("parameter_invisible", 0) == 0  # 0 is "automated and stored"
            names.append(value["parameter_longname"])
    assert len(set(names)) == len(names) == 12
    enum = boxes["class"]["saved_attribute_attributes"]["valueof"]["parameter_enum"]
    assert tuple(enum) == CLASS_NAMES


def test_it_speaks_the_server_s_protocol() -> None:
    texts = " ".join(box.text for box in BOXES.values())
    addresses = set(re.findall(r"/packgen/\w+", texts))
    assert {
        "/packgen/generate",
        "/packgen/random",
        "/packgen/vary",
        "/packgen/recall",
        "/packgen/ping",
    } <= addresses
    assert addresses <= HANDLERS.keys() | REPLIES
    # loaded id path frames rate ms class p1 p2 p3 seed: one outlet each
    assert BOXES["sound"].ports[1] == ("",) * 10


@pytest.mark.parametrize("name", FILES)
def test_no_file_knows_this_machine(name: str) -> None:
    text = (FOLDER / name).read_bytes().decode("latin1")
    absolute = re.findall(r"(?<![\w/])(?:/(?:home|Users|root|tmp|usr|opt|var|work)\b|[A-Z]:\\)[^\"\s]*", text)
    assert absolute == []
    assert LAUNCHER in (FOLDER / PATCHER).read_text()


def test_the_packed_chunk_ends_as_ableton_s_do() -> None:
    assert (FOLDER / DEVICE).read_bytes().endswith(b"}\n\0")
