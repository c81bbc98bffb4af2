"""S02, the log-in: everybody comes in with account and password, and nobody else does."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import Product, Visits, at_home, log_in, send_code, send_login

pytestmark = pytest.mark.browser

BRANCH = "L01-Y1-Z2"
OWN = "Mingyue-2026-guan"


def slips(login: Visits, product: Product) -> dict[str, str]:
    """The clerk prints the slips of a branch: account → initial code."""
    clerk = login("clerk")
    clerk.goto(f"/members/codes/{product.facts['units'][BRANCH]}/")
    with clerk.context.expect_page() as opened:
        clerk.get_by_role("button", name="生成口令条").click()
    sheet = opened.value
    sheet.wait_for_load_state()
    found = {}
    for slip in sheet.locator(".slip").all():
        account, code = slip.locator("dd").all_inner_texts()
        found[account] = code
    sheet.close()
    return found


def set_own_password(page: Page, code: str) -> None:
    """The page that a first log-in cannot pass by."""
    expect(page.get_by_role("heading", name="首次登录，请设置自己的口令")).to_be_visible()
    page.goto("/members/")
    expect(page).to_have_url(re.compile("/account/password/"))
    page.locator("input[name=old]").fill(code)
    page.locator("input[name=new]").fill(OWN)
    page.locator("input[name=again]").fill(OWN)
    page.get_by_role("button", name="保存新口令").click()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_first_log_in_must_choose_a_password_and_the_slip_is_worth_nothing_afterwards(
    login: Visits, product: Product, script: bool
) -> None:
    codes = slips(login, product)
    person = [one for one in product.newcomers(BRANCH) if one["user"] in codes][0 if script else 1]
    page = login.guest(java_script_enabled=script)
    log_in(page, person["user"], codes[person["user"]])
    set_own_password(page, codes[person["user"]])
    expect(page.locator("body.framed")).to_be_visible()
    page.goto("/")
    at_home(page)
    expect(page.locator(".topbar .user-name")).to_have_text(person["name"])

    again = login.guest(java_script_enabled=script)
    log_in(again, person["user"], codes[person["user"]])
    expect(again.get_by_text("账号或口令不正确")).to_be_visible()
    log_in(again, person["user"], OWN)
    at_home(again)


def test_a_wrong_password_says_so_at_the_form_and_not_whether_the_account_exists(
    login: Visits, product: Product
) -> None:
    page = login.guest()
    words = []
    for name in (product.newcomers(BRANCH)[2]["user"], "nobody-of-that-name"):
        page.goto("/account/login/")
        send_login(page, name, "Wrong-Password-1")
        words.append(page.get_by_role("alert").inner_text())
    assert words[0] == words[1]
    assert "账号或口令不正确" in words[0]


def test_five_failures_lock_the_account_and_the_right_password_does_not_help(login: Visits, product: Product) -> None:
    person = product.newcomers(BRANCH)[3]
    code = slips(login, product)[person["user"]]
    page = login.guest(awaiting=(429,))
    for _attempt in range(5):
        page.goto("/account/login/")
        send_login(page, person["user"], "Wrong-Password-1")
    page.goto("/account/login/")
    send_login(page, person["user"], code)
    expect(page.get_by_role("heading", name="尝试次数过多，暂时锁定")).to_be_visible()
    expect(page.locator("main strong")).to_have_text(re.compile(r"1[45]"))
    page.goto("/")
    expect(page).to_have_url(re.compile("/account/login/"))


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_brigade_role_gives_a_second_factor_and_the_password_alone_opens_nothing(
    login: Visits, product: Product, script: bool
) -> None:
    who = product.logins["inspector" if script else "audit_admin"]
    page = login.guest(java_script_enabled=script)
    page.goto("/account/login/")
    send_login(page, who["username"], who["password"])
    expect(page.get_by_role("heading", name="输入动态码")).to_be_visible()
    page.goto("/members/")
    expect(page).to_have_url(re.compile("/account/login/"))
    expect(page.get_by_role("heading", name="输入动态码")).to_be_visible()
    page.locator("input[name=code]").fill("000000")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("动态码不正确或已用过")).to_be_visible()
    page.reload()
    send_code(page)
    expect(page.locator("body.framed")).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_after_leaving_nothing_opens_any_more(login: Visits, product: Product, script: bool) -> None:
    who = product.logins["other_member"]
    # 401: the map on the page left behind may have been asking at that very moment.
    page = login.guest(java_script_enabled=script, awaiting=(401,))
    log_in(page, who["username"], who["password"])
    at_home(page)
    page.locator("details.menu-user summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_text("您已安全退出。")).to_be_visible()
    assert page.context.cookies() == [] or all(one["name"] != "sessionid" for one in page.context.cookies())
    page.goto("/")
    expect(page).to_have_url(re.compile("/account/login/"))
    page.go_back()
    expect(page.locator("body.framed")).to_have_count(0)
