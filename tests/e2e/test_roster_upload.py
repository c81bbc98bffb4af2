"""A clerk uploads a spoiled roster, reads what is wrong, uploads the right one, looks, confirms."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page

from tests.browsing import House, Visitor, expect

pytestmark = pytest.mark.browser


def _upload(page: Page, house: House, file: Path) -> None:
    page.goto(f"{house.url}/roster/upload/")
    page.locator("main input[type=file]").set_input_files(str(file))
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/roster/*-*-*/")


def test_a_spoiled_roster_is_refused_and_a_right_one_imported(
    visit: Callable[..., Visitor], house: House, tmp_path: Path
) -> None:
    right = tmp_path / "right.xlsx"
    house.instance.run("roster", "export", right)
    wrong = tmp_path / "wrong.xlsx"
    book = openpyxl.load_workbook(right)
    people = book["人员"]
    heads = {cell.value: cell.column for cell in people[1]}
    people.cell(3, heads["身份证号"]).value = "99900119900501001X"
    people.cell(4, heads["出生日期"]).value = "2026-13-45"
    book.save(wrong)
    visitor = visit("旅组织干事")
    page = visitor.page
    _upload(page, house, wrong)
    expect(page.locator("main")).to_contain_text("一条也没有写入", timeout=60_000)
    expect(page.locator("main")).to_contain_text("第 3 行")
    expect(page.locator("main")).to_contain_text("第 4 行")
    visitor.look("refused upload")
    book = openpyxl.load_workbook(right)
    people = book["人员"]
    people.cell(3, heads["籍贯"]).value = "安徽蚌埠怀远"
    book.save(right)
    _upload(page, house, right)
    button = page.get_by_role("button", name="确认导入")
    expect(button).to_be_visible(timeout=60_000)
    visitor.look("preview")
    button.click()
    expect(page.locator("main")).to_contain_text("全部写入", timeout=60_000)
    visitor.look("imported")
