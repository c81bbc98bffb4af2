"""A temporary branch takes in who is attached to it by another provision alone, and the case says by which (DM-33)."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.activity.orglife.models import Meeting, Motion
from liaoyuan.activity.orglife.rules.votes import PaperCount
from liaoyuan.activity.orglife.services import (
    meeting_call,
    meeting_open,
    motion_close,
    motion_open,
    paper_tally_record,
    presence_mark_many,
)
from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.rules.acts import Act
from liaoyuan.affairs.admission.selectors.meetings import meetings_ahead
from liaoyuan.affairs.admission.selectors.sheets.accepting import resolution
from liaoyuan.affairs.admission.selectors.sheets.source import source_of
from liaoyuan.affairs.admission.services.accepting import meeting_submit
from liaoyuan.affairs.admission.services.voting import decision_take
from liaoyuan.affairs.admission.tests.meetings import AGENDA, at
from liaoyuan.affairs.admission.tests.pages import said
from liaoyuan.affairs.admission.tests.test_services_refusals import NEW, untouched
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope
from liaoyuan.organisation.members.models import Membership, Person
from liaoyuan.organisation.members.services import membership_attach, membership_detach
from liaoyuan.organisation.members.tests.factories import PersonFactory
from liaoyuan.organisation.units.models import Unit, UnitKind
from liaoyuan.organisation.units.tests.factories import UnitFactory

D = date.fromisoformat
pytestmark = pytest.mark.django_db
BASIS = "军政〔2027〕8号，演训期间授权该临时党支部接收"
ON, LATE = "2027-11-05", "2027-11-21"  # the pre-review of the walk is of 2027-10-20


@pytest.fixture
def camp(walk: Walk) -> Unit:
    """A temporary branch under the other battalion, with three full members of the neighbour attached to it."""
    unit = UnitFactory(
        code="L-T1", name="演训临时党支部", kind=UnitKind.TEMPORARY_BRANCH, parent=walk.house.battalion_b,
        approved_by=walk.house.root,
    )  # fmt: skip
    for _one in range(3):
        person = PersonFactory(unit=walk.house.branch_b, attached_unit=unit)
        Membership.objects.filter(person=person, kind="attached").update(since=D("2027-09-01"))
    return unit


def attach(walk: Walk, unit: Unit, *, since: str = "2027-10-21") -> None:
    with clock.set_to(D(since)):
        membership_attach(actor=walk.clerk, person=walk.person, unit=unit, since=D(since), reason="演训")
    walk.case.refresh_from_db()


def called(walk: Walk, unit: Unit, on: str = ON) -> Meeting:
    return meeting_call(
        actor=walk.clerk, unit=unit, kind="general_meeting", title="讨论发展党员", planned_at=at(on, 15)
    )


def submitted(walk: Walk, meeting: Meeting, *, basis: str = BASIS) -> Motion:
    return meeting_submit(actor=walk.clerk, case=walk.case.pk, meeting=meeting.pk, mode="paper", basis=basis)


def voted(walk: Walk, motion: Motion, on: str = ON) -> None:
    """All who have a vote are there and in favour."""
    entries = motion.meeting.roll.filter(entitled=True)
    people = list(Person.objects.unscoped("test").filter(pk__in=entries.values("person")))
    clerk = walk.clerk
    with clock.set_to(at(on, 16)):
        meeting_open(actor=clerk, meeting=motion.meeting_id)
        presence_mark_many(actor=clerk, meeting=motion.meeting_id, presences={one.pk: "present" for one in people})
        motion_open(actor=clerk, motion=motion.pk, agenda=AGENDA["admission"])
        count = PaperCount(len(people), len(people), len(people), 0, 0)
        for teller in people[:2]:
            paper_tally_record(actor=clerk, motion=motion.pk, teller=teller.pk, count=count)
        motion_close(actor=clerk, motion=motion.pk)
    walk.case.refresh_from_db()


def records(walk: Walk, **more: Any) -> list[StepRecord]:
    return list(StepRecord.objects.filter(case=walk.case, act="meeting", **more))


def test_without_the_provision_it_is_refused_with_the_clause(walk: Walk, camp: Unit) -> None:
    walk.to("meeting")
    attach(walk, camp)
    with clock.set_to(at(ON)):
        meeting = called(walk, camp)
        check = untouched(walk)
        for basis in ("", "。"):
            with pytest.raises(DomainError) as found:
                submitted(walk, meeting, basis=basis)
            assert (found.value.field, found.value.clause) == ("basis", f"{NEW}第22条")
    check()
    assert not Motion.objects.exists()


def test_with_it_the_camp_votes_by_its_own_roll_and_the_case_keeps_the_basis(walk: Walk, camp: Unit) -> None:
    walk.to("meeting")
    attach(walk, camp)
    with clock.set_to(at(ON)):
        motion = submitted(walk, called(walk, camp))
    voted(walk, motion)
    (record,) = records(walk)
    assert (record.live, record.basis, record.done_on) == (True, BASIS, D(ON))
    assert [(one["code"], one["clause"]) for one in record.against] == [("temporary", f"{NEW}第22条")]
    assert (record.detail["entitled"], record.detail["yes"], record.detail["branch"]) == (3, 3, "演训临时党支部")
    assert walk.case.step == 15
    sheet = resolution(source_of(walk.clerk, walk.case))
    assert "演训临时党支部召开支部党员大会" in sheet.paragraphs[0]
    assert "演训临时党支部" in sheet.signs
    for act in ("report", "approval_talk", "approve"):
        walk.do(act)
    assert (walk.person.standing, walk.person.unit_id) == ("probationary", walk.house.branch_a.pk)


def test_a_late_vote_of_the_camp_waits_for_its_reason_and_not_for_the_basis(walk: Walk, camp: Unit) -> None:
    walk.to("meeting")
    attach(walk, camp)
    with clock.set_to(at(LATE)):
        motion = submitted(walk, called(walk, camp, LATE))
    voted(walk, motion, LATE)
    assert records(walk) == []
    with clock.set_to(at("2027-11-22")):
        record = decision_take(actor=walk.secretary, case=walk.case.pk, act=Act.MEETING, reason="演训转场")
    assert (record.basis, record.reason, {one["code"] for one in record.against}) == (
        BASIS, "演训转场", {"temporary", "meeting_late"},
    )  # fmt: skip


def test_only_the_camp_to_which_he_is_attached_on_the_day_discusses_him(walk: Walk, camp: Unit) -> None:
    walk.to("meeting")
    with clock.set_to(at("2027-10-26")):
        early = called(walk, camp, "2027-10-27")
        with pytest.raises(DomainError, match="请选择本支部的会议"):
            submitted(walk, early)
    attach(walk, camp, since="2027-10-28")
    other = UnitFactory(
        code="L-T2", name="抢险临时党支部", kind=UnitKind.TEMPORARY_BRANCH, parent=walk.house.battalion_b,
        approved_by=walk.house.root,
    )  # fmt: skip
    with clock.set_to(at("2027-10-28", 8)):
        for meeting in (early, called(walk, other), called(walk, walk.house.branch_b)):
            with pytest.raises(DomainError, match="请选择本支部的会议") as found:
                submitted(walk, meeting)
            assert found.value.field == "meeting"
        submitted(walk, called(walk, camp, "2027-10-28"))  # the attachment's first day


def test_who_is_no_longer_attached_is_not_taken_in_by_the_camp(walk: Walk, camp: Unit) -> None:
    walk.to("meeting")
    attach(walk, camp)
    with clock.set_to(at("2027-11-01")):
        motion = submitted(walk, called(walk, camp))
    with clock.set_to(D(ON)):
        membership_detach(actor=walk.clerk, person=walk.person, on=D(ON), reason="归建")
    voted(walk, motion)
    (record,) = records(walk)
    assert not record.live
    assert "须由该支部的党员大会讨论" in record.ended_reason
    assert walk.case.standing == "candidate"


def test_an_ordinary_branch_to_which_he_is_attached_does_not_discuss_him(walk: Walk) -> None:
    walk.to("meeting")
    attach(walk, walk.house.branch_b)
    with clock.set_to(at(ON)), pytest.raises(DomainError, match="请选择本支部的会议"):
        submitted(walk, called(walk, walk.house.branch_b))


def test_the_page_offers_the_camp_to_who_sees_both_and_asks_for_the_basis(walk: Walk, camp: Unit, visitor: Any) -> None:
    walk.to("meeting")
    attach(walk, camp)
    with clock.set_to(at(ON)):
        meeting = called(walk, camp)
        assert meetings_ahead(walk.secretary, walk.case) == []
        with pytest.raises(NotInScope):
            meeting_submit(actor=walk.secretary, case=walk.case.pk, meeting=meeting.pk, mode="paper", basis=BASIS)
    clerk = visitor("organisation_clerk")
    page = clerk.page("submit", walk.case.pk, "meeting", on=ON)
    assert "讨论发展党员（演训临时党支部）" in page
    assert 'name="basis"' in page
    sent = {"meeting": meeting.pk, "mode": "paper"}
    answer = clerk.send("submit", walk.case.pk, "meeting", at=ON, **sent)
    assert answer.status_code == 422
    assert "临时党支部一般不能办理" in "".join(answer.context["form"].errors["basis"])
    assert clerk.send("submit", walk.case.pk, "meeting", at=ON, basis=BASIS, **sent).status_code == 302
    assert Motion.objects.get().override_basis == BASIS
    voted(walk, Motion.objects.get())
    assert "由演训临时党支部表决" in said(clerk.get("case", walk.case.pk, on=ON))
