"""Who leaves the Party leaves its group and the posts that ask for a full member; the branch stays his."""

from collections.abc import Iterator
from datetime import date

import pytest

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotPermitted
from liaoyuan.organisation.members.checks import wrong_people
from liaoyuan.organisation.members.models import Membership, Person
from liaoyuan.organisation.members.rules.spans import Span, changed
from liaoyuan.organisation.members.services import (
    membership_move,
    person_leave,
    person_return,
    standing_change,
    tenure_begin,
)
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, load_post, two_branches
from liaoyuan.organisation.units.models import Grant

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
DAY = date(2026, 6, 1)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.set_to(TODAY):
        yield


@pytest.fixture
def house() -> House:
    return two_branches()


def homes(person: Person) -> list[tuple[str, str | None, date, date | None]]:
    rows = Membership.objects.filter(person=person, kind="home").order_by("since").select_related("unit", "group")
    return [(row.unit.code, row.group.code if row.group else None, row.since, row.until) for row in rows]


def strike(house: House, person: Person, kind: str, on: date = DAY) -> Person:
    """By the brigade's clerk."""
    standing_change(actor=house.actor("organisation_clerk"), person=person, kind=kind, on=on, basis="支部大会决议")
    return Person.objects.unscoped("test").select_related("unit", "group").get(pk=person.pk)


def test_struck_off_he_is_in_the_branch_but_in_no_group_from_that_day(house: House) -> None:
    person = strike(house, house.people["member"], "ended")
    assert (person.standing, person.unit, person.group) == ("ended", house.branch_a, None)
    assert person.home_path == house.branch_a.path
    assert homes(person) == [
        ("L-A-Z1", "L-A-Z1-X1", date(2020, 1, 1), DAY),
        ("L-A-Z1", None, DAY, None),
    ]
    assert not wrong_people().exists()


def test_a_suspension_keeps_the_group_until_he_is_struck_off(house: House) -> None:
    person = strike(house, house.people["member"], "suspended")
    assert (person.standing, person.group) == ("suspended", house.group_a)
    assert len(homes(person)) == 1
    assert strike(house, person, "ended", TODAY).group is None
    assert homes(person)[0][3] == TODAY


def test_a_probationer_who_is_not_taken_leaves_the_group_and_a_new_full_member_does_not(house: House) -> None:
    for kind, group in (("masses", None), ("full", house.group_a)):
        person = PersonFactory(unit=house.branch_a, group=house.group_a, standing="probationary")
        assert strike(house, person, kind, TODAY).group == group


def test_later_moves_are_without_a_group_too(house: House) -> None:
    person = house.people["member"]
    membership_move(actor=house.actor("organisation_clerk"), person=person, to_unit=house.branch_b,
                    group=house.group_b, on=date(2026, 8, 1), reason="工作调动")  # fmt: skip
    strike(house, person, "ended")
    assert homes(person) == [
        ("L-A-Z1", "L-A-Z1-X1", date(2020, 1, 1), DAY),
        ("L-A-Z1", None, DAY, date(2026, 8, 1)),
        ("L-B-Z1", None, date(2026, 8, 1), None),
    ]


def test_history_changed_on_a_day_between_and_at_the_edges() -> None:
    first, second = Span(date(2020, 1, 1), DAY, ("A", "X"), "one"), Span(DAY, None, ("B", "Y"), "two")

    def bare(value: tuple[str, str | None]) -> tuple[str, None]:
        return value[0], None

    before = date(2026, 5, 31)
    assert changed([first, second], before, bare) == [
        Span(date(2020, 1, 1), before, ("A", "X"), "one"),
        Span(before, DAY, ("A", None)),
        Span(DAY, None, ("B", None), "two"),
    ]
    assert changed([first, second], DAY, bare) == [first, Span(DAY, None, ("B", None), "two")]
    assert changed([second], date(2020, 1, 1), bare) == [Span(DAY, None, ("B", None), "two")]
    assert changed([Span(None, None, ("A", None), "one")], DAY, bare) == [Span(None, None, ("A", None), "one")]


@pytest.mark.parametrize("kind", ["ended", "suspended"])
def test_posts_for_full_members_end_the_day_before(house: House, kind: str) -> None:
    person, clerk = house.people["branch_secretary"], house.actor("organisation_clerk")
    (tenure,) = person.tenures.all()
    strike(house, person, kind)
    tenure.refresh_from_db()
    assert tenure.until == date(2026, 5, 31)
    assert not Grant.objects.unscoped("test").current(TODAY).filter(source_id=tenure.pk).exists()
    assert AuditEntry.objects.filter(action="members.tenure_end", subject_id=person.pk).count() == 1
    with pytest.raises(DomainError, match="还不是正式党员"):
        tenure_begin(actor=clerk, person=person, unit=house.branch_a, post=load_post("secretary"), since=TODAY)


def test_a_post_that_is_not_the_actors_to_end_keeps_everything_as_it_is(house: House) -> None:
    superior = house.people["battalion_secretary"]
    with pytest.raises(NotPermitted, match="您无权免去"):
        standing_change(actor=house.actor("branch_secretary"), person=superior, kind="ended", on=DAY, basis="支部大会")
    assert Person.objects.unscoped("test").get(pk=superior.pk).standing == "full"
    assert (superior.tenures.get().until, superior.standings.filter(until=None).get().kind) == (None, "full")


def test_only_members_are_put_into_a_group(house: House) -> None:
    clerk = house.actor("organisation_clerk")
    person = PersonFactory(unit=house.branch_a, standing="masses")
    there = {"to_unit": house.branch_a, "group": house.group_a, "on": TODAY, "reason": "编入党小组"}
    with pytest.raises(DomainError, match="党小组只编入党员，此人是群众") as refused:
        membership_move(actor=clerk, person=person, **there)  # type: ignore[arg-type]
    assert refused.value.field == "group"
    person_leave(actor=clerk, person=person, on=TODAY, reason="退役")
    with pytest.raises(DomainError, match="党小组只编入党员，此人是群众"):
        person_return(actor=clerk, person=person, **there)  # type: ignore[arg-type]
    assert [row[1] for row in homes(person)] == [None]
