"""What is refused, with which clause, and that nothing changed then."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from liaoyuan.affairs.admission.models import Case, StepRecord, Talk
from liaoyuan.affairs.admission.services import accepting, applying, converting
from liaoyuan.affairs.admission.services.opening import case_open
from liaoyuan.affairs.admission.services.papers import paper_record
from liaoyuan.affairs.admission.tests.walk import HEARD, Walk, outsider
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import Conflict, DomainError, NotInScope, NotPermitted
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services import NewFact, fact_record
from liaoyuan.organisation.members.models import StandingKind
from liaoyuan.organisation.members.tests.factories import House, PersonFactory, account_for, appoint
from liaoyuan.organisation.units.models import Unit, UnitKind

D = date.fromisoformat
pytestmark = pytest.mark.django_db
NEW = "《中国共产党发展党员工作细则（2026年）》"


def untouched(walk: Walk) -> Callable[[], None]:
    """Call the result after a refusal: rows, facts, standing and columns are as they were."""

    def state() -> tuple[Any, ...]:
        walk.person.refresh_from_db()
        row = Case.objects.unscoped("test").filter(pk=walk.case.pk).values().get()
        return (
            row,
            walk.person.standing,
            list(StepRecord.objects.order_by("pk").values_list("pk", "live")),
            Fact.objects.unscoped("test").filter(source_app="admission").count(),
            Talk.objects.count(),
        )

    before = state()
    return lambda: _same(before, state())


def _same(before: tuple[Any, ...], after: tuple[Any, ...]) -> None:
    assert before == after


def refused(walk: Walk, act: str, *, on: str = "", error: type[DomainError] = DomainError, **more: Any) -> DomainError:
    check = untouched(walk)
    with pytest.raises(error) as found:
        walk.do(act, on=on, **more)
    check()
    return found.value


def test_a_sibling_branchs_secretary_does_not_see_the_case(walk: Walk) -> None:
    other = walk.house.actor("branch_secretary_b")
    refused(walk, "talk", actor=other, error=NotInScope)
    with pytest.raises(NotInScope), clock.set_to(D("2026-06-15")):
        case_open(actor=other, person=outsider(walk.house, name="申另").pk, on=D("2026-06-01"))


@pytest.mark.parametrize("persona", ["member", "group_leader"])
def test_ordinary_members_do_not_see_cases(walk: Walk, persona: str) -> None:
    refused(walk, "talk", actor=walk.house.actor(persona), error=NotInScope)


@pytest.mark.parametrize(
    ("act", "persona"),
    [
        ("talk", "inspector"),
        ("talk", "battalion_secretary"),
        ("activist", "battalion_secretary"),
        ("file_activist", "branch_secretary"),
        ("consent", "branch_secretary"),
        ("pre_review", "branch_secretary"),
        ("approve", "branch_secretary"),
        ("meeting", "battalion_secretary"),
    ],
)
def test_each_act_has_its_owner(walk: Walk, act: str, persona: str) -> None:
    walk.to(act)
    refused(walk, act, actor=walk.house.actor(persona), error=NotPermitted)


def test_nobody_acts_in_his_own_case(walk: Walk) -> None:
    account_for(walk.person, "shenming")
    walk.house.users["self"] = walk.person.user
    walk.house.people["self"] = walk.person
    appoint(walk.person, walk.house.branch_a, "secretary", "branch_secretary")
    found = refused(walk, "talk", actor=walk.house.actor("self"), error=NotPermitted)
    assert "自己" in found.message


@pytest.mark.parametrize("act", ["pre_review", "approve", "conversion_approve"])
def test_a_committee_without_the_power_is_refused_with_the_clause(walk: Walk, act: str) -> None:
    walk.to(act)
    found = refused(walk, act, actor=walk.battalion)
    assert found.clause == f"{NEW}第22条"
    Unit.objects.unscoped("test").filter(pk=walk.house.battalion_a.pk).update(can_approve_members=True)
    walk.do(act, actor=walk.battalion)


def test_where_nobody_above_has_the_power_nobody_approves(walk: Walk) -> None:
    walk.to("pre_review")
    Unit.objects.unscoped("test").filter(pk=walk.house.root.pk).update(can_approve_members=False)
    assert refused(walk, "pre_review").clause == f"{NEW}第22条"


def test_a_general_branch_only_deliberates(walk: Walk) -> None:
    """党总支 between branch and committee: its secretary is not the superior committee."""
    walk.to("file_activist")
    Unit.objects.unscoped("test").filter(pk=walk.house.battalion_a.pk).update(kind=UnitKind.GENERAL_BRANCH)
    assert "上级党委" in refused(walk, "file_activist", actor=walk.battalion).message
    walk.do("file_activist", actor=walk.clerk)


@pytest.mark.parametrize("act", ["meeting", "approve"])
def test_a_temporary_branch_needs_a_recorded_basis(walk: Walk, act: str) -> None:
    walk.to(act)
    units = Unit.objects.unscoped("test").filter(pk=walk.house.branch_a.pk)
    units.update(kind=UnitKind.TEMPORARY_BRANCH, approved_by=walk.house.battalion_a)
    found = refused(walk, act)
    assert (found.field, found.clause) == ("basis", f"{NEW}第22条")
    record = walk.do(act, basis="军政〔2026〕1号文件")
    assert record.basis == "军政〔2026〕1号文件"
    assert record.against[0]["code"] == "temporary"


def test_under_18_nobody_applies(house: House) -> None:
    person = outsider(house, birth_date=date(2010, 1, 1))
    with clock.set_to(D("2026-06-01")), pytest.raises(DomainError) as found:
        case_open(actor=house.actor("branch_secretary"), person=person.pk, on=D("2026-06-01"))
    assert found.value.clause == f"{NEW}第5条"
    assert not Case.objects.unscoped("test").exists()
    person.refresh_from_db()
    assert person.standing == "masses"


def test_members_do_not_apply_again(house: House) -> None:
    with clock.set_to(D("2026-06-01")), pytest.raises(DomainError, match="不用再提出"):
        case_open(actor=house.actor("branch_secretary"), person=house.people["member"].pk, on=D("2026-06-01"))


def test_who_has_left_gets_no_case(house: House) -> None:
    person = outsider(house, active=False)
    with clock.set_to(D("2026-06-01")), pytest.raises(Conflict, match="离队"):
        case_open(actor=house.actor("branch_secretary"), person=person.pk, on=D("2026-06-01"))


@pytest.mark.parametrize(
    ("act", "on", "clause"),
    [("propose", "2027-08-31", "第13条"), ("conversion_meeting", "2028-11-07", "")],
)
def test_too_soon(walk: Walk, act: str, on: str, clause: str) -> None:
    walk.to(act)
    found = refused(walk, act, on=on)
    assert found.field == "on"
    assert found.clause.endswith(clause)


def test_introducers_under_penalty(walk: Walk) -> None:
    walk.to("introducers")
    other = walk.mentors[1]
    with clock.set_to(D("2027-09-01")):
        fact_record(
            actor=walk.clerk,
            fact=NewFact("discipline.warning", walk.house.branch_a, D("2027-03-01"), ("test", "1"), person=other),
        )
    found = refused(walk, "introducers")
    assert (found.field, found.clause) == ("reason", f"{NEW}第14条")
    record = walk.do("introducers", reason="长期担任其培养联系人，支部别无合适人选")
    assert record.against[0]["code"] == "introducer_penalty"
    assert record.reason.startswith("长期担任")


def test_an_ended_penalty_bars_nobody(walk: Walk) -> None:
    walk.to("introducers")
    with clock.set_to(D("2027-09-01")):
        for number, day in enumerate(("2026-09-15", "2026-09-16")):
            fact_record(
                actor=walk.clerk,
                fact=NewFact(
                    "discipline.warning", walk.house.branch_a, D(day), ("test", str(number)),
                    person=walk.mentors[number],
                ),
            )  # fmt: skip
    # One year from 16 September 2026 includes 16 September 2027, the day of naming; the other's ended the day before.
    assert walk.mentors[1].name in refused(walk, "introducers").message


def test_who_is_under_party_probation_never_introduces(walk: Walk) -> None:
    walk.to("introducers")
    branch = walk.house.branch_a
    with clock.set_to(D("2027-09-16")):
        fact_record(
            actor=walk.clerk,
            fact=NewFact("discipline.probation", branch, D("2025-01-01"), ("test", "1"), person=walk.mentors[0],
                         payload={"until": "2027-01-01"}),
        )  # fmt: skip
    # Its time is over, but no decision has restored the rights (DP-06).
    found = refused(walk, "introducers", reason="理由充分")
    assert found.clause == f"{NEW}第14条"
    with clock.set_to(D("2027-09-16")):
        fact_record(
            actor=walk.clerk,
            fact=NewFact("discipline.probation_decided", branch, D("2027-09-10"), ("test", "2"),
                         person=walk.mentors[0], payload={"result": "恢复党员权利"}),
        )  # fmt: skip
    walk.do("introducers")


def test_mentors_are_full_members_of_ones_reach(walk: Walk) -> None:
    walk.to("mentors")
    probationer = PersonFactory(unit=walk.house.branch_a, standing=StandingKind.PROBATIONARY, full_since=None)
    assert "不是正式党员" in refused(walk, "mentors", people=[probationer.pk]).message
    stranger = walk.house.people["member_b"]
    refused(walk, "mentors", people=[stranger.pk], error=NotInScope)
    assert refused(walk, "mentors", people=[]).clause == f"{NEW}第9条"
    assert "本人不能" in refused(walk, "mentors", people=[walk.person.pk]).message


@pytest.mark.parametrize(
    ("votes", "field", "said"),
    [
        ({"entitled": 9, "present": 10, "yes": 9, "no": 0}, "present", "多于应到会"),
        ({"entitled": 9, "present": 8, "yes": 9, "no": 0}, "yes", "多于实到会"),
        ({"entitled": 9, "present": 8, "yes": 5, "no": 4}, "yes", "多于实到会"),
        ({"entitled": 9, "present": 8, "yes": 8, "no": 0, "written": 2}, "written", "多于没有到会"),
        ({"entitled": 8, "present": 4, "yes": 4, "no": 0}, "present", "会议不能表决"),
        ({"entitled": 9, "present": 4, "yes": 4, "no": 0}, "present", "会议不能表决"),
        ({"entitled": 9, "present": 8, "yes": -1, "no": 0}, "yes", "不能是负数"),
    ],
)
def test_counts_that_cannot_be(walk: Walk, votes: dict[str, int], field: str, said: str) -> None:
    walk.to("meeting")
    found = refused(walk, "meeting", votes=accepting.Votes(**votes))
    assert found.field == field
    assert said in found.message


@pytest.mark.parametrize(
    ("votes", "passed"),
    [
        ({"entitled": 9, "present": 8, "yes": 5, "no": 3}, True),
        ({"entitled": 9, "present": 8, "yes": 4, "no": 4}, False),
        ({"entitled": 8, "present": 8, "yes": 4, "no": 4}, False),
        ({"entitled": 8, "present": 5, "yes": 5, "no": 0}, True),
        ({"entitled": 9, "present": 5, "yes": 5, "no": 1, "written": 1}, True),
        ({"entitled": 9, "present": 5, "yes": 4, "no": 1, "abstain": 1, "written": 1}, False),
    ],
)
def test_more_than_half_of_those_entitled(walk: Walk, votes: dict[str, int], passed: bool) -> None:
    walk.to("meeting")
    record = walk.do("meeting", votes=accepting.Votes(**votes), reason="一人经旅党委同意不计入应到会")
    assert record.detail["passed"] is passed
    assert walk.case.step == (15 if passed else 12)
    assert walk.person.standing == "candidate"


def test_a_refusal_by_the_committee_returns_the_case_and_is_told(walk: Walk) -> None:
    walk.to("approve")
    assert refused(walk, "approve", agreed=False).field == "reason"
    walk.do("approve", agreed=False, reason="材料不实，需进一步核查")
    assert (walk.case.step, walk.case.standing, walk.person.standing) == (12, "candidate", "candidate")
    kinds = set(Fact.objects.unscoped("test").filter(person=walk.person).values_list("kind", flat=True))
    assert "admission.refused" in kinds
    assert "admission.approved" not in kinds


def test_a_failed_political_review_gives_the_standing_back(walk: Walk) -> None:
    walk.to("political_review")
    walk.do("political_review", passed=False, summary="直系亲属有重大问题")
    assert (walk.case.standing, walk.person.standing) == ("activist", "activist")
    # The year that he has had counts, in the member's file too; everything else is done anew (ADR 0015).
    assert walk.case.due_on == D("2028-03-28")
    assert refused(walk, "propose", on="2027-10-20").clause == f"{NEW}第13条"
    for source in ("group", "mentors", "members", "masses"):
        walk.do(f"opinion:{source}", on="2027-10-20")
    walk.do("propose", on="2027-10-20")
    walk.do("consent", on="2027-10-22")
    walk.do("post", on="2027-10-25", ends_on=D("2027-11-12"))
    walk.do("posted", on="2027-11-13")
    walk.do("list", on="2027-11-13")
    assert walk.person.standing == "candidate"


def test_an_extension_and_then_no_second_one(walk: Walk) -> None:
    walk.to("conversion_check")
    walk.do("conversion_check", outcome="extend", until=D("2029-05-05"))
    walk.do("conversion_meeting", outcome="extend", until=D("2029-05-05"))
    walk.do("conversion_report")
    walk.do("conversion_approve")
    assert (walk.case.standing, walk.case.step, walk.person.standing) == ("probationary", 21, "probationary")
    told = dict(Fact.objects.unscoped("test").filter(person=walk.person).values_list("kind", "payload"))
    assert told["admission.extended"] == {"until": "2029-05-05"}
    walk.do("conversion_apply", on="2029-05-05")
    found = refused(walk, "conversion_check", on="2029-05-06", outcome="extend", until=D("2029-12-05"))
    assert found.clause == f"{NEW}第31条"
    walk.do("conversion_check", on="2029-05-06")
    walk.do("conversion_meeting", on="2029-05-07")
    walk.do("conversion_report", on="2029-05-08")
    walk.do("conversion_approve", on="2029-05-20")
    assert walk.person.full_since == D("2029-05-05")


def test_disqualified_is_back_among_the_masses(walk: Walk) -> None:
    walk.to("conversion_apply")
    walk.do("conversion_check", on="2028-03-08", outcome="disqualify")
    walk.do("conversion_meeting", on="2028-03-10", outcome="disqualify")
    walk.do("conversion_report", on="2028-03-11")
    walk.do("conversion_approve", on="2028-04-01")
    assert (walk.case.closed_as, walk.person.standing, walk.case.closed_on) == (
        "disqualified",
        "masses",
        D("2028-04-01"),
    )


def test_stopping_gives_back_an_earlier_standing(walk: Walk) -> None:
    walk.to("review")
    with clock.set_to(D("2026-12-01")):
        with pytest.raises(DomainError, match="政治面貌"):
            converting.case_stop(
                actor=walk.secretary, case=walk.case.pk, on=D("2026-12-01"), why="本人申请撤回", standing="full"
            )
        converting.case_stop(
            actor=walk.secretary, case=walk.case.pk, on=D("2026-12-01"), why="本人申请撤回", standing="masses"
        )
    walk.case.refresh_from_db()
    walk.person.refresh_from_db()
    assert (walk.case.closed_as, walk.case.close_reason, walk.person.standing) == ("stopped", "本人申请撤回", "masses")
    assert Fact.objects.unscoped("test").filter(person=walk.person, kind="admission.stopped").count() == 1
    with clock.set_to(D("2027-01-01")):
        again = case_open(actor=walk.secretary, person=walk.person.pk, on=D("2027-01-01"))
    assert again.pk != walk.case.pk


def test_the_archive_asks_for_the_named_papers(walk: Walk) -> None:
    walk.to("archive")
    with clock.set_to(D("2028-12-20")):
        with pytest.raises(DomainError) as found:
            converting.archive(actor=walk.secretary, case=walk.case.pk, on=D("2028-12-20"))
        assert "入党志愿书" in found.value.message
        assert found.value.clause == f"{NEW}第36条"
        for wrong in ({"kind": "poem"}, {"kind": "form", "pages": 0}, {"kind": "form", "received_on": D("2029-01-01")}):
            with pytest.raises(DomainError):
                paper_record(
                    actor=walk.secretary,
                    case=walk.case.pk,
                    **({"received_on": D("2028-12-01")} | wrong),  # type: ignore[arg-type]
                )


@pytest.mark.parametrize(
    ("act", "more", "field"),
    [
        ("talk", {"mode": "letter"}, "mode"),
        ("talk", {"summary": "……"}, "summary"),
        ("talk", {"talker": None, "who": " "}, "who"),
        ("activist", {"way": "friends"}, "way"),
        ("review", {"result": "excellent"}, "result"),
        ("review", {"summary": ""}, "summary"),
        ("opinion:group", {"source": "family"}, "source"),
        ("opinion:group", {"summary": "!"}, "summary"),
        ("consent", {"agreed": False}, "reason"),
        ("post", {"places": ["", " "]}, "places"),
        ("posted", {"result": ""}, "result"),
        ("political_review", {"summary": ""}, "summary"),
        ("training", {"days": 0, "hours": 0, "exempt": True}, "basis"),
        ("training", {"begins_on": D("2027-10-13")}, "begins_on"),
        ("committee_check", {"qualified": False}, "reason"),
        ("pre_review", {"qualified": False}, "reason"),
        ("pre_review", {"leaving_on": D("2027-11-01")}, "reason"),
        ("oath", {"where": "-"}, "place"),
        ("conversion_check", {"sources": HEARD[:2]}, "sources"),
        ("conversion_check", {"outcome": "promote"}, "outcome"),
    ],
)
def test_bad_input_of_every_kind(walk: Walk, act: str, more: dict[str, Any], field: str) -> None:
    walk.to(act)
    assert refused(walk, act, **more).field == field


def test_one_does_not_talk_with_oneself(walk: Walk) -> None:
    assert refused(walk, "talk", talker=walk.person).field == "talker"


def test_unknown_cases_and_groups(walk: Walk) -> None:
    with pytest.raises(NotInScope):
        applying.activist_determine(actor=walk.secretary, case=walk.person.pk, on=D("2026-06-15"), way="members")
    walk.to("place")
    assert refused(walk, "place", group=walk.house.group_b.pk).field == "group"
    assert walk.do("place", group=walk.house.group_a.pk).detail["name"] == walk.house.group_a.name
