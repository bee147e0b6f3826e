"""The page in a real browser: it moves, sounds, changes class, keeps favourites and saves a pack."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from packgen.classes import DRUM_CLASSES
from packgen.packs.manifest import SCHEMA_PATH, read_manifest

CHROMIUM = shutil.which("chromium")
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 60_000  # milliseconds

playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright (pip install playwright)")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium (apt: chromium)")
expect = playwright.expect

# Every sound that the page plays, as the browser has decoded it.
LISTEN = """
window.heard = [];
const start = AudioBufferSourceNode.prototype.start;
AudioBufferSourceNode.prototype.start = function (...when) {
  const samples = this.buffer.getChannelData(0);
  window.heard.push({ peak: Math.max(...samples.map(Math.abs)), seconds: this.buffer.duration, when });
  return start.apply(this, when);
};
"""
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("explore") / "packs"


@pytest.fixture(scope="module")
def url(out: Path) -> Iterator[str]:
    program = [sys.executable, "-m", "tests.explore.program", "--out", str(out)]
    server = subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    assert server.stdout is not None
    yield server.stdout.readline().strip()
    server.terminate()
    assert server.wait(timeout=60) == 0
    server.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        yield browser
        browser.close()


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Any, url: str) -> Iterator[Any]:
    phone = request.param == "phone"
    context = browser.new_context(viewport=SIZES[request.param], is_mobile=phone, has_touch=phone)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    troubles: list[str] = []
    foreign: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    # Chromium reports every refused request; that of a point without sound is meant to be.
    page.on(
        "console",
        lambda line: troubles.append(line.text) if line.type == "error" and "422" not in line.text else None,
    )
    page.on("request", lambda asked: None if asked.url.startswith(url) else foreign.append(asked.url))
    page.add_init_script(LISTEN)
    page.goto(url)
    expect(page.locator("#title")).to_contain_text("Kick", timeout=PATIENCE)
    yield page
    context.close()
    assert troubles == [] and foreign == []


def heard(page: Any, count: int) -> list[dict[str, Any]]:
    """What was played, once there are `count` sounds."""
    for _ in range(PATIENCE // 100):
        sounds: list[dict[str, Any]] = page.evaluate("() => window.heard")
        if len(sounds) >= count:
            return sounds
        page.wait_for_timeout(100)
    raise AssertionError(f"{count} sounds were to be heard, not {len(sounds)}")


def test_a_session(page: Any, out: Path) -> None:
    assert page.evaluate("() => window.heard") == []  # nothing sounds before somebody does something
    box = page.locator("#pad").bounding_box()
    assert box is not None

    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    (first,) = heard(page, 1)
    assert first["peak"] == pytest.approx(0.89, abs=0.05) and first["seconds"] > 0.05
    expect(page.locator("#axis-x")).to_have_text("P1 +1.20 σ")
    expect(page.locator("#axis-y")).to_have_text("P2 +1.20 σ")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#axis-x")).to_have_text("P1 +0.80 σ")
    heard(page, 2)  # a sound that is overtaken by the next is not played
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#axis-y")).to_have_text("P2 +1.16 σ")
    heard(page, 3)
    page.keyboard.press(" ")
    sounds = heard(page, 4)
    assert sounds[3]["seconds"] == sounds[2]["seconds"] != first["seconds"]
    page.keyboard.press("f")
    expect(page.locator("#favourites .card")).to_have_count(1)

    page.get_by_text("Snare", exact=True).click()
    expect(page.locator("#title")).to_contain_text("Snare", timeout=PATIENCE)
    heard(page, 5)
    before = page.inner_text("#measures")
    page.keyboard.press("r")
    heard(page, 6)
    page.locator("#vary").click()
    heard(page, 7)
    assert page.inner_text("#measures") != before
    page.locator("#favourite").click()
    expect(page.locator("#favourite")).to_have_attribute("aria-pressed", "true")
    page.locator("#start").focus()
    for _ in range(2):
        page.keyboard.press("Shift+ArrowRight")
    assert heard(page, 9)[8]["when"][1] == pytest.approx(0.02)  # it plays from the handle on
    expect(page.locator("#history .card")).not_to_have_count(0)

    page.locator("#pack-name").fill("From the page")
    page.locator("#save-button").click()
    expect(page.locator("#status")).to_contain_text("Saved 2 sounds in", timeout=PATIENCE)
    manifest = read_manifest(Path(page.inner_text("#status").removeprefix("Saved 2 sounds in ")))
    jsonschema.validate(manifest, json.loads(SCHEMA_PATH.read_text()))
    assert [row["class"] for row in manifest["files"]] == ["kick", "snare"]
    assert manifest["recipe"]["sounds"][1]["start"] == pytest.approx(0.02)

    page.reload()
    expect(page.locator("#favourites .card")).to_have_count(2)  # they stay, and sound again
    page.locator("#favourites .card").nth(1).click()
    expect(page.locator("#title")).to_contain_text("Snare", timeout=PATIENCE)
    assert heard(page, 1)[0]["when"][1] == pytest.approx(0.02)
    wide = page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0  # nothing sticks out at the side


def test_neighbours_are_there_before_the_click(page: Any) -> None:
    asked: list[str] = []
    cells = "() => performance.getEntriesByType('resource').filter((e) => e.name.includes('?at=')).length"
    for _ in range(PATIENCE // 200):
        if page.evaluate(cells) == 121:
            break
        page.wait_for_timeout(200)
    assert page.evaluate(cells) == 121
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    box = page.locator("#pad").bounding_box()
    for place in (0.1, 0.9, 0.3):
        page.mouse.click(box["x"] + place * box["width"], box["y"] + place * box["height"])
    heard(page, 3)
    assert asked == []


def test_every_class_has_a_chip_and_keys_go_through_them_all(page: Any) -> None:
    titles = [drum.title for drum in DRUM_CLASSES]
    expect(page.locator("#classes label")).to_have_text(titles)
    page.keyboard.press("[")
    expect(page.locator("#title")).to_contain_text(titles[-1], timeout=PATIENCE)
    page.get_by_text("Crash", exact=True).first.click()
    expect(page.locator("#title")).to_contain_text("Crash", timeout=PATIENCE)
    page.keyboard.press("]")
    expect(page.locator("#title")).to_contain_text("Ride", timeout=PATIENCE)


def test_a_class_without_sounds_says_so(page: Any) -> None:
    page.get_by_text("Finger snap", exact=True).click()
    expect(page.locator("#status")).to_contain_text("no sound at this point of snap", timeout=PATIENCE)
    page.locator("#random").click()
    expect(page.locator("#status")).to_contain_text("draw again", timeout=PATIENCE)
    page.get_by_text("Kick", exact=True).first.click()
    heard(page, 1)
