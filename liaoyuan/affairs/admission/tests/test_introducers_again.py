"""The introducers are looked at again where the branch decides: what came after the naming binds too."""

from datetime import date

import pytest

from liaoyuan.affairs.admission.models import Case, StepRecord
from liaoyuan.affairs.admission.rules.findings import Helper, Setting, Weight
from liaoyuan.affairs.admission.services.accepting import Votes, committee_check, meeting_record, meeting_submit
from liaoyuan.affairs.admission.services.listing import introducers_set
from liaoyuan.affairs.admission.services.opening import cases_take_over
from liaoyuan.affairs.admission.tests.meetings import called
from liaoyuan.affairs.admission.tests.test_rules_checks import tried
from liaoyuan.affairs.admission.tests.test_services_following import stood
from liaoyuan.affairs.admission.tests.test_services_refusals import NEW, refused
from liaoyuan.affairs.admission.tests.texts import OLD, did, until
from liaoyuan.affairs.admission.tests.walk import Walk
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.organisation.chronicle.services import NewFact, fact_record

D = date.fromisoformat
WHO = Helper("乙", True)
BRANCH = (("committee_check", "2027-10-15", {"qualified": True}), ("meeting", "2027-11-05", {"passed": True}))


class TestRule:
    @pytest.mark.parametrize(("act", "on", "detail"), BRANCH)
    @pytest.mark.parametrize(
        ("helper", "code", "weight", "clause"),
        [
            (Helper("甲", True, "probation"), "introducer_barred", Weight.HARD, "第14条"),
            (Helper("甲", False), "helper_not_full", Weight.HARD, "第14条"),
            (Helper("甲", True, "effect"), "introducer_penalty", Weight.REASON, "第14条"),
        ],
    )
    def test_who_may_not_be_it_any_more(
        self, act: str, on: str, detail: dict[str, bool], helper: Helper, code: str, weight: Weight, clause: str
    ) -> None:
        found = tried(act, on, until(act), setting=Setting(helpers=(helper, WHO)), **detail)
        assert [(one.code, one.weight) for one in found] == [(code, weight)]
        assert found[0].clause.endswith(clause)
        assert "甲" in found[0].message

    @pytest.mark.parametrize(("act", "on", "detail"), BRANCH)
    def test_a_refusal_is_recorded_whoever_introduces(self, act: str, on: str, detail: dict[str, bool]) -> None:
        barred = Setting(helpers=(Helper("甲", True, "probation"), WHO))
        refusal = dict.fromkeys(detail, False)
        assert tried(act, on, until(act), setting=barred, **refusal) == []

    def test_the_text_of_2014_knows_no_penalty_with_an_effect(self) -> None:
        posted = {"consent", "post", "posted"}
        acts = [
            did("file_candidate", "2027-09-15") if one.act == "list" else one
            for one in until("committee_check") if one.act not in posted
        ]  # fmt: skip
        effect = Setting(helpers=(Helper("甲", True, "effect"), WHO))
        assert tried("committee_check", "2027-10-15", acts, limits=OLD, setting=effect, qualified=True) == []


def punished(walk: Walk, kind: str, on: str, **payload: str) -> None:
    with clock.set_to(D("2027-12-31")):
        fact = NewFact(kind, walk.house.branch_a, D(on), ("test", f"{kind}{on}"), walk.mentors[0], payload=payload)
        fact_record(actor=walk.clerk, fact=fact)


@pytest.mark.django_db
class TestInTheCase:
    @pytest.mark.parametrize(("act", "on"), [("committee_check", "2027-10-15"), ("meeting", "2027-11-05")])
    def test_an_introducer_under_probation_is_replaced_before_the_branch_goes_on(
        self, walk: Walk, act: str, on: str
    ) -> None:
        walk.to(act)
        punished(walk, "discipline.probation", on, until="2028-09-17")
        found = refused(walk, act, reason="理由充分")
        assert found.clause == f"{NEW}第14条"
        assert "请先重新确定入党介绍人" in found.message
        walk.do("introducers", on=on, people=[walk.mentors[1].pk, walk.house.people["branch_secretary"].pk])
        votes = {"votes": Votes(8, 8, 8, 0)} if act == "meeting" else {}  # he has no vote either
        assert walk.do(act, **votes).live

    def test_the_day_before_the_penalty_nothing_speaks_against_it(self, walk: Walk) -> None:
        walk.to("committee_check")
        punished(walk, "discipline.probation", "2027-10-16", until="2028-10-16")
        assert walk.do("committee_check").against == []

    def test_rights_given_back_lift_the_bar(self, walk: Walk) -> None:
        walk.to("committee_check")
        punished(walk, "discipline.probation", "2027-09-20", until="2027-10-10")
        punished(walk, "discipline.probation_decided", "2027-10-14", result="恢复党员权利")
        assert walk.do("committee_check").against == []

    def test_a_lesser_penalty_is_explained_where_it_is_new_and_once(self, walk: Walk) -> None:
        walk.to("committee_check")
        punished(walk, "discipline.warning", "2027-09-20")
        assert refused(walk, "committee_check").field == "reason"
        record = walk.do("committee_check", reason="处分较轻，仍由其介绍")
        assert [one["code"] for one in record.against] == ["introducer_penalty"]
        walk.do("pre_review")
        walk.do("form")
        assert walk.do("meeting").against == []  # asked at the check

    def test_a_penalty_after_the_check_is_explained_at_the_meeting(self, walk: Walk) -> None:
        walk.to("meeting")
        punished(walk, "discipline.warning", "2027-10-16")
        assert refused(walk, "meeting").field == "reason"
        assert walk.do("meeting", reason="处分较轻，仍由其介绍").against[0]["code"] == "introducer_penalty"

    def test_one_that_was_answered_when_he_was_named_is_not_asked_again(self, walk: Walk) -> None:
        walk.to("introducers")
        punished(walk, "discipline.warning", "2027-09-10")
        walk.do("introducers", reason="长期担任其培养联系人，支部别无合适人选")
        for act in ("political_review", "training", "committee_check", "pre_review", "form", "meeting"):
            walk.do(act)
        assert StepRecord.objects.get(case=walk.case, act="meeting").against == []
        assert StepRecord.objects.get(case=walk.case, act="committee_check").against == []

    def test_nobody_is_put_to_a_meeting_with_an_introducer_who_may_not_be_it(self, walk: Walk) -> None:
        walk.to("meeting")
        meeting = called(walk, "2027-11-05")
        punished(walk, "discipline.probation", "2027-10-26", until="2028-10-26")
        with clock.set_to(D("2027-11-01")), pytest.raises(DomainError, match="请先重新确定入党介绍人") as found:
            meeting_submit(actor=walk.secretary, case=walk.case.pk, meeting=meeting.pk)
        assert found.value.clause == f"{NEW}第14条"
        assert not meeting.motions.exists()

    def test_a_case_taken_over_is_filled_in_as_it_was(self, walk: Walk) -> None:
        """Nobody asks of a probationer's introducers whom the platform does not know, nor of those who were it then."""
        person = stood(
            walk.house, applicant="2026-06-02", activist="2026-09-01", candidate="2027-09-15", probationary="2027-11-05"
        )
        with clock.set_to(D("2028-01-01")):
            cases_take_over(actor=walk.clerk, people=[person.pk])
        case = Case.objects.unscoped("test").get(person=person)
        punished(walk, "discipline.probation", "2027-09-20", until="2028-09-20")
        with clock.set_to(D("2028-01-02")):
            introducers_set(
                actor=walk.secretary, case=case.pk, on=D("2027-09-16"), people=[one.pk for one in walk.mentors]
            )
            record = committee_check(actor=walk.secretary, case=case.pk, on=D("2027-10-15"), qualified=True)
            assert record.against == []
            record = meeting_record(
                actor=walk.secretary, case=case.pk, on=D("2027-11-05"), votes=Votes(8, 8, 8, 0), reason="会议记录"
            )
            assert [one["code"] for one in record.against if one["code"].startswith("introducer")] == []
