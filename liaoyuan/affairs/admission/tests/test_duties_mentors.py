"""The half-year review is told to the mentors too: they read what is due, and whoever is responsible sees to it."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from liaoyuan.affairs.admission.services import applying
from liaoyuan.affairs.admission.tests.pages import Visitor, said
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.foundation.inbox.models import Item
from liaoyuan.kernel import clock
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.policies import can_act
from liaoyuan.organisation.duties.services import duties_evaluate, duty_snooze, reminders_send
from liaoyuan.organisation.members.tests.factories import House

D = date.fromisoformat
DUE, FIRST = "2027-03-01", "2027-02-14"  # half a year after the walk's activist day; fifteen days before
pytestmark = pytest.mark.django_db


@pytest.fixture
def walks(house: House) -> tuple[Walk, Walk]:
    """An activist on each side, each with his two mentors, since the platform counts."""
    with clock.set_to(D("2026-05-20")):
        duties_evaluate()
    return Walk(house, outsider(house)).to("review"), Walk(house, outsider(house, "b"), side="b").to("review")


def tell(on: str) -> None:
    with clock.set_to(D(on)):
        duties_evaluate()
        reminders_send()


def duty(walk: Walk) -> Duty:
    return Duty.objects.unscoped("test").get(person=walk.person, rule="DM-07", state=DutyState.OPEN)


def lists(walk: Walk) -> set[str]:
    rows = Item.objects.filter(key=f"duty:{duty(walk).pk}", done_at__isnull=True)
    return set(rows.values_list("user__person__name", flat=True))


def test_the_mentors_are_told_with_whoever_is_responsible(walks: tuple[Walk, Walk]) -> None:
    walk, other = walks
    tell("2027-02-13")
    assert lists(walk) == set()
    tell(FIRST)
    assert lists(walk) == {"甲指导员", *(one.name for one in walk.mentors)}
    assert lists(other) == {"乙指导员", *(one.name for one in other.mentors)}


def test_what_closes_it_takes_it_off_their_lists_too(walks: tuple[Walk, Walk]) -> None:
    walk, other = walks
    tell(FIRST)
    key = f"duty:{duty(walk).pk}"
    walk.do("review")
    tell(DUE)
    assert not Item.objects.filter(key=key, done_at__isnull=True).exists()
    assert len(lists(other)) == 3


def test_who_is_mentor_no_longer_and_who_has_left_are_not_told(walks: tuple[Walk, Walk]) -> None:
    walk, other = walks
    first, second = walk.mentors
    with clock.set_to(D("2027-02-01")):
        people = [first.pk]
        applying.mentors_set(actor=walk.secretary, case=walk.case.pk, on=D("2027-02-01"), people=people)
    other.mentors[0].active = False
    other.mentors[0].save(update_fields=["active"])
    tell(FIRST)
    assert lists(walk) == {"甲指导员", first.name}
    assert lists(other) == {"乙指导员", other.mentors[1].name}
    assert second.name not in lists(walk)


def test_while_it_is_put_off_they_are_not_told_either(walks: tuple[Walk, Walk]) -> None:
    walk, _other = walks
    with clock.set_to(D("2027-02-01")):
        duties_evaluate()
        duty_snooze(actor=walk.secretary, duty=duty(walk), until=D("2027-02-20"), reason="集训")
    tell(FIRST)
    assert lists(walk) == set()
    tell("2027-02-20")
    assert {one.name for one in walk.mentors} <= lists(walk)


def test_a_mentor_reads_the_duty_and_is_offered_nothing(walks: tuple[Walk, Walk]) -> None:
    walk, other = walks
    tell(FIRST)
    mine, theirs = duty(walk), duty(other)
    member = Visitor(walk.house, "member")
    with member._on(FIRST):
        page = member.client.get(reverse("duties:show", args=[mine.pk]))
        assert page.status_code == 200
        assert f"{walk.mentors[1].name}（培养联系人）" in said(page)
        assert "登记：" not in said(page)
        assert member.client.get(reverse("duties:snooze", args=[mine.pk])).status_code == 403
        assert member.client.get(reverse("duties:show", args=[theirs.pk])).status_code == 404
    assert not can_act(walk.house.actor("member"), mine)


def test_a_mentor_is_shown_no_other_duty_about_the_activist(walks: tuple[Walk, Walk]) -> None:
    walk, _other = walks
    tell(FIRST)
    other_rule = Duty.objects.unscoped("test").get(person=walk.person, rule="DM-11")
    client: Any = Client()
    with clock.set_to(D(FIRST)):
        walk.house.login(client, "member")
        assert client.get(reverse("duties:show", args=[other_rule.pk])).status_code == 404
