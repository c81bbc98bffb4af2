"""What was handed to somebody who left, or lost his account, goes back to whoever holds the post."""

from typing import Any

import pytest

from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.inbox.models import Item
from liaoyuan.organisation.duties.models import Duty, DutyAct
from liaoyuan.organisation.duties.services import duty_hand_over, reminders_send
from liaoyuan.organisation.duties.tests.conftest import TODAY, Scene
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.services import person_leave


def handed(scene: Scene, person: Person, to: str, by: str) -> Duty:
    duty = scene.duty(person)
    house = scene.house
    duty_hand_over(actor=house.actor(by), duty=duty, to=house.people[to], reason="他熟悉情况")
    reminders_send()
    assert lists(duty) == {house.people[to].name}
    return duty


def lists(duty: Duty) -> set[str]:
    rows = Item.objects.filter(key=f"duty:{duty.pk}", done_at__isnull=True)
    return set(rows.values_list("user__person__name", flat=True))


def test_it_goes_back_when_he_leaves_and_the_post_s_holder_is_told(
    scene: Scene, django_capture_on_commit_callbacks: Any
) -> None:
    house = scene.house
    mine = handed(scene, scene.applicant, "member", "branch_secretary")
    theirs = handed(scene, scene.other, "member_b", "branch_secretary_b")
    with django_capture_on_commit_callbacks(execute=True):
        person_leave(actor=house.actor("organisation_clerk"), person=house.people["member"], on=TODAY, reason="退役")
    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.handed_to_id, mine.told) == (None, "")
    assert theirs.handed_to_id == house.people["member_b"].pk
    reminders_send()
    assert lists(mine) == {"甲指导员"}
    act = DutyAct.objects.get(duty=mine, verb="taken_back")
    assert (act.detail, act.by_name) == (house.people["member"].name, "系统（到点提醒）")
    assert AuditEntry.objects.filter(action="duties.taken_back").count() == 1


@pytest.mark.parametrize("lost", ["account", "person"])
def test_it_goes_back_with_the_next_reminders_where_nobody_said_so(scene: Scene, lost: str) -> None:
    house = scene.house
    duty = handed(scene, scene.applicant, "member", "branch_secretary")
    if lost == "account":
        user = house.users["member"]
        user.is_active = False
        user.save(update_fields=["is_active"])
    else:  # a roster took him out
        Person.objects.unscoped("test").filter(pk=house.people["member"].pk).update(active=False)
    reminders_send()
    duty.refresh_from_db()
    assert duty.handed_to_id is None
    assert lists(duty) == {"甲指导员"}


def test_it_stays_with_him_while_he_serves(scene: Scene) -> None:
    duty = handed(scene, scene.applicant, "member", "branch_secretary")
    reminders_send()
    duty.refresh_from_db()
    assert duty.handed_to_id == scene.house.people["member"].pk
