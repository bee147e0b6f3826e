"""The WAV's tests run the programs that the formats' tests run."""

from __future__ import annotations

from tests.formats.conftest import run as run
