"""Every defect, alone: the workbook of the brigade with one thing spoiled has exactly that problem."""

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from liaoyuan.organisation.roster.rules.rows import Known, Part, UnitRow
from liaoyuan.organisation.roster.rules.units import merged_units
from liaoyuan.organisation.roster.tests import defects_elsewhere, defects_of_people
from liaoyuan.organisation.roster.tests.factories import BRIGADE, USED, check, find, get, kinds, put, small, spoiled

Book = Any
Where = tuple[str, int, str]


DEFECTS: list[Callable[[Book], tuple[Where, str]]] = [
    function
    for module in (defects_of_people, defects_elsewhere)
    for name, function in vars(module).items()
    if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")
]
# Defects that cannot help bringing another one along.
COMPANIONS = {
    "id_with_impossible_birth": {"id_birth_impossible"},
    "wrong_kind_of_parent": {"wrong_place"},
    "unknown_kind_of_unit": {"unit_kind_unknown"},
    "born_tomorrow": {"id_against_birth"},
    "founded_in_the_future": {"before_founding", "tenure_before_founding"},
    "duplicate_number": {"duplicate_number"},
    "group_leader_of_a_branch": {"post_held_twice"},
    "date_in_the_future": set(),
    "dates_out_of_order": {"under_age"},
    "probation_too_short": set(),
    "tenure_nowhere": set(),
    "bad_number": {"person_unknown"},
}


def test_the_brigade_as_shipped_has_no_problem_at_all() -> None:
    assert check(BRIGADE).problems == []


def test_of_two_units_with_one_code_the_first_keeps_its_place() -> None:
    rows = [UnitRow(row=2, code="L1", name="一营党委"), UnitRow(row=3, code="L1", name="二营党委")]
    merged = merged_units(Part("组织", rows, frozenset({"code", "name"})), Known(posts={}, purposes=frozenset()))
    assert merged["L1"].name == "一营党委"


def test_problems_stand_in_the_order_of_the_file() -> None:
    """Cells are read sheet by sheet first and compared after: a bad date on a later sheet is found before a wrong ID
    number on an earlier one, and still stands after it."""

    def spoil(book: Book) -> None:
        put(book, "任职", 2, "任职日期", "2024-02-30")
        put(book, "人员", 3, "身份证号", "999000198905110015")
        put(book, "组织", 3, "上级组织编码", "L01-Y99")

    checked = check(spoiled(spoil))
    sheets = [one.sheet for one in checked.problems]
    assert [sheet for place, sheet in enumerate(sheets) if sheet not in sheets[:place]] == ["组织", "人员", "任职"]
    assert [name for name in checked.titles if name in sheets] == ["组织", "人员", "任职"]
    assert sheets == sorted(sheets, key=checked.titles.index)


@pytest.mark.parametrize(
    ("lon", "lat", "column", "kind"),
    [
        (250, 38.93, "经度", "longitude_out_of_range"),
        (100.45, 138.93, "纬度", "latitude_out_of_range"),
        (38.93, 100.45, "经度", "position_swapped"),
    ],
)
@pytest.mark.parametrize("which", [0, -1], ids=["first", "last"])
def test_an_impossible_position_is_named_itself_and_accuses_no_other_row(
    lon: float, lat: float, column: str, kind: str, which: int
) -> None:
    """Whether the spoiled row is the first of its place or the last: the others, which are right, stay unmentioned."""
    told: list[int] = []

    def spoil(book: Book) -> None:
        rows = [row[0].row for row in book["外出"].iter_rows(min_row=2) if row[2].value == "西北·张掖驻训点"]
        assert len(rows) > 2
        put(book, "外出", rows[which], "经度", lon)
        put(book, "外出", rows[which], "纬度", lat)
        told.append(rows[which])

    assert kinds(check(spoiled(spoil))) == {("外出", told[0], column, kind)}


@pytest.fixture(autouse=True)
def _fresh_rows() -> None:
    USED.clear()


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.__name__)
def test_each_defect_alone_is_named_at_its_cell(defect: Callable[[Book], tuple[Where, str]]) -> None:
    told: list[tuple[Where, str]] = []
    checked = check(spoiled(lambda book: told.append(defect(book)), small()))
    (where, kind), found = told[0], kinds(checked)
    assert (*where, kind) in found
    others = {item[3] for item in found if item != (*where, kind)}
    assert others <= COMPANIONS.get(defect.__name__, set())
    assert checked.refused is (kind not in {"rank_retired", "date_without_day"})
    problem = next(one for one in checked.problems if one.kind == kind)
    assert problem.message.endswith(("。", "）"))
    assert "%(" not in problem.message


def test_a_cycle_of_units_is_named_at_each_of_them() -> None:
    def spoil(book: Book) -> None:
        put(book, "组织", find(book, "组织", 组织编码="L01-Y1"), "上级组织编码", "L01-Y2")
        put(book, "组织", find(book, "组织", 组织编码="L01-Y2"), "上级组织编码", "L01-Y1")

    checked = check(spoiled(spoil, small()))
    said = [one.message for one in checked.problems if one.kind == "parent_cycle"]
    assert len(said) == 2, "what hangs below the circle is not itself wrong"
    assert {code for code in ("L01-Y1", "L01-Y2") if any(f"组织 {code} 的上级" in one for one in said)} == {
        "L01-Y1",
        "L01-Y2",
    }


def test_an_unknown_superior_does_not_hide_what_else_is_wrong_in_its_line() -> None:
    def spoil(book: Book) -> None:
        row = find(book, "组织", 组织编码="L01-Y1-Z1")
        put(book, "组织", row, "上级组织编码", "L01-Y99")
        put(book, "组织", row, "换届日期", "2001-01-01")

    found = {(item[2], item[3]) for item in kinds(check(spoiled(spoil, small()))) if item[0] == "组织"}
    assert found == {("上级组织编码", "parent_unknown"), ("换届日期", "before_founding")}


def test_a_unit_above_itself_is_a_cycle() -> None:
    def spoil(book: Book) -> None:
        put(book, "组织", find(book, "组织", 组织编码="L01-Y1-Z1-X1"), "上级组织编码", "L01-Y1-Z1-X1")

    assert "parent_cycle" in {item[3] for item in kinds(check(spoiled(spoil, small())))}


def test_a_letter_in_an_id_number_is_named_with_its_place() -> None:
    def spoil(book: Book) -> None:
        put(book, "人员", 4, "身份证号", get(book, "人员", 4, "身份证号")[:16] + "O1")

    (found,) = check(spoiled(spoil, small())).problems
    assert found.message == "身份证号应为 18 位数字（末位可为 X），而第 17 位是“O”。请对照证件核对。"


def test_duplicate_id_number_names_the_first_row() -> None:
    def spoil(book: Book) -> None:
        for title in ("身份证号", "出生日期", "性别"):
            put(book, "人员", 30, title, get(book, "人员", 4, title))

    found = [one for one in check(spoiled(spoil, small())).problems if one.kind == "duplicate_id"]
    assert [(one.row, one.column) for one in found] == [(30, "身份证号")]
    assert "第 4 行" in found[0].message


def test_all_defects_together_are_all_named() -> None:
    """On rows of their own, where one would hide another."""
    told: dict[str, tuple[Where, str]] = {}

    def spoil(book: Book) -> None:
        for defect in DEFECTS:
            where, _ = told[defect.__name__] = defect(book)
            USED.add((where[0], where[1]))

    checked = check(spoiled(spoil))
    found = kinds(checked)
    assert {name: what for name, what in told.items() if (*what[0], what[1]) not in found} == {}
    assert len(told) == len(DEFECTS) >= 65


@pytest.mark.parametrize(
    ("spans", "named"),
    [
        ([(2018, None), (2019, 2020), (2022, None)], [(1, 0), (2, 0)]),
        ([(2018, 2024), (2019, 2020), (2021, 2022), (2025, None)], [(1, 0), (2, 0)]),
        ([(2018, 2018), (2019, 2020), (2020, None)], [(2, 1)]),
        ([(2018, 2018), (2019, 2019), (2020, None)], []),
        ([(2018, 2018), (date(2018, 12, 31), None)], [(1, 0)]),
        ([(2018, 2017), (2018, 2019)], [(1, 0)]),
    ],
)
def test_each_term_that_overlaps_an_earlier_one_is_named(
    spans: list[tuple[int | date, int | None]], named: list[tuple[int, int]]
) -> None:
    """A year is its first day where a term begins, its last where it ends. Named is the row, and which it overlaps."""

    def spoil(book: Book) -> None:
        sheet = book["任职"]
        number, unit, post = (sheet.cell(2, place).value for place in (1, 2, 3))
        rows = [row for row in sheet.iter_rows(min_row=2, values_only=True) if row[:3] != (number, unit, post)]
        sheet.delete_rows(2, sheet.max_row)
        for since, until in spans:
            last = None if until is None else date(until, 12, 31)
            sheet.append([number, unit, post, date(since, 1, 1) if isinstance(since, int) else since, last])
        for row in rows:
            sheet.append(row)

    said = {
        (one.row, one.message.split()[1])
        for one in check(spoiled(spoil, small())).problems
        if one.kind == "tenure_overlap"
    }
    assert said == {(row + 2, f"{first + 2}") for row, first in named}


def test_whose_group_hangs_in_the_air_is_not_blamed_for_it() -> None:
    """The group's own row says that nobody knows its superior; its six people did nothing wrong."""
    told: list[int] = []

    def spoil(book: Book) -> None:
        told.append(find(book, "组织", 组织编码="L01-Y1-Z2-X1"))
        put(book, "组织", told[0], "上级组织编码", "L01-Y1-Z99")

    assert kinds(check(spoiled(spoil))) == {("组织", told[0], "上级组织编码", "parent_unknown")}
