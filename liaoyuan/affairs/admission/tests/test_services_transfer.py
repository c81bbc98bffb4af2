"""The branch into which somebody moved examines his papers; a probationer may not be recognised (DM-10, DM-45)."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.models import Examination, StepRecord
from liaoyuan.affairs.admission.services.correcting import record_cancel
from liaoyuan.affairs.admission.services.papers import paper_record
from liaoyuan.affairs.admission.services.transferring import papers_examine, probationer_disown
from liaoyuan.affairs.admission.tests.pages import said
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties.models import Duty
from liaoyuan.organisation.duties.services import duties_evaluate
from liaoyuan.organisation.members.services import membership_move

D = date.fromisoformat
CAME = "2028-03-01"
pytestmark = pytest.mark.django_db
TOLD = {"introduction": "原支部介绍：按期考察四次，表现良好", "summary": "材料齐全，手续完备"}


@pytest.fixture
def moved(walk: Walk) -> Walk:
    """A probationer who came to the neighbour branch."""
    walk.to("care")
    with clock.set_to(D(CAME)):
        membership_move(
            actor=walk.clerk, person=walk.person, to_unit=walk.house.branch_b, on=D(CAME), reason="工作调动"
        )
    walk.case.refresh_from_db()
    return walk


def examine(walk: Walk, *, on: str = "2028-03-10", qualified: bool = True, **more: Any) -> StepRecord:
    with clock.set_to(D(on)):
        values = {"actor": walk.house.actor("branch_secretary_b"), **TOLD} | more
        return papers_examine(case=walk.case.pk, on=D(on), qualified=qualified, **values)


def disown(walk: Walk, *, on: str = "2028-04-01", agreed: bool = True, **more: Any) -> StepRecord:
    with clock.set_to(D(on)):
        values = {"actor": walk.clerk, "by": "旅党委组织科", "reason": "入党志愿书系伪造，无法认定"} | more
        return probationer_disown(case=walk.case.pk, on=D(on), agreed=agreed, **values)


def fresh(walk: Walk) -> tuple[str, str, str]:
    walk.case.refresh_from_db()
    walk.person.refresh_from_db()
    return walk.case.closed_as, walk.case.standing, walk.person.standing


def test_the_new_branch_keeps_what_it_was_told_and_found(moved: Walk) -> None:
    record = examine(moved)
    row = Examination.objects.get(record=record)
    assert (row.introduction, row.summary) == (TOLD["introduction"], TOLD["summary"])
    assert (record.unit_id, record.detail) == (moved.house.branch_b.pk, {"qualified": True})
    assert fresh(moved) == ("", "probationary", "probationary")
    with pytest.raises(DomainError, match="没有待审查的转入材料"):
        examine(moved)
    with clock.set_to(D("2028-03-11")):
        paper_record(
            actor=moved.house.actor("branch_secretary_b"), case=moved.case.pk, kind="transfer", received_on=D(CAME)
        )


def test_nobody_is_converted_on_papers_nobody_examined(moved: Walk) -> None:
    secretary = moved.house.actor("branch_secretary_b")
    moved.do("conversion_apply", actor=secretary)
    with pytest.raises(DomainError, match="材料还没有审查清楚") as found:
        moved.do("conversion_check", actor=secretary)
    assert (found.value.clause or "").endswith("第34条")
    examine(moved, on="2028-11-06")
    moved.do("conversion_check", actor=secretary)


def test_not_recognised_ends_the_case_and_the_standing(moved: Walk) -> None:
    with clock.set_to(D("2028-10-20")):
        duties_evaluate()
    duties = Duty.objects.unscoped("test").filter(person=moved.person, state="open")
    assert duties.filter(rule="DM-39").exists()
    examine(moved, qualified=False)
    disown(moved)
    assert fresh(moved) == ("not_recognised", "masses", "masses")
    assert moved.case.close_reason == "入党志愿书系伪造，无法认定"
    fact = Fact.objects.unscoped("test").get(person=moved.person, kind="admission.not_recognised")
    assert (fact.payload, fact.occurred_on) == ({"by": "旅党委组织科"}, D("2028-04-01"))
    with clock.set_to(D("2028-10-21")):
        duties_evaluate()
    assert not duties.exists()
    # What was recorded before stays.
    assert moved.case.records.filter(act="approve", live=True).exists()
    record = moved.case.records.get(act="disown")
    with clock.set_to(D("2028-10-21")), pytest.raises(DomainError, match="已经生效"):
        record_cancel(actor=moved.clerk, case=moved.case.pk, record=record.pk, reason="批错了")


def test_not_approved_the_branch_examines_again(moved: Walk) -> None:
    examine(moved, qualified=False)
    disown(moved, agreed=False, reason="档案已补寄，请重新审查")
    assert fresh(moved) == ("", "probationary", "probationary")
    examine(moved, on="2028-04-10")
    assert moved.case.records.filter(act="examine", live=True).count() == 2
    assert not Fact.objects.unscoped("test").filter(kind="admission.not_recognised").exists()


@pytest.mark.parametrize(("more", "field"), [({"introduction": "…"}, "introduction"), ({"summary": " "}, "summary")])
def test_an_examination_says_what_was_found(moved: Walk, more: dict[str, str], field: str) -> None:
    with pytest.raises(DomainError) as found:
        examine(moved, **more)
    assert found.value.field == field
    assert not moved.case.records.filter(act="examine").exists()


@pytest.mark.parametrize(("more", "field"), [({"by": ""}, "by"), ({"reason": "."}, "reason")])
def test_not_recognising_names_who_and_why(moved: Walk, more: dict[str, str], field: str) -> None:
    examine(moved, qualified=False)
    with pytest.raises(DomainError) as found:
        disown(moved, **more)
    assert found.value.field == field
    assert fresh(moved)[0] == ""


def test_who_may_and_who_may_not(moved: Walk) -> None:
    with pytest.raises(NotInScope):
        examine(moved, actor=moved.secretary)  # the old branch no longer keeps the case
    examine(moved, qualified=False)
    with pytest.raises(NotPermitted):
        disown(moved, actor=moved.house.actor("branch_secretary_b"))
    with pytest.raises(DomainError, match="没有审批预备党员的权限"):
        disown(moved, actor=moved.house.actor("battalion_secretary_b"))
    assert fresh(moved)[0] == ""


def test_the_pages_lead_from_the_examination_to_the_decision(moved: Walk, visitor: Any) -> None:
    secretary, clerk = visitor("branch_secretary_b"), visitor("organisation_clerk")
    text = secretary.page("case", moved.case.pk, on="2028-03-10")
    for words in ("审查转入材料（新的党支部）", "审查转入材料</a>", "转接材料", "甲营一连党支部 → 乙营一连党支部"):
        assert words in text, words
    assert "审批不予承认</a>" not in text
    text = secretary.page("act", moved.case.pk, "examine", on="2028-03-10")
    assert "第 21 步" in text
    assert "第34条" in text
    empty = secretary.send("act", moved.case.pk, "examine", at="2028-03-10", on="2028-02-01", **TOLD, qualified="0")
    assert empty.status_code == 422
    assert "早于转入本支部" in said(empty)
    sent = secretary.send("act", moved.case.pk, "examine", at="2028-03-10", on="2028-03-10", **TOLD, qualified="0")
    assert sent.status_code == 302
    text = clerk.page("case", moved.case.pk, on="2028-04-01")
    for words in ("审批不予承认</a>", "无法认定", TOLD["introduction"]):
        assert words in text, words
    clerk.page("act", moved.case.pk, "disown", on="2028-04-01")
    form = {"on": "2028-04-01", "agreed": "1", "by": "旅党委组织科", "number": "组2028-4"}
    assert clerk.send("act", moved.case.pk, "disown", at="2028-04-01", **form, reason="").status_code == 422
    assert clerk.send("act", moved.case.pk, "disown", at="2028-04-01", **form, reason="志愿书系伪造").status_code == 302
    text = clerk.page("case", moved.case.pk, on="2028-04-02")
    assert "不予承认 · 2028-04-01" in text
    assert clerk.get("act", moved.case.pk, "care", on="2028-04-02").status_code == 409
