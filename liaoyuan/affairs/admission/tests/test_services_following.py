"""Cases follow people, votes, postings and the tree."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django_tasks_db.models import DBTaskResult

from liaoyuan.activity.notices.services import (
    objection_answer,
    objection_submit,
    posting_conclude,
    posting_withdraw,
    postings_close_due,
)
from liaoyuan.activity.orglife.services import (
    meeting_call,
)
from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.services import accepting, converting, listing
from liaoyuan.affairs.admission.services.accepting import meeting_submit
from liaoyuan.affairs.admission.services.listing import candidate_post
from liaoyuan.affairs.admission.services.opening import case_follow, cases_take_over
from liaoyuan.affairs.admission.tasks import take_over
from liaoyuan.affairs.admission.tests.walk import Walk, outsider
from liaoyuan.foundation.regulations.models import WorkDay
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.jobs import path_of
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.members.models import Person, Standing
from liaoyuan.organisation.members.services import membership_move, standing_change
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, UnitFactory
from liaoyuan.organisation.roster.services import import_workbook
from liaoyuan.organisation.roster.tests.factories import person as roster_person
from liaoyuan.organisation.roster.tests.factories import two_battalions, workbook
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services.move import unit_move

D = date.fromisoformat
SYSTEM = Actor.system("test")
pytestmark = pytest.mark.django_db


def stood(house: House, **days: str) -> Person:
    """Somebody whose standings began on these days, as a roster leaves him."""
    kinds = list(days)
    person = PersonFactory(
        unit=house.branch_a, standing=kinds[-1], full_since=None, joined_on=None, group=house.group_a
    )
    Standing.objects.filter(person=person).delete()
    for index, kind in enumerate(kinds):
        until = days[kinds[index + 1]] if index + 1 < len(kinds) else None
        Standing.objects.create(person=person, kind=kind, since=days[kind], until=until)
    return person


def live(case: Case) -> list[tuple[str, date | None, bool]]:
    return list(case.records.filter(live=True).order_by("seq").values_list("act", "done_on", "back_filled"))


def test_cases_are_taken_over_from_standings(house: House) -> None:
    applicant = stood(house, applicant="2026-11-01")
    activist = stood(house, applicant="2025-01-10", activist="2025-06-10")
    candidate = stood(house, applicant="2024-01-10", activist="2024-06-10", candidate="2026-06-30")
    prober = stood(
        house, applicant="2023-01-10", activist="2023-06-10", candidate="2024-07-10", probationary="2026-02-01"
    )
    outsider(house)
    with clock.set_to(D("2026-11-23")):
        assert cases_take_over(actor=SYSTEM) == 4
        assert cases_take_over(actor=SYSTEM) == 0  # safe to run twice
    cases = {case.person_id: case for case in Case.objects.unscoped("test")}
    assert live(cases[applicant.pk]) == [("apply", D("2026-11-01"), True)]
    assert (cases[applicant.pk].step, cases[applicant.pk].due_on) == (2, D("2026-12-01"))
    assert live(cases[activist.pk]) == [
        ("apply", D("2025-01-10"), True), ("talk", None, True), ("activist", D("2025-06-10"), True),
        ("file_activist", None, True), ("mentors", None, True),
    ]  # fmt: skip
    # Half-years that had ended before are not asked for.
    assert (cases[activist.pk].step, cases[activist.pk].due_on) == (6, D("2026-12-10"))
    assert (cases[candidate.pk].step, cases[candidate.pk].standing) == (9, "candidate")
    assert "file_candidate" in [act for act, _day, _back in live(cases[candidate.pk])]
    assert (cases[prober.pk].step, cases[prober.pk].stage) == (21, "probation")
    assert all(case.back_filled and case.text_of == case.started_on for case in cases.values())
    assert not Fact.objects.unscoped("test").filter(source_app="admission").exists()


def test_an_import_asks_for_the_cases_and_the_next_one_moves_them(django_capture_on_commit_callbacks: Any) -> None:
    rows = two_battalions()
    for standing, expected in (("入党申请人", "applicant"), ("入党积极分子", "activist")):
        rows["人员"] = [*rows["人员"][:4], roster_person(99, "L-A-1", standing)]
        with django_capture_on_commit_callbacks(execute=True):
            assert import_workbook(workbook(rows), actor=SYSTEM, label="花名册.xlsx").written
        asked = DBTaskResult.objects.filter(task_path=path_of("admission.take_over"), status="READY")
        assert asked.exists()
        asked.delete()
        assert take_over.func() == 1
        case = Case.objects.unscoped("test").get(person__number="P0099", closed_as="")
        assert (case.standing, case.back_filled) == (expected, True)
    assert take_over.func() == 0  # safe to run again


def test_taking_over_costs_few_queries_for_many(house: House, django_assert_max_num_queries: Any) -> None:
    for _ in range(30):
        stood(house, applicant="2025-01-10", activist="2025-06-10")
    with clock.set_to(D("2026-11-23")), django_assert_max_num_queries(25):
        assert cases_take_over(actor=SYSTEM) == 30


def test_whoever_has_an_unknown_day_is_taken_over_too(house: House) -> None:
    person = stood(house, activist="2025-06-10")
    Standing.objects.filter(person=person).update(since=None)
    with clock.set_to(D("2026-11-23")):
        cases_take_over(actor=SYSTEM, people=[person.pk])
    case = Case.objects.unscoped("test").get(person=person)
    assert (case.started_on, case.text_of, case.standing) == (None, D("2026-11-23"), "activist")
    assert [day for _act, day, _back in live(case)] == [None] * 5


def test_a_standing_changed_in_the_members_file_moves_the_case(
    walk: Walk, django_capture_on_commit_callbacks: Any
) -> None:
    with clock.set_to(D("2026-07-01")), django_capture_on_commit_callbacks(execute=True):
        standing_change(actor=walk.clerk, person=walk.person, kind="activist", on=D("2026-07-01"), basis="补录")
    walk.case.refresh_from_db()
    assert (walk.case.standing, walk.case.step) == ("activist", 6)
    assert ("activist", D("2026-07-01"), True) in live(walk.case)


def test_a_standing_taken_back_closes_the_case(walk: Walk, django_capture_on_commit_callbacks: Any) -> None:
    with clock.set_to(D("2026-07-01")), django_capture_on_commit_callbacks(execute=True):
        standing_change(actor=walk.clerk, person=walk.person, kind="masses", on=D("2026-07-01"), basis="本人撤回")
    walk.case.refresh_from_db()
    assert (walk.case.closed_as, walk.case.step) == ("stopped", None)
    assert "群众" in walk.case.close_reason


def test_ones_own_acts_are_no_foreign_change(walk: Walk, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        walk.to("file_activist")
    before = live(walk.case)
    case_follow(actor=SYSTEM, person=walk.person.pk)
    assert live(walk.case) == before


def test_a_case_moves_with_its_person_and_time_goes_on(walk: Walk) -> None:
    walk.to("review")
    other = UnitFactory(code="L-A-Z2", name="甲营二连党支部", parent=walk.house.battalion_a)
    with clock.set_to(D("2026-12-01")):
        membership_move(actor=walk.clerk, person=walk.person, to_unit=other, on=D("2026-12-01"), reason="调整")
    walk.case.refresh_from_db()
    assert (walk.case.unit_id, walk.case.path) == (other.pk, other.path)
    moved = walk.case.records.get(act="move")
    assert moved.detail == {"from": "甲营一连党支部", "to": "甲营二连党支部"}
    assert walk.case.records.get(act="talk").unit_id == walk.house.branch_a.pk
    # The old branch's secretary no longer sees it.
    assert not Case.objects.visible_to(walk.secretary, "admission.view").exists()
    with pytest.raises(Exception, match="没有找到"):
        walk.do("review")
    walk.do("review", actor=walk.clerk)
    for source in ("group", "mentors", "members", "masses"):
        walk.do(f"opinion:{source}", actor=walk.clerk)
    assert walk.case.standing == "activist"


def test_cases_follow_the_tree(walk: Walk) -> None:
    with clock.set_to(D("2026-12-01")):
        unit_move(
            actor=SYSTEM,
            unit=walk.house.branch_a,
            to_parent=walk.house.battalion_b,
            on=D("2026-12-01"),
            reason="调整隶属",
        )
    walk.case.refresh_from_db()
    branch = Unit.objects.unscoped("test").get(pk=walk.house.branch_a.pk)
    assert walk.case.path == branch.path
    assert branch.path.startswith(walk.house.battalion_b.path)


def test_a_case_is_not_put_to_a_meeting_before_its_turn(walk: Walk) -> None:
    walk.to("form")
    with clock.set_to(D("2027-10-25")):
        planned = datetime(2027, 11, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
        meeting = meeting_call(
            actor=walk.secretary, unit=walk.house.branch_a, kind="general_meeting", title="讨论", planned_at=planned
        )
        with pytest.raises(DomainError, match="填写入党志愿书"):
            meeting_submit(actor=walk.secretary, case=walk.case.pk, meeting=meeting.pk)
    assert meeting.motions.count() == 0


@pytest.mark.parametrize(("objected", "upheld"), [(False, False), (True, False), (True, True)])
def test_a_posting_feeds_the_case_when_it_is_over(walk: Walk, objected: bool, upheld: bool) -> None:
    walk.to("post")
    receiver = walk.house.people["group_leader"]
    WorkDay.objects.create(day=D("2027-01-01"), is_workday=False)  # there is a notice for 2027: nothing is provisional
    with clock.set_to(D("2027-09-07")):
        posting = candidate_post(actor=walk.secretary, case=walk.case.pk, receiver=receiver)
        if objected:
            member, leader = walk.house.actor("member"), walk.house.actor("group_leader")
            objection = objection_submit(actor=member, posting=posting.pk, text="平时训练不积极")
            objection_answer(actor=leader, objection=objection.pk, text="已收到，正在核实")
    with clock.set_to(posting.last_day + timedelta(days=1)):
        postings_close_due(actor=SYSTEM)
    if objected:
        with clock.set_to(posting.last_day + timedelta(days=3)):
            posting_conclude(
                actor=walk.house.actor("group_leader"), posting=posting.pk,
                result="objections_upheld" if upheld else "objections_dismissed", finding="经核实，所反映的情况已查清",
            )  # fmt: skip
    walk.case.refresh_from_db()
    assert walk.case.step == (6 if upheld else 8)
    posted = StepRecord.objects.get(case=walk.case, act="posted")
    assert posted.detail["clear"] is not upheld
    assert posted.done_on == posting.last_day + timedelta(days=1)
    if not upheld:
        walk.do("list", on="2027-10-01")
        assert walk.person.standing == "candidate"


def test_a_posting_taken_down_is_posted_anew(walk: Walk) -> None:
    walk.to("post")
    with clock.set_to(D("2027-09-07")):
        posting = candidate_post(actor=walk.secretary, case=walk.case.pk, receiver=walk.house.people["group_leader"])
        posting_withdraw(actor=walk.secretary, posting=posting.pk, reason="姓名写错")
        again = candidate_post(actor=walk.secretary, case=walk.case.pk, receiver=walk.house.people["group_leader"])
    assert again.pk != posting.pk
    assert StepRecord.objects.filter(case=walk.case, act="post", live=True).count() == 1


REFUSALS: dict[str, tuple[str, Callable[..., Any], dict[str, Any]]] = {
    "committee_check": ("2025-12-01", accepting.committee_check, {"qualified": False, "reason": "有不足"}),
    "pre_review": ("2025-12-01", accepting.pre_review, {"qualified": False, "reason": "材料不全"}),
    "meeting": ("2026-02-01", accepting.meeting_record, {"votes": accepting.Votes(9, 8, 2, 6)}),
    "approve": ("2026-03-01", accepting.approve, {"agreed": False, "reason": "再考察"}),
    "political_review": (
        "2025-12-01", listing.political_review_record, {"passed": False, "methods": ["talk"], "summary": "不合格"},
    ),
    "redo": ("2026-11-01", accepting.meeting_redo, {"why": "超期未批"}),
    "extend_approval": ("2026-04-01", accepting.approval_extend, {"why": "情况特殊"}),
}  # fmt: skip


@pytest.mark.parametrize("act", REFUSALS)
def test_what_a_standing_presupposes_is_not_filled_in_as_refused(house: House, act: str) -> None:
    prober = stood(
        house, applicant="2023-01-10", activist="2023-06-10", candidate="2024-07-10", probationary="2026-02-01"
    )
    on, service, told = REFUSALS[act]
    with clock.set_to(D("2026-11-23")):
        cases_take_over(actor=SYSTEM)
        case = Case.objects.unscoped("test").get(person=prober)
        before = live(case)
        with pytest.raises(DomainError, match="已经办"):
            service(actor=house.actor("organisation_clerk"), case=case.pk, on=D(on), **told)
    case.refresh_from_db()
    assert (case.step, live(case)) == (21, before)


@pytest.mark.parametrize(("act", "on"), [("form", "2024-07-09"), ("approve", "2026-01-31"), ("oath", "1800-01-01")])
def test_what_is_filled_in_lies_after_every_known_day_before_it(house: House, act: str, on: str) -> None:
    prober = stood(
        house, applicant="2023-01-10", activist="2023-06-10", candidate="2024-07-10", probationary="2026-02-01"
    )
    clerk = house.actor("organisation_clerk")
    acts: dict[str, Callable[..., Any]] = {
        "form": accepting.form_record,
        "approve": partial(accepting.approve, agreed=True),
        "oath": partial(converting.oath_record, where="旅史馆"),
    }
    with clock.set_to(D("2026-11-23")):
        cases_take_over(actor=SYSTEM)
        case = Case.objects.unscoped("test").get(person=prober)
        with pytest.raises(DomainError, match=f"{on} 早于"):
            acts[act](actor=clerk, case=case.pk, on=D(on))
