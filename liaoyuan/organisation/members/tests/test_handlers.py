"""When the tree changes, people follow in the same transaction; two subtrees, so that nobody else does."""

from datetime import date

import pytest

from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.organisation.members.checks import columns_proof, data_problems
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.services import membership_attach
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, UnitFactory, two_branches
from liaoyuan.organisation.units.models import Unit, UnitKind
from liaoyuan.organisation.units.registry import counts_of
from liaoyuan.organisation.units.services import (
    paths_rebuild,
    unit_dissolve,
    unit_merge,
    unit_move,
    unit_split,
    unit_update,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today():
    with clock.set_to(TODAY):
        yield


@pytest.fixture
def house() -> House:
    return two_branches()


def fresh(person: Person) -> Person:
    return Person.objects.unscoped("test").select_related("unit", "group", "attached_unit").get(pk=person.pk)


def unit(row: Unit) -> Unit:
    return Unit.objects.unscoped("test").get(pk=row.pk)


def paths_fit() -> None:
    result = columns_proof()
    assert result.ok, result.sentence


def test_the_test_house_itself_passes_the_proof(house: House) -> None:
    paths_fit()


def test_a_moved_branch_takes_its_people_and_attachments_along(house: House) -> None:
    clerk = house.actor("organisation_clerk")
    guest = house.people["member_b"]
    membership_attach(actor=clerk, person=guest, unit=house.branch_a, since=TODAY, reason="驻训")
    before_b = fresh(house.people["plain_b"]).home_path
    unit_move(actor=clerk, unit=house.branch_a, to_parent=house.battalion_b, reason="调整隶属")
    person = fresh(house.people["member"])
    assert person.home_path == unit(house.group_a).path
    assert person.home_path.startswith(house.battalion_b.path)
    assert fresh(guest).attached_path == unit(house.branch_a).path
    assert fresh(house.people["plain_b"]).home_path == before_b
    paths_fit()


def test_a_group_moved_to_another_branch_re_homes_its_people(house: House) -> None:
    clerk = house.actor("organisation_clerk")
    unit_move(actor=clerk, unit=house.group_a, to_parent=house.branch_b, reason="划转")
    person = fresh(house.people["member"])
    assert (person.unit, person.group) == (house.branch_b, house.group_a)
    assert person.memberships.get(until__isnull=True).unit == house.branch_b
    assert fresh(house.people["branch_secretary"]).unit == house.branch_a
    paths_fit()


def test_merging_branches_re_homes_people_with_their_groups(house: House) -> None:
    clerk = house.actor("organisation_clerk")
    guest = PersonFactory(unit=UnitFactory(parent=house.battalion_b), attached_unit=house.branch_a)
    unit_merge(actor=clerk, sources=[house.branch_a], target=house.branch_b, reason="精简")
    person = fresh(house.people["member"])
    assert (person.unit, person.group) == (house.branch_b, house.group_a)
    last = person.memberships.order_by("since").last()
    assert (last.unit, last.since, "精简" in last.reason) == (house.branch_b, TODAY, True)
    assert fresh(guest).attached_unit == house.branch_b
    assert house.people["branch_secretary"].tenures.get().until == TODAY
    paths_fit()


def test_splitting_moves_the_chosen_and_the_groups_people(house: House) -> None:
    clerk = house.actor("organisation_clerk")
    secretary = house.people["branch_secretary"]
    new = unit_split(
        actor=clerk, unit=house.branch_a, code="L-A-Z9", name="甲营九连党支部", reason="扩编",
        child_ids=[house.group_a.pk], person_ids=[secretary.pk],
    )  # fmt: skip
    assert fresh(house.people["member"]).unit == new
    assert fresh(house.people["member"]).group == house.group_a
    assert fresh(secretary).unit == new
    assert fresh(house.people["battalion_secretary"]).unit == house.branch_a
    paths_fit()


def test_splitting_refuses_people_of_another_branch(house: House) -> None:
    with pytest.raises(DomainError, match="不在原支部"):
        unit_split(
            actor=house.actor("organisation_clerk"), unit=house.branch_a, code="L-A-Z9", name="甲营九连党支部",
            reason="扩编", person_ids=[house.people["member_b"].pk],
        )  # fmt: skip
    assert fresh(house.people["member_b"]).unit == house.branch_b


def test_a_branch_with_people_does_not_end_and_a_group_lets_its_people_stay(house: House) -> None:
    clerk = house.actor("organisation_clerk")
    unit_dissolve(actor=clerk, unit=house.group_a, reason="合并编组")
    person = fresh(house.people["member"])
    assert (person.unit, person.group, person.home_path) == (house.branch_a, None, house.branch_a.path)
    with pytest.raises(Conflict, match="人"):
        unit_dissolve(actor=clerk, unit=house.branch_a, reason="撤销")
    paths_fit()


def test_a_branch_to_which_people_belong_becomes_no_temporary_one(house: House) -> None:
    """Who is attached does not count; nor does who has left."""
    clerk = house.actor("organisation_clerk")
    values = {"approved_by": house.battalion_a, "mission": "演训", "planned_end_on": date(2026, 12, 31)}
    with pytest.raises(DomainError, match="有 5 人的组织关系"):
        unit_update(actor=clerk, unit=house.branch_a, kind="temporary_branch", reason="改编", **values)
    empty = UnitFactory(code="L-A-Z2", parent=house.battalion_a)
    PersonFactory(unit=empty, active=False)
    membership_attach(actor=clerk, person=house.people["member"], unit=empty, since=date(2026, 3, 1), reason="集训")
    assert unit_update(actor=clerk, unit=empty, kind="temporary_branch", reason="改编", **values).is_branch


def test_a_temporary_branch_ends_with_its_attachments(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    temporary = UnitFactory(
        kind=UnitKind.TEMPORARY_BRANCH, parent=house.battalion_a, approved_by=house.root, code="L-T1"
    )
    membership_attach(actor=clerk, person=person, unit=temporary, since=date(2026, 3, 1), reason="集训")
    unit_dissolve(actor=clerk, unit=temporary, reason="集训结束")
    assert fresh(person).attached_unit is None
    assert person.memberships.get(kind="attached").until == TODAY
    paths_fit()


def test_rebuilt_paths_are_copied_anew(house: House) -> None:
    Person.objects.unscoped("test").update(home_path="0000", attached_path=None)
    paths_rebuild()
    assert fresh(house.people["member"]).home_path == house.group_a.path
    paths_fit()


def test_counts_hold_every_subtree_at_once(house: House) -> None:
    PersonFactory(unit=house.branch_a, standing="activist")
    PersonFactory(unit=house.branch_a, active=False)
    units = [house.root, house.battalion_a, house.branch_b, house.group_a]
    counts = counts_of(house.actor("organisation_clerk"), units)
    assert {key: (found.people, found.members, found.full) for key, found in counts.items()} == {
        house.root.pk: (13, 12, 12),
        house.battalion_a.pk: (6, 5, 5),
        house.branch_b.pk: (7, 7, 7),
        house.group_a.pk: (3, 3, 3),
    }


def test_the_strength_of_a_unit_is_for_those_who_may_see_its_people(house: House) -> None:
    units = [house.root, house.branch_a, house.branch_b]
    assert counts_of(house.actor("security_admin"), units) == {}
    assert list(counts_of(house.actor("branch_secretary"), units)) == [house.branch_a.pk]


def test_data_problems_stay_in_scope_and_name_what_is_wrong(house: House) -> None:
    PersonFactory(name="无号甲", unit=house.branch_a, id_number="")
    PersonFactory(name="无号乙", unit=house.branch_b, id_number="")
    young = PersonFactory(name="太小", unit=house.branch_a, standing="applicant", birth_date=date(2010, 1, 1))
    young.standings.update(since=date(2020, 1, 1))
    titles = [problem.title for problem in data_problems(house.actor("branch_secretary"))]
    assert any("无号甲" in title for title in titles)
    assert any("太小" in title and "18 周岁" in title for title in titles)
    assert not any("无号乙" in title for title in titles)
    assert list(data_problems(house.actor("member"))) == []


def test_the_proof_finds_a_wrong_copy(house: House) -> None:
    Person.objects.unscoped("test").filter(pk=house.people["member"].pk).update(home_path=house.branch_b.path)
    result = columns_proof()
    assert not result.ok
    assert house.people["member"].number in result.sentence
