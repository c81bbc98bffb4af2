"""Two writers at once: the history stays one, whoever comes second."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import OperationalError, connection, connections

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.organisation.members.checks import columns_proof
from liaoyuan.organisation.members.models import Membership, Person
from liaoyuan.organisation.members.services import (
    membership_attach,
    membership_move,
    person_account_create,
    standing_change,
)
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, UnitFactory, two_branches
from liaoyuan.organisation.units.services import unit_move

pytestmark = pytest.mark.django_db(transaction=True)
TODAY = date(2026, 11, 22)


@pytest.fixture
def house() -> House:
    return two_branches()


def together(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Run ``acts`` at once, each on its own connection; what each raised."""
    gate = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            act()
        except Exception as error:
            raised[index] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


def _in_memory() -> bool:
    return connection.vendor == "sqlite" and "memory" in str(connection.settings_dict["NAME"])


def test_two_moves_at_once_leave_one_open_home(house: House) -> None:
    if _in_memory():  # one shared connection: SQLite has a single writer anyway
        return
    clerk, person = house.actor("organisation_clerk"), house.people["plain_a"]
    third = UnitFactory(parent=house.battalion_b)
    with clock.set_to(TODAY):
        raised = together(
            lambda: membership_move(actor=clerk, person=person, to_unit=house.branch_b, on=TODAY, reason="甲说去乙"),
            lambda: membership_move(actor=clerk, person=person, to_unit=third, on=TODAY, reason="乙说去丙"),
        )
    assert raised == [None, None]
    rows = Membership.objects.filter(person=person, kind="home")
    assert rows.filter(until__isnull=True).count() == 1
    assert rows.count() == 2
    assert columns_proof().ok


def test_two_attachments_at_once_leave_one(house: House) -> None:
    if _in_memory():
        return
    clerk, person = house.actor("organisation_clerk"), house.people["plain_a"]
    third = UnitFactory(parent=house.battalion_b)
    with clock.set_to(TODAY):
        raised = together(
            lambda: membership_attach(actor=clerk, person=person, unit=house.branch_b, since=TODAY, reason="驻训"),
            lambda: membership_attach(actor=clerk, person=person, unit=third, since=TODAY, reason="借调"),
        )
    assert sorted(type(error).__name__ for error in raised) == ["Conflict", "NoneType"]
    assert Membership.objects.filter(person=person, kind="attached").count() == 1


def test_the_same_step_twice_at_once_is_taken_once(house: House) -> None:
    if _in_memory():
        return
    clerk = house.actor("organisation_clerk")
    person = PersonFactory(unit=house.branch_a, standing="applicant", since=date(2025, 1, 1))

    def step() -> None:
        standing_change(actor=clerk, person=person, kind="activist", on=TODAY, basis="支委会决定")

    with clock.set_to(TODAY):
        raised = together(step, step)
    assert sum(isinstance(error, DomainError) for error in raised) == 1
    assert person.standings.count() == 2
    assert person.standings.filter(until__isnull=True).count() == 1


def test_two_accounts_at_once_leave_one(house: House) -> None:
    if _in_memory():
        return
    clerk, person = house.actor("organisation_clerk"), house.people["plain_a"]
    raised = together(
        lambda: person_account_create(actor=clerk, person=person, username="one"),
        lambda: person_account_create(actor=clerk, person=person, username="two"),
    )
    assert sum(isinstance(error, Conflict) for error in raised) == 1


def test_a_move_of_the_tree_and_a_move_into_it_leave_no_stale_path(house: House) -> None:
    if _in_memory():
        return
    clerk, person = house.actor("organisation_clerk"), house.people["plain_b"]
    with clock.set_to(TODAY):
        raised = together(
            lambda: unit_move(actor=clerk, unit=house.branch_a, to_parent=house.battalion_b, reason="调整隶属"),
            lambda: membership_move(actor=clerk, person=person, to_unit=house.branch_a, on=TODAY, reason="调动"),
        )
    assert not any(isinstance(error, OperationalError) for error in raised), raised
    assert raised == [None, None]
    person = Person.objects.unscoped("test").select_related("unit").get(pk=person.pk)
    assert person.home_path == person.unit.path
    assert columns_proof().ok
