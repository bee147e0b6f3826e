"""The Max for Live device and the Pure Data client, and the generators that write them.

`python -m packgen.max4live.generate` writes the files anew; a test holds them to the generators.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent
DEVICE, PATCHER, PURE_DATA, LAUNCHER = "PackGen.amxd", "PackGen.maxpat", "packgen.pd", "packgen-launcher.js"
FILES = (DEVICE, PATCHER, PURE_DATA, LAUNCHER)
INSTALLATION = "packgen-launcher.json"  # written beside the launcher where a user wants the device
