"""Meetings for tests: called and opened through the services, so that the roll is the real one."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from liaoyuan.activity.orglife.models import Meeting, Motion
from liaoyuan.activity.orglife.rules.decisions import RULES
from liaoyuan.activity.orglife.services import (
    meeting_call,
    meeting_open,
    motion_add,
    motion_open,
    presence_mark_many,
)
from liaoyuan.kernel.scoping import Actor, actor_for
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, account_for

NOW = datetime(2026, 11, 22, 19, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SOON = NOW + timedelta(hours=1)


def more_members(house: House, count: int, **values: Any) -> list[Person]:
    """Further full members of branch a, each with an account."""
    people = [PersonFactory(unit=house.branch_a, group=house.group_a, **values) for _ in range(count)]
    for person in people:
        account_for(person)
    return people


def of(person: Person) -> Actor:
    """The actor of a person with an account."""
    return actor_for(person.user, via="web")


def called(house: House, *, by: str = "branch_secretary", **values: Any) -> Meeting:
    """A general meeting of branch a, called for this evening."""
    values = {
        "unit": house.branch_a,
        "kind": "general_meeting",
        "title": "讨论接收预备党员",
        "planned_at": SOON,
        "place": "甲营区会议室",
        **values,
    }
    return meeting_call(actor=house.actor(by), **values)


def candidate(house: House, **values: Any) -> Person:
    """Somebody of branch a who stands for admission."""
    return PersonFactory(unit=house.branch_a, group=house.group_a, standing="candidate", **values)


def asked(house: House, meeting: Meeting, *, by: str = "branch_secretary", **values: Any) -> Motion:
    """A motion to admit a candidate."""
    if values.get("rule", "admission") in {"admission", "conversion", "election"} and "person" not in values:
        values["person"] = candidate(house)
    return motion_add(
        actor=house.actor(by), meeting=meeting.pk, **{"title": "接收预备党员", "rule": "admission", **values}
    )


def present(house: House, meeting: Meeting, people: list[Person], *, by: str = "branch_secretary") -> None:
    """Mark ``people`` present."""
    presence_mark_many(actor=house.actor(by), meeting=meeting.pk, presences={one.pk: "present" for one in people})


def opened(house: House, motion: Motion, *, by: str = "branch_secretary", **values: Any) -> Motion:
    """Open the ballot on a motion, its agenda done."""
    return motion_open(actor=house.actor(by), motion=motion.pk, agenda=frozenset(RULES[motion.rule].agenda), **values)


def sitting(house: House, *, size: int, there: int, **values: Any) -> tuple[Meeting, Motion, list[Person]]:
    """An open meeting of ``size`` entitled members of whom ``there`` (with accounts) are present, with one motion.
    Everybody with an account comes first."""
    own = [house.people[key] for key in ("branch_secretary", "group_leader", "member", "battalion_secretary")]
    everybody = own + more_members(house, size - 5)
    meeting = called(house)
    motion = asked(house, meeting, **values)
    meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    attending = everybody[:there]
    present(house, meeting, attending)
    return meeting, motion, attending
