"""Two who move the same thing at the same moment. Both databases; what PostgreSQL alone can show stands in the apps."""

import pytest

from liaoyuan.foundation.audit.services import verify_chain
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person
from liaoyuan.organisation.members.services import membership_move
from liaoyuan.organisation.members.tests.factories import PersonFactory
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services import tree_problems, unit_move
from liaoyuan.organisation.units.tests.factories import SYSTEM, brigade
from liaoyuan.organisation.whereabouts.models import Presence
from liaoyuan.organisation.whereabouts.services.presence import presence_differences, presence_refresh
from tests.concurrency.together import refusals, together

pytestmark = pytest.mark.django_db(transaction=True)


def units() -> "dict[str, Unit]":
    return {unit.code: unit for unit in Unit.objects.unscoped("test").select_related("parent")}


def test_of_two_who_previewed_the_same_move_one_is_told_that_it_has_moved():
    tree = brigade()
    before = tree.a1.path
    outcomes = together(
        lambda: unit_move(actor=SYSTEM, unit=tree.a1, to_parent=tree.b, reason="调整", expected_path=before),
        lambda: unit_move(actor=SYSTEM, unit=tree.a1, to_parent=tree.top, reason="调整", expected_path=before),
    )
    (refused,) = refusals(outcomes)
    assert isinstance(refused, Conflict)
    won = next(one for one in outcomes if isinstance(one, Unit))
    now = units()[tree.a1.code]
    assert (now.path, now.parent_id) == (won.path, won.parent_id)
    assert now.path != before
    assert tree_problems() == []
    assert verify_chain().ok


def test_two_that_each_go_below_the_other_never_make_a_ring():
    tree = brigade()
    outcomes = together(
        lambda: unit_move(actor=SYSTEM, unit=tree.a, to_parent=tree.b, reason="调整"),
        lambda: unit_move(actor=SYSTEM, unit=tree.b, to_parent=tree.a, reason="调整"),
    )
    assert len(refusals(outcomes)) == 1
    assert tree_problems() == []


def test_people_who_come_while_their_branch_moves_have_its_new_path():
    tree = brigade()
    people = [PersonFactory(unit=tree.b1) for _ in range(6)]
    presence_refresh()
    before = tree.a1.path

    def come() -> None:
        for person in people:
            membership_move(actor=SYSTEM, person=person, to_unit=tree.a1, on=clock.today(), reason="调动")

    def go() -> None:
        for parent in (tree.b, tree.a, tree.b):
            unit_move(actor=SYSTEM, unit=tree.a1, to_parent=parent, reason="调整")

    assert together(come, go) == [None, None]
    path = units()[tree.a1.code].path
    assert path != before
    assert set(Person.objects.unscoped("test").values_list("home_path", flat=True)) == {path}
    open_homes = Membership.objects.filter(kind=MembershipKind.HOME, until__isnull=True)
    assert sorted(open_homes.values_list("person_id", flat=True)) == sorted(person.pk for person in people)
    assert set(Presence.objects.unscoped("test").values_list("home_path", flat=True)) <= {path}
    assert presence_differences()[1] == 0
    assert tree_problems() == []
