"""Every entry of everybody's menu: opens, is accessible, fits a handheld, weighs little."""

import pytest
from playwright.sync_api import Page

from liaoyuan.kernel.testing.browser import SIZES, overflow, violations, weighed
from tests.e2e.product import PERSONAS, Visits, own_menu

pytestmark = pytest.mark.browser

KILO = 1024
FIRST, LATER = 100 * KILO, 40 * KILO  # bytes over the wire; the map's base apart, it is kept for good
BOTH_THEMES = {"/", "/map/"}


# What axe judges by: tags, attributes, whether there is text; of rows of one build, one. No words, no addresses.
_BUILD = """
(() => {
    const told = /^(class|role|type|lang|tabindex|aria-(?!label|describedby|controls|owns).*)$/;
    const of = (one) => {
        const marks = Array.from(one.attributes, ({ name, value }) => name + (told.test(name) ? '=' + value : !value));
        const parts = new Set();
        for (const child of one.childNodes) {
            if (child.nodeType === 1) parts.add(of(child));
            else if (child.nodeType === 3 && child.data.trim()) parts.add('…');
        }
        return `<${one.localName} ${marks.sort().join(' ')}>${Array.from(parts).join('')}`;
    };
    return of(document.documentElement);
})()
"""
_looked: set[tuple[str, str, int]] = set()


def look(page: Page, path: str) -> list[str]:
    """What is wrong with the open page at both sizes; home and map in both themes. What is built like something that
    axe has judged before, at that size and in that theme, is not judged again: other rows, another name."""
    wrong = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark") if path in BOTH_THEMES else ("light",):
            page.evaluate("theme => document.documentElement.setAttribute('data-bs-theme', theme)", theme)
            build = (size, theme, hash(page.evaluate(_BUILD)))
            if build not in _looked:
                _looked.add(build)
                wrong += [f"{path} {size} {theme}: {line}" for line in violations(page)]
        if (extra := overflow(page)) > 0:
            wrong.append(f"{path} {size}: wider than the window by {extra} px")
    width, height = SIZES["wide"]
    page.set_viewport_size({"width": width, "height": height})
    return wrong


def weight(sizes: dict[str, int]) -> int:
    """Bytes without the map's base."""
    return sizes["total"] - sum(size for address, size in sizes.items() if "/map/base/" in address)


@pytest.mark.parametrize("persona", sorted(PERSONAS, key=lambda one: one != "clerk"))  # the clerk sees most
def test_every_entry_of_the_own_menu(login: Visits, persona: str) -> None:
    page = login(persona, reduced_motion="reduce")
    wrong = []
    paths: list[str] = ["/"]
    seen: set[str] = set()
    while paths:
        path = paths.pop(0)
        seen.add(path)
        with weighed(page) as sizes:
            answer = page.goto(path, wait_until="networkidle" if path in BOTH_THEMES else "load")
            page.wait_for_timeout(100)
        assert answer is not None
        if answer.status != 200:
            wrong.append(f"{path}: {answer.status}")
            continue
        most = FIRST if len(seen) == 1 else LATER
        if weight(sizes) > most:
            heavy = sorted(((size, name) for name, size in sizes.items() if name != "total"), reverse=True)[:4]
            wrong.append(f"{path}: {weight(sizes) / KILO:.1f} kB, allowed {most / KILO:.0f} kB: {heavy}")
        wrong += look(page, path)
        paths += [entry for _, entry in own_menu(page) if entry not in seen and entry not in paths]
    assert len(seen) > 3
    assert not wrong, "\n".join(wrong)


def test_the_log_in_page_is_the_first_page_of_all(login: Visits) -> None:
    page = login.guest(reduced_motion="reduce")
    with weighed(page) as sizes:
        page.goto("/account/login/", wait_until="networkidle")
    assert weight(sizes) <= FIRST
    wrong = look(page, "/account/login/")
    assert not wrong, "\n".join(wrong)
