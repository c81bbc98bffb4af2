"""``duties run`` for ten dates against a calculation of its own: from the workbook's cells alone, by other libraries.

Nothing of the product's counting is used here: cells by openpyxl, months by dateutil, sets by hand.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection, transaction

from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.services import NewFact, facts_record
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.selectors.day import Day
from liaoyuan.organisation.duties.selectors.instances import instances
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.roster.services import import_workbook
from liaoyuan.organisation.roster.tests.factories import BRIGADE

TODAY = date(2026, 11, 22)
DATES = (
    date(2026, 5, 31), date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 15), date(2026, 11, 16), TODAY,
    date(2026, 11, 30), date(2026, 12, 31), date(2027, 2, 28), date(2028, 2, 29),
)  # fmt: skip
Row = dict[str, Any]
Owed = set[tuple[str, date | None]]


@pytest.fixture(scope="module")
def book() -> dict[str, list[Row]]:
    """Every sheet as rows of cells by heading; dates as dates."""
    found = {}
    workbook = openpyxl.load_workbook(BRIGADE, data_only=True)
    for sheet in workbook:
        head, *rows = list(sheet.iter_rows(values_only=True))
        found[sheet.title] = [
            {name: cell.date() if hasattr(cell, "date") else cell for name, cell in zip(head, row, strict=False)}
            for row in rows
            if any(row)
        ]
    return found


@pytest.fixture(scope="module")
def imported(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The brigade, taken in once for this module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        with clock.set_to(TODAY):
            import_workbook(BRIGADE, actor=Actor.system("试验"), label="brigade.xlsx")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # PostgreSQL does so by itself minutes after an import; here nobody waits
        yield
        transaction.set_rollback(True)


def months(day: date, count: int) -> date:
    """dateutil clamps to the month's end, always from the first date."""
    return day + relativedelta(months=count)


def ours(rule: str, on: date) -> Owed:
    """What the product says: code and day."""
    with clock.set_to(TODAY):
        return {(one.code, one.due) for one in instances(Day(on, TODAY), registry.rule(rule))}


def _by(rows: list[Row], on: date, column: str, *, without: str, add: int) -> Owed:
    return {
        (row["人员编号"], months(row[column], add))
        for row in rows
        if row[column] and row[column] <= on and not (row[without] and row[without] <= on)
    }


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("imported")]


@pytest.mark.parametrize("on", DATES)
def test_talks_reviews_and_milestones_of_admission(book: dict[str, list[Row]], on: date) -> None:
    people = book["人员"]
    assert ours("DM-03", on) == _by(people, on, "入党申请日期", without="确定积极分子日期", add=1)
    assert ours("DM-11", on) == _by(people, on, "确定积极分子日期", without="确定发展对象日期", add=12)
    assert ours("DM-39", on) == _by(people, on, "支部大会接收日期", without="转正日期", add=12)


@pytest.mark.parametrize("on", DATES)
def test_half_year_reviews(book: dict[str, list[Row]], on: date) -> None:
    wanted: Owed = set()
    for row in book["人员"]:
        first, last = row["确定积极分子日期"], row["确定发展对象日期"]
        if not first or first > on or (last and last <= on):
            continue
        turn = 1
        while months(first, 6 * turn) < on:
            if months(first, 6 * (turn - 1)) >= TODAY:
                wanted.add((row["人员编号"], months(first, 6 * turn)))
            turn += 1
        wanted.add((row["人员编号"], months(first, 6 * turn)))
    assert ours("DM-07", on) == wanted


# Days after the activist date on which reviews were held: in time, twice in one half-year, late, long missed.
HELD = ((100,), (100, 130), (190,), (190, 200), (400,), (190, 370, 560), ())


@pytest.fixture
def reviews(book: dict[str, list[Row]], imported: None) -> dict[str, list[date]]:
    """Reviews held, person by person, written into the chronicle."""
    held: dict[str, list[date]] = {}
    people = Person.objects.unscoped("test").in_bulk(field_name="number")
    facts = []
    begun = [row for row in book["人员"] if row["确定积极分子日期"] and not row["确定发展对象日期"]]
    for number, row in enumerate(begun):
        code, first = row["人员编号"], row["确定积极分子日期"]
        held[code] = [first + timedelta(days=days) for days in HELD[number % len(HELD)]]
        person = people[code]
        facts += [
            NewFact("admission.activist_review", person.unit, day, ("test", f"{code}:{day}"), person)
            for day in held[code]
            if day <= DATES[-1]
        ]
    with clock.set_to(DATES[-1]):
        facts_record(actor=Actor.system("试验"), facts=facts)
    return held


@pytest.mark.parametrize("on", DATES)
def test_a_review_however_late_counts_for_one_half_year(
    book: dict[str, list[Row]], reviews: dict[str, list[date]], on: date
) -> None:
    wanted: Owed = set()
    for row in book["人员"]:
        first, last, code = row["确定积极分子日期"], row["确定发展对象日期"], row["人员编号"]
        if not first or first > on or (last and last <= on):
            continue
        left = sorted(day for day in reviews.get(code, []) if day <= on)
        turn = 0
        while turn == 0 or months(first, 6 * turn) < on:
            turn += 1
            begins, ends = months(first, 6 * (turn - 1)), months(first, 6 * turn)
            mine = [day for day in left if day > begins and (day <= ends or ends >= TODAY)][:1]
            left = [day for day in left if day > begins and day not in mine]
            if not mine and (ends >= on or begins >= TODAY):
                wanted.add((code, ends))
    assert ours("DM-07", on) == wanted


@pytest.mark.parametrize("on", DATES)
def test_political_birthdays(book: dict[str, list[Row]], on: date) -> None:
    wanted: Owed = set()
    for row in book["人员"]:
        joined = row["支部大会接收日期"]
        if not joined or row["政治面貌"] not in {"中共党员", "中共预备党员"}:
            continue
        for years in range(1, 60):
            due = months(joined, 12 * years)
            opens = due - timedelta(days=7)
            if opens <= on and (due >= on or opens >= TODAY):
                wanted.add((row["人员编号"], due))
    assert ours("ED-03", on) == wanted


@pytest.mark.parametrize("on", DATES)
def test_terms_of_branches(book: dict[str, list[Row]], on: date) -> None:
    units = [row for row in book["组织"] if row["类别"] in {"党支部", "联合党支部"} and not _gone(row, on)]
    elected = {row["组织编码"]: row["换届日期"] for row in units if row["换届日期"] and row["换届日期"] <= on}
    assert ours("BR-10", on) == {(code, months(day, 36)) for code, day in elected.items()}
    assert ours("BR-11", on) == {(code, months(months(day, 36), -6)) for code, day in elected.items()}


def _gone(row: Row, on: date) -> bool:
    return bool((row["撤销日期"] and row["撤销日期"] <= on) or (row["成立日期"] and row["成立日期"] > on))


@pytest.mark.parametrize("on", DATES)
def test_temporary_branches(book: dict[str, list[Row]], on: date) -> None:
    units = [row for row in book["组织"] if row["类别"] == "临时党支部" and not _gone(row, on)]
    assert ours("TB-06", on) == {(row["组织编码"], row["计划撤销日期"]) for row in units}
    assert ours("TB-08", on) == {(row["组织编码"], months(row["成立日期"], 6)) for row in units}


@pytest.mark.parametrize("on", DATES)
def test_away_more_than_six_months(book: dict[str, list[Row]], on: date) -> None:
    members = {row["人员编号"] for row in book["人员"] if row["政治面貌"] in {"中共党员", "中共预备党员"}}
    wanted: Owed = set()
    for row in book["外出"]:
        begun, ended = row["开始日期"], row["实际结束日期"]
        away = begun <= min(on, TODAY) and not (ended and ended <= on)
        if away and row["人员编号"] in members and months(begun, 6) < on:
            wanted.add((row["人员编号"], months(begun, 6)))
    assert ours("TR-02", on) == wanted


@pytest.mark.parametrize("on", DATES)
def test_size_and_committee(book: dict[str, list[Row]], on: date) -> None:
    full: dict[str, int] = {}
    members: dict[str, int] = {}
    for row in book["人员"]:
        code = row["所在党支部编码"]
        if row["转正日期"] and row["转正日期"] <= on and row["政治面貌"] == "中共党员":
            full[code] = full.get(code, 0) + 1
        joined = row["支部大会接收日期"]
        if joined and joined <= on and row["政治面貌"] in {"中共党员", "中共预备党员"}:
            members[code] = members.get(code, 0) + 1
    officers = {
        row["组织编码"]
        for row in book["任职"]
        if row["职务"] in {"组织委员", "宣传委员", "纪检委员", "青年委员", "委员"}
        and row["任职日期"] <= on
        and not (row["免职日期"] and row["免职日期"] < on)
    }
    branches = {
        row["组织编码"] for row in book["组织"] if row["类别"] in {"党支部", "联合党支部"} and not _gone(row, on)
    }
    assert ours("BR-02", on) == {(code, None) for code in branches if members.get(code, 0) > 50}
    assert ours("BR-07", on) == {(code, None) for code in branches - officers if full.get(code, 0) >= 7}


@pytest.mark.parametrize("on", DATES)
def test_meetings_of_the_period(book: dict[str, list[Row]], on: date) -> None:
    kinds = {"党支部", "联合党支部", "临时党支部"}
    every = {row["组织编码"] for row in book["组织"] if row["类别"] in kinds and not _gone(row, on)}
    month_end = date(on.year, on.month, 1) + relativedelta(months=1, days=-1)
    current = {code for code, due in ours("MT-05", on) if due == month_end}
    assert current == every
    groups = {row["组织编码"] for row in book["组织"] if row["类别"] == "党小组" and not _gone(row, on)}
    assert {code for code, due in ours("MT-03", on) if due == month_end} == groups
    missed = {due for code, due in ours("MT-05", on) if due != month_end}
    first = date(TODAY.year, TODAY.month, 1) + relativedelta(months=1)
    expected = set()
    while first < date(on.year, on.month, 1):
        expected.add(first + relativedelta(months=1, days=-1))
        first += relativedelta(months=1)
    assert missed == expected
