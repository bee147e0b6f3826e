"""One law for every reader of data from outside: a right result or a PackgenError of one line, and nothing else.

`law` watches over a block: another exception, a long message, a hang, or memory beyond all measure fail the test.
The environment variable PACKGEN_FUZZ multiplies the number of examples: ``PACKGEN_FUZZ=20 pytest -k fuzz``.
"""

from __future__ import annotations

import copy
import json
import math
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from packgen.errors import PackgenError

SCALE = float(os.environ.get("PACKGEN_FUZZ", "1"))
LONGEST = 1500  # characters of a message
HANGS = 60  # seconds of work, whatever else the machine does, after which a reader counts as hung
ROOM = 2 << 30  # bytes of address space that a reader may add

Edit = tuple[float, str, bytes]  # where (0…1), how, with what

EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from(["set", "cut", "insert", "end"]),
        st.binary(min_size=1, max_size=8) | st.sampled_from([b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\xff" * 8]),
    ),
    min_size=1,
    max_size=6,
)

# Values that mostly do not belong where they are put.
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 200),
    st.sampled_from([2**31, 2**53, 2**63, -(2**63), 10**400, math.nan, math.inf, -math.inf, 1e308, 1e-320]),
    st.floats(-10, 10),
    st.sampled_from(["", ".", "..", "../x", "/", "\0", "a\nb", "kick", "0", "x" * 5000, "\ud800", "\u202e"]),
    st.text(max_size=8),
    st.sampled_from([[], {}, [[]], [None], {"": None}, [1e300], [[0.0] * 3] * 3, {"kick": {"kick": []}}]),
)


def examples(count: int) -> settings:
    """So many examples, times PACKGEN_FUZZ."""
    slow = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=max(1, round(count * SCALE)), deadline=None, suppress_health_check=slow)


@contextmanager
def law() -> Iterator[None]:
    """A block that ends well or with a PackgenError of one line, in bounded time and memory."""
    with _in_time(), _in_memory():
        try:
            yield
        except PackgenError as error:
            message = str(error)
            assert message.strip() and "\n" not in message and len(message) <= LONGEST, message


@contextmanager
def _in_time() -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return

    def hung(*_: object) -> None:
        raise AssertionError(f"not done after {HANGS} s of work")

    before = signal.signal(signal.SIGPROF, hung)
    signal.setitimer(signal.ITIMER_PROF, HANGS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def _in_memory() -> Iterator[None]:
    """Allocations beyond `ROOM` fail, where the system keeps such a limit (Linux)."""
    if sys.platform != "linux":
        yield
        return
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def damaged(data: bytes, edits: list[Edit]) -> bytes:
    """A file with bytes set, cut out, put in, or cut off at the end."""
    for place, kind, new in edits:
        at = int(place * len(data))
        if kind == "end":
            data = data[:at]
        else:
            keep = at + (0 if kind == "insert" else len(new))
            data = data[:at] + (b"" if kind == "cut" else new) + data[keep:]
    return data


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """A JSON value with some of its places replaced, removed or doubled."""
    root = [copy.deepcopy(value)]
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(list(_places(root))))
        match draw(st.sampled_from(["replace", "replace", "remove", "add"])):
            case "replace":
                holder[key] = copy.deepcopy(draw(STRANGE))  # it may be changed itself next
            case "remove" if holder is not root:
                del holder[key]
            case "add" if isinstance(holder[key], dict):
                holder[key][draw(st.text(max_size=4))] = copy.deepcopy(draw(STRANGE))
            case "add" if isinstance(holder[key], list):
                holder[key].append(copy.deepcopy(draw(STRANGE)))
    return root[0]


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) of a JSON value; of long lists the first few."""
    keys: list[Any] = list(value) if isinstance(value, dict) else list(range(min(len(value), 4)))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from _places(value[key])


def json_bytes(value: Any) -> bytes:
    """JSON as Python writes it, with NaN and lone surrogates where the value has them."""
    return json.dumps(value).encode()


def toml_bytes(table: dict[str, Any]) -> bytes:
    """A TOML file of a table; what TOML has no word for is left out."""
    return "".join(
        f"{_key(key)} = {_toml(value)}\n" for key, value in table.items() if value is not None
    ).encode("utf-8", "surrogatepass")


def _key(key: str) -> str:
    return json.dumps(key, ensure_ascii=True)


def _toml(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_key(k)} = {_toml(v)}" for k, v in value.items() if v is not None) + "}"
        case list():
            return "[" + ", ".join(_toml(item) for item in value if item is not None) + "]"
        case float():
            return repr(value)
    return json.dumps(value)
