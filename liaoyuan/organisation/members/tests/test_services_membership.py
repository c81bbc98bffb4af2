"""Belonging over time: exactly one home, at most one attachment, whatever is recorded and whenever."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.members.events import PersonMoved
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person
from liaoyuan.organisation.members.services import (
    membership_attach,
    membership_detach,
    membership_move,
    person_leave,
    person_return,
)
from liaoyuan.organisation.members.tests.factories import House, UnitFactory, two_branches
from liaoyuan.organisation.units.models import UnitKind

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _today():
    with clock.set_to(TODAY):
        yield


@pytest.fixture
def house() -> House:
    return two_branches()


def homes(person: Person) -> list[tuple[str, date, date | None]]:
    rows = person.memberships.filter(kind=MembershipKind.HOME).order_by("since")
    return [(row.unit.code, row.since, row.until) for row in rows]


def fresh(person: Person) -> Person:
    return Person.objects.unscoped("test").get(pk=person.pk)


def test_move_closes_the_open_row_and_shows_the_new_branch(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    membership_move(
        actor=clerk, person=person, to_unit=house.branch_b, group=house.group_b, on=date(2026, 5, 1), reason="工作调动"
    )
    assert homes(person) == [("L-A-Z1", date(2020, 1, 1), date(2026, 5, 1)), ("L-B-Z1", date(2026, 5, 1), None)]
    person = fresh(person)
    assert (person.unit, person.group, person.home_path) == (house.branch_b, house.group_b, house.group_b.path)
    entry = AuditEntry.objects.get(action="members.move")
    assert (entry.subject_id, entry.reason, entry.detail["to"]) == (person.pk, "工作调动", "L-B-Z1")


def test_move_publishes_from_and_to(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    monkeypatch.setitem(bus._inside, PersonMoved, [seen.append])
    person = house.people["member"]
    membership_move(
        actor=house.actor("organisation_clerk"), person=person, to_unit=house.branch_b, on=TODAY, reason="调动"
    )
    assert seen == [PersonMoved(person.pk, "home", house.branch_a.pk, house.branch_b.pk)]


def test_backdated_move_between_two_recorded_moves_leaves_the_present_alone(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    third = UnitFactory(parent=house.battalion_a, code="L-A-Z2")
    membership_move(actor=clerk, person=person, to_unit=house.branch_b, on=date(2025, 1, 1), reason="调动")
    membership_move(actor=clerk, person=person, to_unit=third, on=date(2022, 1, 1), reason="补登")
    assert homes(person) == [
        ("L-A-Z1", date(2020, 1, 1), date(2022, 1, 1)),
        ("L-A-Z2", date(2022, 1, 1), date(2025, 1, 1)),
        ("L-B-Z1", date(2025, 1, 1), None),
    ]
    assert fresh(person).unit == house.branch_b


def test_move_recorded_again_with_an_earlier_day_moves_the_boundary(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    membership_move(actor=clerk, person=person, to_unit=house.branch_b, on=date(2025, 6, 1), reason="调动")
    membership_move(actor=clerk, person=person, to_unit=house.branch_b, on=date(2025, 3, 1), reason="更正日期")
    assert homes(person) == [("L-A-Z1", date(2020, 1, 1), date(2025, 3, 1)), ("L-B-Z1", date(2025, 3, 1), None)]


def test_move_on_the_first_day_replaces_the_branch(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    membership_move(actor=clerk, person=person, to_unit=house.branch_b, on=date(2020, 1, 1), reason="登错支部")
    assert homes(person) == [("L-B-Z1", date(2020, 1, 1), None)]


def test_move_before_the_first_record_extends_the_history(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    membership_move(actor=clerk, person=person, to_unit=house.branch_b, on=date(2018, 9, 1), reason="补登早先支部")
    assert homes(person) == [("L-B-Z1", date(2018, 9, 1), date(2020, 1, 1)), ("L-A-Z1", date(2020, 1, 1), None)]
    assert fresh(person).unit == house.branch_a


@pytest.mark.parametrize(
    ("on", "words"),
    [(TODAY + timedelta(1), "还没有到"), (date(2014, 1, 1), "才成立")],
)
def test_move_refuses_impossible_days(house: House, on: date, words: str) -> None:
    person = house.people["member"]
    before = homes(person)
    with pytest.raises(DomainError, match=words) as refused:
        membership_move(
            actor=house.actor("organisation_clerk"), person=person, to_unit=house.branch_b, on=on, reason="调动"
        )
    assert refused.value.field == "on"
    assert homes(person) == before
    assert fresh(person).unit == house.branch_a


def test_move_refuses_no_change_no_reason_and_units_that_take_nobody(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    temporary = UnitFactory(kind=UnitKind.TEMPORARY_BRANCH, parent=house.battalion_a, approved_by=house.root)
    dissolved = UnitFactory(parent=house.battalion_a, dissolved_on=date(2026, 1, 1))
    for to_unit, group, reason, words in (
        (house.branch_a, house.group_a, "调动", "没有变动"),
        (house.branch_b, None, " ", "写明理由"),
        (house.battalion_b, None, "调动", "不是党支部"),
        (temporary, None, "调动", "改为挂靠"),
        (dissolved, None, "调动", "已经撤销"),
        (house.branch_b, house.group_a, "调动", "党小组不在"),
    ):
        with pytest.raises(DomainError, match=words):
            membership_move(actor=clerk, person=person, to_unit=to_unit, group=group, on=TODAY, reason=reason)
    assert homes(person) == [("L-A-Z1", date(2020, 1, 1), None)]


def test_move_needs_the_power_over_both_branches(house: House) -> None:
    person = house.people["member"]
    with pytest.raises(NotPermitted, match="不能转入"):
        membership_move(
            actor=house.actor("branch_secretary"), person=person, to_unit=house.branch_b, on=TODAY, reason="调动"
        )
    with pytest.raises(NotInScope):
        membership_move(
            actor=house.actor("branch_secretary_b"), person=person, to_unit=house.branch_b, on=TODAY, reason="拉人"
        )
    assert homes(person) == [("L-A-Z1", date(2020, 1, 1), None)]
    assert not AuditEntry.objects.filter(subject_id=person.pk).exists()


def test_nobody_moves_himself(house: House) -> None:
    secretary = house.people["branch_secretary"]
    with pytest.raises(NotPermitted, match="不能为自己"):
        membership_move(
            actor=house.actor("branch_secretary"), person=secretary, to_unit=house.branch_a, on=TODAY, reason="调动"
        )


def test_attach_shows_and_detach_ends(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    membership_attach(actor=clerk, person=person, unit=house.branch_b, since=date(2026, 11, 1), reason="驻训")
    person = fresh(person)
    assert (person.attached_unit, person.attached_path) == (house.branch_b, house.branch_b.path)
    assert person.home_path == house.group_a.path
    membership_detach(actor=clerk, person=person, on=TODAY, reason="驻训结束")
    person = fresh(person)
    assert (person.attached_unit, person.attached_path) == (None, None)


def test_second_attachment_is_refused_also_in_the_past(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    third = UnitFactory(parent=house.battalion_b, code="L-B-Z2")
    membership_attach(actor=clerk, person=person, unit=house.branch_b, since=date(2026, 3, 1), reason="驻训")
    for since, until in ((TODAY, None), (date(2026, 1, 1), None), (date(2026, 1, 1), date(2026, 3, 2))):
        with pytest.raises(Conflict, match="重叠"):
            membership_attach(actor=clerk, person=person, unit=third, since=since, until=until, reason="借调")
    membership_attach(
        actor=clerk, person=person, unit=third, since=date(2026, 1, 1), until=date(2026, 3, 1), reason="借调补登"
    )
    assert Membership.objects.filter(person=person, kind=MembershipKind.ATTACHED).count() == 2
    assert fresh(person).attached_unit == house.branch_b


def test_moving_into_the_branch_one_is_attached_to_ends_the_attachment(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    membership_attach(actor=clerk, person=person, unit=house.branch_b, since=date(2026, 3, 1), reason="借调")
    membership_move(actor=clerk, person=person, to_unit=house.branch_b, on=TODAY, reason="正式调入")
    person = fresh(person)
    assert (person.unit, person.attached_unit) == (house.branch_b, None)


def test_attaching_to_the_home_branch_or_to_no_branch_is_refused(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    with pytest.raises(DomainError, match="不用挂靠"):
        membership_attach(actor=clerk, person=person, unit=house.branch_a, since=TODAY, reason="挂靠")
    with pytest.raises(DomainError, match="不是党支部"):
        membership_attach(actor=clerk, person=person, unit=house.group_b, since=TODAY, reason="挂靠")
    with pytest.raises(Conflict, match="现在没有挂靠"):
        membership_detach(actor=clerk, person=person, on=TODAY, reason="结束")


def test_leaving_ends_everything_and_keeps_the_file_in_scope(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["group_leader"]
    membership_attach(actor=clerk, person=person, unit=house.branch_b, since=date(2026, 3, 1), reason="借调")
    person_leave(actor=clerk, person=person, on=date(2026, 11, 20), reason="退役")
    person = fresh(person)
    assert (person.active, person.left_on, person.attached_unit) == (False, date(2026, 11, 20), None)
    assert person.home_path == house.group_a.path
    assert not person.memberships.filter(until__isnull=True).exists()
    assert person.tenures.get().until == date(2026, 11, 19)
    assert not person.user.is_active
    with pytest.raises(Conflict, match="已离队"):
        membership_move(actor=clerk, person=person, to_unit=house.branch_b, on=TODAY, reason="调动")


def test_returning_opens_a_new_row_after_the_gap(house: House) -> None:
    clerk, person = house.actor("organisation_clerk"), house.people["member"]
    person_leave(actor=clerk, person=person, on=date(2025, 9, 1), reason="退役")
    with pytest.raises(DomainError, match="不能早于离队日期"):
        person_return(actor=clerk, person=person, to_unit=house.branch_b, on=date(2025, 8, 1), reason="返队")
    person_return(actor=clerk, person=person, to_unit=house.branch_b, on=date(2026, 9, 1), reason="二次入伍")
    person = fresh(person)
    assert (person.active, person.unit, person.left_on) == (True, house.branch_b, None)
    assert homes(person) == [
        ("L-A-Z1", date(2020, 1, 1), date(2025, 9, 1)),
        ("L-B-Z1", date(2026, 9, 1), None),
    ]
    with pytest.raises(DomainError, match="不在队"):
        membership_move(actor=clerk, person=person, to_unit=house.branch_a, on=date(2026, 1, 1), reason="补登")


@pytest.mark.parametrize(
    ("kind", "since", "until"),
    [
        ("home", date(2019, 1, 1), date(2020, 1, 2)),
        ("home", date(2020, 1, 1), date(2020, 1, 2)),
        ("home", date(2026, 1, 1), None),
        ("attached", date(2026, 3, 10), date(2026, 3, 11)),
    ],
)
def test_the_database_itself_refuses_overlaps(house: House, kind: str, since: date, until: date | None) -> None:
    person = house.people["member"]
    Membership.objects.create(
        person=person, kind="attached", unit=house.branch_b, since=date(2026, 3, 1), until=date(2026, 4, 1)
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(person=person, kind=kind, unit=house.branch_b, since=since, until=until)


def test_the_database_refuses_an_update_into_an_overlap_and_allows_what_touches(house: House) -> None:
    person = house.people["member"]
    earlier = Membership.objects.create(
        person=person, kind="home", unit=house.branch_b, since=date(2019, 1, 1), until=date(2020, 1, 1)
    )
    earlier.until = date(2020, 1, 2)
    with pytest.raises(IntegrityError), transaction.atomic():
        earlier.save()
    Membership.objects.create(
        person=person, kind="home", unit=house.branch_b, since=date(2021, 1, 1), until=date(2021, 1, 1)
    )
