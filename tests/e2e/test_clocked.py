"""The product with a clock of the test's own: what other browser tests rely on."""

import pytest
from playwright.sync_api import expect

from liaoyuan.affairs.admission.tests.walk import outsider
from liaoyuan.organisation.members.tests.factories import House, two_branches
from tests.e2e.clocked import Clocked, ClockedVisits

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def house(clocked: Clocked) -> House:
    clocked.at("2026-06-01")
    return clocked.do(two_branches)


def test_the_pages_live_on_the_day_that_the_test_sets(clocked: Clocked, visits: ClockedVisits, house: House) -> None:
    person = clocked.do(outsider, house)
    page = visits("a-branch_secretary")
    page.goto(f"/admission/open/{person.pk}/")
    expect(page.locator("body.framed")).to_be_visible()
    clocked.at("2027-09-15")
    page.goto("/")
    expect(page.locator("body.framed")).to_be_visible()
    expect(page.locator("body")).to_contain_text("9月15日")
    clocked.at("2026-07-01")
    page.goto("/")
    expect(page.locator("body")).to_contain_text("7月1日")


def test_jobs_are_done_beside_the_pages(clocked: Clocked, house: House) -> None:
    clocked.run_job("duties.daily")
    clocked.settle()
