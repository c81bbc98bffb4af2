"""Refusals of admission through the pages: a full sentence, its clause, the right place and status; nothing changed,
and what was typed still stands in the form."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from liaoyuan.activity.orglife.models import Motion
from liaoyuan.activity.orglife.services import meeting_call, meeting_open
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.tests.pages import Visitor, said
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.members.models import Standing

D = date.fromisoformat
pytestmark = pytest.mark.django_db
RULE = "《中国共产党发展党员工作细则（2026年）》第"
COUNT = {"entitled": "9", "present": "8", "yes": "7", "no": "1", "abstain": "0", "written": "0"}


def held(walk: Walk) -> tuple[Any, ...]:
    """All that an act could change."""
    case = Case.objects.unscoped("test").filter(pk=walk.case.pk).values().get()
    walk.person.refresh_from_db()
    return (
        {key: value for key, value in case.items() if key != "updated_at"},
        StepRecord.objects.filter(case=walk.case).count(),
        Fact.objects.unscoped("test").count(),
        Standing.objects.filter(person=walk.person).count(),
        walk.person.standing,
        Motion.objects.count(),
    )


def refused(answer: Any, field: str, words: str, clause: str = RULE) -> str:
    """The page of a refusal at a field, with the clause."""
    assert answer.status_code == 422, answer.status_code
    errors = "".join(answer.context["form"].errors[field])
    assert words in errors, errors
    assert clause in errors, errors
    assert "。（《" in errors or not clause
    page = said(answer)
    assert words in page
    return page


@pytest.mark.parametrize(
    ("act", "on", "data", "words"),
    [
        ("talk", "2026-05-31", {"talker": "other", "who": "甲书记", "mode": "phone", "summary": "电话里谈过"}, "早于"),
        ("activist", "2026-06-10", {"way": "members"}, "早于"),
        ("propose", "2027-08-31", {}, "才能拟列为发展对象"),
        ("meeting", "2027-10-01", COUNT, "早于"),
        ("approve", "2027-11-01", {"agreed": "1", "by": "旅党委会议"}, "早于"),
        ("conversion_meeting", "2028-11-01", {**COUNT, "outcome": "convert"}, ""),
    ],
)
def test_dates_out_of_lawful_order(
    walk: Walk, visitor: Any, act: str, on: str, data: dict[str, str], words: str
) -> None:
    walk.to(act)
    before = held(walk)
    persona = "organisation_clerk" if act == "approve" else "branch_secretary"
    answer = visitor(persona).send("act", walk.case.pk, act, at=str(walk.day(act)), on=on, **data)
    assert answer.status_code == 422
    errors = "".join(answer.context["form"].errors["on"])
    assert words in errors
    assert errors.endswith(("。", "）"))
    assert f'value="{on}"' in said(answer)
    assert held(walk) == before


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"present": "10"}, "present", "多于应到会"),
        ({"yes": "9"}, "yes", "多于实到会"),
        ({"present": "4", "yes": "4", "no": "0"}, "present", "不能表决"),
        ({"written": "3"}, "written", "多于没有到会"),
    ],
)
def test_votes_exceeding_the_roll(walk: Walk, visitor: Any, change: dict[str, str], field: str, words: str) -> None:
    walk.to("meeting")
    before = held(walk)
    data = {**COUNT, **change}
    answer = visitor("branch_secretary").send("act", walk.case.pk, "meeting", at="2027-11-05", on="2027-11-05", **data)
    page = refused(answer, field, words)
    for name, value in data.items():
        assert f'name="{name}" value="{value}"' in page, name
    assert held(walk) == before


@pytest.mark.parametrize(("act", "on"), [("pre_review", "2027-10-20"), ("approve", "2027-12-01")])
def test_a_unit_without_approving_power(walk: Walk, visitor: Any, act: str, on: str) -> None:
    walk.to(act)
    before = held(walk)
    data = {"qualified": "1", "agreed": "1", "by": "营党委会议", "number": "预2027-9"}
    answer = visitor("battalion_secretary").send("act", walk.case.pk, act, at=on, on=on, **data)
    page = refused(answer, "__all__", "没有审批预备党员的权限，请由有审批权的上级党委办理。")
    assert ("预2027-9" if act == "pre_review" else "营党委会议") in page
    assert held(walk) == before


def test_whoever_is_not_above_is_told_so_and_the_neighbour_knows_of_nothing(walk: Walk, visitor: Any) -> None:
    walk.to("approve")
    before = held(walk)
    data = {"on": "2027-12-01", "agreed": "1", "by": "支部"}
    branch = visitor("branch_secretary").send("act", walk.case.pk, "approve", at="2027-12-01", **data)
    assert branch.status_code == 403
    assert "您没有上级党委的审批权限" in said(branch)
    assert (
        visitor("battalion_secretary_b").send("act", walk.case.pk, "approve", at="2027-12-01", **data).status_code
        == 404
    )
    assert held(walk) == before


def temporary(walk: Walk) -> None:
    """The case's branch is a temporary one."""
    unit = walk.case.unit
    type(unit).objects.unscoped("test").filter(pk=unit.pk).update(
        kind="temporary_branch", approved_by=walk.house.battalion_a
    )


def test_a_temporary_branch_is_blocked_and_passes_with_a_recorded_basis(walk: Walk, visitor: Any) -> None:
    walk.to("meeting")
    temporary(walk)
    before = held(walk)
    secretary = visitor("branch_secretary")
    answer = secretary.send("act", walk.case.pk, "meeting", at="2027-11-05", on="2027-11-05", **COUNT)
    page = refused(answer, "basis", "临时党组织不能接收、审批预备党员")
    assert 'name="yes" value="7"' in page
    assert held(walk) == before
    basis = "旅党委2027年第8号批复，授权该临时党支部接收"
    done = secretary.send("act", walk.case.pk, "meeting", at="2027-11-05", on="2027-11-05", basis=basis, **COUNT)
    assert done.status_code == 302
    record = StepRecord.objects.get(case=walk.case, act="meeting", live=True)
    assert record.basis == basis
    assert [one["code"] for one in record.against] == ["temporary"]
    assert RULE in record.against[0]["clause"]
    assert basis in secretary.page("case", walk.case.pk, on="2027-11-05")


def test_a_temporary_branch_cannot_put_it_to_the_vote_without_a_basis(walk: Walk, visitor: Any) -> None:
    walk.to("meeting")
    with clock.set_to(D("2027-11-05")):
        meeting = meeting_call(
            actor=walk.secretary, unit=walk.case.unit, kind="general_meeting", title="讨论接收预备党员",
            planned_at=clock.now(), place="会议室",
        )  # fmt: skip
    temporary(walk)
    before = held(walk)
    secretary = visitor("branch_secretary")
    answer = secretary.send("submit", walk.case.pk, "meeting", at="2027-11-05", meeting=meeting.pk, mode="handheld")
    assert answer.status_code == 422
    assert "临时党支部一般不能办理" in said(answer)
    assert "第" in "".join(message for messages in answer.context["form"].errors.values() for message in messages)
    assert held(walk) == before


def test_a_closed_meeting_takes_no_case(walk: Walk, visitor: Any) -> None:
    walk.to("meeting")
    with clock.set_to(D("2027-11-05")):
        meeting = meeting_call(
            actor=walk.secretary, unit=walk.case.unit, kind="general_meeting", title="讨论接收预备党员",
            planned_at=clock.now(), place="会议室",
        )  # fmt: skip
        meeting_open(actor=walk.secretary, meeting=meeting.pk)
        type(meeting).objects.unscoped("test").filter(pk=meeting.pk).update(state="closed", closed_at=clock.now())
    before = held(walk)
    answer = visitor("branch_secretary").send(
        "submit", walk.case.pk, "meeting", at="2027-11-05", meeting=meeting.pk, mode="handheld"
    )
    assert answer.status_code == 422  # it is not among the meetings that can take it
    assert answer.context["form"].errors["meeting"]
    assert held(walk) == before


def test_what_is_done_already_is_a_conflict_with_its_sentence(walk: Walk, visitor: Any) -> None:
    walk.to("report")
    before = held(walk)
    answer = visitor("branch_secretary").send("act", walk.case.pk, "meeting", at="2027-11-06", on="2027-11-06", **COUNT)
    assert answer.status_code == 409
    assert "已经办理过；需要改动请用“更正”" in said(answer)
    assert held(walk) == before


def test_a_correction_that_would_break_the_order_is_refused_in_its_form(walk: Walk, visitor: Any) -> None:
    walk.to("mentors")
    record = StepRecord.objects.get(case=walk.case, act="talk", live=True)
    before = held(walk)
    visit: Visitor = visitor("branch_secretary")
    answer = visit.send("correct", walk.case.pk, record.pk, at="2026-09-10", on="2026-05-01", reason="把日期抄错了")
    assert answer.status_code == 422
    assert "早于" in said(answer)
    assert "把日期抄错了" in said(answer)
    assert held(walk) == before
    assert reverse("admission:case", args=[walk.case.pk])
