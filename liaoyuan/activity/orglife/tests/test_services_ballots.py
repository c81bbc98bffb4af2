"""Secret by construction; one vote a person; refused with the clause."""

from itertools import pairwise

import pytest
from django.db import connection

from liaoyuan.activity.orglife.events import MotionDecided, MotionWithdrawn
from liaoyuan.activity.orglife.models import BallotBox, BallotMark, Motion, Resolution
from liaoyuan.activity.orglife.rules.boxes import ABSTAIN, NO, YES, Box
from liaoyuan.activity.orglife.services import (
    ballot_cast,
    meeting_open,
    motion_close,
    motion_open,
    motion_withdraw,
    presence_mark,
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
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted


@pytest.fixture
def heard(monkeypatch):
    found = []
    for event in (MotionDecided, MotionWithdrawn):
        monkeypatch.setitem(bus._inside, event, [found.append])
    return found


def cast(motion, *votes) -> None:
    for person, choice in votes:
        ballot_cast(actor=of(person), motion=motion.pk, choice=choice)


def close(house, motion, **values):
    return motion_close(actor=house.actor("branch_secretary"), motion=motion.pk, **values)


def test_a_ballot_from_opening_to_resolution(house, heard):
    meeting, motion, attending = sitting(house, size=12, there=8, subject_type="admission.case", subject_id="42")
    opened(house, motion)
    cast(motion, *((person, YES) for person in attending[:7]), (attending[7], NO))
    done = close(house, motion)
    assert done.passed
    assert done.explanation == ("应到会有表决权 12 人，实到 8 人，超过半数；赞成 7 票，超过应到会半数（需 7 票）")
    assert heard == [
        MotionDecided(
            motion.pk, meeting.pk, "admission.case", "42", True, 12, 8, 7, 1, 0, 0, meeting.held_on, done.explanation
        )
    ]
    assert done.disclosure.startswith("会上只有 1 票与其他票不同")
    resolution = Resolution.objects.get(motion=motion)
    assert resolution.adopted
    assert (
        "应到会有表决权 12 人，实到会 8 人，以无记名投票方式表决：赞成 7 票，反对 1 票，弃权 0 票。" in resolution.text
    )
    assert motion.person.name in resolution.text


@pytest.mark.parametrize(("yes", "passed"), [(6, False), (7, True)])
def test_half_of_those_entitled_is_not_enough(house, yes, passed):
    _meeting, motion, attending = sitting(house, size=12, there=8)
    opened(house, motion)
    cast(motion, *((person, YES if number < yes else ABSTAIN) for number, person in enumerate(attending)))
    assert close(house, motion).passed is passed


def test_the_database_never_holds_a_vote_beside_a_voter(house):
    """What an administrator sees between two votes: marks without choice, and a box whose text changes wholly and
    whose length never does, whatever the choice."""
    _meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)

    def sealed() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed FROM orglife_ballotbox")
            return str(cursor.fetchone()[0])

    boxes = [sealed()]
    for person, choice in zip(attending, (YES, NO, YES, ABSTAIN), strict=True):
        cast(motion, (person, choice))
        boxes.append(sealed())
    assert len({len(text) for text in boxes}) == 1
    assert len(set(boxes)) == len(boxes)
    assert all(not set(_chunks(one)) & set(_chunks(two)) for one, two in pairwise(boxes))
    assert {field.name for field in BallotMark._meta.get_fields()} == {"id", "motion", "entry"}
    assert {mark.pk.version for mark in BallotMark.objects.all()} == {4}
    entries = AuditEntry.objects.filter(action="orglife.ballot_cast")
    assert [(entry.detail, entry.reason, entry.subject_id) for entry in entries] == [({}, "", None)] * 4
    row = Motion.objects.get(pk=motion.pk)
    assert (row.yes, row.no, row.abstain) == (None, None, None)
    close(house, motion)
    assert not BallotBox.objects.exists()
    assert BallotMark.objects.count() == 4


def _chunks(text: str) -> list[str]:
    body = text.partition(".")[2]
    return [body[start : start + 12] for start in range(0, len(body) - 12, 12)]


def test_one_hand_votes_once(house):
    _meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    cast(motion, (attending[0], YES))
    before = BallotBox.objects.get().sealed
    with pytest.raises(Conflict, match="一人一票") as error:
        cast(motion, (attending[0], NO))
    assert "第20条" in error.value.clause
    assert BallotBox.objects.get().sealed == before
    assert BallotMark.objects.count() == 1


def test_who_has_no_vote_is_absent_or_of_another_branch_does_not_vote(house):
    meeting, motion, attending = sitting(house, size=6, there=4)
    absent = meeting.roll.exclude(presence="present").filter(person__user__isnull=False).first().person
    probationary = more_members(house, 1, standing="probationary")[0]
    opened(house, motion)
    with pytest.raises(NotPermitted) as error:
        cast(motion, (absent, YES))
    assert error.value.clause
    with pytest.raises(NotInScope):
        cast(motion, (probationary, YES))  # came too late for the roll
    for persona in ("member_b", "system_admin"):
        with pytest.raises(NotInScope):
            ballot_cast(actor=house.actor(persona), motion=motion.pk, choice=YES)
    with pytest.raises(NotPermitted):
        ballot_cast(actor=house.actor("organisation_clerk"), motion=motion.pk, choice=YES)
    with pytest.raises(DomainError):
        ballot_cast(actor=of(attending[0]), motion=motion.pk, choice="yes")
    assert BallotMark.objects.count() == 0
    assert Box.unpack(BallotBox.objects.get().sealed, motion=motion.pk.hex).tally.total == 0


def test_a_probationer_on_the_roll_has_no_vote(house):
    probationary = more_members(house, 1, standing="probationary")[0]
    meeting, motion, _attending = sitting(house, size=5, there=4)
    present(house, meeting, [probationary])
    opened(house, motion)
    with pytest.raises(NotPermitted, match="没有表决权") as error:
        cast(motion, (probationary, YES))
    assert "选举工作条例" in error.value.clause


def test_a_ballot_takes_no_vote_before_its_opening_or_after_its_close(house):
    _meeting, motion, attending = sitting(house, size=5, there=4)
    with pytest.raises(Conflict, match="还没有开始"):
        cast(motion, (attending[0], YES))
    opened(house, motion)
    cast(motion, *((person, YES) for person in attending[:3]))
    close(house, motion, missing_ok=True)
    with pytest.raises(Conflict, match="已经结束"):
        cast(motion, (attending[3], NO))
    row = Motion.objects.get(pk=motion.pk)
    assert (row.yes, row.no) == (3, 0)
    assert BallotMark.objects.count() == 3


def test_a_close_before_all_have_voted_asks_first(house):
    _meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    with pytest.raises(DomainError):
        close(house, motion)
    cast(motion, (attending[0], YES))
    with pytest.raises(DomainError, match="已投票 1 人") as error:
        close(house, motion)
    assert error.value.field == "missing_ok"
    assert Motion.objects.get(pk=motion.pk).state == "open"
    with pytest.raises(Conflict):
        motion_open(actor=house.actor("branch_secretary"), motion=motion.pk)


def test_without_a_quorum_no_ballot_opens(house):
    """DM-24: six of twelve is not more than half."""
    _meeting, motion, _attending = sitting(house, size=12, there=6)
    with pytest.raises(DomainError, match="需 7 人") as error:
        opened(house, motion)
    assert error.value.clause == "《中国共产党发展党员工作细则（2026年）》第19条"
    assert Motion.objects.get(pk=motion.pk).state == "planned"
    assert not BallotBox.objects.exists()


def test_the_agenda_comes_before_the_vote(house):
    _meeting, motion, _attending = sitting(house, size=5, there=4)
    with pytest.raises(DomainError, match="入党介绍人") as error:
        motion_open(actor=house.actor("branch_secretary"), motion=motion.pk, agenda={"subject_report"})
    assert error.value.field == "agenda"
    assert Motion.objects.get(pk=motion.pk).state == "planned"


def test_one_motion_at_a_time_and_one_person_a_motion(house):
    meeting, motion, attending = sitting(house, size=5, there=4)
    second = asked(house, meeting)
    with pytest.raises(DomainError) as error:
        asked(house, meeting, person=None)
    assert error.value.field == "person"
    with pytest.raises(Conflict):
        asked(house, meeting, person=motion.person)
    opened(house, motion)
    with pytest.raises(Conflict) as clash:
        opened(house, second)
    assert "第20条" in clash.value.clause
    cast(motion, *((person, YES) for person in attending))
    close(house, motion)
    assert opened(house, second).state == "open"
    assert meeting.motions.count() == 2


def test_everybody_present_can_hold_a_handheld_or_paper_is_used(house):
    meeting, motion, _attending = sitting(house, size=5, there=4)
    present(house, meeting, [house.people["plain_a"]])
    with pytest.raises(DomainError, match="甲无账号") as error:
        opened(house, motion)
    assert error.value.field == "mode"
    assert opened(house, motion, mode="paper").mode == "paper"


def test_only_the_chair_opens_and_closes(house):
    _meeting, motion, _attending = sitting(house, size=5, there=4)
    for persona, error in (("member", NotPermitted), ("branch_secretary_b", NotInScope), ("inspector", NotPermitted)):
        with pytest.raises(error):
            opened(house, motion, by=persona)
    opened(house, motion)
    with pytest.raises(NotPermitted):
        motion_close(actor=house.actor("group_leader"), motion=motion.pk, missing_ok=True)
    assert Motion.objects.get(pk=motion.pk).state == "open"


def test_a_box_exchanged_or_set_back_makes_the_ballot_void(house, heard):
    meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    empty = BallotBox.objects.get().sealed
    cast(motion, *((person, NO) for person in attending))
    BallotBox.objects.update(sealed=empty)  # an earlier copy put back
    with pytest.raises(Conflict, match="对不上"):
        close(house, motion)
    BallotBox.objects.update(sealed=Box("f" * 32, yes=4).pack())  # another motion's box
    with pytest.raises(Conflict, match="不是这项表决的票箱"):
        close(house, motion)
    BallotMark.objects.filter(entry__person=attending[0]).delete()
    with pytest.raises(Conflict, match="没有投票"):
        cast(motion, (attending[0], YES))
    assert BallotMark.objects.count() == 3
    motion_withdraw(actor=house.actor("branch_secretary"), motion=motion.pk, reason="票箱对不上，重新投票")
    assert not BallotBox.objects.exists()
    assert not BallotMark.objects.exists()
    assert isinstance(heard[-1], MotionWithdrawn)
    again = asked(house, meeting, person=motion.person)
    assert opened(house, again).state == "open"


def test_a_decided_motion_is_not_taken_back(house):
    _meeting, motion, attending = sitting(house, size=5, there=4)
    opened(house, motion)
    cast(motion, *((person, YES) for person in attending))
    done = close(house, motion)
    assert done.disclosure == "会上 4 票全部相同，公布票数即等于公布每个人的选择。"
    with pytest.raises(Conflict):
        motion_withdraw(actor=house.actor("branch_secretary"), motion=motion.pk, reason="不满意")
    with pytest.raises(Conflict):
        close(house, motion)
    assert Motion.objects.get(pk=motion.pk).passed


def test_what_cannot_be_put_to_the_vote_is_refused(house):
    meeting = called(house)
    for values, field in (
        ({"rule": "nothing"}, "rule"),
        ({"rule": "committee"}, "rule"),
        ({"mode": "show_of_hands"}, "mode"),
        ({"mode": "telepathy"}, "mode"),
        ({"mover": candidate(house)}, "mover"),
        ({"mover": house.people["member_b"]}, "mover"),
        ({"title": ""}, "title"),
    ):
        with pytest.raises(DomainError) as error:
            asked(house, meeting, **values)
        assert error.value.field == field
    with pytest.raises(NotPermitted):
        asked(house, meeting, by="member")
    with pytest.raises(NotInScope):
        asked(house, meeting, by="branch_secretary_b")
    assert not meeting.motions.exists()


def test_a_case_of_the_old_text_is_voted_on_by_the_old_text(house):
    _meeting, motion, _attending = sitting(
        house, size=12, there=6, text_of=clock.local(NOW).date().replace(year=2026, month=5, day=1)
    )
    with pytest.raises(DomainError):
        opened(house, motion)
    row = Motion.objects.get(pk=motion.pk)
    assert row.text_of.year == 2026


def test_a_committee_needs_half_of_its_members_and_more_than_half_of_them_for_it(house):
    meeting = called(house, kind="committee_meeting")
    motion = asked(house, meeting, rule="committee", title="确定入党积极分子", mode="show_of_hands", person=None)
    meeting_open(actor=house.actor("branch_secretary"), meeting=meeting.pk)
    present(house, meeting, [house.people["branch_secretary"]])
    opened(house, motion)
    assert Motion.objects.get(pk=motion.pk).entitled == 1
    with pytest.raises(Conflict):
        presence_mark(
            actor=house.actor("branch_secretary"),
            meeting=meeting.pk,
            person=house.people["branch_secretary"].pk,
            presence="leave",
        )
