"""Decisions noted at a duty's page: judged as in the case, taken into it at once, refused with the clause."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.services.correcting import record_cancel
from liaoyuan.affairs.admission.tests.pages import Visitor, said
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.foundation.regulations.dates import add_months
from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.chronicle.selectors.pages import fact_page
from liaoyuan.organisation.chronicle.services import fact_withdraw
from liaoyuan.organisation.duties.models import Duty, DutyState
from liaoyuan.organisation.duties.rules.declared import EXPLAINED
from liaoyuan.organisation.duties.services import duties_evaluate

D = date.fromisoformat
pytestmark = pytest.mark.django_db
PROOF = {"fact_evidence": "会议记录第7页"}
COUNT = {"fact_result": "通过", "fact_entitled": "9", "fact_present": "8", "fact_yes": "7", "fact_no": "1", **PROOF}
APPROVAL = {"fact_result": "批准", "fact_by": "旅党委会议", **PROOF}


def duty_of(walk: Walk, rule: str, on: str) -> Duty:
    with clock.set_to(D(on)):
        duties_evaluate()
    return Duty.objects.unscoped("test").get(rule=rule, person=walk.person, state=DutyState.OPEN)


class Desk:
    """Somebody at a duty's page."""

    def __init__(self, walk: Walk, persona: str, hooks: Any) -> None:
        self.visitor, self.hooks = Visitor(walk.house, persona), hooks

    def send(self, duty: Duty, on: str, *, kind: str = "", at: str = "", **data: str) -> Any:
        address = reverse("duties:record", args=[duty.pk]) + (f"?kind={kind}" if kind else "")
        with self.visitor._on(at or on), self.hooks(execute=True):
            return self.visitor.client.post(address, {"occurred_on": on, **data})

    def page(self, duty: Duty, on: str) -> str:
        with self.visitor._on(on):
            return said(self.visitor.client.get(reverse("duties:show", args=[duty.pk])))


@pytest.fixture
def desk(django_capture_on_commit_callbacks: Any) -> Any:
    return lambda walk, persona: Desk(walk, persona, django_capture_on_commit_callbacks)


def live(walk: Walk, act: str) -> list[StepRecord]:
    return list(StepRecord.objects.filter(case=walk.case, act=act, live=True))


def facts(walk: Walk, kind: str) -> list[Fact]:
    return list(current(Fact.objects.unscoped("test").filter(kind=kind, person=walk.person)))


def everything() -> tuple[int, int]:
    return StepRecord.objects.count(), Fact.objects.unscoped("test").count()


def state(duty: Duty) -> str:
    duty.refresh_from_db()
    return str(duty.state)


def test_a_vote_noted_at_the_duty_is_the_case_s_and_closes_the_duty(walk: Walk, desk: Any) -> None:
    neighbour = Walk(walk.house, outsider(walk.house, "b"), side="b")
    walk.to("meeting")
    duty = duty_of(walk, "DM-23", "2027-11-05")
    secretary = desk(walk, "branch_secretary")
    page = secretary.page(duty, "2027-11-05")
    assert "请先在案卷中办理" in page
    assert "去案卷办理" in page
    assert secretary.send(duty, "2027-11-05", **COUNT).status_code == 302
    (record,) = live(walk, "meeting")
    assert (record.done_on, record.detail["passed"], record.detail["yes"]) == (D("2027-11-05"), True, 7)
    assert len(facts(walk, "admission.general_meeting")) == 1
    assert state(duty) == DutyState.CLOSED
    walk.case.refresh_from_db()
    walk.person.refresh_from_db()
    assert walk.case.step == 15  # to be reported
    walk.do("report")
    walk.do("approval_talk")
    walk.do("approve")  # everything after it goes on by the book
    assert walk.person.standing == "probationary"
    neighbour.case.refresh_from_db()
    assert neighbour.case.step == 2


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"fact_yes": "9"}, "fact_yes", "多于实到会"),
        ({"fact_present": "10"}, "fact_present", "多于应到会"),
        ({"fact_entitled": "20"}, "fact_present", "不能表决"),
        ({"fact_entitled": "10"}, "fact_entitled", "应到会不能填 10 人"),
        ({"fact_result": "未通过"}, "fact_result", "与所选的结论不符"),
        ({"fact_yes": "4", "fact_no": "4"}, "fact_result", "没有通过"),
        ({"occurred_on": "2027-10-24"}, "occurred_on", "早于"),
        ({"fact_yes": ""}, "fact_yes", "这个字段"),
        ({"fact_evidence": " "}, "fact_evidence", "这个字段"),
    ],
)
def test_a_vote_that_cannot_be_is_refused_at_its_field_with_all_that_was_typed(
    walk: Walk, desk: Any, change: dict[str, str], field: str, words: str
) -> None:
    walk.to("meeting")
    duty = duty_of(walk, "DM-23", "2027-11-05")
    before = everything()
    data = {**COUNT, "fact_note": "补记", **change}
    on = data.pop("occurred_on", "2027-11-05")
    answer = desk(walk, "branch_secretary").send(duty, on, at="2027-11-05", **data)
    assert answer.status_code == 422
    form = answer.context["forms"]["record"]
    assert words in "".join(form.errors[field]), form.errors
    assert "补记</textarea>" in said(answer)
    assert everything() == before
    assert state(duty) == DutyState.OPEN


def test_the_clause_stands_with_the_refusal(walk: Walk, desk: Any) -> None:
    walk.to("meeting")
    duty = duty_of(walk, "DM-23", "2027-11-05")
    answer = desk(walk, "branch_secretary").send(duty, "2027-11-05", **{**COUNT, "fact_present": "10"})
    assert "发展党员工作细则（2026年）》第" in "".join(answer.context["forms"]["record"].errors["fact_present"])


def test_fewer_than_the_roll_asks_why(walk: Walk, desk: Any) -> None:
    walk.to("meeting")
    duty = duty_of(walk, "DM-23", "2027-11-05")
    answer = desk(walk, "branch_secretary").send(duty, "2027-11-05", **{**COUNT, "fact_entitled": "8"})
    assert "少 1 人" in "".join(answer.context["forms"]["record"].errors["fact_note"])
    assert live(walk, "meeting") == []


def test_a_late_vote_asks_for_its_reason(walk: Walk, desk: Any) -> None:
    walk.to("meeting")
    duty = duty_of(walk, "DM-23", "2027-12-01")
    secretary = desk(walk, "branch_secretary")
    answer = secretary.send(duty, "2027-12-01", **COUNT)
    assert answer.status_code == 422
    assert "请写明原因" in "".join(answer.context["forms"]["record"].errors["fact_note"])
    assert live(walk, "meeting") == []
    assert secretary.send(duty, "2027-12-01", **COUNT, fact_note="党员在外执行任务，无法到会").status_code == 302
    (record,) = live(walk, "meeting")
    assert record.reason == "党员在外执行任务，无法到会"


def test_an_approval_is_noted_by_the_committee_with_the_power_and_nobody_else(walk: Walk, desk: Any) -> None:
    walk.to("approve")
    duty = duty_of(walk, "DM-36", "2027-12-01")
    before = everything()
    secretary = desk(walk, "branch_secretary")
    page = secretary.page(duty, "2027-12-01")
    assert "这件事由上级党组织负责" in page
    assert "登记：" not in page
    assert "去案卷办理" not in page
    assert secretary.send(duty, "2027-12-01", **APPROVAL).status_code == 403
    battalion = desk(walk, "battalion_secretary").send(duty, "2027-12-01", **APPROVAL)
    assert battalion.status_code == 403
    assert "这件事由上级党组织负责" in said(battalion)
    assert everything() == before
    assert desk(walk, "organisation_clerk").send(duty, "2027-12-01", **APPROVAL).status_code == 302
    (record,) = live(walk, "approve")
    assert (record.detail["by"], record.detail["probation_until"]) == ("旅党委会议", "2028-11-05")
    walk.person.refresh_from_db()
    assert walk.person.standing == "probationary"
    assert state(duty) == DutyState.CLOSED
    (fact,) = facts(walk, "admission.approved")
    assert not fact_page(walk.clerk, fact.pk).by_hand  # mended in the case, where it is judged anew


def test_an_approval_out_of_order_is_refused_with_what_is_missing(walk: Walk, desk: Any) -> None:
    walk.to("approval_talk")
    duty = duty_of(walk, "DM-36", "2027-12-01")
    before = everything()
    answer = desk(walk, "organisation_clerk").send(duty, "2027-12-01", **APPROVAL)
    assert answer.status_code == 422
    assert "上级党委派人谈话" in said(answer)
    assert everything() == before
    assert state(duty) == DutyState.OPEN


def test_a_refusal_needs_its_reasons_and_closes_the_duty(walk: Walk, desk: Any) -> None:
    walk.to("approve")
    duty = duty_of(walk, "DM-36", "2027-12-01")
    clerk = desk(walk, "organisation_clerk")
    bare = clerk.send(duty, "2027-12-01", kind="admission.refused", **PROOF)
    assert bare.context["forms"]["record"].errors["fact_note"]
    assert clerk.send(duty, "2027-12-01", kind="admission.refused", fact_note="入党动机需再考察", **PROOF).url
    (record,) = live(walk, "approve")
    assert (record.detail["agreed"], record.reason) == (False, "入党动机需再考察")
    walk.person.refresh_from_db()
    assert walk.person.standing == "candidate"
    assert state(duty) == DutyState.CLOSED


def test_a_conversion_noted_elsewhere_says_what_the_meeting_resolved(walk: Walk, desk: Any) -> None:
    walk.to("conversion_approve")
    duty = duty_of(walk, "DM-43", "2028-12-01")
    clerk = desk(walk, "organisation_clerk")
    wrong = clerk.send(duty, "2028-12-01", **{**APPROVAL, "fact_result": "延长预备期"})
    assert "支部党员大会的决议是“按期转正”" in "".join(wrong.context["forms"]["record"].errors["fact_result"])
    assert clerk.send(duty, "2028-12-01", **{**APPROVAL, "fact_result": "按期转正"}).status_code == 302
    walk.person.refresh_from_db()
    assert walk.person.standing == "full"
    assert state(duty) == DutyState.CLOSED


def test_a_resolution_reported_elsewhere_needs_the_meeting_first(walk: Walk, desk: Any) -> None:
    walk.to("conversion_meeting")
    duty = duty_of(walk, "DM-39", "2028-11-10")
    secretary = desk(walk, "branch_secretary")
    early = secretary.send(duty, "2028-11-10", **PROOF)
    assert early.status_code == 422
    assert "登记支部大会表决结果" in said(early)
    walk.do("conversion_meeting")
    assert secretary.send(duty, "2028-11-12", **PROOF).status_code == 302
    assert len(live(walk, "conversion_report")) == 1
    assert state(duty) == DutyState.CLOSED


def test_a_proposal_before_its_year_is_refused_and_a_discussion_elsewhere_rests_the_hint(walk: Walk, desk: Any) -> None:
    walk.to("opinion:group")
    duty = duty_of(walk, "DM-11", "2027-09-01")
    secretary = desk(walk, "branch_secretary")
    early = secretary.send(duty, "2027-08-31", at="2027-09-01", **PROOF)
    assert "才能拟列为发展对象" in "".join(early.context["forms"]["record"].errors["occurred_on"])
    kind = "settled.DM-11"
    answer = secretary.send(
        duty, "2027-09-01", kind=kind, fact_result="支委会研究，继续培养半年", fact_note="会议记录在机关", **PROOF
    )
    assert answer.status_code == 302
    assert state(duty) == DutyState.CLOSED
    assert live(walk, "propose") == []


def test_what_came_from_a_duty_is_cancelled_in_the_case_and_with_it_in_the_chronicle(walk: Walk, desk: Any) -> None:
    walk.to("meeting")
    duty = duty_of(walk, "DM-23", "2027-11-05")
    desk(walk, "branch_secretary").send(duty, "2027-11-05", **COUNT)
    (record,) = live(walk, "meeting")
    with clock.set_to(D("2027-11-06")):
        record_cancel(actor=walk.secretary, case=walk.case.pk, record=record.pk, reason="录错了人")
    assert facts(walk, "admission.general_meeting") == []
    assert live(walk, "meeting") == []


def test_a_review_said_to_be_missed_is_not_asked_for_by_the_case(walk: Walk, desk: Any) -> None:
    walk.to("review")
    first = after_half_year(walk)
    on = first + timedelta(days=5)
    duty_of(walk, "DM-07", str(walk.day("activist")))  # the platform counts since then
    with clock.set_to(on):
        duties_evaluate()
    duty = Duty.objects.unscoped("test").get(rule="DM-07", person=walk.person, due=first)
    page = Visitor(walk.house, "branch_secretary")
    assert "逾期 5 天" in page.page("board", on=str(on))
    told = {"fact_result": EXPLAINED, "fact_note": "海上执行任务", **PROOF}
    answer = desk(walk, "branch_secretary").send(duty, str(on), kind="missed.DM-07", **told)
    assert answer.status_code == 302, said(answer)[-3000:]
    walk.case.refresh_from_db()
    second = add_months(walk.day("activist"), 12)
    assert walk.case.due_on == second
    assert "逾期" not in page.page("board", on=str(on))
    fact = facts(walk, "missed.DM-07")[0]
    with clock.set_to(on), desk(walk, "branch_secretary").hooks(execute=True):
        fact_withdraw(actor=walk.clerk, fact=fact, reason="登记有误")
    walk.case.refresh_from_db()
    assert walk.case.due_on == first


def after_half_year(walk: Walk) -> date:
    return add_months(walk.day("activist"), 6)
