from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.rules import Base, Freshness, Said, Span, Spot, State, Stay

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CAMP, HOME, ELSEWHERE = Spot(100.45, 38.93, "camp"), Spot(117.39, 32.92, "home"), Spot(103.83, 36.06, "x")
POSTED = Stay(NOW - timedelta(days=20), CAMP, "驻训")
BASE = Base(NOW - timedelta(days=400), HOME)


def said(days: float) -> Said:
    return Said(NOW - timedelta(days=days), ELSEWHERE)


def test_latest_check_in_wins_while_it_is_valid():
    place = rules.present_place(said(2), POSTED, BASE, NOW, 30)
    assert (place.kind, place.spot, place.seen_at) == ("checkin", ELSEWHERE, NOW - timedelta(days=2))


def test_check_in_during_a_posting_keeps_the_purpose():
    assert rules.present_place(said(2), POSTED, BASE, NOW, 30).purpose == "驻训"


def test_check_in_before_the_posting_began_says_nothing_about_now():
    assert rules.present_place(said(21), POSTED, BASE, NOW, 30).kind == "posting"


def test_check_in_at_the_very_start_of_the_posting_counts():
    assert rules.present_place(said(20), POSTED, BASE, NOW, 30).kind == "checkin"


def test_check_in_expires_at_exactly_the_valid_days():
    assert rules.present_place(said(30), None, BASE, NOW, 30).kind == "home"
    assert rules.present_place(said(29.999), None, BASE, NOW, 30).kind == "checkin"


def test_check_in_from_the_future_is_ignored():
    assert rules.present_place(said(-1), None, BASE, NOW, 30).kind == "home"


def test_posting_is_known_since_its_start_or_its_confirmation():
    confirmed = Stay(POSTED.since, CAMP, "驻训", confirmed_at=NOW - timedelta(days=3))
    assert rules.present_place(None, POSTED, BASE, NOW, 30).seen_at == POSTED.since
    assert rules.present_place(None, confirmed, BASE, NOW, 30).seen_at == NOW - timedelta(days=3)


def test_home_base_where_nothing_else_is_known_and_none_without_one():
    assert rules.present_place(None, None, BASE, NOW, 30).spot == HOME
    assert rules.present_place(None, None, None, NOW, 30) is None


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (0, Freshness.FRESH),
        (72, Freshness.FRESH),
        (73, Freshness.RECENT),
        (719, Freshness.RECENT),
        (720, Freshness.STALE),
    ],
)
def test_freshness_turns_at_the_settings(hours, expected):
    assert rules.freshness(NOW - timedelta(hours=hours), NOW, fresh_hours=72, stale_days=30) == expected


def test_device_position_is_rounded_to_the_step():
    assert rules.round_position(100.456789, 38.934999, 0.01) == (100.46, 38.93)
    assert rules.round_position(-100.456789, -38.934999, 0.05) == (-100.45, -38.95)
    assert rules.round_position(100.456789, 38.934999, 1) == (100, 39)


@pytest.mark.parametrize(("lon", "lat"), [(181, 0), (0, 91), (float("nan"), 0), (0, float("inf"))])
def test_what_is_no_position_is_refused(lon, lat):
    with pytest.raises(ValueError, match="no position"):
        rules.round_position(lon, lat, 0.01)


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from([0.0001, 0.001, 0.01, 0.05, 0.1, 1]))
def test_rounding_moves_by_half_a_step_at_most_and_stays_on_earth(lon, lat, step):
    x, y = rules.round_position(lon, lat, step)
    assert abs(x - lon) <= step / 2 + 1e-6
    assert abs(y - lat) <= step / 2 + 1e-6
    assert -180 <= x <= 180
    assert -90 <= y <= 90


D = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("since", "planned", "ended", "expected"),
    [
        (D + timedelta(1), None, None, State.PLANNED),
        (D, None, None, State.AWAY),
        (D - timedelta(9), D, None, State.AWAY),
        (D - timedelta(9), D - timedelta(1), None, State.OVERDUE),
        (D - timedelta(9), D - timedelta(1), D, State.BACK),
        (D, D, D, State.BACK),
    ],
)
def test_state_of_a_posting(since, planned, ended, expected):
    assert rules.state(since, planned, ended, D) == expected


def test_on_the_day_of_return_he_is_back():
    assert rules.active_on(D, None, D)
    assert rules.active_on(D - timedelta(1), D + timedelta(1), D)
    assert not rules.active_on(D - timedelta(1), D, D)
    assert not rules.active_on(D + timedelta(1), None, D)


def test_days_away_count_both_ends():
    assert rules.days_away(date(2026, 11, 1), None, D) == 22
    assert rules.days_away(date(2026, 11, 1), date(2026, 11, 3), D) == 3
    assert rules.days_away(D + timedelta(1), None, D) == 0


def test_away_more_than_months_is_clamped_to_the_month_end():
    assert rules.add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
    assert not rules.away_more_than(date(2026, 5, 22), 6, date(2026, 11, 22))
    assert rules.away_more_than(date(2026, 5, 22), 6, date(2026, 11, 23))
    assert rules.add_months(date(2026, 12, 31), 12) == date(2027, 12, 31)


def span(since: int, planned: int | None, ended: int | None = None) -> Span:
    def at(number: int | None) -> date | None:
        return None if number is None else D + timedelta(number)

    return Span(at(since), at(planned), at(ended))


@pytest.mark.parametrize(
    ("new", "other", "clash"),
    [
        (span(5, 9), span(0, 5), False),  # a departure on the planned day of return
        (span(4, 9), span(0, 5), True),
        (span(5, 9), span(-9, -5), False),
        (span(0, 9), span(-9, -5), True),  # overdue: he is not back
        (span(0, 9), span(-9, -5, -3), False),
        (span(0, 9), span(-9, 30, 0), False),  # back today, away again today
        (span(1, 9), span(-9, None), True),  # no end in sight
        (span(0, 0), span(0, 3), True),  # the same first day
        (span(-20, -10, -10), span(-10, 5), False),
        (span(-20, None), span(-10, -5, -5), True),
    ],
)
def test_overlapping_postings(new, other, clash):
    assert (rules.overlapping(new, [other], D) is not None) is clash


def test_dates_that_cannot_be():
    assert "早于" in rules.date_problem(D, D - timedelta(1), D)
    assert "五年" in rules.date_problem(date(2006, 1, 1), None, D)
    assert "五年" in rules.date_problem(D, date(2036, 1, 1), D)
    assert rules.date_problem(D, D, D) == ""


def test_collapsed_paths_hold_every_path_and_stay_few():
    paths = [f"0000{a:04d}{b:04d}" for a in range(30) for b in range(20)]
    few = rules.collapse_paths(paths, 40)
    assert len(few) == 30
    assert all(any(path.startswith(prefix) for prefix in few) for path in paths)
    assert rules.collapse_paths([f"{n:04d}" for n in range(99)], 40) == ("",)
    assert rules.collapse_paths([], 5) == ()


def test_cells_of_a_tenth_of_a_degree():
    assert rules.cell_index(100.45, 38.93) == (2804, 1289)
    assert rules.cell_index(100.4, 38.9) == (2804, 1289)
    assert rules.cell_index(180, 90) == (3599, 1799)
    assert rules.cell_index(-180, -90) == (0, 0)
