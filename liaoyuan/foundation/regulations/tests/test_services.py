"""Overridden parameters and the work calendar."""

from datetime import date
from uuid import uuid4

import pytest

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.regulations.models import ParameterOverride, WorkDay
from liaoyuan.foundation.regulations.rules import Duration
from liaoyuan.foundation.regulations.selectors import calendar, documents, effective, search
from liaoyuan.foundation.regulations.services.calendar import calendar_seed, calendar_set
from liaoyuan.foundation.regulations.services.overrides import override_end, override_set
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.kernel.scoping import Actor

pytestmark = pytest.mark.django_db
EAST, WEST = "00000000", "00000001"
DAY = date(2026, 11, 22)


def clerk(path: str, *capabilities: str) -> Actor:
    names = capabilities or ("regulations.override",)
    return Actor(user_id=uuid4(), name="组织干事", grants=dict.fromkeys(names, (path,)))


def override(actor: Actor, path: str = EAST, **changes) -> ParameterOverride:
    values = {
        "parameter_id": "admission.talk_within",
        "path": path,
        "unit_id": uuid4(),
        "unit_name": "一营党委",
        "value": "P15D",
        "since": date(2026, 6, 1),
        "reason": "驻训期间从快",
    } | changes
    return override_set(actor=actor, **values)


def test_without_an_override_the_text_binds_and_says_so():
    found = effective("admission.talk_within", on=DAY, path=EAST)
    assert found.value == Duration(months=1)
    assert found.origin == "《中国共产党发展党员工作细则（2026年）》第7条（已核对原文）"


def test_an_override_binds_its_unit_and_below_and_nobody_beside_it():
    override(clerk(EAST))
    assert effective("admission.talk_within", on=DAY, path=EAST + "0003").value == Duration(days=15)
    assert effective("admission.talk_within", on=DAY, path=WEST).value == Duration(months=1)
    assert effective("admission.talk_within", on=DAY, path="0000").value == Duration(months=1)
    assert "一营党委自2026-06-01起调整：驻训期间从快" in effective("admission.talk_within", on=DAY, path=EAST).origin


def test_the_nearest_units_override_wins():
    override(clerk("0000"), path="0000", value="P20D")
    override(clerk(EAST))
    assert effective("admission.talk_within", on=DAY, path=EAST).value == Duration(days=15)
    assert effective("admission.talk_within", on=DAY, path=WEST).value == Duration(days=20)


def test_an_override_binds_only_between_its_days():
    override(clerk(EAST), until=date(2026, 8, 31))
    values = [effective("admission.talk_within", on=on, path=EAST).value for on in (
        date(2026, 5, 31), date(2026, 6, 1), date(2026, 8, 31), date(2026, 9, 1))]  # fmt: skip
    assert values == [Duration(1), Duration(0, 15), Duration(0, 15), Duration(1)]


def test_a_new_override_ends_the_open_one_the_day_before():
    override(clerk(EAST))
    override(clerk(EAST), value="P10D", since=date(2026, 9, 1))
    rows = ParameterOverride.objects.unscoped("test").order_by("since").values_list("since", "until")
    assert list(rows) == [(date(2026, 6, 1), date(2026, 8, 31)), (date(2026, 9, 1), None)]
    with pytest.raises(Conflict):
        override(clerk(EAST), since=date(2026, 7, 1))


def test_a_case_begun_under_the_old_text_follows_it():
    assert effective("admission.approval_within", on=DAY, text_of=date(2026, 5, 1)).document.id == "admission-2014"
    with pytest.raises(KeyError):
        effective("admission.meeting_within", on=DAY, text_of=date(2026, 5, 1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"value": "1M"}, "value"),
        ({"value": 30}, "value"),
        ({"value": "P0D"}, "value"),
        ({"parameter_id": "posting.working_days", "value": 0}, "value"),
        ({"reason": "  "}, "reason"),
        ({"until": date(2026, 5, 1)}, "until"),
        ({"parameter_id": "admission.nothing"}, "parameter"),
        ({"parameter_id": "nothing"}, "parameter"),
    ],
)
def test_bad_overrides_are_refused_and_nothing_is_written(changes, field):
    with pytest.raises(DomainError) as error:
        override(clerk(EAST), **changes)
    assert error.value.field == field
    assert not ParameterOverride.objects.unscoped("test").exists()
    assert not AuditEntry.objects.filter(action="regulations.override_set").exists()


def test_a_clerk_beside_or_below_may_not_override():
    for actor in (clerk(WEST), clerk(EAST + "0000"), clerk(EAST, "units.view")):
        with pytest.raises(NotPermitted):
            override(actor)
    assert not ParameterOverride.objects.unscoped("test").exists()


def test_ending_an_override_keeps_its_past_and_withdraws_its_future():
    past = override(clerk(EAST))
    override_end(actor=clerk(EAST), override=past, on=date(2026, 10, 1), reason="恢复正常")
    past.refresh_from_db()
    assert past.until == date(2026, 10, 1)
    with pytest.raises(Conflict):
        override_end(actor=clerk(EAST), override=past, on=date(2026, 11, 1), reason="再来")
    future = override(clerk(EAST), since=date(2027, 1, 1))
    override_end(actor=clerk(EAST), override=future, on=DAY, reason="不需要了")
    assert not ParameterOverride.objects.unscoped("test").filter(pk=future.pk).exists()
    assert AuditEntry.objects.filter(action="regulations.override_end").count() == 2


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 10, 10), True),  # a Saturday worked for the holiday
        (date(2026, 11, 23), True),
        (date(2026, 11, 22), False),
        (date(2026, 2, 28), True),
    ],
)
def test_the_seeded_calendar_knows_holidays_and_make_up_days(day, worked):
    assert calendar(2026, 2026).is_workday(day) is worked


def test_a_year_without_a_notice_is_counted_by_weekday_and_called_provisional():
    days = calendar(2026, 2090)
    assert days.provisional(date(2090, 1, 2)) is True
    assert days.provisional(date(2026, 1, 2)) is False
    assert days.is_workday(date(2090, 1, 2)) is True
    assert days.is_workday(date(2090, 1, 1)) is False


def test_seeding_again_changes_nothing_and_keeps_what_was_mended():
    WorkDay.objects.filter(day=date(2026, 11, 23)).update(is_workday=False)
    before = WorkDay.objects.count()
    assert calendar_seed() == 0
    assert WorkDay.objects.count() == before
    assert calendar(2026, 2026).is_workday(date(2026, 11, 23)) is False


def test_a_new_notice_fills_its_year():
    actor = clerk("0000", "regulations.calendar")
    calendar_set(actor=actor, days={date(2090, 1, 2): False, date(2090, 1, 7): True}, source="某通知")
    days = calendar(2090, 2090)
    assert (days.is_workday(date(2090, 1, 2)), days.is_workday(date(2090, 1, 7))) == (False, True)
    assert days.provisional(date(2090, 6, 1)) is False
    assert WorkDay.objects.filter(day__year=2090).count() == 365


@pytest.mark.parametrize(("days", "source"), [({}, "某通知"), ({date(2090, 1, 2): True}, " ")])
def test_an_empty_notice_or_one_without_source_is_refused(days, source):
    with pytest.raises(DomainError):
        calendar_set(actor=clerk("", "regulations.calendar"), days=days, source=source)
    for actor in (clerk("0000"), clerk(EAST, "regulations.calendar")):
        with pytest.raises(NotPermitted):
            calendar_set(actor=actor, days={date(2090, 1, 2): True}, source="某通知")
    assert not WorkDay.objects.filter(day__year=2090).exists()


def test_the_rule_book_finds_clauses_by_words_and_puts_what_is_in_force_first():
    found = search("一个月内 谈话", on=DAY)
    assert [entry["document"].id for entry in found] == ["admission-2026", "admission-2014"]
    assert [entry["in_force"] for entry in found] == [True, False]
    assert found[0]["clauses"][0]["clause"].number == "7"
    assert search("没有这样的条文", on=DAY) == []
    assert len(search("", on=DAY)) == len(documents())
