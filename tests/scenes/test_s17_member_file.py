"""S17, first half: a name and a unit lead to the member's file, and the member sees who looked."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.product import Product, Visits

pytestmark = pytest.mark.browser

REASON = "核对党员花名册"


def test_the_secretary_finds_the_file_by_initials_reveals_the_number_and_the_member_sees_it(
    login: Visits, product: Product
) -> None:
    person = product.person("member")
    secretary = login("branch_secretary")
    secretary.goto("/")
    secretary.keyboard.press("/")
    expect(secretary.locator("#search-box")).to_be_focused()
    secretary.keyboard.type(person["initials"])
    found = secretary.locator("#search-found a").filter(has_text=person["name"])
    expect(found).to_be_visible()
    secretary.keyboard.press("ArrowDown")
    expect(secretary.locator("#search-found a").first).to_be_focused()
    found.click()

    expect(secretary).to_have_url(re.compile(f"/members/{person['id']}/"))
    expect(secretary.locator("h1")).to_have_text(person["name"])
    box = secretary.locator("#secret-id_number")
    expect(box).to_contain_text("*")
    expect(box).not_to_contain_text(person["id_number"])
    box.get_by_role("link", name="显示").click()
    box.get_by_role("button", name="显示").click()
    expect(box.locator(".field-error")).to_be_visible()
    box.locator("[name=reason]").fill(REASON)
    box.get_by_role("button", name="显示").click()
    expect(box).to_contain_text(person["id_number"])
    secretary.reload()
    expect(box).not_to_contain_text(person["id_number"])

    member = login("member")
    member.goto("/")
    member.locator("nav.sidebar").get_by_role("link", name="谁看过我的档案").click()
    look = member.locator(".event").filter(has_text=REASON)
    expect(look).to_have_count(1)
    expect(look).to_contain_text(product.person("branch_secretary")["name"])


def test_a_member_of_another_branch_finds_nobody_and_gets_the_answer_for_unknown_people(
    login: Visits, product: Product
) -> None:
    person = product.person("member")
    other = login("other_member", awaiting=(404,))
    unknown = "00000000-0000-7000-8000-000000000000"
    said = []
    for key in (person["id"], unknown):
        for path in ("/members/{}/", "/members/{}/card/", "/members/{}/reveal/id_number/", "/map/locate/?person={}"):
            answer = other.goto(path.format(key))
            assert answer is not None
            assert answer.status == 404, path
            said.append(other.locator("main").inner_text())
            assert person["name"] not in said[-1]
    assert said[:4] == said[4:]
    other.goto("/members/search/?q=" + person["initials"])
    expect(other.locator("main")).not_to_contain_text(person["name"])


def test_a_member_of_the_same_branch_may_see_the_card_and_not_the_file(login: Visits, product: Product) -> None:
    secretary = product.person("branch_secretary")
    member = login("member", awaiting=(403,))
    answer = member.goto(f"/members/{secretary['id']}/")
    assert answer is not None
    assert answer.status == 403
    expect(member.locator("main")).to_contain_text("没有查看档案的权限")
