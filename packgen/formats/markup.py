"""XML as the formats want it: declared, indented, ASCII."""

from __future__ import annotations

import xml.etree.ElementTree as ET


def to_bytes(root: ET.Element) -> bytes:
    """A whole XML file; other characters than ASCII become references, which every parser reads."""
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode").encode("ascii", "xmlcharrefreplace")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + text + b"\n"
