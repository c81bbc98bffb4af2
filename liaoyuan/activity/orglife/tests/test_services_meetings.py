"""Calling, opening, closing, cancelling; and what the chronicle learns."""

from datetime import date, timedelta

import pytest

from liaoyuan.activity.orglife.events import MeetingClosed, MotionWithdrawn
from liaoyuan.activity.orglife.models import Meeting
from liaoyuan.activity.orglife.services import (
    hands_record,
    meeting_cancel,
    meeting_close,
    meeting_open,
    motion_add,
    motion_close,
    motion_open,
)
from liaoyuan.activity.orglife.services.roll import presence_mark
from liaoyuan.activity.orglife.tests.factories import NOW, asked, called, opened, present, sitting
from liaoyuan.kernel import bus
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.members.tests.factories import UnitFactory
from liaoyuan.organisation.units.events import UnitPathsChanged

MINUTES = "一、传达上级文件；二、讨论发展党员；三、书记作小结。"


@pytest.fixture
def heard(monkeypatch):
    found = []
    for event in (MeetingClosed, MotionWithdrawn):
        monkeypatch.setitem(bus._inside, event, [found.append])
    return found


@pytest.mark.parametrize(
    ("by", "error"),
    [
        ("member", NotInScope),  # he holds no capability over meetings: he sees those he is called to
        ("group_leader", NotInScope),
        ("branch_secretary_b", NotInScope),
        ("inspector", NotPermitted),
        ("system_admin", NotInScope),
    ],
)
def test_a_branchs_meeting_is_called_by_who_may(house, by, error):
    with pytest.raises(error):
        called(house, by=by)
    assert not Meeting.objects.unscoped("test").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"kind": "group_meeting"}, "kind"),
        ({"covers": ["group_meeting"]}, "covers"),
        ({"title": " . "}, "title"),
    ],
)
def test_what_no_branch_holds_is_refused(house, values, field):
    with pytest.raises(DomainError) as error:
        called(house, **values)
    assert error.value.field == field
    assert not Meeting.objects.unscoped("test").exists()


def test_chair_and_recorder_belong_to_the_unit_or_above(house):
    meeting = called(house, chair=house.people["battalion_secretary"], recorder=house.people["member"])
    assert meeting.recorder == house.people["member"]
    with pytest.raises(DomainError) as error:
        called(house, chair=house.people["member_b"])
    assert error.value.field == "chair"


def test_a_dissolved_unit_meets_no_more(house):
    old = UnitFactory(code="L-A-Z9", parent=house.battalion_a, dissolved_on=date(2026, 1, 1))
    with pytest.raises(DomainError):
        called(house, by="battalion_secretary", unit=old)


def test_a_meeting_opens_once_and_by_its_chair(house):
    meeting = called(house)
    for by, error in (("member", NotPermitted), ("branch_secretary_b", NotInScope), ("inspector", NotPermitted)):
        with pytest.raises(error):
            meeting_open(actor=house.actor(by), meeting=meeting.pk)
    with pytest.raises(DomainError):
        meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk, at=NOW + timedelta(hours=2))
    meeting.refresh_from_db()
    assert meeting.state == "planned"
    meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    with pytest.raises(Conflict):
        meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)


def test_a_closed_meeting_becomes_facts_of_every_kind_it_covers(house, heard):
    meeting = called(house, kind="life_meeting", covers=["democratic_review"])
    actor = house.actor("branch_secretary")
    meeting_open(actor=actor, meeting=meeting.pk)
    with pytest.raises(DomainError):
        meeting_close(actor=actor, meeting=meeting.pk, minutes=MINUTES)  # nobody came
    present(house, meeting, [house.people["member"], house.people["group_leader"]])
    with pytest.raises(DomainError) as error:
        meeting_close(actor=actor, meeting=meeting.pk, minutes="开了会")
    assert error.value.field == "minutes"
    assert not Fact.objects.unscoped("test").exists()
    meeting_close(actor=actor, meeting=meeting.pk, minutes=MINUTES)
    facts = Fact.objects.unscoped("test").filter(person=None).order_by("kind")
    assert [(fact.kind, fact.unit_id, fact.occurred_on, fact.payload) for fact in facts] == [
        (
            f"orglife.{kind}",
            house.branch_a.pk,
            date(2026, 11, 22),
            {"title": "讨论接收预备党员", "attended": 2, "on_roll": 5},
        )
        for kind in ("democratic_review", "life_meeting")
    ]
    assert heard == [MeetingClosed(meeting.pk, house.branch_a.pk, "life_meeting", date(2026, 11, 22), 5, 2, 2)]
    with pytest.raises(Conflict):
        meeting_close(actor=actor, meeting=meeting.pk, minutes=MINUTES)
    with pytest.raises(Conflict):
        present(house, meeting, [house.people["plain_a"]])
    with pytest.raises(Conflict):
        motion_add(actor=actor, meeting=meeting.pk, title="再议一项", rule="general", mode="show_of_hands")


def test_an_open_ballot_keeps_the_meeting_open(house):
    meeting, motion, _people = sitting(house, size=5, there=4)
    opened(house, motion)
    with pytest.raises(Conflict):
        meeting_close(actor=house.actor("branch_secretary"), meeting=meeting.pk, minutes=MINUTES)


def test_motions_not_voted_on_are_taken_back_when_the_meeting_ends(house, heard):
    meeting, motion, _people = sitting(house, size=5, there=4, subject_type="admission.case", subject_id="7")
    meeting_close(actor=house.actor("branch_secretary"), meeting=meeting.pk, minutes=MINUTES)
    motion.refresh_from_db()
    assert motion.state == "withdrawn"
    assert heard[0] == MotionWithdrawn(motion.pk, meeting.pk, "admission.case", "7", "会议结束时没有表决")


def test_a_meeting_is_called_off_with_a_reason_unless_something_was_decided(house, heard):
    meeting = called(house)
    motion = asked(house, meeting)
    with pytest.raises(DomainError):
        meeting_cancel(actor=house.actor("branch_secretary"), meeting=meeting.pk, reason="")
    meeting_cancel(actor=house.actor("branch_secretary"), meeting=meeting.pk, reason="临时任务")
    motion.refresh_from_db()
    assert motion.state == "withdrawn"
    with pytest.raises(Conflict):
        meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    held = called(house)
    actor = house.actor("branch_secretary")
    vote = motion_add(actor=actor, meeting=held.pk, title="评选先进", rule="general", mode="show_of_hands")
    meeting_open(actor=actor, meeting=held.pk)
    present(house, held, [house.people[key] for key in ("member", "group_leader", "plain_a")])
    motion_open(actor=actor, motion=vote.pk)
    hands_record(actor=actor, motion=vote.pk, yes=3, no=0, abstain=0)
    assert motion_close(actor=actor, motion=vote.pk).passed
    with pytest.raises(Conflict):
        meeting_cancel(actor=actor, meeting=held.pk, reason="临时任务")


def test_a_meeting_held_on_paper_is_recorded_with_its_own_day(house):
    then = NOW - timedelta(days=30)
    meeting = called(house, planned_at=then)
    actor = house.actor("branch_secretary")
    meeting_open(actor=actor, meeting=meeting.pk, at=then)
    present(house, meeting, [house.people["member"]])
    closed = meeting_close(actor=actor, meeting=meeting.pk, minutes=MINUTES)
    assert (closed.backfilled, closed.held_on) == (True, date(2026, 10, 23))
    assert set(Fact.objects.unscoped("test").values_list("occurred_on", flat=True)) == {date(2026, 10, 23)}


def test_a_closed_meeting_tells_of_everybody_on_the_roll_whether_he_came(house):
    meeting = called(house)
    actor = house.actor("branch_secretary")
    meeting_open(actor=actor, meeting=meeting.pk)
    came, excused = house.people["member"], house.people["group_leader"]
    present(house, meeting, [came])
    presence_mark(actor=actor, meeting=meeting.pk, person=excused.pk, presence="leave", note="值班")
    meeting_close(actor=actor, meeting=meeting.pk, minutes=MINUTES)
    told = dict(Fact.objects.unscoped("test").filter(person__isnull=False).values_list("person_id", "kind"))
    assert (told[came.pk], told[excused.pk]) == ("orglife.attended", "orglife.excused")
    assert sorted(told.values()) == ["orglife.absent"] * 3 + ["orglife.attended", "orglife.excused"]
    assert not set(told) & {house.people["plain_b"].pk, house.people["branch_secretary_b"].pk}


def test_meetings_follow_their_unit_when_it_moves(house):
    meeting = called(house)
    bus.publish(UnitPathsChanged(moves=((meeting.path, "0000000Z"),)))
    meeting.refresh_from_db()
    assert meeting.path == "0000000Z"
