"""What clerks do to a workbook, and what is none."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from liaoyuan.organisation.roster import guard
from liaoyuan.organisation.roster.guard import UnreadableError
from liaoyuan.organisation.roster.reading import read
from liaoyuan.organisation.roster.tests.factories import (
    HEADS,
    TODAY,
    check,
    kinds,
    saved,
    two_battalions,
    workbook,
)

Rows = dict[str, list[dict[str, Any]]]


def edited(edit: Any, rows: Rows | None = None) -> bytes:
    book = load_workbook(io.BytesIO(workbook(rows or two_battalions())))
    edit(book)
    return saved(book)


def test_two_battalions_as_they_stand_are_clean() -> None:
    assert check(workbook(two_battalions())).problems == []


def test_columns_in_any_order_with_others_between_are_found_by_their_heading() -> None:
    rows = two_battalions()
    heads = {name: list(reversed(head)) for name, head in HEADS.items()}
    heads["人员"].insert(3, "备注")
    for line in rows["人员"]:
        line["备注"] = "无"
    checked = check(workbook(rows, heads))
    assert [(one.kind, one.severity, one.column) for one in checked.problems] == [("column_ignored", "note", "备注")]
    assert [row.number for row in checked.book.people.rows] == ["P0010", "P0011", "P0020", "P0021"]


def test_other_names_of_sheets_and_columns_are_understood() -> None:
    rows = two_battalions()
    heads = {name: list(head) for name, head in HEADS.items()}
    heads["人员"][heads["人员"].index("身份证号")] = "*身份证号码（18位）"
    heads["人员"][heads["人员"].index("所在党支部编码")] = "支部 编码："
    for line in rows["人员"]:
        line["*身份证号码（18位）"], line["支部 编码："] = line["身份证号"], line["所在党支部编码"]
    rows["党员花名册"] = rows.pop("人员")
    heads["党员花名册"] = heads["人员"]
    checked = check(workbook(rows, heads))
    assert checked.problems == []
    assert checked.book.people.rows[0].unit == "L-A-1"


def test_a_sum_under_a_column_that_is_not_ours_is_seen_through() -> None:
    def edit(book: Any) -> None:
        sheet = book["人员"]
        sheet.insert_cols(1)
        sheet["A1"] = "序号"
        sheet.append(["合计", None, None, 4])

    checked = check(edited(edit))
    assert [(one.kind, one.row) for one in checked.problems] == [("column_ignored", 1), ("row_ignored", 6)]


def test_headings_below_a_title_and_a_sign_off_below_the_rows_are_seen_through() -> None:
    def edit(book: Any) -> None:
        sheet = book["人员"]
        sheet.insert_rows(1, 3)
        sheet["A1"] = "某旅党员花名册"
        sheet.merge_cells("A1:V1")
        sheet["A2"] = "填表日期：2026年11月22日"
        sheet.append(["合计：4 人"])

    checked = check(edited(edit))
    assert [(one.kind, one.row) for one in checked.problems] == [("row_ignored", 9)]
    assert [row.row for row in checked.book.people.rows] == [5, 6, 7, 8]


def test_blank_rows_are_skipped_and_rows_keep_their_numbers() -> None:
    def edit(book: Any) -> None:
        book["人员"].insert_rows(3, 2)
        book["人员"]["B4"] = " 　"
        book["人员"]["F9"] = "000"

    checked = check(edited(edit))
    assert {(one.row, one.kind) for one in checked.problems} >= {(9, "missing")}
    assert [row.row for row in checked.book.people.rows][:2] == [2, 5]


def test_merged_cells_say_their_value_of_every_row_they_cover() -> None:
    def edit(book: Any) -> None:
        sheet = book["人员"]
        column = HEADS["人员"].index("所在党支部编码") + 1
        sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)

    checked = check(edited(edit))
    assert checked.problems == []
    assert [row.unit for row in checked.book.people.rows] == ["L-A-1", "L-A-1", "L-B-1", "L-B-1"]


def test_dates_as_clerks_write_them_mean_the_same_day() -> None:
    rows = two_battalions()
    written = ["2024/8/4", "２０２４．８．４", "20240804", "2024年8月4日", 45508, " 2024-8-4　"]
    for number, way in enumerate(written):
        rows["任职"][0]["任职日期"] = way
        checked = check(workbook(rows))
        assert checked.problems == [], way
        assert checked.book.tenures.rows[0].since == date(2024, 8, 4), number


def test_a_birth_month_gets_its_day_from_the_id_number_and_says_what_it_took() -> None:
    rows = two_battalions()
    rows["人员"][1]["出生日期"] = "1990.5"
    checked = check(workbook(rows))
    assert {(one.kind, one.severity) for one in checked.problems} == {
        ("date_without_day", "note"),
        ("birth_from_id", "note"),
    }
    assert checked.book.people.rows[1].birth_date == date(1990, 5, 20)


def test_text_keeps_its_meaning_whatever_its_width_and_spaces() -> None:
    rows = two_battalions()
    line = rows["人员"][0]
    line["人员编号"], line["所在党支部编码"], line["姓名"] = "　Ｐ００１０ ", "Ｌ－Ａ－１", "阿迪力 • 凯赛尔"
    line["身份证号"] = " ".join(line["身份证号"])
    line["联系电话"], line["月党费基数"] = 19912345678, "１０，７００．５０"
    checked = check(workbook(rows))
    assert checked.problems == []
    row = checked.book.people.rows[0]
    assert (row.number, row.unit, row.name) == ("P0010", "L-A-1", "阿迪力·凯赛尔")
    assert (row.phone, row.dues_base) == ("19912345678", 1070050)


def test_formulas_count_by_their_value_and_one_without_value_is_named() -> None:
    def edit(book: Any) -> None:
        column = HEADS["人员"].index("月党费基数") + 1
        book["人员"].cell(2, column).value = "=1000*2"

    data = edited(edit)
    assert ("人员", 2, "月党费基数", "formula_without_value") in kinds(check(data))
    stored = _replace(data, b"<v></v>", b"<v>2000</v>")
    checked = check(_replace(stored, b"<v />", b"<v>2000</v>"))
    assert checked.problems == []
    assert checked.book.people.rows[0].dues_base == 200000


def test_a_formula_that_failed_is_named_and_not_read_as_empty() -> None:
    def edit(book: Any) -> None:
        cell = book["人员"].cell(2, HEADS["人员"].index("月党费基数") + 1)
        cell.value, cell.data_type = "#N/A", "e"

    assert ("人员", 2, "月党费基数", "formula_failed") in kinds(check(edited(edit)))


def _replace(data: bytes, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for item in before.infolist():
            content = before.read(item)
            after.writestr(item.filename, content.replace(old, new) if "worksheets" in item.filename else content)
    return out.getvalue()


def test_a_column_twice_is_refused_with_both_places() -> None:
    heads = {name: list(head) for name, head in HEADS.items()}
    heads["人员"].append("姓名")
    found = [one for one in check(workbook(two_battalions(), heads)).problems if one.kind == "column_twice"]
    assert [(one.column, one.severity) for one in found] == [("姓名", "error")]
    assert "B 列" in found[0].message
    assert "W 列" in found[0].message


def test_a_column_twice_does_not_hide_what_else_is_wrong() -> None:
    heads = {name: list(head) for name, head in HEADS.items()}
    heads["人员"].append("姓名")
    rows = two_battalions()
    rows["人员"][1]["身份证号"] = "123"
    found = {(one.column, one.kind) for one in check(workbook(rows, heads)).problems if one.severity == "error"}
    assert found == {("姓名", "column_twice"), ("身份证号", "id_form")}


@pytest.mark.parametrize(("sheet", "key"), [("人员", "人员编号"), ("组织", "组织编码")])
def test_a_missing_key_column_is_refused_and_not_laid_to_the_rows_that_refer_to_it(sheet: str, key: str) -> None:
    heads = {**HEADS, sheet: [title for title in HEADS[sheet] if title != key]}
    checked = check(workbook(two_battalions(), heads))
    assert [(one.sheet, one.row, one.column, one.kind) for one in checked.problems if one.severity == "error"] == [
        (sheet, 1, key, "column_missing")
    ]


def test_new_rows_need_the_columns_that_an_update_may_leave_out() -> None:
    heads = {**HEADS, "人员": [title for title in HEADS["人员"] if title != "民族"]}
    assert ("人员", 0, "民族", "column_missing_for_new") in kinds(check(workbook(two_battalions(), heads)))


def test_two_sheets_of_the_same_kind_are_refused() -> None:
    rows = two_battalions()
    rows["党员名册"] = rows["人员"]
    data = workbook(rows, {**HEADS, "党员名册": HEADS["人员"]})
    assert ("党员名册", 0, "", "sheet_twice") in kinds(check(data))


def test_a_sheet_of_something_else_is_left_alone_with_a_note() -> None:
    rows: Rows = {**two_battalions(), "车辆": [{"车牌": "1", "车型": "2"}]}
    assert [(one.sheet, one.kind, one.severity) for one in check(workbook(rows)).problems] == [
        ("车辆", "sheet_ignored", "note")
    ]


def test_the_1904_date_system_is_respected() -> None:
    book = load_workbook(io.BytesIO(workbook(two_battalions())))
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book.epoch = CALENDAR_MAC_1904
    checked = check(saved(book))
    assert checked.problems == []
    assert checked.book.tenures.rows[0].since == date(2024, 8, 4)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty_file"),
        (b"hello, world, this is no workbook", "not_a_workbook"),
        (b"%PDF-1.7 something", "not_a_workbook"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not_a_workbook"),
        (b"PK\x03\x04" + b"\x00" * 200, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
    ],
)
def test_what_is_no_workbook_is_refused_by_its_kind(data: bytes, kind: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(data)
    assert caught.value.kind == kind


def test_a_truncated_workbook_is_damaged() -> None:
    data = workbook(two_battalions())
    for length in (len(data) // 2, len(data) - 30):
        with pytest.raises(UnreadableError) as caught:
            read(data[:length])
        assert caught.value.kind == "damaged"


def test_a_zip_without_a_workbook_is_none() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(_zip({"readme.txt": b"nothing"}))
    assert caught.value.kind == "not_a_workbook"


def test_macros_are_refused_under_whatever_name() -> None:
    base = _members(workbook(two_battalions()))
    with pytest.raises(UnreadableError) as caught:
        read(_zip({**base, "xl/vbaProject.bin": b"x" * 10}))
    assert caught.value.kind == "macros"
    types = base["[Content_Types].xml"].replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
    with pytest.raises(UnreadableError) as caught:
        read(_zip({**base, "[Content_Types].xml": types}))
    assert caught.value.kind == "macros"


def test_entities_are_refused_before_any_parser_sees_them() -> None:
    base = _members(workbook(two_battalions()))
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>' + base["xl/worksheets/sheet1.xml"]
    with pytest.raises(UnreadableError) as caught:
        read(_zip({**base, "xl/worksheets/sheet1.xml": bomb}))
    assert caught.value.kind == "entities"


def test_a_zip_bomb_is_refused_without_being_unpacked() -> None:
    base = _members(workbook(two_battalions()))
    with pytest.raises(UnreadableError) as caught:
        read(_zip({**base, "xl/media/image1.png": b"\0" * (40 << 20)}))
    assert caught.value.kind == "zip_bomb"


def test_a_cell_at_the_end_of_the_world_is_refused_instead_of_filling_the_memory() -> None:
    book = Workbook()
    book.active.title = "人员"
    book.active["A1"] = "人员编号"
    book.active["XFD1048576"] = "x"
    with pytest.raises(UnreadableError) as caught:
        read(saved(book))
    assert caught.value.kind in {"too_many_rows", "too_large"}


@pytest.mark.parametrize("cell", [b"A9999999", b"ZZZ99999"])
def test_a_damaged_sheet_is_called_damaged_and_not_too_large(cell: bytes) -> None:
    """What a damaged stream says of rows and columns is worth nothing: its check sum is wrong."""
    members = _members(workbook(two_battalions()))
    members["xl/worksheets/sheet1.xml"] = members["xl/worksheets/sheet1.xml"].replace(b'r="A2"', b'r="A2345678"', 1)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content.replace(b"A2345678", cell))
    with pytest.raises(UnreadableError) as caught:
        read(out.getvalue())
    assert caught.value.kind in {"too_many_rows", "too_large"}
    with pytest.raises(UnreadableError) as caught:
        read(out.getvalue().replace(cell, cell[:-1] + b"0", 1))
    assert caught.value.kind == "damaged"


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_ROWS", 3)
    with pytest.raises(UnreadableError) as caught:
        read(workbook(two_battalions()))
    assert caught.value.kind == "too_many_rows"


def test_a_workbook_without_any_of_our_sheets_says_what_it_needs() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(workbook({"工资": [{"甲": 1, "乙": 2, "丙": 3}]}))
    assert caught.value.kind == "no_known_sheet"


def test_one_sheet_alone_is_enough() -> None:
    rows = {"外出": two_battalions()["外出"]}
    checked = check(workbook(rows))
    assert {one.kind for one in checked.problems} == {"person_unknown"}
    assert checked.book.people is None
    assert date(2026, 11, 22) == TODAY


def _members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {item.filename: archive.read(item) for item in archive.infolist()}


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()
