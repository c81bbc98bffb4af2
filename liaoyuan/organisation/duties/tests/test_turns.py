"""What comes again and again: a late fact closes the turn that it was late for, and no other."""

from datetime import date

import pytest

from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import fact_withdraw
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.services import duties_evaluate, live_mark
from liaoyuan.organisation.duties.tests.conftest import SYSTEM, happened
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, two_branches

D = date.fromisoformat
TURNS = {
    "DM-07": ("standing.activist", "admission.activist_review"),
    "FL-04": ("members.went_abroad", "members.contact_made"),
}


@pytest.fixture
def house(db: None) -> House:
    with clock.set_to(D("2026-01-05")):
        found = two_branches()
        live_mark()
    return found


def state(rule: str, person: Person) -> list[tuple[str, str, str | None]]:
    """Every turn: due, state, closed on."""
    rows = Duty.objects.unscoped("test").filter(rule=rule, person=person).order_by("due")
    return [(f"{one.due}", one.state, one.closed_on and f"{one.closed_on}") for one in rows]


def on(day: str) -> None:
    with clock.set_to(D(day)):
        duties_evaluate()


def begin(house: House, rule: str, *, side: str = "branch_a") -> Person:
    with clock.set_to(D("2026-01-06")):
        person: Person = PersonFactory(unit=getattr(house, side), joined_on=D("2020-01-01"))
        happened(person, TURNS[rule][0], D("2026-01-06"))
        duties_evaluate()
    return person


def done(rule: str, person: Person, day: str) -> None:
    with clock.set_to(D(day)):
        happened(person, TURNS[rule][1], D(day))
        duties_evaluate()


OPEN, CLOSED = DutyState.OPEN, DutyState.CLOSED


@pytest.mark.parametrize("rule", TURNS)
def test_two_days_late_closes_one_half_year_and_the_next_stays_open(house: House, rule: str) -> None:
    person, other = begin(house, rule), begin(house, rule, side="branch_b")
    on("2026-07-07")
    assert [row[:2] for row in state(rule, person)] == [("2026-07-06", OPEN), ("2027-01-06", OPEN)]
    done(rule, person, "2026-07-08")
    assert state(rule, person) == [("2026-07-06", CLOSED, "2026-07-08"), ("2027-01-06", OPEN, None)]
    assert [row[1] for row in state(rule, other)] == [OPEN, OPEN]  # sideways nothing
    done(rule, person, "2026-12-01")
    assert state(rule, person)[1] == ("2027-01-06", CLOSED, "2026-12-01")
    on("2027-01-07")
    assert state(rule, person)[2] == ("2027-07-06", OPEN, None)


@pytest.mark.parametrize("rule", TURNS)
def test_several_missed_turns_are_closed_one_by_one_from_the_first(house: House, rule: str) -> None:
    person = begin(house, rule)
    on("2027-07-10")
    assert [row[1] for row in state(rule, person)] == [OPEN] * 4
    done(rule, person, "2027-07-11")
    assert [row[1:] for row in state(rule, person)] == [(CLOSED, "2027-07-11"), *[(OPEN, None)] * 3]
    done(rule, person, "2027-07-20")
    assert [row[1:] for row in state(rule, person)][:3] == [
        (CLOSED, "2027-07-11"),
        (CLOSED, "2027-07-20"),
        (OPEN, None),
    ]


@pytest.mark.parametrize("rule", TURNS)
def test_in_time_and_twice_in_one_turn_closes_that_turn_alone(house: House, rule: str) -> None:
    person = begin(house, rule)
    done(rule, person, "2026-03-01")
    done(rule, person, "2026-04-01")
    assert state(rule, person) == [("2026-07-06", CLOSED, "2026-03-01")]
    on("2026-07-07")
    assert state(rule, person)[1:] == [("2027-01-06", OPEN, None)]


def test_withdrawing_the_late_one_opens_its_turn_again(house: House) -> None:
    person = begin(house, "DM-07")
    on("2026-07-07")
    done("DM-07", person, "2026-07-08")
    with clock.set_to(D("2026-07-09")):
        fact = Fact.objects.unscoped("test").get(person=person, kind="admission.activist_review")
        fact_withdraw(actor=SYSTEM, fact=fact, reason="记错了人")
        duties_evaluate()
    assert [row[1] for row in state("DM-07", person)] == [OPEN, OPEN]


def test_a_birthday_of_this_year_is_not_the_missed_one_of_last_year(house: House) -> None:
    with clock.set_to(D("2026-06-01")):
        person: Person = PersonFactory(unit=house.branch_a, joined_on=D("2020-06-05"))
        happened(person, "standing.admitted", D("2020-06-05"))
        duties_evaluate()
    on("2027-06-01")
    assert [row[:2] for row in state("ED-03", person)] == [("2026-06-05", OPEN), ("2027-06-05", OPEN)]
    with clock.set_to(D("2027-06-05")):
        happened(person, "members.party_birthday", D("2027-06-05"))
        duties_evaluate()
    assert state("ED-03", person) == [("2026-06-05", OPEN, None), ("2027-06-05", CLOSED, "2027-06-05")]
