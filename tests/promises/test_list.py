"""The README's list of promises and the tests that hold them are one list."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def promised() -> set[str]:
    """The bold words of each bullet of the README's section."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text.partition("## What packgen promises\n")[2].partition("\n## ")[0]
    return {words.rstrip(".") for words in re.findall(r"^- \*\*(.+?)\*\*", section, re.MULTILINE)}


def held() -> set[str]:
    """The promises that tests name."""
    tests = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return {
        words
        for text in tests
        for words in re.findall(r'^@pytest\.mark\.promise\("(.+?)"\)$', text, re.MULTILINE)
    }


def test_every_promise_is_held_by_a_test_and_every_such_test_names_one() -> None:
    assert promised() and held() == promised()
