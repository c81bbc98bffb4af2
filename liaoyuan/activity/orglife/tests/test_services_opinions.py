"""Opinions in writing received before the opening (DM-28): votes, not attendance."""

from datetime import timedelta

import pytest
from django.db import connection

from liaoyuan.activity.orglife.rules.boxes import NO, YES
from liaoyuan.activity.orglife.services import (
    ballot_cast,
    meeting_open,
    motion_close,
    written_opinion_record,
)
from liaoyuan.activity.orglife.tests.factories import (
    NOW,
    asked,
    called,
    candidate,
    more_members,
    of,
    opened,
    present,
    sitting,
)
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotPermitted


def cast(motion, *votes) -> None:
    for person, choice in votes:
        ballot_cast(actor=of(person), motion=motion.pk, choice=choice)


def close(house, motion):
    return motion_close(actor=house.actor("branch_secretary"), motion=motion.pk)


def test_one_received_before_the_opening_counts_as_a_vote_and_not_as_attendance(house):
    people = more_members(house, 7)
    everybody = [house.people[key] for key in ("branch_secretary", "group_leader", "member")] + people
    meeting = called(house)
    motion = asked(house, meeting)
    away = house.people["battalion_secretary"]
    written_opinion_record(
        actor=house.actor("battalion_secretary"), motion=motion.pk, person=away.pk, choice=YES, text="同意"
    )
    with clock.set_to(NOW + timedelta(minutes=10)):
        meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
        present(house, meeting, everybody[:7])
        opened(house, motion)
        cast(motion, *((person, YES) for person in everybody[:6]), (everybody[6], NO))
        done = close(house, motion)
    assert done.explanation == (
        "应到会有表决权 12 人，实到 7 人，超过半数；赞成 7 票（含会前书面意见 1 票），超过应到会半数（需 7 票）"
    )
    assert (done.passed, done.written, done.yes, done.no) == (True, 1, 7, 1)


def test_who_comes_after_all_votes_himself(house):
    meeting = called(house)
    motion = asked(house, meeting)
    member = house.people["member"]
    written_opinion_record(actor=house.actor("member"), motion=motion.pk, person=member.pk, choice=NO)
    with clock.set_to(NOW + timedelta(minutes=10)):
        meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
        people = [house.people[key] for key in ("branch_secretary", "group_leader", "member")]
        present(house, meeting, people)
        opened(house, motion)
        cast(motion, *((person, YES) for person in people))
        done = close(house, motion)
    assert (done.written, done.yes, done.no) == (0, 3, 0)


def test_one_that_comes_late_does_not_count(house):
    _meeting, motion, _people = sitting(house, size=6, there=4)
    with pytest.raises(DomainError) as error:
        written_opinion_record(
            actor=house.actor("branch_secretary"), motion=motion.pk, person=house.people["plain_a"].pk, choice=YES
        )
    assert "第20条" in error.value.clause
    assert not motion.opinions.exists()


def test_only_admission_takes_them_and_only_from_who_has_a_vote(house):
    meeting = called(house)
    general = asked(house, meeting, rule="general", title="修缮活动室", mode="show_of_hands")
    motion = asked(house, meeting)
    actor = house.actor("branch_secretary")
    outsider, other = candidate(house), house.people["member_b"]
    plain = house.people["plain_a"]
    for person, of_motion, clause in (
        (plain, general, "表决惯例"),
        (outsider, motion, ""),
        (other, motion, ""),
    ):
        with pytest.raises(DomainError) as error:
            written_opinion_record(actor=actor, motion=of_motion.pk, person=person.pk, choice=YES)
        assert clause in error.value.clause
    with pytest.raises(NotPermitted):
        written_opinion_record(actor=house.actor("member"), motion=motion.pk, person=plain.pk, choice=YES)
    with pytest.raises(DomainError):
        written_opinion_record(actor=actor, motion=motion.pk, person=plain.pk, choice="9")
    assert not motion.opinions.exists()


def test_it_lies_encrypted(house):
    motion = asked(house, called(house))
    written_opinion_record(
        actor=house.actor("member"), motion=motion.pk, person=house.people["member"].pk, choice=NO, text="动机不纯"
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT choice, text FROM orglife_writtenopinion")
        choice, text = cursor.fetchone()
    assert choice != NO
    assert "动机" not in text
