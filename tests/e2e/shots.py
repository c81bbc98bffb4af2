"""``make shots``: the pictures of the README, anew. Not collected by name: named explicitly."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.e2e.product import Visits
from tests.e2e.test_roster_flow import changed_copy, exported, spoil, upload

pytestmark = pytest.mark.browser
FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
PICTURES = (
    ("home", "leader", "/", "wide"),
    ("map", "leader", "/map/", "wide"),
    ("wall", "leader", "/map/wall/", "wide"),
    ("members", "clerk", "/members/", "wide"),
    ("units", "clerk", "/units/", "wide"),
    ("away", "battalion_secretary", "/whereabouts/", "wide"),
    ("audit", "audit_admin", "/oversight/audit/", "wide"),
    ("home-handheld", "member", "/", "hand"),
    ("checkin-handheld", "member", "/whereabouts/checkin/", "hand"),
)


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(2500)  # the map draws its base and its sparks
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(FOLDER / f"{name}.png"))


@pytest.mark.parametrize(("name", "persona", "path", "size"), PICTURES, ids=[row[0] for row in PICTURES])
def test_picture(login: Visits, name: str, persona: str, path: str, size: str) -> None:
    page = login(persona, size=size)
    page.goto(path)
    _take(page, name)


def test_picture_of_a_member(login: Visits) -> None:
    page = login("branch_secretary")
    page.goto(f"/members/{login.product.person('member')['id']}/")
    _take(page, "member")


def test_picture_of_a_roster_check(login: Visits, tmp_path: Path) -> None:
    page = login("clerk")
    upload(page, changed_copy(exported(page, tmp_path / "roster.xlsx"), tmp_path / "花名册.xlsx", spoil))
    _take(page, "roster")
