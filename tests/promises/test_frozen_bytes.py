"""What the same seed made, it makes again, after any change that was not meant to be heard.

To write the digests anew after one that was: ``PACKGEN_FREEZE=1 pytest tests/promises/test_frozen_bytes.py``.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from tests.promises.arithmetic import fingerprint
from tests.promises.conftest import Workshop

FROZEN = Path(__file__).with_name("frozen_bytes.json")
# Pictures and archives depend on the version of the library that packs them, too.
KEPT = (".wav", ".mid", ".csv", ".sfz", ".dspreset", ".sf2")
COMMANDS = ("kit", "merge", "humanize", "reconstruct")


def digests(made: Workshop) -> dict[str, str]:
    """A digest a file of what the commands wrote."""
    return {
        f"{name}/{path}": hashlib.sha256(data).hexdigest()[:16]
        for name in COMMANDS
        for path, data in made.expected[name].items()
        if path.endswith(KEPT)
    }


@pytest.mark.promise("Reproducible")
def test_the_same_bytes_as_ever(made: Workshop) -> None:
    found, arithmetic = digests(made), fingerprint()
    if os.environ.get("PACKGEN_FREEZE"):
        FROZEN.write_text(
            json.dumps({"arithmetic": arithmetic, "files": found}, indent=1, sort_keys=True) + "\n"
        )
    frozen = json.loads(FROZEN.read_text())
    assert found.keys() == frozen["files"].keys()
    if arithmetic != frozen["arithmetic"]:
        pytest.skip("the digests were made on another kind of CPU, or with other versions of the libraries")
    assert found == frozen["files"]
