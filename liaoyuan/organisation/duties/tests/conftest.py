"""What the page tests of duties share: two branches, one day, an applicant on each side."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import date

import pytest

from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.services import NewFact, fact_record, people_follow
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.services import duties_evaluate, reminders_send
from liaoyuan.organisation.members.models import Person, Standing
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, two_branches

SYSTEM = Actor.system("试验")
TODAY = date(2026, 11, 22)
APPLIED = date(2026, 10, 25)


@dataclass(frozen=True, slots=True)
class Scene:
    """The house on TODAY, evaluated and told: an applicant due in three days on each side, one long overdue on side
    a."""

    house: House
    applicant: Person
    other: Person
    late: Person

    def duty(self, person: Person, rule: str = "DM-03") -> Duty:
        """The one duty of a rule about a person."""
        return Duty.objects.unscoped("test").select_related("unit", "person").get(person=person, rule=rule)


def apply_on(unit, name: str, on: date) -> Person:  # type: ignore[no-untyped-def]
    """An applicant whose milestone the chronicle knows."""
    person: Person = PersonFactory(unit=unit, standing="applicant", name=name, joined_on=None, full_since=None)
    Standing.objects.filter(person=person).delete()
    Standing.objects.create(person=person, kind="applicant", since=on)
    people_follow(actor=SYSTEM, person_ids=[person.pk])
    return person


def happened(person: Person, kind: str, on: date, **payload: str) -> None:
    """A fact about a person."""
    assert person.unit is not None
    fact_record(
        actor=SYSTEM,
        fact=NewFact(kind, person.unit, on, ("test", f"{person.pk.hex}{on}"[:64]), person, payload=payload),
    )


@pytest.fixture
def today():  # type: ignore[no-untyped-def]
    """The test happens on TODAY."""
    with clock.set_to(TODAY):
        yield TODAY


@pytest.fixture(scope="module")
def _scene_of_module(module_db: None) -> Scene:
    with clock.set_to(TODAY):
        house = two_branches()
        made = Scene(
            house,
            apply_on(house.branch_a, "甲申请", APPLIED),
            apply_on(house.branch_b, "乙申请", APPLIED),
            apply_on(house.branch_a, "甲逾期", date(2026, 9, 1)),
        )
        duties_evaluate()
        reminders_send()
    return made


@pytest.fixture
def scene(_scene_of_module: Scene, db: None, today: date) -> Scene:
    """The scene, after one evaluation and one round of reminders."""
    return deepcopy(_scene_of_module)
