"""Milestones follow their sources: once, corrected when a day changes, withdrawn when the row goes."""

from datetime import date

import pytest

from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import milestones
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.chronicle.services import people_follow, units_follow
from liaoyuan.organisation.members.models import Person, Standing
from liaoyuan.organisation.members.services import standing_change
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, two_branches

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("试验")


@pytest.fixture
def house() -> House:
    return two_branches()


def _told(person: Person) -> list[tuple[str, date]]:
    rows = current(Fact.objects.unscoped("test")).filter(person=person, kind__in=milestones.STANDINGS)
    return list(rows.order_by("occurred_on").values_list("kind", "occurred_on"))


def _applicant(house: House) -> Person:
    person = PersonFactory(unit=house.branch_a, standing="applicant")
    Standing.objects.filter(person=person).delete()
    Standing.objects.create(person=person, kind="applicant", since=date(2026, 10, 25))
    return person


def test_a_standing_s_first_day_is_told_once(house: House) -> None:
    person = _applicant(house)
    assert people_follow(actor=SYSTEM, person_ids=[person.pk]) == 1
    assert people_follow(actor=SYSTEM, person_ids=[person.pk]) == 0
    assert _told(person) == [("standing.applied", date(2026, 10, 25))]


def test_a_changed_day_is_a_correction_that_keeps_the_old_row(house: House) -> None:
    person = _applicant(house)
    people_follow(actor=SYSTEM, person_ids=[person.pk])
    Standing.objects.filter(person=person).update(since=date(2026, 10, 20))
    assert people_follow(actor=SYSTEM, person_ids=[person.pk]) == 1
    assert _told(person) == [("standing.applied", date(2026, 10, 20))]
    assert Fact.objects.unscoped("test").filter(person=person).count() == 2


def test_a_vanished_row_is_withdrawn_and_may_come_back(house: House) -> None:
    person = _applicant(house)
    people_follow(actor=SYSTEM, person_ids=[person.pk])
    Standing.objects.filter(person=person).delete()
    assert people_follow(actor=SYSTEM, person_ids=[person.pk]) == 1
    assert _told(person) == []
    Standing.objects.create(person=person, kind="applicant", since=date(2026, 10, 26))
    people_follow(actor=SYSTEM, person_ids=[person.pk])
    assert _told(person) == [("standing.applied", date(2026, 10, 26))]


def test_the_verb_of_members_tells_in_the_same_transaction(house: House) -> None:
    person = PersonFactory(unit=house.branch_a, standing="masses")
    actor = house.actor("organisation_clerk")
    standing_change(actor=actor, person=person, kind="applicant", on=date(2026, 11, 2), basis="收到入党申请书")
    assert _told(person) == [("standing.applied", date(2026, 11, 2))]


def test_everybody_at_once_is_the_same_as_one_by_one(house: House) -> None:
    people_follow(actor=SYSTEM)
    everybody = current(Fact.objects.unscoped("test")).count()
    assert everybody > 0
    for person in Person.objects.unscoped("test"):
        assert people_follow(actor=SYSTEM, person_ids=[person.pk]) == 0
    assert current(Fact.objects.unscoped("test")).count() == everybody


def test_an_earlier_election_stays_when_the_next_is_told(house: House) -> None:
    branch = house.branch_a
    for day in (date(2021, 5, 1), date(2024, 5, 1)):
        branch.elected_on = day
        branch.save(update_fields=["elected_on"])
        units_follow(actor=SYSTEM, unit_ids=[branch.pk])
    rows = current(Fact.objects.unscoped("test")).filter(unit=branch, kind=milestones.ELECTED)
    assert sorted(rows.values_list("occurred_on", flat=True)) == [date(2021, 5, 1), date(2024, 5, 1)]


def test_an_election_that_was_dated_too_late_is_withdrawn_when_the_unit_is_put_right(house: House) -> None:
    branch = house.branch_a
    for day in (date(2021, 5, 1), date(2026, 5, 1), date(2024, 5, 1)):
        branch.elected_on = day
        branch.save(update_fields=["elected_on"])
        units_follow(actor=SYSTEM, unit_ids=[branch.pk])
    rows = Fact.objects.unscoped("test").filter(unit=branch, kind=milestones.ELECTED)
    held = current(rows).values_list("occurred_on", flat=True)
    assert sorted(held) == [date(2021, 5, 1), date(2024, 5, 1)]
    assert rows.filter(occurred_on=date(2026, 5, 1), void=True).exists()
