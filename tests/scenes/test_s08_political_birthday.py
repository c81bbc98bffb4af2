"""S08, first half: a political birthday is found in time, told on the day, and closed by what was recorded."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.services import people_follow
from liaoyuan.organisation.members.models import Standing
from liaoyuan.organisation.members.tests.factories import House
from tests.e2e.clocked import Clocked, ClockedVisits
from tests.scenes.people import with_member_roles

pytestmark = pytest.mark.browser

ADMITTED = date(2018, 12, 1)
WORDS = "是甲战士的政治生日"


def _begin() -> House:
    house = with_member_roles()
    member = house.people["member"]
    Standing.objects.filter(person=member).delete()
    Standing.objects.create(person=member, kind="probationary", since=ADMITTED, until=date(2019, 12, 1))
    Standing.objects.create(person=member, kind="full", since=date(2019, 12, 1))
    people_follow(actor=Actor.system("browser test"), person_ids=[member.pk])
    return house


@pytest.fixture(scope="module")
def house(clocked: Clocked) -> House:
    clocked.at("2026-11-22")
    house = clocked.do(_begin)
    clocked.run_job("duties.evaluate")
    return house


def test_a_political_birthday_is_found_in_time_and_closed_on_evidence(
    clocked: Clocked, visits: ClockedVisits, house: House
) -> None:
    december = "/duties/calendar/?month=2026-12"
    page = visits("a-branch_secretary", awaiting=(422,))
    clocked.at("2026-11-23")
    clocked.run_job("duties.daily")
    page.goto(december)
    expect(page.locator("table.month")).not_to_contain_text(WORDS)

    clocked.at("2026-11-24")  # seven days before
    clocked.run_job("duties.daily")
    page.reload()
    day = page.locator("td.month-day").filter(has=page.locator("time[datetime='2026-12-01']"))
    expect(day).to_contain_text(WORDS)
    page.get_by_role("button", name="生成订阅地址").click()
    address = page.locator("code.account-secret").inner_text()
    feed = page.request.get(address).text()
    assert WORDS in re.sub(r"\r\n ", "", feed)  # long lines are folded
    assert "DTSTART;VALUE=DATE:20261201" in feed
    other = visits("b-branch_secretary")
    other.goto(december)
    expect(other.locator("main")).not_to_contain_text(WORDS)

    clocked.at("2026-12-01")
    clocked.run_job("duties.daily")
    member = visits("a-member", size="hand")
    for one in (member, page):
        one.goto("/")
        task = one.locator(".day-todos .task").filter(has_text=WORDS)
        expect(task).to_contain_text("今天到期")
    other.goto("/todos/")
    expect(other.locator("main")).not_to_contain_text(WORDS)

    page.locator(".day-todos .task").filter(has_text=WORDS).locator(".task-foot a").click()
    expect(page.locator("h1")).to_contain_text(WORDS)
    form = page.locator("#record form")
    form.get_by_role("button", name="登记").click()  # nothing without evidence
    expect(form.locator(".field-error")).to_be_visible()
    form.get_by_label("依据").fill("支部主题党日记录本第31页")
    form.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记，这件事办结了。")).to_be_visible()
    expect(page.locator(".duty-main")).to_contain_text("甲战士过政治生日")
    member.reload()
    expect(member.locator(".day-todos")).not_to_contain_text(WORDS)
    assert WORDS not in re.sub(r"\r\n ", "", page.request.get(address).text())
    page.goto(f"/members/{house.people['member'].pk}/tab/story/")
    expect(page.locator("main")).to_contain_text("甲战士过政治生日")
