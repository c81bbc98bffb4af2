from datetime import date

import pytest

from liaoyuan.affairs.admission.rules.acts import ACTS, Act, Happened
from liaoyuan.affairs.admission.rules.progress import fold
from liaoyuan.affairs.admission.rules.steps import Step
from liaoyuan.affairs.admission.tests.texts import NEW, OLD, WHOLE, did, until

D = date.fromisoformat


def test_a_whole_case_ends_archived_as_a_full_member_from_the_end_of_the_probation() -> None:
    state = fold(WHOLE, NEW)
    assert state.closed == "archived"
    assert state.standing == "full"
    assert set(state.done) == set(Step)
    assert state.probation_from == D("2027-11-05")  # the branch meeting, not the approval
    assert state.full_on == D("2028-11-05")
    assert state.step is None


@pytest.mark.parametrize(
    ("act", "step", "standing"),
    [
        ("talk", Step.TALK, "applicant"),
        ("activist", Step.ACTIVIST, "applicant"),
        ("file_activist", Step.FILE_ACTIVIST, "activist"),
        ("mentors", Step.MENTORS, "activist"),
        ("propose", Step.CULTIVATE, "activist"),
        ("consent", Step.CONSENT, "activist"),
        ("list", Step.CONSENT, "activist"),
        ("introducers", Step.INTRODUCERS, "candidate"),
        ("committee_check", Step.COMMITTEE_CHECK, "candidate"),
        ("report", Step.MEETING, "candidate"),
        ("approve", Step.APPROVE, "candidate"),
        ("oath", Step.OATH, "probationary"),
        ("conversion_apply", Step.CARE, "probationary"),
        ("conversion_meeting", Step.CONVERSION_MEETING, "probationary"),
        ("archive", Step.ARCHIVE, "full"),
    ],
)
def test_the_step_before_each_act(act: str, step: Step, standing: str) -> None:
    state = fold(until(act), NEW)
    assert (state.step, state.standing) == (step, standing)


def test_a_posting_that_raises_a_problem_leads_back_to_proposing() -> None:
    state = fold([*until("posted"), did("posted", "2027-09-15", clear=False)], NEW)
    assert state.standing == "activist"
    assert state.step == Step.CULTIVATE
    assert state.sources == set()
    assert not state.has(Step.PROPOSE)


def test_a_superior_who_does_not_agree_leads_back_to_proposing() -> None:
    state = fold([*until("consent"), did("consent", "2027-09-06", agreed=False)], NEW)
    assert (state.standing, state.has(Step.PROPOSE), state.consent_on) == ("activist", False, None)


def test_a_failed_political_review_leads_back_to_activist() -> None:
    state = fold([*until("political_review"), did("political_review", "2027-09-28", passed=False)], NEW)
    assert (state.standing, state.candidate_on, state.has(Step.INTRODUCERS)) == ("activist", None, False)
    assert (state.has(Step.ACTIVIST), state.activist_on) == (True, date(2026, 9, 1))  # step 3 is not done anew


def test_a_committee_that_is_not_satisfied_leaves_a_candidate() -> None:
    state = fold([*until("committee_check"), did("committee_check", "2027-10-15", qualified=False)], NEW)
    assert (state.standing, state.step) == ("candidate", Step.COMMITTEE_CHECK)


def test_a_failed_pre_review_asks_for_the_committees_check_anew() -> None:
    state = fold([*until("pre_review"), did("pre_review", "2027-10-20", qualified=False)], NEW)
    assert (state.standing, state.step, state.has(Step.TRAINING)) == ("candidate", Step.COMMITTEE_CHECK, True)


@pytest.mark.parametrize("act", ["meeting", "approve"])
def test_a_meeting_or_committee_that_refuses_leaves_a_candidate(act: str) -> None:
    refused = did("meeting", "2027-11-05", passed=False) if act == "meeting" else did(act, "2027-12-01", agreed=False)
    state = fold([*until(act), refused], NEW)
    assert (state.standing, state.step) == ("candidate", Step.COMMITTEE_CHECK)
    assert (state.meeting_on, state.reported_on, state.probation_from) == (None, None, None)


def test_an_approval_that_lapsed_asks_for_a_new_meeting_only() -> None:
    state = fold([*until("approve"), did("redo", "2028-06-01", why="超过六个月")], NEW)
    assert (state.step, state.has(Step.FORM), state.meeting_on) == (Step.MEETING, True, None)
    again = [did("meeting", "2028-06-02", passed=True), did("report", "2028-06-03"),
             did("approval_talk", "2028-06-05", who="乙委员"), did("approve", "2028-06-10", agreed=True)]  # fmt: skip
    state = fold([*until("approve"), did("redo", "2028-06-01", why="超过六个月"), *again], NEW)
    assert (state.probation_from, state.probation_until) == (D("2028-06-02"), D("2029-06-02"))


def extended(until_day: str = "2029-05-05") -> list[Happened]:
    return [
        *until("conversion_check"),
        did("conversion_check", "2028-11-08", sources=["group", "members", "masses"], outcome="extend"),
        did("conversion_meeting", "2028-11-10", passed=True, outcome="extend", until=until_day),
        did("conversion_report", "2028-11-12"),
        did("conversion_approve", "2028-12-01", agreed=True),
    ]


def test_an_extension_begins_the_conversion_anew_at_its_end() -> None:
    state = fold(extended(), NEW)
    assert (state.standing, state.extensions, state.probation_until) == ("probationary", 1, D("2029-05-05"))
    assert state.step == Step.CARE
    assert not state.has(Step.CONVERSION_APPLY)
    assert state.outcome == ""


def test_who_is_disqualified_is_no_member_and_the_case_is_closed() -> None:
    acts = [
        *until("conversion_apply"),
        did("conversion_check", "2028-03-08", sources=["group", "members", "masses"], outcome="disqualify"),
        did("conversion_meeting", "2028-03-10", passed=True, outcome="disqualify"),
        did("conversion_report", "2028-03-12"),
        did("conversion_approve", "2028-04-01", agreed=True),
    ]
    state = fold(acts, NEW)
    assert (state.standing, state.closed, state.full_on) == ("masses", "disqualified", None)


def test_a_conversion_that_does_not_pass_is_discussed_anew() -> None:
    failed = did("conversion_meeting", "2028-11-10", passed=False, outcome="convert")
    state = fold([*until("conversion_meeting"), failed], NEW)
    assert Act.CONVERSION_CHECK not in state.acts
    assert state.step == Step.CONVERSION_MEETING


def test_a_conversion_that_the_committee_refuses_is_discussed_anew() -> None:
    state = fold([*until("conversion_approve"), did("conversion_approve", "2028-12-01", agreed=False)], NEW)
    assert (state.step, state.standing) == (Step.CONVERSION_MEETING, "probationary")


def test_a_postponed_conversion_still_counts_from_the_end_of_the_probation() -> None:
    acts = list(WHOLE)
    acts.insert(next(at for at, one in enumerate(acts) if one.act == "conversion_apply"),
                did("move", "2028-09-01"))  # fmt: skip
    acts.insert(next(at for at, one in enumerate(acts) if one.act == "conversion_check"),
                did("postpone", "2028-11-06", until="2029-03-01"))  # fmt: skip
    assert fold(acts, NEW).full_on == D("2028-11-05")


def test_naming_people_anew_keeps_the_first_day() -> None:
    state = fold([*until("review"), did("mentors", "2027-01-10", people=["c"])], NEW)
    assert state.done[Step.MENTORS] == D("2026-09-06")


def test_filing_lists_the_candidate_under_the_text_of_2014() -> None:
    acts = [one for one in until("introducers") if one.act not in {"consent", "post", "posted", "list"}]
    state = fold([*acts, did("file_candidate", "2027-09-10")], OLD)
    assert (state.standing, state.candidate_on) == ("candidate", D("2027-09-10"))


def test_a_case_taken_over_knows_what_it_does_not_know() -> None:
    acts = [
        did("apply", "2024-03-01", back_filled=True),
        did("talk", None, back_filled=True, who="", mode=""),
        did("activist", "2024-09-01", back_filled=True),
        did("file_activist", None, back_filled=True),
        did("mentors", None, back_filled=True, people=[]),
    ]
    state = fold(acts, OLD)
    assert state.assumed == {Step.TALK, Step.FILE_ACTIVIST, Step.MENTORS}
    assert state.step == Step.CULTIVATE
    state = fold([*acts, did("talk", "2024-03-20", who="甲", mode="phone")], OLD)
    assert state.assumed == {Step.FILE_ACTIVIST, Step.MENTORS}
    assert state.done[Step.TALK] == D("2024-03-20")


def test_a_day_filled_in_later_takes_no_standing_away() -> None:
    acts = [did("apply", "2024-03-01", back_filled=True), did("activist", None, back_filled=True),
            did("file_candidate", "2026-01-01", back_filled=True)]  # fmt: skip
    state = fold([*acts, did("activist", "2024-09-01", back_filled=True)], OLD)
    assert (state.standing, state.activist_on) == ("candidate", D("2024-09-01"))
    assert Step.ACTIVIST not in state.assumed


def test_a_stopped_case_is_closed() -> None:
    state = fold([*until("propose"), did("stop", "2027-08-01", why="本人申请撤回", standing="masses")], NEW)
    assert (state.closed, state.standing, state.step) == ("stopped", "masses", None)


@pytest.mark.parametrize("act", list(Act))
def test_no_act_alone_upsets_the_fold(act: Act) -> None:
    """Whatever order rows were recorded in, a page can be shown."""
    detail: dict = {"passed": True, "outcome": "extend", "until": "2029-01-01", "ends_on": "2027-01-01"}
    known = {name: value for name, value in detail.items() if name in ACTS[act].schema}
    fold([Happened(act, D("2027-01-01"), known)], NEW)
    fold([Happened(act, None, {}, True)], NEW)
