from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.affairs.admission.rules.progress import fold
from liaoyuan.affairs.admission.rules.steps import STEPS, Step
from liaoyuan.affairs.admission.rules.timeline import (
    CURRENT,
    DONE,
    OPEN,
    WAITING,
    Line,
    most_urgent,
    next_line,
    next_review,
    timeline,
)
from liaoyuan.affairs.admission.tests.test_rules_progress import extended
from liaoyuan.affairs.admission.tests.texts import NEW, OLD, WHOLE, did, until
from liaoyuan.foundation.regulations.rules import Duration

D = date.fromisoformat


def lines(acts: list, today: str, limits=NEW) -> dict[Step, Line]:  # type: ignore[no-untyped-def]
    return {line.step: line for line in timeline(fold(acts, limits), limits, today=D(today))}


def test_every_step_stands_on_the_line_once_and_in_order() -> None:
    for index in range(len(WHOLE) + 1):
        found = timeline(fold(WHOLE[:index], NEW), NEW, today=D("2026-06-01"))
        assert [line.number for line in found] == list(range(1, 26))
        assert sum(line.state == CURRENT for line in found) == (0 if index == len(WHOLE) else 1)


@pytest.mark.parametrize(
    ("applied", "last"),
    [("2026-11-10", "2026-12-10"), ("2027-01-31", "2027-02-28"), ("2028-01-31", "2028-02-29"),
     ("2026-08-31", "2026-09-30"), ("2028-02-29", "2028-03-29")],
)  # fmt: skip
def test_the_talk_is_due_a_month_after_receipt_clamped_to_the_months_end(applied: str, last: str) -> None:
    line = lines([did("apply", applied)], applied)[Step.TALK]
    assert line.latest == D(last)
    assert line.slack == (D(last) - D(applied)).days
    assert line.within == "收到申请书后1个月内"
    assert line.holder == "党支部"


@pytest.mark.parametrize(
    ("today", "slack", "level"),
    [("2026-11-10", 30, "info"), ("2026-11-25", 15, "info"), ("2026-11-26", 14, "soon"), ("2026-12-10", 0, "soon"),
     ("2026-12-11", -1, "late")],
)  # fmt: skip
def test_the_slack_runs_out(today: str, slack: int, level: str) -> None:
    line = lines([did("apply", "2026-11-10")], today)[Step.TALK]
    assert (line.slack, line.level, line.state) == (slack, level, CURRENT)


def test_the_earliest_days_ahead_follow_from_each_other() -> None:
    found = lines([did("apply", "2026-06-01")], "2026-06-01")
    assert found[Step.ACTIVIST].earliest == D("2026-06-01")
    assert found[Step.PROPOSE].earliest == D("2027-06-01")
    # Proposed and posted on 1 June 2027 (a Tuesday): five working days end on the 8th.
    assert found[Step.CONSENT].earliest == D("2027-06-09")
    assert found[Step.APPROVE].earliest == D("2027-06-09")
    assert found[Step.CONVERSION_MEETING].earliest == D("2028-06-09")
    assert found[Step.ARCHIVE].earliest == D("2028-06-09")


def test_under_the_text_of_2014_there_is_no_posting_to_wait_for() -> None:
    found = lines([did("apply", "2026-05-01")], "2026-05-01", OLD)
    assert found[Step.CONSENT].earliest == D("2027-05-01")
    assert found[Step.CONSENT].name == "上级党委备案"
    assert found[Step.MEETING].within == ""
    assert found[Step.OATH].within == ""


def test_an_open_posting_says_when_it_ends() -> None:
    line = lines(until("posted"), "2027-09-10")[Step.CONSENT]
    assert (line.state, line.earliest, line.holder) == (CURRENT, D("2027-09-15"), "党支部")


def test_the_ball_passes_from_hand_to_hand() -> None:
    assert lines(until("consent"), "2027-09-05")[Step.CONSENT].holder == "上级党委"
    assert lines(until("meeting"), "2027-10-30")[Step.MEETING].holder == "支部党员大会"
    assert lines(until("report"), "2027-11-06")[Step.MEETING].holder == "党支部"
    assert lines(until("approve"), "2027-11-30")[Step.APPROVE].holder == "有审批权的党委"
    assert lines(until("conversion_check"), "2028-11-06")[Step.CONVERSION_MEETING].holder.startswith("支部委员会")


def test_steps_side_by_side_are_open_together() -> None:
    found = lines(until("introducers"), "2027-09-16")
    assert found[Step.INTRODUCERS].state == CURRENT
    assert found[Step.POLITICAL_REVIEW].state == found[Step.TRAINING].state == OPEN
    assert found[Step.COMMITTEE_CHECK].state == WAITING
    assert found[Step.COMMITTEE_CHECK].holder == ""


def test_what_is_missing_is_said() -> None:
    found = lines(until("opinion"), "2027-08-31")[Step.PROPOSE]
    assert found.missing == (
        "听取党小组意见", "听取培养联系人意见", "听取党员意见", "听取群众意见", "培养考察满1年（2027-09-01）",
    )  # fmt: skip
    assert lines(until("propose"), "2027-09-01")[Step.PROPOSE].missing == ()


def test_the_meeting_within_a_month_of_the_pre_review() -> None:
    line = lines(until("meeting"), "2027-11-10")[Step.MEETING]
    assert (line.latest, line.slack, line.level) == (D("2027-11-20"), 10, "soon")


def test_a_meeting_held_anew_has_no_last_day() -> None:
    line = lines([*until("approve"), did("redo", "2028-06-01", why="超期")], "2028-06-10")[Step.MEETING]
    assert (line.state, line.latest, line.within, line.slack) == (CURRENT, None, "", None)


def test_approval_three_months_after_the_resolution_was_reported_or_six() -> None:
    assert lines(until("approve"), "2027-11-30")[Step.APPROVE].latest == D("2028-02-08")
    longer = [*until("approve"), did("extend_approval", "2028-01-20", why="执行任务")]
    assert lines(longer, "2028-01-20")[Step.APPROVE].latest == D("2028-05-08")


def test_the_oath_within_a_month_of_the_approval() -> None:
    assert lines(until("oath"), "2027-12-10")[Step.OATH].latest == D("2028-01-01")


def test_a_probation_that_is_over_asks_for_the_meeting_without_delay() -> None:
    line = lines(until("conversion_apply"), "2028-11-05")[Step.CONVERSION_APPLY]
    assert (line.earliest, line.note, line.level) == (D("2028-11-05"), "", "muted" if line.state == WAITING else "info")
    line = lines(until("conversion_apply"), "2028-11-06")[Step.CONVERSION_APPLY]
    assert (line.note, line.level) == ("预备期已满，应当及时讨论", "late")


def test_an_extension_moves_the_earliest_day() -> None:
    assert lines(extended(), "2028-12-02")[Step.CONVERSION_MEETING].earliest == D("2029-05-05")


def test_a_postponed_conversion_has_a_last_day() -> None:
    acts = [*until("conversion_check"), did("move", "2028-09-01"), did("postpone", "2028-11-06", until="2029-03-01")]
    line = lines(acts, "2028-11-20")[Step.CONVERSION_MEETING]
    assert (line.latest, line.within) == (D("2029-03-01"), "推迟讨论的期限")


def test_a_closed_case_waits_for_nothing() -> None:
    found = timeline(fold(WHOLE, NEW), NEW, today=D("2029-01-01"))
    assert {line.state for line in found} == {DONE}
    stopped = [*until("propose"), did("stop", "2027-08-01", why="本人申请撤回")]
    found = timeline(fold(stopped, NEW), NEW, today=D("2027-08-02"))
    assert {line.state for line in found} == {DONE, WAITING}
    assert next_line(found) is None
    assert most_urgent(found) is None


def test_the_most_urgent_step_is_shown_on_the_card() -> None:
    found = timeline(fold(until("file_member"), NEW), NEW, today=D("2027-12-10"))
    urgent = most_urgent(found)
    assert urgent is not None
    assert urgent.step == Step.OATH
    current = next_line(found)
    assert current is not None
    assert current.step == Step.FILE_MEMBER


@pytest.mark.parametrize(
    ("reviews", "due"),
    [
        ([], "2027-03-01"),
        (["2027-02-20"], "2027-09-01"),
        (["2027-02-20", "2027-02-25"], "2027-09-01"),  # twice in one half-year counts once
        (["2027-03-20"], "2027-09-01"),  # late, and it stands for the first half-year
        (["2027-03-20", "2027-08-01"], "2028-03-01"),
        (["2026-09-01"], "2027-03-01"),  # on the first day itself nothing has been observed
    ],
)
def test_reviews_every_six_months_from_the_first_day(reviews: list[str], due: str) -> None:
    acts = [*until("review"), *(did("review", day, result="good") for day in reviews)]
    assert next_review(fold(acts, NEW), NEW) == D(due)


def test_reviews_are_counted_from_the_first_day_and_never_drift() -> None:
    acts = [did("apply", "2026-06-01"), did("talk", "2026-06-02", who="甲", mode="phone"),
            did("activist", "2026-08-31")]  # fmt: skip
    assert next_review(fold(acts, NEW), NEW) == D("2027-02-28")
    acts.append(did("review", "2027-02-28", result="good"))
    assert next_review(fold(acts, NEW), NEW) == D("2027-08-31")


def test_a_review_due_again_the_same_day_is_an_error_and_not_endless() -> None:
    state = fold(until("review"), NEW, known_from=D("2030-01-01"))
    with pytest.raises(ValueError, match="没有尽头"):
        next_review(state, replace(NEW, review_every=Duration()))


@pytest.mark.parametrize(
    ("known_from", "due"),
    [
        ("2027-02-28", "2027-03-01"),
        ("2027-03-01", "2027-03-01"),
        ("2027-03-02", "2027-09-01"),
        ("2030-01-01", "2030-03-01"),
    ],
)
def test_reviews_of_a_case_taken_over_are_asked_for_from_then_on(known_from: str, due: str) -> None:
    assert next_review(fold(until("review"), NEW, known_from=D(known_from)), NEW) == D(due)


@pytest.mark.parametrize(
    ("missed", "made_up", "reviews", "due"),
    [
        ([], [], [], "2027-03-01"),
        (["2026-09-01"], [], [], "2027-09-01"),
        (["2027-03-01"], [], [], "2027-03-01"),
        (["2026-09-01"], [], ["2027-03-20"], "2028-03-01"),
        (["2026-09-01"], ["2027-03-20"], ["2027-03-20"], "2027-09-01"),
        (["2026-09-01"], ["2027-03-20"], ["2027-03-20", "2027-03-20"], "2028-03-01"),
    ],
)
def test_a_half_year_said_to_be_missed_is_not_asked_for_again(
    missed: list[str], made_up: list[str], reviews: list[str], due: str
) -> None:
    state = fold([*until("review"), *(did("review", day, result="good") for day in reviews)], NEW)
    state.missed_reviews, state.made_up = frozenset(map(D, missed)), tuple(map(D, made_up))
    assert next_review(state, NEW) == D(due)


@given(st.integers(0, len(WHOLE)), st.dates(date(2026, 6, 1), date(2030, 12, 31)))
def test_what_lies_ahead_is_never_before_today_nor_before_what_it_needs(count: int, today: date) -> None:
    found = {line.step: line for line in timeline(fold(WHOLE[:count], NEW), NEW, today=today)}
    for step, line in found.items():
        if line.state == DONE or line.earliest is None:
            continue
        assert line.earliest >= today
        for need in STEPS[step].needs:
            before = found[need].done_on or found[need].earliest
            assert before is not None
            assert line.earliest >= before


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 30))
def test_the_slack_shrinks_by_a_day_a_day(applied: date, later: int) -> None:
    state = fold([did("apply", applied.isoformat())], NEW)
    first = timeline(state, NEW, today=applied)[1]
    then = timeline(state, NEW, today=applied + timedelta(days=later))[1]
    assert first.slack is not None
    assert then.slack == first.slack - later
    assert 28 <= first.slack <= 31
