"""An overdue duty climbs to somebody else each time, never sideways, and says so before it does."""

import json
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle.services import NewFact, fact_record
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.commands import run
from liaoyuan.organisation.duties.models import Duty, DutyState, Reminder
from liaoyuan.organisation.duties.selectors.day import Day
from liaoyuan.organisation.duties.selectors.dryrun import dry_run
from liaoyuan.organisation.duties.selectors.instances import Instance, instances
from liaoyuan.organisation.duties.selectors.ladder import rungs
from liaoyuan.organisation.duties.services import duties_evaluate, duty_hand_over, live_mark, reminders_send
from liaoyuan.organisation.duties.tests.conftest import SYSTEM, happened
from liaoyuan.organisation.members.models import Person, Tenure
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, account_for, appoint, two_branches
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.tests.factories import UnitFactory

D = date.fromisoformat
LIVE, DUE, LATE = D("2026-02-01"), D("2026-02-28"), D("2026-04-15")


@pytest.fixture
def house(db: None) -> House:
    """As ever, with a secretary at the top."""
    with clock.set_to(LIVE):
        found = two_branches()
        top = PersonFactory(unit=found.branch_b, name="旅政委", number="L-TOP")
        found.people["top"], found.users["top"] = top, account_for(top, "l-top")
        appoint(top, found.root, "secretary", "committee_secretary")
        live_mark()
    return found


def late(rule: str, unit: Unit, on: date) -> Instance:
    """The one that is overdue."""
    found = instances(Day(on, LIVE), registry.rule(rule))
    return next(one for one in found if one.unit.id == unit.pk and one.due is not None and one.due < on)


def climb(rule: str, unit: Unit, on: date = LATE, **more: object) -> list[tuple[int, str, list[str]]]:
    """Days overdue, unit and names of every rung."""
    one = late(rule, unit, on)
    assert one.due is not None
    found = rungs(Day(on, LIVE), one, **more)  # type: ignore[arg-type]
    return [((rung.on - one.due).days, rung.unit.code, [who.name for who in rung.holders]) for rung in found]


def temporary(house: House) -> Unit:
    unit: Unit = UnitFactory(
        code="L-T1", name="演习临时党支部", kind="temporary_branch", parent=house.root, approved_by=house.root,
        founded_on=LIVE, planned_end_on=DUE,
    )  # fmt: skip
    with clock.set_to(LIVE):
        fact_record(actor=SYSTEM, fact=NewFact("unit.founded", unit, LIVE, ("test", "founded")))
    return unit


def test_a_group_climbs_to_its_branch_then_to_the_units_above_it(house: House) -> None:
    assert climb("MT-03", house.group_a) == [
        (7, "L-A-Z1", ["甲指导员"]),
        (15, "L-A", ["甲教导员"]),
        (30, "L", ["旅政委", "旅组织干事"]),
    ]


def test_the_secretary_who_owes_it_is_no_rung_of_his_own_duty(house: House) -> None:
    assert climb("MT-05", house.branch_a) == [
        (7, "L-A", ["甲教导员"]),
        (15, "L", ["旅政委"]),
        (30, "L", ["旅组织干事"]),  # the last rung alone names his post
    ]


def test_his_deputy_has_not_been_told_by_the_clerk_s_duty_and_is_the_next_post(house: House) -> None:
    deputy = PersonFactory(unit=house.branch_a, name="甲副书记")
    officer = PersonFactory(unit=house.branch_a, name="甲组织委员")
    appoint(deputy, house.branch_a, "deputy_secretary", "branch_secretary")
    appoint(officer, house.branch_a, "organisation_officer", "branch_secretary")
    with clock.set_to(LIVE):
        person = PersonFactory(unit=house.branch_a)
        happened(person, "members.went_abroad", D("2026-02-01"))
    found = [one for one in instances(Day(D("2026-09-01"), LIVE), registry.rule("FL-04")) if one.due == D("2026-08-01")]
    told = [[who.name for who in rung.holders] for rung in rungs(Day(D("2026-09-01"), LIVE), found[0])]
    assert told == [["甲副书记"], ["甲教导员"], ["旅政委", "旅组织干事"]]


def test_right_under_the_top_nobody_is_told_again_under_another_name(house: House) -> None:
    unit = temporary(house)
    assert climb("TB-06", unit) == []
    with clock.set_to(DUE + timedelta(days=40)):
        duties_evaluate()
        reminders_send()
        duty = Duty.objects.unscoped("test").get(rule="TB-06", unit=unit)
        told = list(Reminder.objects.filter(duty=duty).values_list("user__username", "point"))
        assert sorted(told) == sorted({("l-top", "r1"), (house.users["organisation_clerk"].username, "r1")})
        duties_evaluate()
        assert reminders_send() == 0


def test_one_man_in_two_posts_is_told_once(house: House) -> None:
    appoint(house.people["branch_secretary"], house.battalion_a, "deputy_secretary", "committee_secretary")
    Tenure.objects.filter(person=house.people["battalion_secretary"]).delete()
    assert climb("MT-05", house.branch_a)[0] == (7, "L", ["旅政委"])


def test_where_nobody_is_above_it_ends_there(house: House) -> None:
    Tenure.objects.exclude(person=house.people["branch_secretary"]).delete()
    assert climb("MT-05", house.branch_a) == []
    Tenure.objects.all().delete()
    assert climb("MT-05", house.branch_a) == []


def test_to_whom_it_was_handed_is_no_rung(house: House) -> None:
    battalion = house.people["battalion_secretary"]
    assert climb("MT-05", house.branch_a, also=[battalion.pk])[0] == (7, "L", ["旅政委"])
    with clock.set_to(DUE + timedelta(days=8)):
        duties_evaluate()
        duty = Duty.objects.unscoped("test").get(rule="MT-05", unit=house.branch_a, due=DUE)
        duty_hand_over(actor=SYSTEM, duty=duty, to=battalion, reason="代办")
        reminders_send()
    told = dict(Reminder.objects.filter(duty=duty).values_list("user__username", "point"))
    assert told == {house.users["battalion_secretary"].username: "r1", "l-top": "l0"}


def test_what_is_printed_is_what_is_sent(house: House) -> None:
    temporary(house)
    with clock.set_to(LIVE):
        duties_evaluate()
    sent: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    for day in range(30, 75):
        with clock.set_to(LIVE + timedelta(days=day)):
            duties_evaluate()
            reminders_send()
    names = dict(Person.objects.unscoped("test").filter(user__isnull=False).values_list("user__username", "number"))
    rows = Reminder.objects.filter(point__startswith="l", duty__state=DutyState.OPEN)
    for duty, unit, due, user, on in rows.values_list(
        "duty__rule", "duty__unit__code", "duty__due", "user__username", "on"
    ):
        sent.setdefault((duty, unit, f"{due}"), set()).add((f"{on}", names[user]))
    lines: list[str] = []
    last = LIVE + timedelta(days=74)
    with clock.set_to(last):
        run(on=last, dry_run=True, output="json", say=lambda line: lines.append(str(line)))
    printed: dict[tuple[str, str, str], set[tuple[str, str]]] = {}
    for row in map(json.loads, lines):
        climbed = {(rung["on"], who["code"]) for rung in row["ladder"] for who in rung["to"] if rung["on"] <= f"{last}"}
        everybody = [who["code"] for who in row["responsible"]]
        everybody += [who["code"] for rung in row["ladder"] for who in rung["to"]]
        assert len(everybody) == len(set(everybody)), row["rule"]
        if climbed:
            printed[row["rule"], row["subject_code"], row["due"]] = climbed
    assert printed
    assert sent == printed


def test_after_an_outage_nobody_s_head_is_gone_over(house: House) -> None:
    with clock.set_to(DUE + timedelta(days=20)):  # the rung of the seventh day was missed
        duties_evaluate()
        reminders_send()
        duty = Duty.objects.unscoped("test").get(rule="MT-05", unit=house.branch_a, due=DUE)
        told = dict(Reminder.objects.filter(duty=duty).values_list("user__username", "point"))
        users = house.users
        assert told == {
            users["branch_secretary"].username: "r1", users["battalion_secretary"].username: "l0", "l-top": "l1",
        }  # fmt: skip
        other = Duty.objects.unscoped("test").get(rule="MT-05", unit=house.branch_b, due=DUE)
        theirs = set(Reminder.objects.filter(duty=other).values_list("user__username", flat=True))
        assert users["battalion_secretary"].username not in theirs  # sideways nothing


def test_the_pages_say_the_same(client: Client, house: House) -> None:
    with clock.set_to(DUE + timedelta(days=8)):
        duties_evaluate()
        duty = Duty.objects.unscoped("test").get(rule="MT-05", unit=house.branch_a, due=DUE)
        house.login(client, "branch_secretary")
        page = re.sub(r"\s+", " ", client.get(reverse("duties:show", args=[duty.pk])).content.decode())
        assert "试验旅党委：旅政委（书记）" in page
        assert "逾期上报</span> 甲营一连党支部" not in page
        rule = re.sub(r"\s+", " ", client.get(reverse("duties:rule", args=["MT-05"])).content.decode())
        assert "已经知道的人不再重复上报" in rule
        found = dry_run(house.actor("branch_secretary"), registry.rule("MT-05"), DUE + timedelta(days=7))
        assert [(row.now, row.climbs, row.who) for row in found.rows if row.one.due == DUE] == [
            (True, True, "甲教导员（书记）")
        ]
