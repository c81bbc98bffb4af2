"""Workbooks to spoil, and what the platform knows without a database."""

import io
import tomllib
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

import liaoyuan
from liaoyuan.organisation.roster.checking import Checked, check_workbook
from liaoyuan.organisation.roster.rules.rows import Known, PostFact

ROOT = Path(liaoyuan.__file__).parent
BRIGADE = ROOT / "desk" / "demo" / "data" / "brigade.xlsx"
TODAY = date(2026, 11, 22)


@cache
def _posts() -> dict[str, PostFact]:
    data = tomllib.loads((ROOT / "organisation" / "units" / "data" / "posts.toml").read_text())
    return {row["name"]: PostFact(row["name"], code, row.get("needs_full_member", True)) for code, row in data.items()}


@cache
def _purposes() -> frozenset[str]:
    data = tomllib.loads((ROOT / "organisation" / "whereabouts" / "data" / "purposes.toml").read_text())
    return frozenset(data["purposes"])


def known(**more: Any) -> Known:
    """An empty platform with its posts and purposes."""
    return Known(_posts(), _purposes(), **more)


def spoiled(spoil: Callable[[Any], Any], source: Path | bytes = BRIGADE) -> bytes:
    """The workbook after ``spoil(book)``."""
    book = load_workbook(io.BytesIO(source) if isinstance(source, bytes) else source)
    spoil(book)
    return saved(book)


@cache
def small() -> bytes:
    """The brigade with the people of one battalion and of the staff: read in a fraction of the time."""

    def trim(book: Any) -> None:
        people = book["人员"]
        at = columns(people)
        keep = {}
        for row in people.iter_rows(min_row=2, values_only=True):
            if row[at["所在党支部编码"] - 1].startswith(("L01-Y1-Z1", "L01-Y6-Z1", "L01-Y6-Z3")):
                keep[row[0]] = row
        for name in ("人员", "任职", "外出"):
            sheet = book[name]
            rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[0] in keep]
            sheet.delete_rows(2, sheet.max_row)
            for row in rows:
                sheet.append(row)

    return spoiled(trim)


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def columns(sheet: Any, row: int = 1) -> dict[str, int]:
    """Heading → column number."""
    return {cell.value: cell.column for cell in sheet[row] if cell.value}


def put(book: Any, sheet: str, row: int, column: str, value: Any) -> None:
    """Write one cell by its heading."""
    book[sheet].cell(row, columns(book[sheet])[column]).value = value


def get(book: Any, sheet: str, row: int, column: str) -> Any:
    return book[sheet].cell(row, columns(book[sheet])[column]).value


# Rows a test has spoiled already: ``find`` looks further.
USED: set[tuple[str, int]] = set()


def find(book: Any, sheet: str, **wanted: Any) -> int:
    """The first row whose cells are as wanted; None means empty, a set any of its members."""
    at = columns(book[sheet])
    for row in book[sheet].iter_rows(min_row=2):
        if (sheet, row[0].row) in USED:
            continue
        values = {key: row[at[key] - 1].value for key in wanted}
        if all(
            values[key] in wish if isinstance(wish, (set, frozenset)) else values[key] == wish
            for key, wish in wanted.items()
        ):
            return row[0].row
    raise LookupError(f"no row in {sheet} with {wanted}")


def check(source: Path | bytes, *, today: date = TODAY, **more: Any) -> Checked:
    return check_workbook(source, known(**more), today=today)


def kinds(checked: Checked) -> set[tuple[str, int, str, str]]:
    return {(one.sheet, one.row, one.column, one.kind) for one in checked.problems}


# Two battalions side by side, small enough to read.
UNIT_HEAD = [
    "组织编码",
    "组织名称",
    "类别",
    "上级组织编码",
    "所在单位",
    "可审批预备党员",
    "成立日期",
    "换届日期",
    "驻地名称",
    "经度",
    "纬度",
    "批准组织编码",
    "任务名称",
    "计划撤销日期",
    "撤销日期",
]
PERSON_HEAD = [
    "人员编号",
    "姓名",
    "性别",
    "民族",
    "出生日期",
    "身份证号",
    "籍贯",
    "学历",
    "人员类别",
    "军衔",
    "职务",
    "联系电话",
    "登录账号",
    "政治面貌",
    "所在党支部编码",
    "党小组编码",
    "入党申请日期",
    "确定积极分子日期",
    "确定发展对象日期",
    "支部大会接收日期",
    "转正日期",
    "月党费基数",
]
TENURE_HEAD = ["人员编号", "组织编码", "职务", "任职日期", "免职日期"]
POSTING_HEAD = [
    "人员编号",
    "事由",
    "地点名称",
    "经度",
    "纬度",
    "挂靠组织编码",
    "开始日期",
    "预计结束日期",
    "实际结束日期",
]
HEADS = {"组织": UNIT_HEAD, "人员": PERSON_HEAD, "任职": TENURE_HEAD, "外出": POSTING_HEAD}


def id_number(sequence: int, birth: date = date(1990, 5, 20), *, male: bool = True) -> str:
    from liaoyuan.organisation.members.rules.identity import check_character

    body = f"999001{birth:%Y%m%d}{2 * sequence + (1 if male else 0):03d}"
    return body + check_character(body)


def unit(code: str, name: str, kind: str, parent: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "组织编码": code,
        "组织名称": name,
        "类别": kind,
        "上级组织编码": parent,
        "所在单位": name,
        "可审批预备党员": "否",
        "成立日期": date(2017, 9, 22),
        "驻地名称": "甲营区",
        "经度": 117.4,
        "纬度": 32.9,
        **more,
    }


def person(number: int, branch: str, standing: str = "中共党员", **more: Any) -> dict[str, Any]:
    dates = {
        "入党申请日期": date(2010, 1, 5),
        "确定积极分子日期": date(2010, 6, 1),
        "确定发展对象日期": date(2011, 9, 1),
        "支部大会接收日期": date(2012, 1, 10),
        "转正日期": date(2013, 1, 10),
    }
    keep = {"中共党员": 5, "中共预备党员": 4, "发展对象": 3, "入党积极分子": 2, "入党申请人": 1}.get(standing, 0)
    if standing == "中共预备党员":
        dates["支部大会接收日期"] = date(2026, 3, 1)
    return {
        "人员编号": f"P{number:04d}",
        "姓名": "王" + "一二三四五六七八九"[number % 9] + "平",
        "性别": "男",
        "民族": "汉族",
        "出生日期": date(1990, 5, 20),
        "身份证号": id_number(number),
        "学历": "大学本科",
        "人员类别": "军官",
        "军衔": "上尉",
        "职务": "排长",
        "登录账号": f"u{number:04d}",
        "政治面貌": standing,
        "所在党支部编码": branch,
        **dict(list(dates.items())[:keep]),
        **more,
    }


def two_battalions() -> dict[str, list[dict[str, Any]]]:
    """Brigade L; battalions A and B with a branch of two people each; a secretary and somebody away in each."""
    units = [unit("L", "旅党委", "党委", 可审批预备党员="是")]
    people, tenures, postings = [], [], []
    for index, letter in enumerate("AB"):
        units += [
            unit(f"L-{letter}", f"{letter}营党委", "党委", "L"),
            unit(f"L-{letter}-1", f"{letter}营一连党支部", "党支部", f"L-{letter}", 批准组织编码="L"),
            unit(f"L-{letter}-1-X", f"{letter}营一连第一党小组", "党小组", f"L-{letter}-1"),
        ]
        first = 10 * (index + 1)
        people += [
            person(first, f"L-{letter}-1", 党小组编码=f"L-{letter}-1-X", 月党费基数=10700.5),
            person(first + 1, f"L-{letter}-1", "群众"),
        ]
        tenures.append(
            {"人员编号": f"P{first:04d}", "组织编码": f"L-{letter}-1", "职务": "书记", "任职日期": date(2024, 8, 4)}
        )
        postings.append(
            {
                "人员编号": f"P{first + 1:04d}",
                "事由": "驻训",
                "地点名称": "乙驻训点",
                "经度": 100.45,
                "纬度": 38.93,
                "开始日期": date(2026, 10, 1),
                "预计结束日期": date(2026, 12, 31),
            }
        )
    return {"组织": units, "人员": people, "任职": tenures, "外出": postings}


def workbook(rows: dict[str, list[dict[str, Any]]], heads: dict[str, list[str]] | None = None) -> bytes:
    """A workbook of such rows."""
    book = Workbook()
    book.remove(book.active)
    for name, lines in rows.items():
        head = (heads or {}).get(name, HEADS.get(name)) or list(lines[0])
        sheet = book.create_sheet(name)
        sheet.append(head)
        for line in lines:
            sheet.append([line.get(title) for title in head])
    return saved(book)
