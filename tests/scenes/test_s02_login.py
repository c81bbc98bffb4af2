"""S02: every member logs in with account and password."""

from collections.abc import Callable

import pytest

from tests.browsing import House, Visitor, expect

pytestmark = pytest.mark.browser


def test_a_member_logs_in_and_sees_his_day(visit: Callable[..., Visitor], house: House) -> None:
    visitor = visit()
    visitor.open("/")
    assert "/account/login/" in visitor.page.url
    page = visitor.log_in("普通党员")
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()
    expect(page.locator("insights-map")).to_be_visible()
    visitor.look("home")


def test_a_wrong_password_says_nothing_about_the_account(visit: Callable[..., Visitor], house: House) -> None:
    visitor = visit()
    told = []
    for name in (house.logins["外支部党员"][0], "nobody-here"):
        visitor.page.goto(f"{house.url}/account/login/")
        card = visitor.page.locator(".card-md")
        card.get_by_label("账号").fill(name)
        card.get_by_label("口令", exact=True).fill("wrong Password 1")
        card.get_by_role("button", name="登录").click()
        told.append(visitor.page.locator(".card-md").inner_text().replace(name, ""))
    assert told[0] == told[1]
    visitor.look("refused")


def test_a_brigade_role_needs_the_second_factor(visit: Callable[..., Visitor], house: House) -> None:
    visitor = visit("旅组织干事")
    expect(visitor.page.get_by_role("heading", name="我的待办")).to_be_visible()


def test_logging_in_works_without_javascript(visit: Callable[..., Visitor]) -> None:
    visitor = visit(script=False)
    page = visitor.log_in("普通党员")
    expect(page.get_by_role("heading", name="我的待办")).to_be_visible()


def test_logging_out_ends_the_session(visit: Callable[..., Visitor], house: House) -> None:
    visitor = visit("外支部党员")
    page = visitor.page
    page.goto(f"{house.url}/account/logout/")
    page.locator("main form button[type=submit], .card form button[type=submit]").first.click()
    page.wait_for_url("**/account/login/**")
    page.goto(f"{house.url}/members/me/")
    assert "/account/login/" in page.url
