"""Duties end with the standing that owes them, whoever changed it."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.services import accepting, converting
from liaoyuan.affairs.admission.tests.walk import HEARD, Walk, outsider
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.services import people_follow
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.selectors.day import Day
from liaoyuan.organisation.duties.selectors.instances import instances
from liaoyuan.organisation.duties.services import duties_evaluate
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.services import standing_change
from liaoyuan.organisation.members.tests.factories import House

D = date.fromisoformat
pytestmark = pytest.mark.django_db


def owed(person: Person, on: str) -> set[str]:
    """The rules of admission of which something is open about somebody."""
    with clock.set_to(D(on)):
        people_follow(actor=Actor.system("试验"), person_ids=[person.pk])
        duties_evaluate()
    rows = Duty.objects.unscoped("test").filter(person=person, state=DutyState.OPEN, rule__startswith="DM-")
    return set(rows.values_list("rule", flat=True))


def both(house: House, act: str) -> tuple[Walk, Walk]:
    """Two cases, one on each side, before the same act."""
    with clock.set_to(D("2026-05-20")):
        duties_evaluate()
    return Walk(house, outsider(house)).to(act), Walk(house, outsider(house, "b"), side="b").to(act)


def changed(walk: Walk, kind: str, on: str, hooks: Any) -> None:
    with clock.set_to(D(on)), hooks(execute=True):
        standing_change(actor=walk.clerk, person=walk.person, kind=kind, on=D(on), basis="本人申请退出")


@pytest.mark.parametrize(
    ("act", "on", "open_before"),
    [
        ("talk", "2026-06-10", {"DM-03"}),
        ("review", "2026-10-01", {"DM-07", "DM-11"}),
        ("meeting", "2027-10-26", {"DM-23"}),
        ("approval_talk", "2027-11-10", {"DM-36"}),
    ],
)
def test_who_goes_back_to_the_masses_in_his_file_is_asked_for_nothing(
    house: House, django_capture_on_commit_callbacks: Any, act: str, on: str, open_before: set[str]
) -> None:
    walk, other = both(house, act)
    assert owed(walk.person, on) == owed(other.person, on) == open_before
    changed(walk, "masses", on, django_capture_on_commit_callbacks)
    rows = Duty.objects.unscoped("test").filter(person=walk.person, rule__in=open_before)
    assert set(rows.values_list("state", flat=True)) == {DutyState.LAPSED}  # at once, without a whole evaluation
    assert owed(walk.person, on) == set()
    assert owed(other.person, on) == open_before


def test_an_applicant_again_owes_nothing_of_an_activist(house: House, django_capture_on_commit_callbacks: Any) -> None:
    walk, _other = both(house, "review")
    assert owed(walk.person, "2026-10-01") == {"DM-07", "DM-11"}
    changed(walk, "applicant", "2026-10-01", django_capture_on_commit_callbacks)
    assert not owed(walk.person, "2026-10-02") & {"DM-07", "DM-11"}


def test_an_activist_again_is_examined_again(house: House, django_capture_on_commit_callbacks: Any) -> None:
    walk, _other = both(house, "introducers")
    assert not owed(walk.person, "2027-09-16") & {"DM-07", "DM-11"}
    changed(walk, "activist", "2027-09-20", django_capture_on_commit_callbacks)
    assert owed(walk.person, "2027-09-20") >= {"DM-07", "DM-11"}


def test_who_is_disqualified_before_his_oath_owes_none(house: House) -> None:
    walk, other = both(house, "oath")
    assert owed(walk.person, "2027-12-19") == {"DM-38", "DM-39"}
    with clock.set_to(D("2028-03-01")):
        call: dict[str, Any] = {"actor": walk.secretary, "case": walk.case.pk}
        converting.conversion_check(**call, on=D("2028-02-01"), sources=HEARD, outcome="disqualify")
        votes = accepting.Votes(9, 8, 7, 1)
        converting.conversion_record(**call, on=D("2028-02-02"), outcome="disqualify", votes=votes)
        converting.conversion_report(**call, on=D("2028-02-03"))
        approval: dict[str, Any] = {"on": D("2028-02-10"), "agreed": True, "by": "旅党委会议"}
        converting.conversion_approve(actor=walk.clerk, case=walk.case.pk, **approval)
    walk.person.refresh_from_db()
    assert walk.person.standing == "masses"
    assert owed(walk.person, "2028-03-01") == set()
    assert owed(other.person, "2028-03-01") == {"DM-38", "DM-39"}


def test_what_was_owed_on_a_day_past_is_owed_by_who_has_gone_further_since(house: House) -> None:
    """A trial run of an earlier day asks the milestones of that day, not today's standing."""
    walk, _other = both(house, "review")
    owed(walk.person, "2026-10-01")
    found = {one.person_id for one in instances(Day(D("2026-06-10"), D("2026-05-20")), registry.rule("DM-03"))}
    assert walk.person.pk in found
