"""Votes of general meetings and the case: they come by themselves, once, from the case's own branch, and the platform
never answers what a rule asks of people."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.activity.orglife.models import BallotBox, BallotMark, Meeting, Motion, PaperTally
from liaoyuan.activity.orglife.rules.boxes import CHOICES
from liaoyuan.activity.orglife.services import (
    ballot_cast,
    meeting_open,
    motion_open,
    motion_withdraw,
    presence_mark_many,
)
from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.selectors.cases import case_state
from liaoyuan.affairs.admission.selectors.meetings import agenda_of
from liaoyuan.affairs.admission.services.accepting import meeting_submit
from liaoyuan.affairs.admission.services.converting import case_stop
from liaoyuan.affairs.admission.services.correcting import record_cancel
from liaoyuan.affairs.admission.services.voting import decision_take
from liaoyuan.affairs.admission.tests.meetings import at, called, counted, opened, submitted, voted, voters
from liaoyuan.affairs.admission.tests.test_services_refusals import refused, untouched
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.foundation.inbox.models import Item
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotPermitted
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.members.services import membership_attach, membership_move, person_leave
from liaoyuan.organisation.members.tests.factories import account_for
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.tests.factories import UnitFactory

D = date.fromisoformat
pytestmark = pytest.mark.django_db
IN_TIME, LATE = "2027-11-05", "2027-11-21"  # the pre-review of the walk is of 2027-10-20


def entered(walk: Walk, act: str = "meeting", **more: Any) -> list[StepRecord]:
    return list(StepRecord.objects.filter(case=walk.case, act=act, **more).order_by("seq", "recorded_at"))


def neighbour(walk: Walk) -> Unit:
    return UnitFactory(code="L-A-Z2", name="甲营二连党支部", parent=walk.house.battalion_a)


def moved(walk: Walk, on: str) -> Unit:
    """The person belongs to the neighbouring branch from ``on``."""
    other = neighbour(walk)
    with clock.set_to(at(on, 12)):
        membership_move(actor=walk.clerk, person=walk.person, to_unit=other, on=D(on), reason="调整")
    walk.case.refresh_from_db()
    return other


@pytest.mark.parametrize(("yes", "step", "passed"), [(5, 15, True), (4, 12, False)])
def test_the_vote_of_a_meeting_reaches_the_case_by_itself(walk: Walk, yes: int, step: int, passed: bool) -> None:
    walk.to("meeting")
    motion = voted(walk, IN_TIME, yes=yes)
    assert motion.text_of == walk.case.text_of
    (record,) = entered(walk)
    assert record.detail["motion"] == str(motion.pk)
    assert (record.detail["passed"], record.detail["yes"], record.done_on) == (passed, yes, D(IN_TIME))
    assert (record.reason, record.basis, record.against) == ("", "", [])  # nobody was asked anything
    assert walk.case.step == step


def test_a_conversion_is_voted_on_as_the_committee_proposed(walk: Walk) -> None:
    walk.to("conversion_meeting")
    motion = voted(walk, "2028-11-10", conversion=True)
    (record,) = entered(walk, "conversion_meeting")
    assert (record.detail["motion"], record.detail["outcome"]) == (str(motion.pk), "convert")


def test_a_late_vote_waits_for_the_reason_of_the_branch(walk: Walk) -> None:
    walk.to("meeting")
    motion = voted(walk, LATE)
    assert entered(walk) == []
    assert not Fact.objects.unscoped("test").filter(kind="admission.general_meeting").exists()
    assert AuditEntry.objects.get(action="admission.not_taken").reason.startswith("预审合格后应当在1个月内")
    check = untouched(walk)
    with clock.set_to(at("2027-11-22")):
        for reason in ("", " ", "。"):
            with pytest.raises(DomainError) as found:
                decision_take(actor=walk.secretary, case=walk.case.pk, act=Act.MEETING, reason=reason)
            assert found.value.field == "reason"
        with pytest.raises(Conflict):
            decision_take(actor=walk.secretary, case=walk.case.pk, act=Act.CONVERSION_MEETING, reason="演训未归")
        with pytest.raises(NotPermitted):
            decision_take(
                actor=walk.house.actor("battalion_secretary"), case=walk.case.pk, act=Act.MEETING, reason="演训"
            )
        check()
        record = decision_take(actor=walk.secretary, case=walk.case.pk, act=Act.MEETING, reason="全连外出演训")
    assert (record.done_on, record.reason, record.detail["motion"]) == (D(LATE), "全连外出演训", str(motion.pk))
    assert (record.detail["yes"], record.detail["passed"]) == (len(voters(walk)), True)
    assert [one["code"] for one in record.against] == ["meeting_late"]
    with clock.set_to(at("2027-11-22")), pytest.raises(Conflict):
        decision_take(actor=walk.secretary, case=walk.case.pk, act=Act.MEETING, reason="再登记一次")
    assert walk.do("report", on="2027-11-23").done_on == D("2027-11-23")


def test_a_vote_that_waits_is_not_replaced_by_another(walk: Walk) -> None:
    walk.to("meeting")
    voted(walk, LATE)
    words = "已经表决，结果还没有记入案卷"
    assert words in refused(walk, "meeting", on="2027-11-22", reason="纸质").message
    with clock.set_to(at("2027-11-23")):
        second = called(walk, "2027-11-25")
        with pytest.raises(DomainError, match=words) as found:
            submitted(walk, second)
    assert found.value.field == "meeting"
    assert second.motions.count() == 0


def test_a_vote_entered_and_cancelled_again_does_not_wait(walk: Walk) -> None:
    """Somebody said that it does not count: the next meeting may take the case."""
    walk.to("meeting")
    voted(walk, IN_TIME)
    with clock.set_to(at("2027-11-06")):
        record_cancel(actor=walk.secretary, case=walk.case.pk, record=entered(walk)[0].pk, reason="表决程序有误")
    voted(walk, "2027-11-12")
    (record,) = entered(walk, live=True)
    assert record.done_on == D("2027-11-12")


def test_a_vote_that_the_case_cannot_take_stays_in_its_history(walk: Walk) -> None:
    walk.to("meeting")
    with clock.set_to(at(IN_TIME, 8)):
        motion = submitted(walk, called(walk, IN_TIME))
    form = StepRecord.objects.get(case=walk.case, act="form")
    with clock.set_to(at(IN_TIME, 8)):
        record_cancel(actor=walk.secretary, case=walk.case.pk, record=form.pk, reason="志愿书填错")
    opened(walk, motion, IN_TIME)
    counted(walk, motion, IN_TIME)
    assert motion.state == "decided"
    (record,) = entered(walk)
    assert (record.live, record.detail["motion"]) == (False, str(motion.pk))
    assert "没有记入案卷" in record.ended_reason
    assert AuditEntry.objects.filter(action="admission.not_taken").count() == 1
    walk.do("form", on="2027-11-06")
    voted(walk, "2027-11-12")
    assert walk.case.records.get(act="meeting", live=True).done_on == D("2027-11-12")


def test_a_temporary_branch_votes_by_the_basis_that_was_written_on_the_agenda(walk: Walk) -> None:
    walk.to("meeting")
    Unit.objects.unscoped("test").filter(pk=walk.case.unit_id).update(
        kind="temporary_branch", approved_by=walk.house.battalion_a
    )
    with clock.set_to(at(IN_TIME, 8)):
        motion = meeting_submit(
            actor=walk.secretary, case=walk.case.pk, meeting=called(walk, IN_TIME).pk, mode="paper",
            basis="旅党委2027年第8号批复",
        )  # fmt: skip
    opened(walk, motion, IN_TIME)
    counted(walk, motion, IN_TIME)
    (record,) = entered(walk)
    assert (record.live, record.basis, record.reason) == (True, "旅党委2027年第8号批复", "")


# --- One agenda at a time.


def test_a_case_stands_on_one_agenda_at_a_time(walk: Walk) -> None:
    walk.to("meeting")
    with clock.set_to(at("2027-11-01")):
        first, second = called(walk, IN_TIME), called(walk, "2027-11-12", title="再议发展党员")
        motion = submitted(walk, first)
        for meeting in (second, first):
            with pytest.raises(DomainError, match="已列入2027-11-05“讨论发展党员”的议程，还没有表决") as found:
                submitted(walk, meeting)
            assert found.value.field == "meeting"
    assert Motion.objects.count() == 1
    opened(walk, motion, IN_TIME)
    with clock.set_to(at(IN_TIME, 10)), pytest.raises(DomainError, match="还没有表决"):
        submitted(walk, second)
    assert "还没有表决" in refused(walk, "meeting", on=IN_TIME).message
    counted(walk, motion, IN_TIME)
    assert len(entered(walk)) == 1


@pytest.mark.parametrize("how", ["withdrawn", "refused"])
def test_the_next_agenda_may_take_what_came_off_the_first(walk: Walk, how: str) -> None:
    walk.to("meeting")
    if how == "refused":  # not passed: checked, pre-reviewed, filled in anew, and put to the next meeting
        voted(walk, IN_TIME, yes=0)
        for act, on in (("committee_check", "2027-11-06"), ("pre_review", "2027-11-07"), ("form", "2027-11-08")):
            walk.do(act, on=on)
    else:
        with clock.set_to(at(IN_TIME, 8)):
            motion = submitted(walk, called(walk, IN_TIME))
            motion_withdraw(actor=walk.secretary, motion=motion.pk, reason="人数不够")
    voted(walk, "2027-11-12")
    assert entered(walk)[-1].done_on == D("2027-11-12")


def test_a_conversion_stands_on_one_agenda_too(walk: Walk) -> None:
    walk.to("conversion_meeting")
    with clock.set_to(at("2028-11-09")):
        submitted(walk, called(walk, "2028-11-10"), conversion=True)
        with pytest.raises(DomainError, match="还没有表决"):
            submitted(walk, called(walk, "2028-11-11"), conversion=True)
    assert "还没有表决" in refused(walk, "conversion_meeting", on="2028-11-09").message


def test_another_branchs_meeting_does_not_take_the_case(walk: Walk) -> None:
    walk.to("meeting")
    other = neighbour(walk)
    with clock.set_to(at("2027-11-01")):
        meeting = called(walk, IN_TIME, unit=other)
        with pytest.raises(DomainError, match="本案由“甲营一连党支部”的党员大会讨论") as found:
            meeting_submit(actor=walk.clerk, case=walk.case.pk, meeting=meeting.pk)
    assert found.value.field == "meeting"
    assert meeting.motions.count() == 0


# --- A move between agenda and vote.


@pytest.mark.parametrize("under_way", [False, True])
def test_a_move_takes_the_case_off_the_old_branchs_agenda(walk: Walk, under_way: bool) -> None:
    walk.to("meeting")
    with clock.set_to(at(IN_TIME, 8)):
        motion = submitted(walk, called(walk, IN_TIME))
    if under_way:
        opened(walk, motion, IN_TIME)
    other = moved(walk, IN_TIME)
    motion.refresh_from_db()
    assert (motion.state, motion.reason) == ("withdrawn", "本人组织关系已转到“甲营二连党支部”，由该支部讨论")
    record = walk.case.records.get(act="move")
    assert record.detail["withdrawn"] == ["“讨论接收申明为预备党员”（甲营一连党支部 2027-11-05）"]
    told = Item.objects.filter(key=f"admission:withdrawn:{motion.pk}")
    assert [one.user_id for one in told] == [walk.house.people["branch_secretary"].user_id]
    assert other.name in told.get().body
    with clock.set_to(at(IN_TIME, 13)), pytest.raises(Conflict):
        motion_open(actor=walk.secretary, motion=motion.pk, agenda=frozenset())
    # The new branch takes it up.
    with clock.set_to(at("2027-11-06")):
        meeting = called(walk, "2027-11-10", unit=other)
        assert meeting_submit(actor=walk.clerk, case=walk.case.pk, meeting=meeting.pk).meeting.unit_id == other.pk


@pytest.mark.parametrize(
    ("ending", "words"), [("stopped", "已终止发展：本人申请撤回"), ("left", "本人已离队，案卷中止")]
)
def test_a_case_that_ends_or_is_suspended_leaves_its_agenda(walk: Walk, ending: str, words: str) -> None:
    walk.to("meeting")
    with clock.set_to(at(IN_TIME, 8)):
        motion = submitted(walk, called(walk, IN_TIME))
    with clock.set_to(at(IN_TIME, 9)):
        if ending == "stopped":
            why = "本人申请撤回"
            case_stop(actor=walk.secretary, case=walk.case.pk, on=D(IN_TIME), why=why, standing="activist")
        else:
            person_leave(actor=walk.clerk, person=walk.person, on=D(IN_TIME), reason="退出现役")
    motion.refresh_from_db()
    assert (motion.state, motion.reason) == ("withdrawn", words)


def test_a_secret_ballot_under_way_is_void_and_uncounted(walk: Walk) -> None:
    walk.to("meeting")
    with clock.set_to(at(IN_TIME)):
        meeting = called(walk, IN_TIME)
        motion = meeting_submit(actor=walk.secretary, case=walk.case.pk, meeting=meeting.pk, mode="handheld")
        meeting_open(actor=walk.secretary, meeting=meeting.pk)
        members = voters(walk)
        for one in members:
            if one.user_id is None:
                account_for(one)
        presence_mark_many(actor=walk.secretary, meeting=meeting.pk, presences={one.pk: "present" for one in members})
        motion_open(actor=walk.secretary, motion=motion.pk, agenda=frozenset(
            {"subject_report", "introducers", "committee_report", "discussion"}))  # fmt: skip
        ballot_cast(actor=walk.house.actor("member"), motion=motion.pk, choice=next(iter(CHOICES)))
    moved(walk, IN_TIME)
    assert not BallotBox.objects.exists()
    assert not BallotMark.objects.exists()
    assert not PaperTally.objects.exists()
    assert entered(walk) == []


def test_what_was_decided_before_the_move_stands(walk: Walk) -> None:
    walk.to("meeting")
    motion = voted(walk, IN_TIME)
    moved(walk, "2027-11-06")
    motion.refresh_from_db()
    assert motion.state == "decided"
    assert "withdrawn" not in walk.case.records.get(act="move").detail
    assert [one.live for one in entered(walk)] == [True]
    assert not Item.objects.filter(key__startswith="admission:").exists()


def test_a_vote_that_waits_for_its_reason_moves_with_the_case(walk: Walk) -> None:
    walk.to("meeting")
    motion = voted(walk, LATE)
    moved(walk, "2027-11-25")
    with clock.set_to(at("2027-11-26")):
        state = case_state(walk.case)
        waiting = agenda_of(walk.case, state.progress, state.limits).waiting
        assert waiting is not None
        assert waiting.motion.pk == motion.pk
        record = decision_take(actor=walk.clerk, case=walk.case.pk, act=Act.MEETING, reason="原支部外出演训")
    assert record.done_on == D(LATE)


def test_a_vote_of_another_branch_never_gets_into_the_case(walk: Walk) -> None:
    """However it came about: here the meeting is made the neighbour's."""
    walk.to("meeting")
    with clock.set_to(at(IN_TIME, 8)):
        motion = submitted(walk, called(walk, IN_TIME))
    opened(walk, motion, IN_TIME)
    Meeting.objects.unscoped("test").filter(pk=motion.meeting_id).update(unit=neighbour(walk))
    counted(walk, motion, IN_TIME)
    (record,) = entered(walk)
    assert (record.live, walk.case.step) == (False, 15)
    assert "甲营二连党支部" in record.ended_reason
    with clock.set_to(at("2027-11-06")), pytest.raises(Conflict):
        decision_take(actor=walk.secretary, case=walk.case.pk, act=Act.MEETING)


def test_an_attachment_elsewhere_leaves_the_agenda_alone(walk: Walk) -> None:
    walk.to("meeting")
    with clock.set_to(at(IN_TIME, 8)):
        motion = submitted(walk, called(walk, IN_TIME))
        membership_attach(
            actor=walk.clerk, person=walk.person, unit=walk.house.branch_b, since=D("2027-11-01"), reason="外出"
        )
    motion.refresh_from_db()
    assert motion.state == "planned"
