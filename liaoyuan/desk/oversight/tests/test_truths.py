"""Each proof sees the one thing it is for, on either side of the tree."""

from datetime import timedelta

import pytest

from liaoyuan.desk.oversight.selectors.truths import (
    administrators_proof,
    memberships_proof,
    paths_proof,
    standings_proof,
)
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, Standing
from liaoyuan.organisation.members.tests.factories import PersonFactory, load_role
from liaoyuan.organisation.units.models import Grant, GrantSource

pytestmark = pytest.mark.django_db
ALL = (paths_proof, memberships_proof, standings_proof, administrators_proof)


def spoil(person: Person, **values) -> None:
    Person.objects.unscoped("test").filter(pk=person.pk).update(**values)


def failing() -> list[str]:
    return [proof.__name__ for proof in ALL if not proof().ok]


def test_a_sound_brigade_passes_in_few_queries(house, django_assert_max_num_queries):
    PersonFactory(unit=house.branch_a, attached_unit=house.branch_b, number="guest")
    assert failing() == []
    assert paths_proof().checked == 13
    assert paths_proof().sentence == "13 人的查看范围路径与所在组织一致。"
    for proof in ALL:
        with django_assert_max_num_queries(3):
            proof()


@pytest.mark.parametrize(
    ("values", "proofs"),
    [
        ({"home_path": ""}, ["paths_proof"]),
        ({"home_path": "0000"}, ["paths_proof"]),  # sees, and is seen by, the whole brigade
        ({"attached_path": "0000"}, ["paths_proof"]),
        ({"standing": "masses"}, ["standings_proof"]),
        ({"group": None}, ["paths_proof", "memberships_proof"]),
    ],
)
def test_a_wrong_copy_is_found_and_named(house, values, proofs):
    spoil(house.people["member_b"], **values)
    assert failing() == proofs
    results = [proof() for proof in ALL if not proof().ok]
    number = house.people["member_b"].number
    assert all("1 人" in result.sentence and f"第一个：{number}。" in result.sentence for result in results)


def test_a_branch_that_is_not_the_memberships_is_found(house):
    spoil(house.people["branch_secretary"], unit=house.branch_b, home_path=house.branch_b.path)
    assert failing() == ["memberships_proof"]


def test_an_active_person_without_a_membership_is_found_and_one_who_left_is_not(house):
    Membership.objects.filter(person=house.people["member"]).update(until=clock.today())
    assert failing() == ["memberships_proof"]
    spoil(house.people["member"], active=False, left_on=clock.today())
    assert failing() == []


def test_an_attachment_that_ended_but_still_shows_is_found(house):
    guest = PersonFactory(unit=house.branch_a, attached_unit=house.branch_b, number="guest")
    Membership.objects.filter(person=guest, kind=MembershipKind.ATTACHED).delete()
    assert failing() == ["memberships_proof"]


def test_a_membership_of_tomorrow_does_not_count_today(house):
    person = house.people["member"]
    Membership.objects.filter(person=person).update(until=clock.today() + timedelta(days=1))
    Membership.objects.create(
        person=person, kind=MembershipKind.HOME, unit=house.branch_b, since=clock.today() + timedelta(days=1)
    )
    assert failing() == []
    with clock.set_to(clock.today() + timedelta(days=1)):
        assert failing() == ["memberships_proof"]


def test_a_standing_without_rows_is_found(house):
    Standing.objects.filter(person=house.people["member"]).delete()
    assert failing() == ["standings_proof"]


def test_an_administrator_with_a_post_or_a_person_is_found(house):
    day, admin = clock.today(), house.users["audit_admin"]
    grant = Grant.objects.create(
        user=admin, role=load_role("member"), unit=house.root, path=house.root.path, since=day - timedelta(days=9),
        until=day - timedelta(days=1), source=GrantSource.APPOINTMENT,
    )  # fmt: skip
    assert failing() == []  # over
    Grant.objects.filter(pk=grant.pk).update(until=day)
    assert failing() == ["administrators_proof"]
    assert f"第一个：{admin.username}。" in administrators_proof().sentence
    grant.delete()
    spoil(house.people["plain_a"], user=house.users["system_admin"])
    assert failing() == ["administrators_proof"]
