"""``make shots``: the pictures of the README. Not a test: the file's name keeps it out of test runs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.product import Product, Visits

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
pytestmark = pytest.mark.browser


def member(product: Product, page: Page) -> None:
    """The file of somebody who is away, so that it has something to tell."""
    person = product.person("member")
    page.goto(f"/members/{person['id']}/")


PICTURES: tuple[tuple[str, str, str, str | Callable[[Product, Page], None]], ...] = (
    ("home", "clerk", "wide", "/"),
    ("home-handheld", "branch_secretary", "hand", "/"),
    ("map", "leader", "wide", "/map/"),
    ("units", "clerk", "wide", "/units/"),
    ("members", "clerk", "wide", "/members/"),
    ("member", "branch_secretary", "wide", member),
    ("roster", "clerk", "wide", "/roster/"),
    ("away", "clerk", "wide", "/whereabouts/"),
    ("wall", "leader", "wide", "/map/wall/"),
)


@pytest.mark.parametrize(("name", "persona", "size", "where"), PICTURES, ids=[one[0] for one in PICTURES])
def test_take(
    name: str, persona: str, size: str, where: str | Callable[[Product, Page], None], product: Product, login: Visits
) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    page = login(persona, size=size)
    if callable(where):
        where(product, page)
    else:
        page.goto(where)
    page.wait_for_timeout(2500)
    page.screenshot(path=FOLDER / f"{name}.png")
