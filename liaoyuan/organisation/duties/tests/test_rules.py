"""Dates of duties, and rule files that are wrong."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.foundation.regulations.dates import add_months
from liaoyuan.foundation.regulations.rules import Duration
from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.rules.declared import DutyRule, RuleError, Step, read_file, read_ladder
from liaoyuan.organisation.duties.selectors.instances import article

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
LADDER = (Step(7, 0, ("secretary",)), Step(15, 1, ("secretary",)))


def a_rule(**more: object) -> DutyRule:
    values = {"id": "X-1", "title": "事", "soon": "快", "late": "晚", "shape": "once", "subject": "person"}
    return DutyRule(**{**values, "cites": "admission.talk_within", "opens": ("a.b",), "posts": ("secretary",), **more})


@given(day=DAYS, period=st.sampled_from(["month", "quarter", "half_year", "year"]))
def test_a_day_lies_in_its_period_and_periods_meet(day: date, period: str) -> None:
    window = terms.period_of(day, period)
    assert window.start <= day <= window.due
    assert terms.period_of(window.due + timedelta(days=1), period).start == window.due + timedelta(days=1)
    assert terms.period_of(window.start - timedelta(days=1), period).due == window.start - timedelta(days=1)


@given(opened=DAYS, months=st.integers(1, 24), on=DAYS, live=DAYS)
def test_turns_are_counted_from_the_first_date_and_one_is_current(
    opened: date, months: int, on: date, live: date
) -> None:
    found = list(terms.turns(opened, Duration(months), on, live))
    *missed, current = found
    assert current.due >= on or current.start == opened
    assert all(window.due < on and window.start >= live for window in missed)
    for window in found:
        times = (window.due.year - opened.year) * 12 + window.due.month - opened.month
        assert times % months == 0
        assert window.due == add_months(opened, times)


def test_terms_of_no_length_are_an_error_and_not_endless() -> None:
    day, on = date(2026, 9, 1), date(2026, 11, 1)
    with pytest.raises(ValueError, match="没有尽头"):
        list(terms.turns(day, Duration(), on, day))
    with pytest.raises(ValueError, match="没有尽头"):
        terms.answered(day, Duration(), day, [on, on])


def test_a_half_year_from_the_end_of_august_ends_with_february_and_comes_back_to_the_31st() -> None:
    found = terms.turns(date(2026, 8, 31), Duration(6), date(2027, 8, 31), date(2026, 1, 1))
    assert [window.due for window in found] == [date(2027, 2, 28), date(2027, 8, 31)]


def test_the_turn_of_today_is_due_today_and_not_yet_missed() -> None:
    found = list(terms.turns(date(2026, 5, 23), Duration(6), date(2026, 11, 23), date(2026, 11, 23)))
    assert found == [terms.Window(date(2026, 5, 23), date(2026, 11, 23))]


def test_an_anniversary_opens_seven_days_before_and_29_february_is_kept_on_the_28th() -> None:
    day, live = date(2024, 2, 29), date(2026, 1, 1)
    assert list(terms.anniversaries(day, 7, date(2026, 2, 20), live)) == []
    assert list(terms.anniversaries(day, 7, date(2026, 2, 21), live)) == [
        terms.Window(date(2026, 2, 21), date(2026, 2, 28))
    ]
    found = list(terms.anniversaries(day, 7, date(2028, 2, 22), live))
    assert [window.due for window in found] == [date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


@pytest.mark.parametrize(
    ("day", "period", "words"),
    [
        (date(2026, 11, 23), "month", "2026年11月"),
        (date(2026, 12, 31), "quarter", "2026年第四季度"),
        (date(2026, 1, 1), "quarter", "2026年第一季度"),
        (date(2026, 6, 30), "half_year", "2026年上半年"),
        (date(2026, 7, 1), "half_year", "2026年下半年"),
        (date(2026, 7, 1), "year", "2026年"),
    ],
)
def test_a_period_is_said_as_people_say_it(day: date, period: str, words: str) -> None:
    assert terms.period_words(terms.period_of(day, period), period) == words


def test_reminders_never_fall_before_the_opening() -> None:
    rule = a_rule(lead=(14, 3, 0))
    assert terms.reminders(rule, date(2026, 11, 15), date(2026, 11, 20)) == (
        date(2026, 11, 15),
        date(2026, 11, 17),
        date(2026, 11, 20),
    )


def test_a_rule_without_leads_tells_when_it_opens() -> None:
    assert terms.reminders(a_rule(), date(2026, 11, 15), None) == (date(2026, 11, 15),)


def test_only_the_furthest_point_is_told_after_an_outage() -> None:
    rule = a_rule(lead=(14, 3, 0), ladder=LADDER)
    opened, due = date(2026, 10, 1), date(2026, 11, 1)
    told = [terms.last_point(rule, opened, due, due + timedelta(days=n)) for n in (-15, -14, -4, -3, 0, 6, 7, 400)]
    assert [point and point[1] for point in told] == [None, "r0", "r0", "r1", "r2", "r2", "l0", "l1"]


def test_an_earliest_day_is_never_late_and_never_climbs() -> None:
    assert terms.ladder(a_rule(shape="earliest", ladder=LADDER), date(2026, 1, 1)) == ()


def test_who_has_been_away_too_long_is_told_of_on_the_day_after() -> None:
    gone, due = date(2026, 5, 18), date(2026, 11, 18)
    assert terms.reminders(a_rule(shape="passed"), gone, due) == (date(2026, 11, 19),)


def test_at_the_ends_of_the_calendar_days_stop_there() -> None:
    far, first = date(9999, 12, 29), date(1, 1, 3)
    rule = a_rule(lead=(3, 0), ladder=(Step(2, 0, ("secretary",)), Step(3, 1, ("secretary",))))
    assert [on for on, _step in terms.ladder(rule, far)] == [date.max, date.max]
    assert [on for on, _step in terms.ladder(rule, far - timedelta(days=1))] == [date(9999, 12, 30), date.max]
    assert terms.reminders(a_rule(shape="passed", lead=()), first, date.max) == (date.max,)
    assert terms.reminders(rule, date.min, first) == (date.min, first)
    assert terms.reminders(rule, date.min, first + timedelta(days=1)) == (date.min, first + timedelta(days=1))


def test_anniversaries_are_known_for_days_before_the_platform_went_live() -> None:
    found = list(terms.anniversaries(date(2010, 6, 5), 7, date(2023, 6, 1), date(2026, 11, 24)))
    assert [(one.start, one.due) for one in found] == [(date(2023, 5, 29), date(2023, 6, 5))]


def test_a_rule_without_a_number_cites_its_clause_in_words() -> None:
    cited = {rule.id: article(rule, None) for rule in registry.all_rules() if rule.clause}
    assert cited["TB-06"] == "《中国共产党支部工作条例（试行）》第8条"
    assert all(one.startswith("《") for one in cited.values())


def test_a_repeating_rule_repeats_weekly_until_its_hard_limit() -> None:
    rule = a_rule(again=7)
    due, hard = date(2026, 2, 1), date(2026, 5, 1)
    found = [terms.again(rule, due, hard, due + timedelta(days=n)) for n in (0, 6, 7, 15)]
    assert found == [None, None, (date(2026, 2, 8), "w1"), (date(2026, 2, 15), "w2")]
    assert terms.again(rule, due, hard, date(2027, 1, 1)) == terms.again(rule, due, hard, hard)


_GOOD = '[[rule]]\nid = "A"\ntitle = "t"\nsoon = "s"\nlate = "l"\nsubject = "person"\nposts = ["secretary"]\n'


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ('shape = "sometimes"\ncites = "a.b"\nopens = ["a.b"]', "没有“sometimes”这种形态"),
        ('shape = "once"\nopens = ["a.b"]', "依据"),
        ('shape = "once"\nclause = "a.1"\nopens = ["a.b"]', "期限参数"),
        ('shape = "once"\ncites = "a.b"', "由什么事项引起"),
        ('shape = "period"\ncites = "a.b"\nperiod = "week"\ncloses = ["a.b"]', "period 只能是"),
        ('shape = "period"\ncites = "a.b"\nperiod = "month"', "由什么事项办结"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nlead = [0, 3]', "由多到少"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nseverity = 9', "severity"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nat = "beside"', "责任位置"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nquiet = "夜里"', "quiet 应写成"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nquiet = "25:00-07:00"', "quiet 应写成"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nquiet = "07:00-07:00"', "quiet 应写成"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nquiet = 22', "quiet 应写成"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nquiet = ["22:00", "07:00"]', "quiet 应写成"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nladder = "high"', "ladder"),
        ('shape = "once"\ncites = "a.b"\nopens = ["a.b"]\ndeadline = 3', "不认识 deadline"),
        ('shape = "state"\ncites = "a.b"', "须写明 state"),
    ],
)
def test_a_wrong_rule_is_refused_with_file_rule_and_reason(more: str, what: str) -> None:
    with pytest.raises(RuleError) as refused:
        read_file(_GOOD + more, name="x.toml")
    assert "x.toml 规则 A" in str(refused.value)
    assert what in str(refused.value)


@pytest.mark.parametrize("quiet", ["", "none", "18:00-08:30"])
def test_a_rule_may_keep_quiet_hours_of_its_own(quiet: str) -> None:
    said = f'shape = "once"\ncites = "a.b"\nopens = ["a.b"]\nquiet = "{quiet}"'
    (rule,), _kinds = read_file(_GOOD + said, name="x.toml")
    assert rule.quiet == quiet


def test_a_file_that_is_no_toml_is_refused_with_its_name() -> None:
    with pytest.raises(RuleError, match=r"x\.toml"):
        read_file("[[rule", name="x.toml")


def test_the_ladder_must_rise() -> None:
    with pytest.raises(RuleError):
        read_ladder("[[ladder]]\nafter=7\nup=1\nposts=['a']\n[[ladder]]\nafter=7\nup=0\nposts=['a']\n")


def test_two_rules_of_one_id_are_refused() -> None:
    from liaoyuan.organisation.duties.rules.declared import check_unique

    with pytest.raises(RuleError, match="X-1 重复"):
        check_unique([a_rule(), a_rule()])


def test_every_row_of_the_reminder_table_is_a_rule() -> None:
    wanted = {
        "DM-03", "DM-07", "DM-11", "DM-13", "DM-23", "DM-36", "DM-38", "DM-39", "DM-40", "DM-43", "DM-46",
        "BR-02", "BR-07", "BR-10", "BR-11", "TB-06", "TB-08", "TR-02", "TR-05", "ED-01", "ED-02", "ED-03",
        "MT-01", "MT-02", "MT-03", "MT-04", "MT-05", "MT-06", "MT-07", "MT-08", "DF-13", "DF-15", "PC-01",
        "LO-01", "LO-02", "FL-04", "DP-02", "DP-03", "DP-04", "DP-05", "DP-06", "UQ-02",
    }  # fmt: skip
    assert {rule.id for rule in registry.all_rules()} >= wanted


def test_every_kind_that_a_rule_names_is_registered() -> None:
    assert registry.problems() == []


@pytest.mark.parametrize(
    ("done", "starts"),
    [
        ([], []),
        (["2026-07-01"], ["2026-01-06"]),
        (["2026-07-06"], ["2026-01-06"]),  # on the last day
        (["2026-07-08"], ["2026-01-06"]),  # late: not the half-year in which it fell as well
        (["2026-03-01", "2026-05-01"], ["2026-01-06"]),  # twice in one half-year counts once
        (["2026-07-08", "2026-08-01"], ["2026-01-06", "2026-07-06"]),
        (["2027-08-01", "2027-08-02"], ["2026-01-06", "2026-07-06"]),  # the earliest two of three
        (["2026-01-06"], []),  # on the first day itself nothing has been observed
        (["2025-12-31"], []),
    ],
)
def test_what_was_done_answers_the_earliest_turn_that_asks_and_no_second(done: list[str], starts: list[str]) -> None:
    days = [date.fromisoformat(one) for one in reversed(done)]
    found = terms.answered(date(2026, 1, 6), Duration(6), date(2026, 1, 6), days)
    assert [start.isoformat() for start in found] == starts
    assert list(found.values()) == sorted(days)[: len(found)]


def test_turns_that_were_over_before_the_platform_went_live_take_no_later_day() -> None:
    opened, live = date(2024, 1, 6), date(2026, 3, 1)
    found = terms.answered(opened, Duration(6), live, [date(2024, 3, 1), date(2026, 2, 1)])
    assert found == {opened: date(2024, 3, 1), date(2026, 1, 6): date(2026, 2, 1)}


@given(opened=DAYS, months=st.integers(1, 12), live=DAYS, done=st.lists(DAYS, max_size=12, unique=True))
def test_every_day_answers_one_turn_at_most_and_never_one_to_come(
    opened: date, months: int, live: date, done: list[date]
) -> None:
    found = terms.answered(opened, Duration(months), live, done)
    assert len(set(found.values())) == len(found) <= len(done)
    assert all(start < on and on in done for start, on in found.items())
    assert list(found) == sorted(found)
