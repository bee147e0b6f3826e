"""JSON Schema, as much of it as the manifest's schema uses: enough to check a pack without another dependency.

A keyword that is not known here is an error of the schema, not passed over; tests hold this against a complete
validator (https://json-schema.org/draft/2020-12).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from packgen.files.documents import shown

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
    "boolean": (bool,),
}
_KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "required", "properties",
    "additionalProperties", "items", "minItems", "minLength", "pattern", "minimum", "maximum", "exclusiveMinimum",
}  # fmt: skip


def complaints(value: Any, schema: dict[str, Any], place: str = "", root: Any = None) -> Iterator[str]:
    """What is wrong with a JSON value, one line each, nothing if it fits.

    Args:
        value: as `json.loads` gives it.
        schema: whose only additional rule may be false.
        place: of the value, for the messages.
        root: the whole schema, which references point into.
    """
    root = schema if root is None else root
    here = place or "manifest"
    if unknown := set(schema) - _KNOWN:
        raise NotImplementedError(f"schema keyword {sorted(unknown)[0]}")
    if "$ref" in schema:
        yield from complaints(value, root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], place, root)
        return
    if "const" in schema and value != schema["const"]:
        yield f"{here}: is {shown(value)}, not {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{here}: is {shown(value)}, not one of {', '.join(map(str, schema['enum']))}"
    if "type" in schema and not _is(value, schema["type"]):
        yield f"{here}: is {shown(value)}, not {schema['type']}"
        return
    if isinstance(value, dict):
        yield from _object(value, schema, place, root)
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{here}: has {len(value)} items"
        if "items" in schema:
            for index, item in enumerate(value):
                yield from complaints(item, schema["items"], f"{place}[{index}]", root)
    elif isinstance(value, str):
        if len(value) < schema.get("minLength", 0) or not re.search(schema.get("pattern", ""), value):
            yield f"{here}: is {shown(value)}, which is no such text"
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low, high, above = (schema.get(key) for key in ("minimum", "maximum", "exclusiveMinimum"))
        if (low is not None and value < low) or (high is not None and value > high):
            yield f"{here}: {value} is out of range"
        elif above is not None and value <= above:
            yield f"{here}: {value} is not above {above}"


def _object(value: dict[str, Any], schema: dict[str, Any], place: str, root: Any) -> Iterator[str]:
    properties = schema.get("properties", {})
    for key in schema.get("required", []):
        if key not in value:
            yield f"{place or 'manifest'}: lacks {key}"
    for key, inner in value.items():
        where = f"{place}.{key}" if place else key
        if key in properties:
            yield from complaints(inner, properties[key], where, root)
        elif schema.get("additionalProperties", True) is False:
            yield f"{where}: is not known"


def _is(value: Any, types: str | list[str]) -> bool:
    names = [types] if isinstance(types, str) else types
    if isinstance(value, bool):
        return "boolean" in names
    whole = isinstance(value, float) and value.is_integer() and "integer" in names
    return whole or any(isinstance(value, _TYPES[name]) for name in names)
