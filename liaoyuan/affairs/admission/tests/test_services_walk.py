from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.models import Case, Introducer, Mentor, StepRecord
from liaoyuan.affairs.admission.services.applying import talk_record
from liaoyuan.affairs.admission.services.opening import case_open
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.members.models import Standing

D = date.fromisoformat
pytestmark = pytest.mark.django_db


def standings(walk: Walk) -> list[tuple[str, date | None]]:
    rows = Standing.objects.filter(person=walk.person).order_by("since")
    return [(row.kind, row.since) for row in rows if row.kind != "masses"]


def facts(walk: Walk) -> list[tuple[str, date]]:
    rows = Fact.objects.unscoped("test").filter(person=walk.person, source_app="admission")
    return list(rows.order_by("occurred_on", "recorded_at").values_list("kind", "occurred_on"))


@pytest.mark.parametrize("which", ["walk", "old_walk"])
def test_a_case_by_the_book_from_application_to_archive(which: str, request: Any) -> None:
    walk: Walk = request.getfixturevalue(which)
    walk.to("")
    assert (walk.case.closed_as, walk.case.standing, walk.case.step) == ("archived", "full", None)
    assert walk.person.standing == "full"
    assert standings(walk) == [
        ("applicant", walk.day("apply")),
        ("activist", D("2026-09-01")),
        ("candidate", D("2027-09-15")),
        ("probationary", D("2027-11-05")),  # the branch meeting, not the approval (DM-39)
        ("full", D("2028-11-05")),  # the end of the probation (DM-43)
    ]
    posted = (
        [] if walk.old else [("notices.posting_started", D("2027-09-07")), ("notices.posting_closed", D("2027-09-15"))]
    )
    assert facts(walk) == [
        ("admission.talk", D("2026-06-15")),
        ("admission.activist_review", D("2027-03-01")),
        ("admission.proposed", D("2027-09-01")),
        *posted,
        ("admission.pre_reviewed", D("2027-10-20")),
        ("admission.general_meeting", D("2027-11-05")),
        ("admission.resolution_reported", D("2027-11-08")),
        ("admission.approved", D("2027-12-01")),
        ("admission.oath", D("2027-12-20")),
        ("admission.conversion_reported", D("2028-11-12")),
        ("admission.conversion_approved", D("2028-12-01")),
    ]
    assert (walk.case.text_of, walk.case.back_filled) == (walk.day("apply"), False)
    assert not StepRecord.objects.filter(case=walk.case, back_filled=True).exists()
    assert AuditEntry.objects.filter(action="admission.approve", subject_id=walk.person.pk).count() == 1


@pytest.mark.parametrize("which", ["walk", "old_walk"])
def test_no_act_takes_a_day_at_the_calendar_s_end(which: str, request: Any) -> None:
    walk: Walk = request.getfixturevalue(which)
    more = {"post": {"ends_on": date.max}, "training": {"begins_on": date.max}}
    for act in walk.acts()[1:]:  # the case is opened by its application
        with clock.set_to(walk.day(act)), pytest.raises(DomainError, match=r"还没有到|核对"):
            walk.script[act](on=date.max, **more.get(act, {}))
        walk.do(act)


def test_the_card_of_the_board_follows_the_acts(walk: Walk) -> None:
    assert (walk.case.stage, walk.case.step, walk.case.due_on) == ("application", 2, D("2026-07-01"))
    walk.to("file_activist")
    assert (walk.case.stage, walk.case.step) == ("activist", 4)
    walk.to("oath")
    assert (walk.case.stage, walk.case.step, walk.case.due_on) == ("probation", 20, D("2028-01-01"))


def test_mentors_and_introducers_are_kept_with_their_days(walk: Walk) -> None:
    walk.to("political_review")
    assert set(Mentor.objects.filter(case=walk.case).values_list("person", "since", "until")) == {
        (one.pk, D("2026-09-06"), None) for one in walk.mentors
    }
    assert Introducer.objects.filter(case=walk.case, until__isnull=True).count() == 2
    other = walk.house.people["plain_a"]
    walk.do("introducers", on="2027-09-20", people=[walk.mentors[0].pk, other.pk])
    ended = Introducer.objects.get(case=walk.case, until__isnull=False)
    assert (ended.person_id, ended.until) == (walk.mentors[1].pk, D("2027-09-20"))
    first = Introducer.objects.get(case=walk.case, person=walk.mentors[0])
    assert (first.since, first.until) == (D("2027-09-16"), None)


def test_what_lies_before_the_case_was_opened_is_marked_as_filled_in(house: Any) -> None:
    person, secretary = outsider(house), house.actor("branch_secretary")
    with clock.set_to(date(2026, 11, 23)):
        case = case_open(actor=secretary, person=person.pk, on=D("2026-10-01"))
        talk_record(actor=secretary, case=case.pk, on=D("2026-10-20"), talker=None, who="老书记", mode="in_person",
                    summary="谈了入党动机")  # fmt: skip
        talk_record(actor=secretary, case=case.pk, on=D("2026-11-23"), talker=None, who="老书记", mode="phone",
                    summary="又谈了一次")  # fmt: skip
    case.refresh_from_db()
    assert case.back_filled
    assert list(case.records.values_list("act", "back_filled")) == [("apply", True), ("talk", True), ("talk", False)]
    assert case.records.filter(act="talk").first().talk.summary == "谈了入党动机"


def test_text_of_2014_binds_a_case_to_its_end(old_walk: Walk) -> None:
    old_walk.to("introducers")
    assert old_walk.person.standing == "candidate"
    assert not StepRecord.objects.filter(case=old_walk.case, act__in=["consent", "post", "list"]).exists()


def test_one_open_case_a_person(walk: Walk) -> None:
    with clock.set_to(D("2026-06-02")), pytest.raises(Conflict, match="已有正在办理"):
        case_open(actor=walk.secretary, person=walk.person.pk, on=D("2026-06-02"))
    assert Case.objects.unscoped("test").filter(person=walk.person).count() == 1
