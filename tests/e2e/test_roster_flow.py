"""The clerk's main job: a workbook in, its defects told cell by cell, its changes shown before they are written."""

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect

from tests.e2e.product import Visits

pytestmark = pytest.mark.browser

LONG = 60_000  # milliseconds: checking and importing are background work


def column(sheet: Worksheet, title: str) -> int:
    """The number of the column called ``title``, in whatever row the headings stand."""
    return heading(sheet, title)[1]


def heading(sheet: Worksheet, title: str) -> tuple[int, int]:
    """Row and column of a heading."""
    for row in sheet.iter_rows(max_row=20):
        for cell in row:
            if cell.value is not None and str(cell.value).strip("* ") == title:
                return cell.row, cell.column
    raise AssertionError(f"no column {title}")


def changed_copy(source: Path, target: Path, change: Callable[[openpyxl.Workbook], None]) -> Path:
    """A copy of ``source`` after ``change``."""
    book = openpyxl.load_workbook(source)
    change(book)
    book.save(target)
    return target


def upload(page: Page, path: Path) -> None:
    """Upload a workbook and wait until it is checked."""
    page.goto("/roster/upload/")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="上传并核对").click()
    expect(page).to_have_url(re.compile(r"/roster/[0-9a-f-]{36}/$"))
    expect(page.locator("#roster-status[hx-get]")).to_have_count(0, timeout=LONG)


def exported(page: Page, target: Path) -> Path:
    """Take the whole roster out."""
    page.goto("/roster/export/")
    with page.expect_download(timeout=LONG) as taken:
        page.get_by_role("button", name="导出").click()
    taken.value.save_as(target)
    return target


def spoil(book: openpyxl.Workbook) -> None:
    """Three defects that clerks really make."""
    people, tenures = book["人员"], book["任职"]
    number = people.cell(11, column(people, "身份证号"))
    number.value = str(number.value)[:-1] + ("1" if str(number.value)[-1] != "1" else "2")
    people.cell(21, column(people, "所在党支部编码")).value = "L01-Y9-Z9"
    tenures.cell(5, column(tenures, "任职日期")).value = "2024-02-30"


def test_a_spoiled_workbook_is_refused_with_every_defect_at_its_cell_and_nothing_is_written(
    login: Visits, tmp_path: Path
) -> None:
    clerk = login("clerk")
    # Today's demo workbook: the shipped one's dates are those of its reference day.
    before = exported(clerk, tmp_path / "before.xlsx")
    upload(clerk, changed_copy(before, tmp_path / "spoiled.xlsx", spoil))
    expect(clerk.get_by_text("有错误，一条也没有写入。")).to_be_visible()
    problems = clerk.locator("tbody tr").filter(has=clerk.locator("th .text-secondary"))
    for sheet, row, title, words in (
        ("人员", 11, "身份证号", "校验码不对"),
        ("人员", 21, "所在党支部编码", "没有编码为 L01-Y9-Z9 的组织"),
        ("任职", 5, "任职日期", "2024-02-30"),
    ):
        where = re.compile(rf"{sheet}\s+第 {row} 行\s*{title}.*错误.*{words}", re.DOTALL)
        expect(problems.filter(has_text=where)).to_have_count(1)

    with clerk.expect_download() as taken:
        clerk.get_by_role("link", name="下载标注了问题的工作簿").click()
    taken.value.save_as(tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")["人员"]
    cell = marked.cell(11, column(marked, "身份证号"))
    assert cell.comment is not None
    assert "校验码" in cell.comment.text
    assert cell.fill.fill_type == "solid"
    assert marked.cell(12, cell.column).comment is None

    after = exported(clerk, tmp_path / "after.xlsx")
    assert contents(after) == contents(before)


def contents(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What a workbook says, by sheet."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: [row for row in sheet.iter_rows(values_only=True) if any(row)] for sheet in book}


def test_one_changed_rank_is_the_whole_preview_and_the_second_time_there_is_nothing_to_do(
    login: Visits, tmp_path: Path
) -> None:
    clerk = login("clerk")
    told: dict[str, str] = {}

    def promote(book: openpyxl.Workbook) -> None:
        people = book["人员"]
        top, rank = heading(people, "军衔")
        name = column(people, "姓名")
        row = next(row for row in range(top + 1, people.max_row) if people.cell(row, rank).value == "列兵")
        told["name"] = people.cell(row, name).value
        people.cell(row, rank).value = "上等兵"

    source = exported(clerk, tmp_path / "roster.xlsx")
    path = changed_copy(source, tmp_path / "changed.xlsx", promote)
    upload(clerk, path)
    expect(clerk.get_by_text("核对通过，还没有写入。")).to_be_visible()
    sums = clerk.locator("table").first.locator("tbody tr")
    found = {
        row.locator("th").inner_text(): [int(text.split()[0].replace(",", "")) for text in cells[:3]]
        for row in sums.all()
        if (cells := row.locator("td").all_inner_texts())
    }
    assert {sheet: numbers for sheet, numbers in found.items() if any(numbers)} == {"人员": [0, 1, 0]}
    items = clerk.locator("#roster-status details li")
    expect(items).to_have_count(1)
    expect(items).to_contain_text(told["name"])
    expect(items).to_contain_text("军衔 列兵 → 上等兵")

    clerk.get_by_role("button", name="确认导入").click()
    expect(clerk.get_by_text("全部写入。")).to_be_visible(timeout=LONG)
    upload(clerk, path)
    expect(clerk.get_by_text("与平台现状完全一致，没有需要写入的内容。")).to_be_visible()
    expect(clerk.get_by_role("button", name="确认导入")).to_have_count(0)
