from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.affairs.admission.rules.acts import Act, Happened
from liaoyuan.affairs.admission.rules.checks import check
from liaoyuan.affairs.admission.rules.findings import Finding, Helper, Setting, Weight
from liaoyuan.affairs.admission.rules.limits import Limits
from liaoyuan.affairs.admission.rules.progress import fold
from liaoyuan.affairs.admission.tests.test_rules_progress import extended
from liaoyuan.affairs.admission.tests.texts import NEW, OLD, WHOLE, did, until

LATER = date(2035, 1, 1)
HEARD = ["group", "members", "masses"]
FULL = (Helper("甲", True), Helper("乙", True))


def tried(
    act: str, on: str, acts: list[Happened], *, limits: Limits = NEW, setting: Setting | None = None,
    today: date = LATER, **detail: Any
) -> list[Finding]:  # fmt: skip
    day = date.fromisoformat(on)
    setting = setting or Setting(helpers=FULL)
    return check(Act(act), day, detail, fold(acts, limits), limits, setting, today=today)


def codes(found: list[Finding]) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize("index", range(len(WHOLE)), ids=lambda index: WHOLE[index].act)
def test_a_case_by_the_book_meets_no_finding(index: int) -> None:
    one = WHOLE[index]
    state = fold(WHOLE[:index], NEW)
    assert one.on is not None
    assert check(one.act, one.on, one.detail, state, NEW, Setting(helpers=FULL), today=LATER) == []


@pytest.mark.parametrize("index", range(len(WHOLE)), ids=lambda index: WHOLE[index].act)
def test_no_act_can_be_done_before_its_turn(index: int) -> None:
    """Every later act is refused at every earlier point, unless it may be repeated or come early."""
    early = {Act.REVIEW, Act.OPINION, Act.CARE, Act.CONVERSION_CHECK}
    state = fold(WHOLE[:index], NEW)
    for one in WHOLE[index + 3 :]:
        assert one.on is not None
        found = check(one.act, one.on, one.detail, state, NEW, Setting(helpers=FULL), today=LATER)
        if one.act not in early and not found:
            # Steps 9, 10, 11 and 18, 19, 20 go side by side.
            assert one.act in {Act.POLITICAL_REVIEW, Act.TRAINING, Act.PLACE, Act.OATH, Act.CONVERSION_APPLY,
                               Act.MENTORS, Act.PROPOSE}  # fmt: skip


def test_nothing_is_done_twice() -> None:
    assert codes(tried("activist", "2026-09-02", until("mentors"))) == ["not_now"]


def test_nothing_happens_in_the_future() -> None:
    assert codes(tried("talk", "2026-06-16", until("talk"), today=date(2026, 6, 15), who="甲", mode="phone")) == [
        "in_future"
    ]
    assert tried("talk", "2026-06-15", until("talk"), today=date(2026, 6, 15), who="甲", mode="phone") == []


def test_nothing_comes_before_what_it_builds_on() -> None:
    found = tried("activist", "2026-06-14", until("activist"))
    assert codes(found) == ["before_previous"]
    assert "第2步“党组织派人谈话”的 2026-06-15" in found[0].message
    assert tried("activist", "2026-06-15", until("activist")) == []


def test_what_is_filled_in_later_lies_before_what_builds_on_it() -> None:
    acts = [did("apply", "2026-06-01", back_filled=True), did("talk", None, back_filled=True),
            did("activist", "2026-09-01", back_filled=True)]  # fmt: skip
    assert codes(tried("talk", "2026-09-02", acts, who="甲", mode="phone")) == ["after_next"]
    assert tried("talk", "2026-09-01", acts, who="甲", mode="phone") == []


def test_a_closed_case_takes_nothing_more() -> None:
    found = tried("oath", "2029-01-01", list(WHOLE))
    assert codes(found) == ["not_now"]
    assert "案卷已经结束" in found[0].message


@pytest.mark.parametrize(
    ("born", "fine"),
    [("2008-06-01", True), ("2008-06-02", False), ("2008-02-29", True), ("2009-01-01", False)],
)
def test_who_applies_is_18(born: str, fine: bool) -> None:
    found = tried("apply", "2026-06-01", [], setting=Setting(birth=date.fromisoformat(born)))
    assert codes(found) == ([] if fine else ["under_age"])
    if not fine:
        assert found[0].clause == "《中国共产党发展党员工作细则（2026年）》第5条"


def test_born_on_the_leap_day_one_is_18_on_the_last_of_february() -> None:
    leap = Setting(birth=date(2008, 2, 29))
    assert tried("apply", "2026-02-28", [], setting=leap) == []
    assert codes(tried("apply", "2026-02-27", [], setting=leap)) == ["under_age"]


@pytest.mark.parametrize(("count", "fine"), [(0, False), (1, True), (2, True), (3, False)])
def test_mentors_are_one_or_two(count: int, fine: bool) -> None:
    helpers = tuple(Helper(f"甲{n}", True) for n in range(count))
    found = tried("mentors", "2026-09-06", until("mentors"), setting=Setting(helpers=helpers), people=["x"] * count)
    assert codes(found) == ([] if fine else ["mentors_count"])


@pytest.mark.parametrize(("count", "fine"), [(0, False), (1, False), (2, True), (3, False)])
def test_introducers_are_exactly_two(count: int, fine: bool) -> None:
    helpers = tuple(Helper(f"甲{n}", True) for n in range(count))
    found = tried("introducers", "2027-09-16", until("introducers"), setting=Setting(helpers=helpers), people=[])
    assert codes(found) == ([] if fine else ["introducers_count"])


@pytest.mark.parametrize("act", ["mentors", "introducers"])
def test_helpers_are_full_members_and_others(act: str) -> None:
    acts, on = until(act), "2026-09-06" if act == "mentors" else "2027-09-16"
    probationer = Setting(helpers=(Helper("甲", True), Helper("乙", False)))
    assert codes(tried(act, on, acts, setting=probationer, people=[])) == ["helper_not_full"]
    himself = Setting(helpers=(Helper("甲", True), Helper("乙", True, same_person=True)))
    assert codes(tried(act, on, acts, setting=himself, people=[])) == ["helper_self"]


@pytest.mark.parametrize(
    ("limits", "penalty", "expected"),
    [
        (NEW, "effect", [("introducer_penalty", Weight.REASON)]),
        (OLD, "effect", []),
        (NEW, "probation", [("introducer_barred", Weight.HARD)]),
        (OLD, "probation", [("introducer_barred", Weight.HARD)]),
    ],
)
def test_introducers_under_a_penalty(limits: Limits, penalty: str, expected: list) -> None:
    acts = until("introducers", but=("consent", "post", "posted", "list"))
    acts.append(did("list" if limits is NEW else "file_candidate", "2027-09-15"))
    setting = Setting(helpers=(Helper("甲", True), Helper("乙", True, penalty)))
    found = tried("introducers", "2027-09-16", acts, limits=limits, setting=setting, people=[])
    assert [(one.code, one.weight) for one in found] == expected


@pytest.mark.parametrize(("on", "fine"), [("2027-08-31", False), ("2027-09-01", True)])
def test_an_activist_is_cultivated_for_a_year(on: str, fine: bool) -> None:
    acts = [*until("opinion"), *(did("opinion", "2027-08-31", source=one) for one in (*HEARD, "mentors"))]
    found = tried("propose", on, acts)
    assert codes(found) == ([] if fine else ["too_soon"])


@pytest.mark.parametrize(
    ("begun", "first"), [("2024-02-29", "2025-02-28"), ("2023-02-28", "2024-02-28"), ("2023-08-31", "2024-08-31")]
)
def test_a_year_ends_on_the_same_day_or_the_months_last(begun: str, first: str) -> None:
    acts = [did("apply", "2023-01-01"), did("talk", "2023-01-02", who="甲", mode="phone"), did("activist", begun),
            did("file_activist", begun), did("mentors", begun, people=[]),
            *(did("opinion", begun, source=one) for one in ("group", "mentors", "members", "masses"))]  # fmt: skip
    day = date.fromisoformat(first)
    assert tried("propose", first, acts, limits=OLD) == []
    assert codes(tried("propose", (day - timedelta(days=1)).isoformat(), acts, limits=OLD)) == ["too_soon"]


def test_four_sources_are_heard() -> None:
    acts = [one for one in until("propose") if one.detail.get("source") != "masses"]
    found = tried("propose", "2027-09-01", acts)
    assert codes(found) == ["opinions_missing"]
    assert "群众" in found[0].message
    assert found[0].clause.endswith("第13条")


@pytest.mark.parametrize(("ends", "fine"), [("2027-09-13", False), ("2027-09-14", True), ("2027-10-01", True)])
def test_a_posting_lasts_five_working_days(ends: str, fine: bool) -> None:
    assert codes(tried("post", "2027-09-07", until("post"), ends_on=ends)) == ([] if fine else ["posting_short"])


def test_a_posting_is_judged_by_the_calendar_of_its_own_days() -> None:
    setting = Setting(shortest=date(2027, 9, 16))
    assert codes(tried("post", "2027-09-07", until("post"), setting=setting, ends_on="2027-09-15")) == ["posting_short"]
    assert tried("post", "2027-09-07", until("post"), setting=setting, ends_on="2027-09-16") == []


@pytest.mark.parametrize(
    ("detail", "wanting"), [({}, True), ({"away": []}, True), ({"away": ["宣传栏"]}, False), ({"posting": "1"}, False)]
)
@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (Setting(away=("甲",)), "公示期间本人挂靠在“甲”，"),
        (Setting(mobile="外出已超过6个月"), "公示期间本人外出已超过6个月，"),
        (Setting(away=("甲", "乙"), mobile="外出已超过6个月"), "公示期间本人挂靠在“甲”“乙”，"),
    ],
)
def test_who_is_attached_elsewhere_or_away_for_long_is_posted_in_both_places(
    detail: dict[str, Any], wanting: bool, setting: Setting, words: str
) -> None:
    found = tried("post", "2027-09-07", until("post"), setting=setting, ends_on="2027-09-14", **detail)
    assert codes(found) == (["posting_one_place"] if wanting else [])
    assert all(one.message.startswith(words) for one in found)


@pytest.mark.parametrize(("on", "fine"), [("2027-09-14", False), ("2027-09-15", True)])
def test_a_posting_runs_to_its_last_day(on: str, fine: bool) -> None:
    assert codes(tried("posted", on, until("posted"), clear=True)) == ([] if fine else ["posting_open"])


@pytest.mark.parametrize("act", ["consent", "post", "posted", "list"])
def test_the_text_of_2014_knows_no_consent(act: str) -> None:
    found = tried(act, "2027-09-06", until("consent"), limits=OLD, agreed=True, ends_on="2027-10-01", clear=True)
    assert codes(found) == ["not_now"]
    assert "2014" in found[0].message


def test_the_text_of_2026_knows_no_filing_of_candidates() -> None:
    assert codes(tried("file_candidate", "2027-09-06", until("consent"))) == ["not_now"]
    assert tried("file_candidate", "2027-09-06", until("consent"), limits=OLD) == []


@pytest.mark.parametrize(
    ("days", "hours", "expected"),
    [(3, 0, []), (0, 24, []), (2, 23, ["training_short"]), (2, 24, []), (0, 0, ["training_short"])],
)
def test_training_is_three_days_or_24_hours(days: int, hours: int, expected: list[str]) -> None:
    assert codes(tried("training", "2027-10-12", until("training"), days=days, hours=hours)) == expected


def test_an_exemption_from_training_needs_a_recorded_basis() -> None:
    found = tried("training", "2027-10-12", until("training"), days=0, hours=0, exempt=True)
    assert [(one.code, one.weight) for one in found] == [("training_exempt", Weight.BASIS)]


@pytest.mark.parametrize(("leaving", "expected"), [("2028-01-19", ["leaving_soon"]), ("2028-01-20", []), (None, [])])
def test_who_leaves_within_three_months_is_usually_not_taken_in(leaving: str | None, expected: list[str]) -> None:
    setting = Setting(leaving_on=date.fromisoformat(leaving) if leaving else None)
    found = tried("pre_review", "2027-10-20", until("pre_review"), setting=setting, qualified=True)
    assert codes(found) == expected
    assert all(one.weight == Weight.REASON for one in found)
    assert tried("pre_review", "2027-10-20", until("pre_review"), setting=setting, qualified=False) == []


@pytest.mark.parametrize(("on", "expected"), [("2027-11-20", []), ("2027-11-21", ["meeting_late"])])
def test_the_meeting_follows_within_a_month_under_2026(on: str, expected: list[str]) -> None:
    found = tried("meeting", on, until("meeting"), passed=True)
    assert codes(found) == expected
    assert all(one.weight == Weight.REASON for one in found)


def test_the_text_of_2014_sets_no_term_for_meeting_and_oath() -> None:
    old = [*until("meeting", but=("consent", "post", "posted", "list"))]
    old.insert(12, did("file_candidate", "2027-09-15"))
    assert tried("meeting", "2028-06-01", old, limits=OLD, passed=True) == []
    acts = [*old, *[one for one in WHOLE if one.act in {"meeting", "report", "approval_talk", "approve"}]]
    assert tried("oath", "2028-06-01", acts, limits=OLD) == []


@pytest.mark.parametrize("act", ["meeting", "approve"])
@pytest.mark.parametrize("limits", [NEW, OLD], ids=["2026", "2014"])
def test_a_temporary_branch_takes_nobody_in_without_a_recorded_basis(act: str, limits: Limits) -> None:
    acts = until(act, but=("consent", "post", "posted", "list"))
    acts.insert(12, did("list" if limits is NEW else "file_candidate", "2027-09-15"))
    on = "2027-11-05" if act == "meeting" else "2027-12-01"
    found = tried(act, on, acts, limits=limits, setting=Setting(temporary=True), passed=True, agreed=True)
    assert [(one.code, one.weight) for one in found] == [("temporary", Weight.BASIS)]
    assert found[0].clause == limits.clause("DM-33")


@pytest.mark.parametrize("act", ["pre_review", "approval_talk", "approve", "conversion_approve"])
def test_a_committee_without_the_power_is_refused(act: str) -> None:
    one = next(one for one in WHOLE if one.act == act)
    assert one.on is not None
    found = tried(act, one.on.isoformat(), until(act), setting=Setting(approver=False), **one.detail)
    assert codes(found) == ["no_power"]
    assert found[0].weight == Weight.HARD


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2028-02-08", []),
        ("2028-02-09", [("approval_late", Weight.REASON)]),
        ("2028-05-08", [("approval_late", Weight.REASON)]),
        ("2028-05-09", [("approval_too_late", Weight.HARD)]),
    ],
)
def test_approval_within_three_months_in_special_cases_six(on: str, expected: list) -> None:
    found = tried("approve", on, until("approve"), agreed=True)
    assert [(one.code, one.weight) for one in found] == expected


def test_a_term_made_longer_is_not_asked_about_again() -> None:
    acts = [*until("approve"), did("extend_approval", "2028-01-20", why="执行任务")]
    assert tried("approve", "2028-05-08", acts, agreed=True) == []
    assert codes(tried("approve", "2028-05-09", acts, agreed=True)) == ["approval_too_late"]


@pytest.mark.parametrize(("on", "expected"), [("2028-05-08", ["not_lapsed"]), ("2028-05-09", [])])
def test_a_new_meeting_only_after_the_last_day_of_approval(on: str, expected: list[str]) -> None:
    assert codes(tried("redo", on, until("approve"), why="超期")) == expected


@pytest.mark.parametrize(
    ("on", "expected"), [("2028-05-31", ["before_previous"]), ("2028-06-01", []), ("2028-09-01", [])]
)
def test_a_meeting_held_anew_owes_no_reason_for_the_month_after_the_pre_review(on: str, expected: list[str]) -> None:
    acts = [*until("approve"), did("redo", "2028-06-01", why="超期")]
    assert codes(tried("meeting", on, acts, passed=True)) == expected


def test_a_pre_review_after_a_meeting_held_anew_begins_the_month_again() -> None:
    acts = [*until("approve"), did("redo", "2028-06-01", why="超期"), did("meeting", "2028-06-02", passed=False),
            did("committee_check", "2028-06-10", qualified=True), did("pre_review", "2028-06-20", qualified=True),
            did("form", "2028-06-25")]  # fmt: skip
    assert tried("meeting", "2028-07-20", acts, passed=True) == []
    assert codes(tried("meeting", "2028-07-21", acts, passed=True)) == ["meeting_late"]


@pytest.mark.parametrize(("on", "expected"), [("2028-01-01", []), ("2028-01-02", ["oath_late"])])
def test_the_oath_within_a_month_of_the_approval(on: str, expected: list[str]) -> None:
    assert codes(tried("oath", on, until("oath"))) == expected


@pytest.mark.parametrize(("on", "expected"), [("2028-11-04", ["too_soon"]), ("2028-11-05", [])])
def test_conversion_is_discussed_after_a_year(on: str, expected: list[str]) -> None:
    acts = [*until("conversion_apply"), did("conversion_apply", "2028-10-20"),
            did("conversion_check", "2028-10-25", sources=HEARD, outcome="convert")]  # fmt: skip
    assert codes(tried("conversion_meeting", on, acts, passed=True, outcome="convert")) == expected


def test_discipline_may_end_the_probation_before_the_year_is_over() -> None:
    acts = [*until("conversion_apply"),
            did("conversion_check", "2028-03-01", sources=HEARD, outcome="disqualify")]  # fmt: skip
    assert tried("conversion_meeting", "2028-03-05", acts, passed=True, outcome="disqualify") == []


def test_converting_needs_application_placing_and_oath() -> None:
    acts = [one for one in until("conversion_check") if one.act not in {"oath", "conversion_apply"}]
    detail: dict = {"sources": HEARD}
    found = tried("conversion_check", "2028-11-08", acts, outcome="convert", **detail)
    assert codes(found) == ["steps_missing"]
    assert "入党宣誓" in found[0].message
    assert "提出转正申请" in found[0].message
    assert tried("conversion_check", "2028-11-08", acts, outcome="extend", until="2029-05-05", **detail) == []


@pytest.mark.parametrize(
    ("until_day", "fine"),
    [("2029-05-04", False), ("2029-05-05", True), ("2029-11-05", True), ("2029-11-06", False), ("", False)],
)
def test_an_extension_is_six_to_twelve_months(until_day: str, fine: bool) -> None:
    acts = [*until("conversion_check"),
            did("conversion_check", "2028-11-08", sources=HEARD, outcome="extend", until="2029-05-05")]  # fmt: skip
    found = tried("conversion_meeting", "2028-11-10", acts, passed=True, outcome="extend", until=until_day)
    assert codes(found) == ([] if fine else ["extension_length"])


def test_a_probation_is_extended_once() -> None:
    acts = [*extended(), did("conversion_apply", "2029-05-05")]
    detail: dict = {"sources": HEARD}
    assert codes(tried("conversion_check", "2029-05-06", acts, outcome="extend", **detail)) == ["extended_before"]
    assert tried("conversion_check", "2029-05-06", acts, outcome="convert", **detail) == []
    assert tried("conversion_check", "2029-05-06", acts, outcome="disqualify", **detail) == []


@pytest.mark.parametrize(
    ("moved", "until_day", "expected"),
    [
        (True, "2029-05-05", []),
        (True, "2029-05-06", ["postponed_too_long"]),
        (True, "2028-11-05", ["postponed_too_long"]),
        (False, "2029-03-01", ["not_moved"]),
    ],
)
def test_who_moved_in_may_be_discussed_up_to_six_months_later(moved: bool, until_day: str, expected: list) -> None:
    acts = until("conversion_check")
    if moved:
        acts.append(did("move", "2028-09-01"))
    assert codes(tried("postpone", "2028-11-06", acts, until=until_day)) == expected


@pytest.mark.parametrize(("on", "expected"), [("2029-02-12", []), ("2029-02-13", ["approval_late"])])
def test_conversion_is_approved_within_three_months(on: str, expected: list[str]) -> None:
    assert codes(tried("conversion_approve", on, until("conversion_approve"), agreed=True)) == expected


def test_a_probationer_is_not_simply_stopped() -> None:
    assert codes(tried("stop", "2028-03-01", until("conversion_apply"), why="违纪")) == ["not_now"]
    assert tried("stop", "2027-08-01", until("propose"), why="本人申请撤回") == []


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.integers(0, 800))
def test_no_day_before_a_full_year_is_ever_lawful_for_proposing(begun: date, later: int) -> None:
    on = begun + timedelta(days=later)
    day = begun.isoformat()
    acts = [did("apply", day), did("talk", day, who="甲", mode="phone"), did("activist", day),
            did("file_activist", day), did("mentors", day, people=[]),
            *(did("opinion", day, source=one) for one in ("group", "mentors", "members", "masses"))]  # fmt: skip
    found = tried("propose", on.isoformat(), acts, limits=OLD, today=date(2070, 1, 1))
    # A year later the month and day are the same; only the leap day has none and falls on the 28th.
    same = (2, 28) if (begun.month, begun.day) == (2, 29) else (begun.month, begun.day)
    assert (found == []) == ((on.year, on.month, on.day) >= (begun.year + 1, *same))
