"""Reading regulations, and counting dates by them."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.foundation.regulations import rules
from liaoyuan.foundation.regulations.dates import add_months, after, before, next_workday_or_same, working_period_end
from liaoyuan.foundation.regulations.names import NAMES
from liaoyuan.foundation.regulations.rules import Band, Duration, RegulationError
from liaoyuan.foundation.regulations.selectors import documents

FOLDER = Path(rules.__file__).parent / "data"
DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2150, 12, 31))

# WD vectors of the work calendar: holidays and make-up days of 2026 around the dates used.
REST = {date(2026, 2, d) for d in range(15, 24)} | {date(2026, 5, d) for d in range(1, 6)}
REST |= {date(2026, 9, d) for d in range(25, 28)} | {date(2026, 10, d) for d in range(1, 8)} | {date(2027, 1, 1)}
WORK = {date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)}


def is_workday(day: date) -> bool:
    return day in WORK or (day.weekday() < 5 and day not in REST)


def parameter(key: str, clause: str, kind: str, value: str, sure: str = "custom") -> str:
    return f'[[parameter]]\nkey = "{key}"\nclause = "{clause}"\ntype = "{kind}"\nvalue = {value}\nsure = "{sure}"\n'


def minimal(**changes: str) -> str:
    lines = {
        "id": '"x-1"',
        "family": '"x"',
        "title": '"某规定"',
        "authority": '"某机关"',
        "citation": '"reg:x"',
        "from": "2020-01-01",
    } | changes
    head = "\n".join(f"{key} = {value}" for key, value in lines.items() if value)
    return head + '\n[[clause]]\nnumber = "1"\ngist = "要点"\nsure = "verified"\n'


def test_every_shipped_document_reads_and_versions_do_not_overlap():
    documents = rules.read_folder(FOLDER)
    assert {document.family for document in documents} >= {
        "admission", "branch", "education", "dues", "discipline", "election", "army",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2026, 5, 10), "admission-2014"),
        (date(2026, 5, 11), "admission-2026"),
        (date(2000, 1, 1), "admission-2014"),
        (date(2040, 1, 1), "admission-2026"),
    ],
)
def test_a_case_follows_the_text_in_force_on_its_day(on, version):
    assert rules.version_on(rules.read_folder(FOLDER), "admission", on).id == version


def test_the_2026_text_adds_three_terms_that_the_2014_text_does_not_have():
    old, new = (
        rules.version_on(rules.read_folder(FOLDER), "admission", on).parameters
        for on in (date(2020, 1, 1), date(2026, 6, 1))
    )
    assert set(new) - set(old) == {"candidate_posting", "meeting_within", "oath_within"}
    assert set(old) <= set(new)
    assert (old["candidate_needs_consent"].value, new["candidate_needs_consent"].value) == (False, True)
    assert old["talk_within"].value == new["talk_within"].value == Duration(months=1)
    assert (old["approval_within"].clause, new["approval_within"].clause) == ("26", "25")


def test_dues_bands_are_the_regulations():
    bands = rules.version_on(rules.read_folder(FOLDER), "dues", date(2026, 1, 1)).parameters["bands"].value
    assert bands == (
        Band(300000, Decimal("0.005")),
        Band(500000, Decimal("0.01")),
        Band(1000000, Decimal("0.015")),
        Band(None, Decimal("0.02")),
    )


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("duration", "P1M", Duration(1)),
        ("duration", "P1Y6M", Duration(18)),
        ("duration", "P90D", Duration(0, 90)),
        ("ratio", "4/5", Fraction(4, 5)),
        ("count", 0, 0),
        ("working_days", 5, 5),
        ("flag", False, False),
    ],
)
def test_typed_values(kind, raw, value):
    assert rules.parse_value(kind, raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("duration", "P"), ("duration", "1M"), ("duration", "P-1M"), ("duration", "P1W"), ("count", -1),
        ("count", True), ("count", "3"), ("ratio", "3/2"), ("ratio", "x"), ("flag", 1), ("bands", "3000:0.5%"),
        ("bands", "*:2% 3000:1%"), ("bands", "5000:1% 3000:0.5% *:2%"), ("bands", "abc:1% *:2%"), ("bands", ""),
        ("colour", "red"),
    ],
)  # fmt: skip
def test_wrong_values_are_refused(kind, raw):
    with pytest.raises(ValueError, match=r"\S"):
        rules.parse_value(kind, raw)


@pytest.mark.parametrize(
    ("kind", "raw", "fits"),
    [
        ("duration", "P0D", False), ("duration", "P0Y0M", False), ("duration", "P1D", True), ("duration", "P50Y", True),
        ("duration", "P50Y1M", False), ("duration", "P18000D", True), ("duration", "P99999D", False),
        ("working_days", 0, False), ("working_days", 1, True), ("days", 0, True), ("count", 0, True),
        ("ratio", "0/1", True), ("flag", False, True),
    ],
)  # fmt: skip
def test_a_value_must_be_one_that_can_bind(kind, raw, fits):
    problem = rules.bound_problem(kind, rules.parse_value(kind, raw))
    assert (problem == "") is fits
    text = minimal() + parameter("a", "1", kind, json.dumps(raw))
    if fits:
        assert rules.parse_document(text, name="x.toml").parameters["a"].type == kind
    else:
        with pytest.raises(RegulationError, match=f"第 12 行：参数 a：{problem}"):
            rules.parse_document(text, name="x.toml")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        (minimal(title=""), "", "缺少 title"),
        (minimal(until="2019-01-01"), "", "日期"),
        (minimal() + '[[clause]]\nnumber = "1"\ngist = "再"\nsure = "verified"\n', "第 8 行", "重复"),
        (minimal() + '[[clause]]\nnumber = "2"\nsure = "verified"\n', "第 12 行", "gist"),
        (minimal() + parameter("a", "9", "count", "1"), "第 12 行", "不存在"),
        (minimal() + parameter("a", "1", "count", "1", sure=""), "第 12 行", "sure"),
        (minimal() + parameter("a", "1", "duration", '"1M"'), "第 12 行", "ISO"),
        ("id = ", "", "x.toml"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_named_with_its_line(text, line, what):
    with pytest.raises(RegulationError) as error:
        rules.parse_document(text, name="x.toml")
    assert "x.toml" in str(error.value)
    assert line in str(error.value)
    assert what in str(error.value)


def test_two_versions_in_force_at_once_are_refused(tmp_path):
    (tmp_path / "a.toml").write_text(minimal())
    (tmp_path / "b.toml").write_text(minimal(id='"x-2"', **{"from": "2021-01-01"}))
    with pytest.raises(RegulationError, match="重叠"):
        rules.read_folder(tmp_path)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 8, 31), 12, date(2027, 8, 31)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 10, 23), 1, date(2026, 11, 23)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(9998, 12, 31), 12, date.max),
        (date(9999, 1, 15), 12, date.max),
        (date.max, 12, date.max),
        (date(2, 1, 1), -12, date.min),
        (date.min, -1, date.min),
    ],
)
def test_months_are_clamped_to_the_months_end(start, months, end):
    assert add_months(start, months) == end


@given(DAYS, st.integers(0, 600))
def test_adding_months_keeps_the_day_or_the_months_last_day(day, months):
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    tomorrow = date.fromordinal(end.toordinal() + 1)
    assert end.day == day.day or (end.day < day.day and tomorrow.day == 1)


@given(DAYS, DAYS, st.integers(0, 240))
def test_a_later_start_never_ends_earlier(first, second, months):
    early, late = sorted((first, second))
    assert add_months(early, months) <= add_months(late, months)


def test_repeated_terms_are_counted_from_the_first_date():
    assert [after(date(2026, 8, 31), Duration(6), times=k) for k in (1, 2, 3)] == [
        date(2027, 2, 28), date(2027, 8, 31), date(2028, 2, 29),
    ]  # fmt: skip
    assert before(date(2029, 5, 31), Duration(6)) == date(2028, 11, 30)


def test_what_recurs_after_no_time_at_all_is_an_error_and_not_endless():
    assert after(date(2026, 8, 31), Duration()) == date(2026, 8, 31)
    with pytest.raises(ValueError, match="没有尽头"):
        after(date(2026, 8, 31), Duration(), times=2)


@pytest.mark.parametrize(
    ("posted", "excluded", "included"),
    [
        (date(2026, 2, 13), date(2026, 2, 27), date(2026, 2, 26)),
        (date(2026, 4, 30), date(2026, 5, 11), date(2026, 5, 9)),
        (date(2026, 9, 18), date(2026, 9, 24), date(2026, 9, 23)),
        (date(2026, 9, 24), date(2026, 10, 9), date(2026, 10, 8)),
        (date(2026, 11, 20), date(2026, 11, 27), date(2026, 11, 26)),
        (date(2026, 12, 25), date(2027, 1, 4), date(2026, 12, 31)),
    ],
)
def test_five_working_days_of_posting(posted, excluded, included):
    assert working_period_end(posted, 5, is_workday, count_first=False) == excluded
    assert working_period_end(posted, 5, is_workday, count_first=True) == included


@given(DAYS, st.integers(1, 60))
def test_a_working_period_holds_exactly_its_working_days(start, days):
    def weekday(day: date) -> bool:
        return day.weekday() < 5

    end = working_period_end(start, days, weekday, count_first=False)
    counted = sum(weekday(date.fromordinal(n)) for n in range(start.toordinal() + 1, end.toordinal() + 1))
    assert counted == days
    assert weekday(end)


def test_a_calendar_without_working_days_is_an_error_and_not_an_endless_search():
    with pytest.raises(ValueError, match="工作日历"):
        working_period_end(date(2026, 1, 1), 1, lambda day: False, count_first=False)
    assert next_workday_or_same(date(2026, 10, 1), is_workday) == date(2026, 10, 8)


def test_every_parameter_has_a_name_of_its_own() -> None:
    """Two numbers of one clause must be told apart on screen; a name of nothing is a leftover."""
    known = {parameter.id for document in documents() for parameter in document.parameters.values()}
    assert known == set(NAMES)
