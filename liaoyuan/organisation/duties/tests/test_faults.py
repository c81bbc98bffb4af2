"""What goes wrong with one rule, or is written down about one man, keeps nobody from hearing of the rest."""

import json
import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from liaoyuan.foundation.inbox.models import Item
from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import NewFact, fact_record
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.commands import run
from liaoyuan.organisation.duties.models import Duty, DutyState, Reminder, Run
from liaoyuan.organisation.duties.selectors.instances import instances
from liaoyuan.organisation.duties.services import duties_evaluate, live_mark, reminders_send
from liaoyuan.organisation.duties.services import remind as reminding
from liaoyuan.organisation.duties.services import run as running
from liaoyuan.organisation.duties.services.faults import RulesFailedError
from liaoyuan.organisation.duties.tasks import daily, evaluate
from liaoyuan.organisation.duties.tests.conftest import SYSTEM, apply_on
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, two_branches
from liaoyuan.organisation.units.models import Unit

TODAY, APPLIED = date(2026, 11, 23), date(2026, 10, 25)
FIRST = "BR-07"  # evaluated before DM-03, which is the one looked for; both branches owe it


class Wrong(ArithmeticError):
    """What nobody foresaw."""


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.set_to(TODAY):
        yield


@pytest.fixture
def house(db: None) -> House:
    return two_branches()


@pytest.fixture
def applicant(house: House) -> Person:
    live_mark()
    return apply_on(house.branch_a, "甲申请", APPLIED)


def spoil(monkeypatch: pytest.MonkeyPatch, where: Any, error: Exception) -> None:
    """Let ``FIRST`` fail in the middle of what it finds."""

    def found(day: Any, rule: Any, *rest: Any) -> Iterator[Any]:
        if rule.id == FIRST:
            raise error
        yield from instances(day, rule, *rest)

    monkeypatch.setattr(where, "instances", found)


def talks() -> list[Duty]:
    return list(Duty.objects.unscoped("test").filter(rule="DM-03", state=DutyState.OPEN))


def test_the_rule_that_fails_is_looked_for_before_the_one_that_must_not_suffer() -> None:
    names = [rule.id for rule in registry.all_rules()]
    assert names.index(FIRST) < names.index("DM-03")


def test_a_rule_that_cannot_be_counted_is_named_and_all_others_are_counted(
    applicant: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(monkeypatch, running, Wrong("9999"))
    with caplog.at_level(logging.ERROR), pytest.raises(RulesFailedError, match=FIRST) as told:
        duties_evaluate()
    assert [str(one) for one in told.value.exceptions] == ["9999"]
    assert [one.person for one in talks()] == [applicant]
    assert [(row.levelname, FIRST in row.getMessage()) for row in caplog.records] == [("ERROR", True)]
    assert caplog.records[0].exc_info is not None
    assert Run.objects.get().last_on is None, "the day is not counted yet"
    monkeypatch.undo()
    duties_evaluate()
    assert Run.objects.get().last_on == TODAY


@pytest.mark.parametrize("where", [running, reminding], ids=["counted", "told"])
def test_the_job_tells_of_all_others_and_fails(applicant: Person, monkeypatch: pytest.MonkeyPatch, where: Any) -> None:
    spoil(monkeypatch, where, Wrong("9999"))
    for job in (evaluate, daily):
        with pytest.raises(RulesFailedError, match=FIRST):
            job.func()
        (duty,) = talks()
        assert Reminder.objects.filter(duty=duty).count() == 1
        assert Run.objects.get().told_on is None
    monkeypatch.undo()
    daily.func()
    assert (Run.objects.get().last_on, Run.objects.get().told_on) == (TODAY, TODAY)


def test_a_database_that_is_away_ends_the_run_and_is_no_rule_s_fault(
    applicant: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch, running, OperationalError("server closed the connection"))
    with pytest.raises(OperationalError):
        duties_evaluate()
    assert talks() == []


def test_the_command_goes_on_says_which_rule_failed_and_with_its_exit_code(
    applicant: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    told: list[str] = []
    spoil(monkeypatch, running, Wrong("9999"))
    assert run(output="json", say=lambda text: said.append(str(text)), tell=lambda text: told.append(str(text))) == 1
    assert [one["subject"] for one in map(json.loads, said) if one["rule"] == "DM-03"] == ["甲申请"]
    assert told[-1] == f"规则 {FIRST} 计算出错，其余规则已照常办理。详见日志，请联系维护人员。"
    (duty,) = talks()
    assert Reminder.objects.filter(duty=duty).count() == 1
    monkeypatch.undo()
    assert run(say=lambda text: None, tell=lambda text: None) == 0


def test_a_day_at_the_calendar_s_end_written_long_ago_ends_nothing(
    client: Client, house: House, applicant: Person
) -> None:
    """No form and no roster takes it any more; what stands in the ledger is counted all the same."""
    member, tomorrow = house.people["member"], "2026-11-24"
    punished = NewFact(
        "discipline.probation", house.branch_a, date(2026, 11, 1), ("test", "1"), member, payload={"until": tomorrow}
    )
    fact_record(actor=SYSTEM, fact=punished)
    granted = NewFact(
        "unit.term_changed", house.branch_a, date(2026, 11, 1), ("test", "2"), payload={"until": tomorrow}
    )
    fact_record(actor=SYSTEM, fact=granted)
    Fact.objects.unscoped("test").filter(source_app="test").update(payload={"until": "9999-12-31"})
    Unit.objects.unscoped("test").filter(pk=house.branch_b.pk).update(
        kind="temporary_branch", planned_end_on=date.max, approved_by=house.root
    )
    duties_evaluate()
    assert reminders_send() > 0
    assert Item.objects.filter(title__contains="甲申请").exists()
    assert run(output="json", say=lambda text: None, tell=lambda text: None) == 0
    duty = Duty.objects.unscoped("test").get(rule="DP-05")
    assert duty.due == date.max
    house.login(client, "branch_secretary")
    for name, args in (("show", [duty.pk]), ("list", []), ("board", []), ("rule", ["DP-05"]), ("rule", ["BR-10"])):
        assert client.get(reverse(f"duties:{name}", args=args)).status_code == 200
    assert client.get(reverse("duties:rule", args=["DP-05"]), {"on": "2026-11-23"}).status_code == 200


def test_a_term_changed_to_no_day_at_all_changes_none(house: House) -> None:
    fact = NewFact(
        "unit.term_changed", house.branch_a, date(2026, 11, 1), ("test", "2"), payload={"until": "2026-12-01"}
    )
    fact_record(actor=SYSTEM, fact=fact)
    Fact.objects.unscoped("test").filter(source_app="test").update(payload={"until": "待定"})
    duties_evaluate()
