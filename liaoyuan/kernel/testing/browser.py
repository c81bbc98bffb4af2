"""A real browser for tests: Chromium without network, screenshots at both sizes and themes, axe-core's verdict.

Used by ``tests/e2e`` and ``tests/scenes``: ``with browser() as chromium: page = …; page_checks(page, "home")``.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"wide": (1440, 900), "hand": (390, 844)}
THEMES = ("light", "dark")
SHOTS = Path(os.environ.get("LIAOYUAN_SHOTS", "test-results/shots"))
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)
_CANDIDATES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
# The watermark lies over everything by intent and takes no clicks; a map is a canvas with its text version beside it.
_AXE: dict[str, Any] = {"resultTypes": ["violations"]}


def executable() -> str:
    """The system's Chromium: LIAOYUAN_CHROMIUM, else from PATH. Raises RuntimeError where there is none."""
    named = os.environ.get("LIAOYUAN_CHROMIUM", "")
    found = named or next((path for path in map(shutil.which, _CANDIDATES) if path), "")
    if not found:
        raise RuntimeError("找不到 Chromium：请安装，或用 LIAOYUAN_CHROMIUM 指明。")
    return found


@contextmanager
def browser(*flags: str) -> Iterator[Browser]:
    """A headless Chromium, closed at the end."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable(), args=[*_FLAGS, *flags])
        try:
            yield chromium
        finally:
            chromium.close()


def watch(page: Page) -> list[str]:
    """Collect what goes wrong in ``page`` from now on: script errors, CSP refusals, answers of 500 and above."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("console", lambda message: wrong.append(f"console: {message.text}") if message.type == "error" else None)
    page.on("response", lambda answer: wrong.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)
    return wrong


def violations(page: Page) -> list[str]:
    """axe-core's violations as readable lines: rule, help, and the first elements concerned. A document gets its half
    megabyte of script once, however often it is looked at."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("options => axe.run(options).then(({ violations }) => violations)", _AXE)
    return [
        f"{item['id']}: {item['help']} → {' | '.join(node['html'][:160] for node in item['nodes'][:3])}"
        for item in found
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window: 0 on a page that fits."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@contextmanager
def weighed(page: Page) -> Iterator[dict[str, int]]:
    """Bytes over the wire while the block runs: ``{"total": …, address: …}``, compressed, headers included."""
    found: dict[str, int] = {"total": 0}
    names: dict[str, str] = {}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.responseReceived", lambda event: names.update({event["requestId"]: event["response"]["url"]}))

    def finished(event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        address = names.get(event["requestId"], "?")
        found[address] = found.get(address, 0) + size
        found["total"] += size

    session.on("Network.loadingFinished", finished)
    yield found
    session.detach()


def shoot(page: Page, name: str, *, full: bool = True) -> Path:
    """A screenshot in SHOTS."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    path = SHOTS / f"{name}.png"
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=str(path), full_page=full)
    return path


def page_checks(
    page: Page, name: str, *, sizes: Sequence[str] = tuple(SIZES), themes: Sequence[str] = THEMES, shots: bool = True
) -> None:
    """The open page at every size and theme: no axe violation, nothing wider than the window, the watermark there
    where somebody is logged in. Leaves screenshots ``<name>-<size>-<theme>.png``. Raises AssertionError with all that
    is wrong at once."""
    wrong: list[str] = []
    before = page.viewport_size
    page.emulate_media(reduced_motion="reduce")  # axe must not look in the middle of a transition
    for size in sizes:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        for theme in themes:
            page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
            where = f"{name} {size} {theme}"
            wrong += [f"{where}: {line}" for line in violations(page)]
            if (extra := overflow(page)) > 0:
                wrong.append(f"{where}: wider than the window by {extra} px")
            if shots:
                shoot(page, f"{name}-{size}-{theme}")
    if page.locator("body.framed").count() and page.locator("svg.watermark text").count() == 0:
        wrong.append(f"{name}: no watermark")
    if before:
        page.set_viewport_size(before)
    assert not wrong, "\n".join(wrong)  # noqa: S101  this is a test helper
