"""What a cell means."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.organisation.roster.rules import cells

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    "written",
    [
        DAY,
        datetime(2026, 3, 5, 13, 30),
        "2026/3/5",
        "2026-03-05",
        "2026.3.5",
        "2026.03.05",
        "20260305",
        20260305,
        20260305.0,
        46086,
        46086.0,
        46086.75,
        "46086",
        "2026年3月5日",
        "2026 年 3 月 5 日",
        " 2026/3/5　",
        "２０２６/３/５",
        "２０２６年３月５日",
        "2026-3-5 00:00:00",
        "2026-03-05T08:00:00",
        "二〇二六年三月五日",
        "2026—3—5",
        "2026。3。5",
        "\u200b2026/3/5",
        "2026年3月5号",
    ],
)
def test_these_all_mean_5_march_2026(written: object) -> None:
    assert cells.parse_date(written) == (DAY, "")


@pytest.mark.parametrize(
    "written", ["2026.3", "2026-03", "2026/3", "2026年3月", "202603", 202603, 2026.3, "２０２６．３"]
)
def test_a_month_without_a_day_is_its_first_day_and_said_so(written: object) -> None:
    assert cells.parse_date(written) == (date(2026, 3, 1), "date_without_day")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("2026-02-30", "date_impossible"),
        ("20261301", "date_impossible"),
        (20260230, "date_impossible"),
        ("2026年13月1日", "date_impossible"),
        ("2026.0.5", "date_impossible"),
        ("1026-03-05", "date_impossible"),
        (2026.1, "date_ambiguous"),
        ("26/3/5", "date_ambiguous"),
        ("3/5/2026", "date_ambiguous"),
        ("2026", "date_without_month"),
        (2026, "date_without_month"),
        ("昨天", "date_unreadable"),
        (-5, "date_unreadable"),
        (True, "date_unreadable"),
        (time(8, 0), "date_unreadable"),
        (1e300, "date_unreadable"),
        ("#N/A", "date_unreadable"),
        (float("nan"), "date_unreadable"),
        (float("inf"), "date_unreadable"),
        ("9" * 400, "date_unreadable"),
        ("2026-3-5-6", "date_unreadable"),
    ],
)
def test_what_is_no_day_is_named_and_not_guessed(written: object, kind: str) -> None:
    assert cells.parse_date(written) == (None, kind)


@pytest.mark.parametrize("written", ["", None, " ", "　"])
def test_an_empty_cell_is_no_date_and_no_problem(written: object) -> None:
    assert cells.parse_date(written) == (None, "")


def test_serials_follow_the_file_s_date_system() -> None:
    assert cells.parse_date(44624, date1904=True) == (DAY, "")


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_survives_every_way_of_writing_it(day: date) -> None:
    wide = str.maketrans("0123456789/", "０１２３４５６７８９／")
    for written in (
        day,
        f"{day:%Y-%m-%d}",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}".translate(wide),
    ):
        assert cells.parse_date(written) == (day, "")


@given(st.dates(date(1930, 1, 1), date(2100, 12, 31)))
def test_every_excel_serial_after_1930_is_its_day(day: date) -> None:
    assert cells.parse_date(float((day - date(1899, 12, 30)).days)) == (day, "")


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.none()))
def test_nothing_a_cell_holds_can_break_a_reader(value: object) -> None:
    day, kind = cells.parse_date(value)
    assert day is None or date(1900, 1, 1) <= day <= date(2100, 12, 31)
    assert day is None or kind in {"", "date_without_day"}
    number, _ = cells.parse_number(value)
    assert number is None or number.is_finite()
    for read in (cells.text, cells.code, cells.name):
        assert "\n" not in read(value)
        assert read(value) == read(value).strip()
    cells.parse_yes_no(value)


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        (" L01－Y1 ", "L01-Y1"),
        ("Ｌ０１", "L01"),
        (1001.0, "1001"),
        (1001, "1001"),
        ("L01\u200b-Y1", "L01-Y1"),
        ("L01 - Y1", "L01-Y1"),
        ("　P000001　", "P000001"),
        ("P1\n", "P1"),
    ],
)
def test_codes_lose_width_spaces_and_fancy_hyphens(written: object, clean: str) -> None:
    assert cells.code(written) == clean


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("张 三", "张三"),
        ("张　三", "张三"),
        (" 阿迪力•凯赛尔 ", "阿迪力·凯赛尔"),
        ("艾山・玉素甫", "艾山·玉素甫"),
        ("艾山．玉素甫", "艾山·玉素甫"),
        ("艾山·玉素甫", "艾山·玉素甫"),
        ("John  Smith", "John Smith"),
    ],
)
def test_names_lose_spaces_and_get_one_kind_of_dot(written: object, clean: str) -> None:
    assert cells.name(written) == clean


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,234.50", "1234.50"),
        ("￥１２３４．５", "1234.5"),
        (1234.5, "1234.5"),
        ("1234元", "1234"),
        ("－5", "-5"),
        (0, "0"),
    ],
)
def test_amounts_are_read_as_clerks_write_them(written: object, number: str) -> None:
    assert cells.parse_number(written) == (Decimal(number), "")


@pytest.mark.parametrize("written", ["一千", "12a", True, "1e", float("nan"), "--5", "1.2.3"])
def test_what_is_no_number_is_named(written: object) -> None:
    assert cells.parse_number(written) == (None, "number_unreadable")
