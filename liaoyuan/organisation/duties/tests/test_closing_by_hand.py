"""Every rule can be closed by hand, on evidence; what was settled elsewhere closes this and no more."""

from datetime import date
from decimal import Decimal

import pytest

from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import NewFact, fact_record, fact_withdraw
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.services import duties_evaluate, duty_record
from liaoyuan.organisation.duties.tests.conftest import SYSTEM, happened
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, two_branches

D = date.fromisoformat
SETTLED = {"result": "已办理", "note": "登记前已在旅机关办结", "evidence": "旅党委文件第3号"}


@pytest.mark.parametrize("rule", registry.all_rules(), ids=lambda rule: rule.id)
def test_every_rule_is_closed_by_a_fact_that_can_be_written_down_by_hand_with_evidence(rule: DutyRule) -> None:
    assert rule.record
    ends = {*rule.closes, *rule.ends, rule.prolongs, *(rule.opens if rule.shape == "reached" else ())}
    for key in rule.record:
        declared = kinds.kind(key)
        assert key in ends, f"{key} does not close {rule.id}"
        assert "evidence" in declared.schema, f"{key} asks for no evidence"
        assert declared.about == rule.subject
    if rule.settled in rule.record:
        guarded = {kinds.kind(key).see for key in rule.opens} - {"chronicle.view"}
        assert not guarded, f"{rule.id} follows guarded facts; noting it elsewhere would tell them"


def test_no_rule_without_a_way_to_be_closed_by_hand() -> None:
    assert [rule.id for rule in registry.all_rules() if not rule.record] == []


@pytest.fixture
def house(db: None) -> House:
    with clock.set_to(D("2026-01-05")):
        found = two_branches()
        duties_evaluate()
    return found


def opened(rule: str, **subject: object) -> list[Duty]:
    rows = Duty.objects.unscoped("test").filter(rule=rule, state=DutyState.OPEN, **subject)
    return list(rows.order_by("due"))


def settle(duty: Duty, on: str) -> Fact:
    kind = registry.rule(duty.rule).settled
    fact = duty_record(actor=SYSTEM, duty=duty, occurred_on=D(on), payload=SETTLED, kind=kind)
    duties_evaluate()
    return fact


def test_a_state_that_was_settled_elsewhere_rests_until_it_changes_and_returns_with_a_withdrawal(house: House) -> None:
    with clock.set_to(D("2026-03-01")):
        for branch in (house.branch_a, house.branch_b):
            for _number in range(52):
                PersonFactory(unit=branch, joined_on=D("2020-01-01"), full_since=D("2021-01-01"))
        duties_evaluate()
        (duty,) = opened("BR-02", unit=house.branch_a)
        fact = settle(duty, "2026-03-01")
        duty.refresh_from_db()
        assert (duty.state, duty.closed_on, duty.closed_by_id) == (DutyState.CLOSED, D("2026-03-01"), fact.pk)
        assert len(opened("BR-02", unit=house.branch_b)) == 1  # sideways nothing
    with clock.set_to(D("2026-03-02")):
        duties_evaluate()
        assert opened("BR-02", unit=house.branch_a) == []
        fact_withdraw(actor=SYSTEM, fact=fact, reason="录错了支部")
        duties_evaluate()
        assert [one.pk for one in opened("BR-02", unit=house.branch_a)] == [duty.pk]


def test_a_term_is_closed_by_the_next_election(house: House) -> None:
    def elected(on: str) -> Fact:
        source = ("test", f"elected {on}")
        return fact_record(actor=SYSTEM, fact=NewFact("unit.elected", house.branch_a, D(on), source))

    with clock.set_to(D("2026-03-01")):
        elected("2023-04-01")
        duties_evaluate()
        (duty,) = opened("BR-10", unit=house.branch_a)
    with clock.set_to(D("2026-03-30")):
        fact = elected("2026-03-28")
        duties_evaluate()
        duty.refresh_from_db()
        assert (duty.state, duty.closed_on, duty.closed_by_id) == (DutyState.CLOSED, D("2026-03-28"), fact.pk)
        assert [one.due for one in opened("BR-10", unit=house.branch_a)] == [D("2029-03-28")]


def test_what_was_withdrawn_is_written_down_again_for_the_same_day(house: House) -> None:
    with clock.set_to(D("2026-01-20")):
        (duty,) = opened("MT-05", unit=house.branch_a)
        said = {"title": "学习", "evidence": "台账第3页"}
        for reason in ("记错了支部", "又错了"):
            fact = duty_record(actor=SYSTEM, duty=duty, occurred_on=D("2026-01-15"), payload=said)
            duties_evaluate()
            duty.refresh_from_db()
            assert (duty.state, duty.closed_by_id) == (DutyState.CLOSED, fact.pk)
            fact_withdraw(actor=SYSTEM, fact=fact, reason=reason)
            duties_evaluate()
            duty.refresh_from_db()
            assert duty.state == DutyState.OPEN
        duty_record(actor=SYSTEM, duty=duty, occurred_on=D("2026-01-15"), payload={**said, "evidence": "台账第4页"})
        duties_evaluate()
        duty.refresh_from_db()
        assert duty.state == DutyState.CLOSED


def test_two_courses_of_one_day_are_two_facts_and_the_same_said_twice_is_one(house: House) -> None:
    with clock.set_to(D("2026-01-20")):
        (duty,) = opened("ED-01", person=house.people["member"])
        for topic, hours in (("党史", 8), ("党章", 2), ("党章", 2)):
            said = {"topic": topic, "evidence": "签到表"}
            duty_record(actor=SYSTEM, duty=duty, occurred_on=D("2026-01-15"), payload=said, quantity=Decimal(hours))
        facts = Fact.objects.unscoped("test").filter(kind="study.hours", person=house.people["member"])
        assert sorted(facts.values_list("quantity", flat=True)) == [2, 8]


def test_silence_that_was_looked_into_is_raised_again_at_the_next_step(house: House) -> None:
    person, other = house.people["member"], house.people["member_b"]
    with clock.set_to(D("2026-01-06")):
        for one in (person, other):
            happened(one, "orglife.attended", D("2026-01-06"), what="党员大会", evidence="签到")
    with clock.set_to(D("2026-06-30")):
        duties_evaluate()
        (duty,) = opened("PC-01", person=person)
        settle(duty, "2026-06-30")
        assert opened("PC-01", person=person) == []
        assert len(opened("PC-01", person=other)) == 1
    with clock.set_to(D("2026-07-08")):
        duties_evaluate()
        (later,) = opened("PC-01", person=person)
        assert later.pk != duty.pk
        assert later.due is not None
        assert later.due > D("2026-06-30")


def test_what_was_settled_elsewhere_says_so_in_the_chronicle(house: House) -> None:
    with clock.set_to(D("2026-01-06")):
        who = house.people["member"]
        fact = fact_record(
            actor=SYSTEM,
            fact=NewFact("settled.LO-02", who.unit, D("2026-01-06"), ("duties", "x"), who, payload=SETTLED),
        )
    told = kinds.sentence(fact.kind, name=who.name, unit="", quantity=None, payload=fact.payload)
    assert told == f"{who.name}的“停止党籍满二年”已在别处办结：已办理"
    assert set(kinds.kind(fact.kind).asks) == {"note"}
