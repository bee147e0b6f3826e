"""Boxes and lines of a Max patcher, as values (the JSON of .maxpat files, Max 8).

A patcher is a table of boxes by name and a list of lines between their outlets and inlets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Rect = tuple[float, float, float, float]  # x, y, width, height in pixels


@dataclass(frozen=True)
class Box:
    """One object.

    Attributes:
        text: what is typed into an object or message box, or the class of a user interface object.
        kind: Max's maxclass: "newobj", "message", or the interface object's own.
        place: where it stands in the device, None for objects that are not shown there.
        more: further attributes of the box.
    """

    text: str
    kind: str = "newobj"
    place: Rect | None = None
    more: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The object's class: "pack" for "pack 0 0."."""
        return self.text.split()[0] if self.kind == "newobj" else self.kind

    @property
    def ports(self) -> tuple[int, tuple[str, ...]]:
        """Number of inlets, and the types of the outlets as Max writes them."""
        arguments = [word for word in self.text.split()[1:] if not word.startswith("@")]
        if self.kind == "newobj" and self.name in BY_ARGUMENTS:
            inlets, outlets = BY_ARGUMENTS[self.name](arguments)
            return inlets, ("",) * outlets
        if self.name == "expr":
            return max(int(n) for n in re.findall(r"\$[if](\d)", self.text)), ("",)
        return PORTS[self.name]


def show(kind: str, place: Rect, **more: Any) -> Box:
    """A user interface object of the device."""
    return Box(kind, kind, place, more)


def message(text: str) -> Box:
    """A message box."""
    return Box(text, "message")


def parameter(name: str, kind: int, **more: Any) -> dict[str, Any]:
    """Attributes that make an interface object a parameter of Live: automatable, mappable, stored.

    Args:
        name: unique in the device.
        kind: 0 float, 1 integer, 2 one of `parameter_enum`.
        more: further keys, without their prefix "parameter_".
    """
    value = {
        "parameter_longname": name,
        "parameter_shortname": name,
        "parameter_type": kind,
        **{f"parameter_{key}": item for key, item in more.items()},
    }
    return {
        "varname": name,
        "parameter_enable": 1,
        "parameter_mappable": 1,
        "saved_attribute_attributes": {"valueof": value},
    }


# Object -> inlets, outlet types. Checked against Max's reference in tests/max4live.
PORTS: dict[str, tuple[int, tuple[str, ...]]] = {
    "message": (2, ("",)),
    "live.comment": (1, ()),
    "live.dial": (1, ("", "float")),
    "live.menu": (1, ("", "", "float")),
    "live.numbox": (1, ("", "float")),
    "live.tab": (1, ("", "", "float")),
    "live.text": (1, ("", "")),
    "pictslider": (2, ("int", "int")),
    "umenu": (1, ("int", "", "")),
    "waveform~": (5, ("float", "float", "float", "float", "list", "")),
    "live.thisdevice": (1, ("bang", "int", "int")),
    "node.script": (1, ("", "")),
    "udpsend": (1, ()),
    "udpreceive": (1, ("",)),
    "buffer~": (1, ("float", "bang")),
    "play~": (1, ("signal", "bang")),
    "plugout~": (2, ("signal", "signal")),
    "*~": (2, ("signal",)),
    "*": (2, ("float",)),
    "notein": (1, ("int", "int", "int")),
    "stripnote": (2, ("int", "int")),
    "counter": (5, ("int", "", "", "int")),
    "metro": (2, ("bang",)),
    "delay": (2, ("bang",)),
    "change": (1, ("", "int", "int")),
    "gate": (2, ("",)),
    "f": (2, ("float",)),
    "i": (2, ("int",)),
    "zl.reg": (2, ("", "")),
    "speedlim": (2, ("",)),
    "prepend": (1, ("",)),
}
# Objects whose ports follow from their arguments.
BY_ARGUMENTS: dict[str, Any] = {
    "t": lambda a: (1, len(a)),
    "pack": lambda a: (len(a), 1),
    "pak": lambda a: (len(a), 1),
    "unpack": lambda a: (1, len(a)),
    "route": lambda a: (len(a) + 1, len(a) + 1),
    "sel": lambda a: (len(a) + 1 if len(a) > 1 else 2, len(a) + 1),
}


def patcher(boxes: Mapping[str, Box], lines: Iterable[str], width: float, project: bool) -> dict[str, Any]:
    """The JSON value of a patcher.

    Args:
        boxes: by name.
        lines: each "from:outlet to:inlet"; ":0" may be left out.
        width: of the device, in pixels.
        project: whether it goes into a device, which needs a project block.
    """
    return {
        "patcher": {
            "fileversion": 1,
            "appversion": {"major": 8, "minor": 5, "revision": 5, "architecture": "x64", "modernui": 1},
            "classnamespace": "box",
            "rect": [50.0, 80.0, 1180.0, 860.0],
            "openinpresentation": 1,
            "default_fontsize": 10.0,
            "default_fontname": "Arial Bold",
            "gridsize": [8.0, 8.0],
            "devicewidth": width,
            "boxes": [{"box": _box(name, box, number)} for number, (name, box) in enumerate(boxes.items())],
            "lines": [{"patchline": _line(line, boxes)} for line in lines],
            "dependency_cache": [],
            "autosave": 0,
            **({"project": PROJECT} if project else {}),
        }
    }


def _box(name: str, box: Box, number: int) -> dict[str, Any]:
    inlets, outlets = box.ports
    column, row = number % 4, number // 4
    wide = max(60.0, 6.5 * len(box.text) + 12) if box.kind in ("newobj", "message") else box.place[2]  # type: ignore[index]
    value: dict[str, Any] = {
        "id": name,
        "maxclass": box.kind,
        "numinlets": inlets,
        "numoutlets": len(outlets),
        "outlettype": list(outlets),
        "patching_rect": [20.0 + 290 * column, 20.0 + 36 * row, wide, box.place[3] if box.place else 20.0],
        **box.more,
    }
    if box.kind in ("newobj", "message"):
        value["text"] = box.text
    if box.place is not None:
        value |= {"presentation": 1, "presentation_rect": list(box.place)}
    return value


def _line(line: str, boxes: Mapping[str, Box]) -> dict[str, Any]:
    ends = []
    for end in line.split():
        name, _, port = end.partition(":")
        assert name in boxes, f"no box {name!r} for line {line!r}"
        ends.append([name, int(port or 0)])
    return {"source": ends[0], "destination": ends[1]}


# Without it Max refuses a device ("a project without a name is like a day without sunshine").
PROJECT: dict[str, Any] = {
    "version": 1,
    "creationdate": 3590052493,
    "modificationdate": 3590052493,
    "viewrect": [0.0, 0.0, 300.0, 500.0],
    "autoorganize": 1,
    "hideprojectwindow": 1,
    "showdependencies": 1,
    "autolocalize": 0,
    "contents": {"patchers": {}},
    "layout": {},
    "searchpath": {},
    "detailsvisible": 0,
    "amxdtype": int.from_bytes(b"iiii", "big"),
    "readonly": 0,
    "devpathtype": 0,
    "devpath": ".",
    "sortmode": 0,
    "viewmode": 0,
}
