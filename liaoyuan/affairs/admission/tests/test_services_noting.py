"""What was written down by hand reaches the case once, follows its corrections, and never comes back twice."""

from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.models import StepRecord
from liaoyuan.affairs.admission.services.correcting import record_cancel, record_correct
from liaoyuan.affairs.admission.services.noting import facts_take
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.chronicle.services import NewFact, fact_correct, fact_record, fact_withdraw

D = date.fromisoformat
pytestmark = pytest.mark.django_db


@pytest.fixture
def at_once(django_capture_on_commit_callbacks: Any) -> Any:
    """``with at_once("2026-06-20")``: the clock is set; what follows a commit is done at the end."""

    class AtOnce:
        def __init__(self, day: str) -> None:
            self.clock, self.hooks = clock.set_to(D(day)), django_capture_on_commit_callbacks(execute=True)

        def __enter__(self) -> None:
            self.clock.__enter__()
            self.hooks.__enter__()

        def __exit__(self, *raised: Any) -> None:
            self.hooks.__exit__(*raised)
            self.clock.__exit__(*raised)

    return AtOnce


def by_hand(walk: Walk, kind: str, on: str, **payload: str) -> Fact:
    fact = NewFact(kind, walk.case.unit, D(on), ("duties", f"{walk.person.pk.hex}:{on}"), walk.person, payload=payload)
    return fact_record(actor=walk.secretary, fact=fact)


def facts(walk: Walk, kind: str) -> list[tuple[date, dict[str, str]]]:
    rows = current(Fact.objects.unscoped("test").filter(kind=kind, person=walk.person))
    return list(rows.values_list("occurred_on", "payload"))


def acts(walk: Walk, act: str, *, live: bool = True) -> list[StepRecord]:
    return list(StepRecord.objects.filter(case=walk.case, act=act, live=live).order_by("seq"))


TALK = {"who": "甲书记", "mode": "电话", "note": "在外执行任务", "evidence": "记录本第3页"}


def test_a_talk_recorded_at_a_duty_is_the_second_step(walk: Walk, at_once: Any) -> None:
    neighbour = Walk(walk.house, outsider(walk.house, "b"), side="b")
    with at_once("2026-06-20"):
        by_hand(walk, "admission.talk", "2026-06-18", **TALK)
    (record,) = acts(walk, "talk")
    assert (record.done_on, record.detail["who"], record.detail["mode"]) == (D("2026-06-18"), "甲书记", "phone")
    assert record.talk.summary == "在外执行任务；记录本第3页"
    assert record.by_name == "系统（发展党员：甲指导员）"
    walk.case.refresh_from_db()
    assert walk.case.step == 3
    assert len(facts(walk, "admission.talk")) == 1  # not told again
    assert acts(neighbour, "talk") == []
    with at_once("2026-06-21"):
        facts_take(people=[walk.person.pk])
    assert len(acts(walk, "talk")) == 1


def test_a_review_in_free_words_and_an_oath(walk: Walk, at_once: Any) -> None:
    walk.to("review")
    with at_once("2027-03-02"):
        by_hand(walk, "admission.activist_review", "2027-03-01", result="进步明显", evidence="登记表")
    (record,) = acts(walk, "review")
    assert (record.detail["result"], record.review.summary) == ("noted", "进步明显；登记表")
    walk.to("oath")
    with at_once("2027-12-21"):
        by_hand(walk, "admission.oath", "2027-12-20", place="旅史馆", evidence="照片")
    (oath,) = acts(walk, "oath")
    assert (oath.done_on, oath.detail["place"]) == (D("2027-12-20"), "旅史馆")


def test_what_the_case_cannot_take_is_kept_with_the_reason_once(walk: Walk, at_once: Any) -> None:
    with at_once("2026-06-20"):
        by_hand(walk, "admission.oath", "2026-06-19", evidence="照片")
    assert acts(walk, "oath") == []
    (left,) = acts(walk, "oath", live=False)
    assert "还没有办理" in left.ended_reason
    with at_once("2026-06-21"):
        by_hand(walk, "admission.talk", "2026-06-20", **TALK)
    assert len(acts(walk, "oath", live=False)) == 1
    assert AuditEntry.objects.filter(action="admission.not_taken", allowed=False).count() == 1
    assert len(acts(walk, "talk")) == 1


def test_what_is_corrected_in_the_chronicle_is_corrected_in_the_case(walk: Walk, at_once: Any) -> None:
    with at_once("2026-06-20"):
        fact = by_hand(walk, "admission.talk", "2026-06-18", **TALK)
    with at_once("2026-06-21"):
        fact = fact_correct(actor=walk.secretary, fact=fact, reason="日期抄错", occurred_on=D("2026-06-17"))
    (record,) = acts(walk, "talk")
    assert (record.done_on, record.talk.summary) == (D("2026-06-17"), "在外执行任务；记录本第3页")
    with at_once("2026-06-22"):
        fact_withdraw(actor=walk.secretary, fact=fact, reason="录错了人")
    assert acts(walk, "talk") == []
    assert [one.ended_reason for one in acts(walk, "talk", live=False)] == ["纪实中已更正", "纪实中已撤销"]
    walk.case.refresh_from_db()
    assert walk.case.step == 2


def test_what_is_corrected_in_the_case_is_corrected_in_the_chronicle(walk: Walk, at_once: Any) -> None:
    with at_once("2026-06-20"):
        by_hand(walk, "admission.talk", "2026-06-18", **TALK)
    with at_once("2026-06-21"):
        (record,) = acts(walk, "talk")
        record = record_correct(
            actor=walk.secretary, case=walk.case.pk, record=record.pk, reason="日期抄错", on=D("2026-06-16")
        )
    assert facts(walk, "admission.talk") == [(D("2026-06-16"), TALK)]
    assert len(acts(walk, "talk")) == 1
    with at_once("2026-06-22"):
        record_cancel(actor=walk.secretary, case=walk.case.pk, record=record.pk, reason="录错了人")
    assert facts(walk, "admission.talk") == []
    assert acts(walk, "talk") == []


def test_a_later_act_that_stands_on_it_keeps_a_withdrawn_talk_in_the_case(walk: Walk, at_once: Any) -> None:
    with at_once("2026-06-20"):
        fact = by_hand(walk, "admission.talk", "2026-06-18", **TALK)
    walk.do("activist")
    with at_once("2026-09-02"):
        fact_withdraw(actor=walk.secretary, fact=fact, reason="录错了人")
    assert len(acts(walk, "talk")) == 1
    assert "就不符合规定了" in AuditEntry.objects.get(action="admission.not_taken").reason
