"""What a unit above owes is neither answered nor silenced by the branch; what it decides is not the branch's to say."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import NewFact, fact_correct, fact_note, fact_record, fact_withdraw
from liaoyuan.organisation.duties.models import Duty, DutyAct, DutyState
from liaoyuan.organisation.duties.policies import can_act
from liaoyuan.organisation.duties.rules.places import place
from liaoyuan.organisation.duties.services import (
    duties_evaluate,
    duty_hand_over,
    duty_record,
    duty_snooze,
    duty_take_back,
)
from liaoyuan.organisation.duties.tests.conftest import SYSTEM
from liaoyuan.organisation.members.tests.factories import House, two_branches
from liaoyuan.organisation.units.models import Unit

D = date.fromisoformat
TODAY, ELECTED, ENDS = D("2026-07-20"), D("2023-10-01"), D("2026-10-01")
CLAUSE = "《中国共产党基层组织选举工作条例》第3条"


@pytest.mark.parametrize(
    ("at", "approving", "found"),
    [
        ("here", (), "000000010002"),
        ("self", ("0000",), "000000010002"),
        ("above", ("0000",), "00000001"),
        ("approver", ("0000",), "0000"),
        ("approver", ("0000", "00000001"), "00000001"),
        ("approver", ("000000010002",), "00000001"),  # nobody approves for himself
        ("approver", (), "00000001"),
    ],
)
def test_the_unit_that_answers(at: str, approving: tuple[str, ...], found: str) -> None:
    assert place(at, "000000010002", approving) == found


def test_at_the_top_a_unit_answers_for_itself() -> None:
    assert {place(at, "0000", ("0000",)) for at in ("here", "above", "approver")} == {"0000"}


@pytest.fixture
def house(db: None) -> House:
    with clock.set_to(TODAY):
        found = two_branches()
        for branch in (found.branch_a, found.branch_b):
            source = ("test", f"elected {branch.pk.hex}")
            fact_record(actor=SYSTEM, fact=NewFact("unit.elected", branch, ELECTED, source))
        duties_evaluate()
    return found


def duty(house: House, rule: str, side: str = "a") -> Duty:
    unit = house.branch_a if side == "a" else house.branch_b
    return Duty.objects.unscoped("test").select_related("unit").get(unit=unit, rule=rule)


def dues(house: House) -> dict[str, date | None]:
    duties_evaluate()
    rows = Duty.objects.unscoped("test").filter(unit=house.branch_a, state=DutyState.OPEN, rule__startswith="BR-1")
    return dict(rows.values_list("rule", "due"))


def term_changed(house: House, persona: str, until: str, *, on: date = TODAY, rule: str = "BR-10") -> Fact:
    said = {"until": until, "evidence": "旅党委批复第5号"}
    row = duty(house, rule)
    return duty_record(
        actor=house.actor(persona), duty=row, occurred_on=on, kind="unit.term_changed", payload=said
    )  # fmt: skip


@pytest.mark.parametrize("persona", ["branch_secretary", "battalion_secretary_b"])
def test_what_the_unit_above_owes_is_not_the_branch_s_to_answer(house: House, persona: str) -> None:
    row, actor = duty(house, "BR-11"), house.actor(persona)
    acts: list[Callable[[], Any]] = [
        lambda: duty_record(actor=actor, duty=row, occurred_on=TODAY, payload={"evidence": "电话"}),
        lambda: duty_snooze(actor=actor, duty=row, until=TODAY + timedelta(days=9), reason="先放一放"),
        lambda: duty_hand_over(actor=actor, duty=row, to=house.people["member"], reason="代办"),
        lambda: duty_take_back(actor=actor, duty=row),
    ]
    before = Fact.objects.unscoped("test").count()
    with clock.set_to(TODAY):
        for act in acts:
            with pytest.raises(DomainError):  # out of sight for the other side
                act()
    row.refresh_from_db()
    assert (row.state, row.snoozed_until, row.handed_to_id) == (DutyState.OPEN, None, None)
    assert (Fact.objects.unscoped("test").count(), DutyAct.objects.count()) == (before, 0)


def test_the_unit_above_answers_it(house: House) -> None:
    with clock.set_to(TODAY):
        actor = house.actor("battalion_secretary")
        duty_record(actor=actor, duty=duty(house, "BR-11"), occurred_on=TODAY, payload={"evidence": "通知"})
        assert dues(house) == {"BR-10": ENDS}
        assert duty(house, "BR-11", "b").state == DutyState.OPEN


def test_the_approving_committee_answers_for_what_it_owes(house: House) -> None:
    row = Duty(rule="DM-36", unit=house.branch_a, path=house.branch_a.path)
    assert not can_act(house.actor("branch_secretary"), row)
    assert not can_act(house.actor("battalion_secretary"), row)
    assert can_act(house.actor("organisation_clerk"), row)
    Unit.objects.unscoped("test").filter(pk=house.battalion_a.pk).update(can_approve_members=True)
    assert can_act(house.actor("battalion_secretary"), row)
    assert not can_act(house.actor("battalion_secretary_b"), row)
    assert not can_act(house.actor("branch_secretary"), row)


def test_the_page_offers_nothing_to_the_branch_and_everything_to_the_unit_above(client: Client, house: House) -> None:
    row = duty(house, "BR-11")
    address = {verb: reverse(f"duties:{verb}", args=[row.pk]) for verb in ("show", "record", "snooze", "hand_over")}
    with clock.set_to(TODAY):
        house.login(client, "branch_secretary")
        page = client.get(address["show"]).content.decode()
        assert "这件事由上级党组织负责" in page
        assert address["snooze"] not in page
        assert address["hand_over"] not in page
        assert [client.get(address[verb]).status_code for verb in ("record", "snooze", "hand_over")] == [403] * 3
        house.login(client, "battalion_secretary")
        page = client.get(address["show"]).content.decode()
        assert "登记：提醒换届" in page
        assert address["snooze"] in page


def test_a_longer_term_is_said_by_the_unit_above_alone(house: House) -> None:
    with clock.set_to(TODAY):
        before = Fact.objects.unscoped("test").count()
        with pytest.raises(NotPermitted, match="由上级党组织登记"):
            term_changed(house, "branch_secretary", "2027-03-01")
        for kind, said in (("unit.term_changed", {"until": "2027-03-01"}), ("unit.term_notice", {}),
                           ("settled.BR-02", {"result": "已研究", "note": "已研究"})):  # fmt: skip
            with pytest.raises(NotPermitted, match="由上级党组织登记"):
                fact_note(
                    actor=house.actor("branch_secretary"), declared=kinds.kind(kind), unit=house.branch_a, person=None,
                    occurred_on=TODAY, payload={**said, "evidence": "口头"},
                )  # fmt: skip
        assert Fact.objects.unscoped("test").count() == before
        assert dues(house) == {"BR-10": ENDS, "BR-11": D("2026-04-01")}
        fact = term_changed(house, "battalion_secretary", "2027-03-01")
        assert dues(house) == {"BR-10": D("2027-03-01")}
        for change in (
            lambda: fact_correct(actor=house.actor("branch_secretary"), fact=fact, reason="再延"),
            lambda: fact_withdraw(actor=house.actor("branch_secretary"), fact=fact, reason="不延了"),
        ):
            with pytest.raises(NotPermitted, match="由上级党组织登记"):
                change()


@pytest.mark.parametrize(
    ("until", "words"),
    [("2027-10-02", "最迟到 2027-10-01"), ("2040-01-01", "不超过1年"), ("2026-10-01", "应到那以后"), ("x", "应写作")],
)
def test_a_term_is_made_longer_by_a_year_at_most(house: House, until: str, words: str) -> None:
    with clock.set_to(TODAY):
        with pytest.raises(DomainError, match=words) as found:
            term_changed(house, "battalion_secretary", until)
        assert found.value.field == "until"
        assert found.value.clause == ("" if until == "x" else CLAUSE)
        assert dues(house) == {"BR-10": ENDS, "BR-11": D("2026-04-01")}


@pytest.mark.parametrize("until", ["2026-10-02", "2027-10-01"])
def test_a_term_is_made_longer_by_a_day_or_by_a_whole_year(house: House, until: str) -> None:
    with clock.set_to(TODAY):
        term_changed(house, "battalion_secretary", until)
        assert dues(house) == {"BR-10": D(until)}


def test_what_was_written_down_beyond_a_year_counts_for_a_year(house: House) -> None:
    with clock.set_to(TODAY):
        source, said = ("test", "long"), {"until": "2040-01-01"}
        fact_record(actor=SYSTEM, fact=NewFact("unit.term_changed", house.branch_a, TODAY, source, payload=said))
        assert dues(house) == {"BR-10": D("2027-10-01")}
