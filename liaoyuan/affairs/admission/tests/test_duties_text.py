"""Duties follow the same text as the case they are about, also where the roster does not know the application."""

from datetime import date
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from liaoyuan.affairs.admission.models import Case
from liaoyuan.affairs.admission.selectors.cases import case_state
from liaoyuan.affairs.admission.services.opening import cases_take_over
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.services import NewFact, fact_record, people_follow
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.selectors.day import Day
from liaoyuan.organisation.duties.selectors.openings import openings, with_text
from liaoyuan.organisation.duties.services import duties_evaluate
from liaoyuan.organisation.members.models import Person, Standing
from liaoyuan.organisation.members.tests.factories import House, PersonFactory

D = date.fromisoformat
SYSTEM = Actor.system("试验")
TODAY = D("2026-06-20")
OLD, NEW = "admission-2014", "admission-2026"
pytestmark = pytest.mark.django_db


def taken_over(house: House, days: dict[str, str], *, side: str = "a") -> Person:
    """Somebody with these standings and days, whose case was taken over."""
    *_before, standing = days
    unit = house.branch_a if side == "a" else house.branch_b
    values = {"joined_on": D(days["probationary"]) if "probationary" in days else None, "full_since": None}
    person: Person = PersonFactory(unit=unit, standing=standing, **values)
    Standing.objects.filter(person=person).delete()
    begun = [*((kind, D(day)) for kind, day in days.items()), ("", None)]
    for (kind, since), (_next, until) in pairwise(begun):
        Standing.objects.create(person=person, kind=kind, since=since, until=until)
    people_follow(actor=SYSTEM, person_ids=[person.pk])
    cases_take_over(actor=SYSTEM, people=[person.pk])
    return person


def happened(person: Person, kind: str, on: str, **payload: str) -> None:
    assert person.unit is not None
    fact_record(actor=SYSTEM, fact=NewFact(kind, person.unit, D(on), ("test", person.pk.hex), person, None, payload))


def texts(person: Person) -> tuple[str, dict[str, str]]:
    """The text of the case, and those of the open duties of admission."""
    duties_evaluate()
    case = Case.objects.unscoped("test").get(person=person)
    rows = Duty.objects.unscoped("test").filter(person=person, state=DutyState.OPEN, rule__startswith="DM-")
    return case_state(case).limits.text, dict(rows.values_list("rule", "version"))


@pytest.mark.parametrize(
    ("activist", "words", "rules"),
    [
        ("2026-05-10", "2014", {}),  # that text asks for no meeting within a month, and for no oath within one
        ("2026-05-11", "2026", {"DM-23": NEW}),
    ],
)
def test_without_an_application_the_first_day_known_binds(
    house: House, activist: str, words: str, rules: dict[str, str]
) -> None:
    with clock.set_to(TODAY):
        person = taken_over(house, {"activist": activist, "candidate": "2026-06-01"})
        happened(person, "admission.pre_reviewed", "2026-06-17")
        text, found = texts(person)
        assert words in text
        assert found == rules


def test_the_application_binds_where_it_is_known(house: House) -> None:
    """An application after what a roster says of an earlier way: the new one's text."""
    with clock.set_to(TODAY):
        person = taken_over(house, {"applicant": "2026-05-12", "activist": "2026-05-13", "candidate": "2026-06-01"})
        other = taken_over(house, {"activist": "2024-01-10", "candidate": "2026-06-01"}, side="b")
        for one in (person, other):
            happened(one, "admission.pre_reviewed", "2026-06-17")
        assert texts(person)[1] == {"DM-23": NEW}
        assert texts(other)[1] == {}


def test_a_probationer_of_whom_the_meeting_alone_is_known(house: House) -> None:
    with clock.set_to(TODAY):
        person = taken_over(house, {"probationary": "2026-03-01"})
        happened(person, "admission.approved", "2026-06-01")
        text, found = texts(person)
        assert "2014" in text
        assert found == {"DM-39": OLD}


def test_it_costs_one_query_more_where_somebody_s_application_is_not_known(house: House) -> None:
    def cost() -> int:
        day = Day(TODAY, TODAY)
        found = list(openings(day, registry.rule("DM-11"), None))
        with CaptureQueriesContext(connection) as seen:
            list(with_text(day, registry.rule("DM-11"), found))
        return len(seen)

    with clock.set_to(TODAY):
        for _number in range(3):
            taken_over(house, {"applicant": "2026-05-12", "activist": "2026-05-13"})
        assert cost() == 1
        for _number in range(3):
            taken_over(house, {"activist": "2024-01-10"})
        assert cost() == 2
