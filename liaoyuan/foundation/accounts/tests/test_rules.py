"""Ages, idleness, lock-out, names."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.foundation.accounts import rules

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=15)


def test_the_three_administrators_share_no_capability_and_none_reads_files() -> None:
    held = [set(names) for names in rules.ADMIN_CAPABILITIES.values()]
    assert set(rules.ADMIN_CAPABILITIES) == {"system", "security", "audit"}
    assert sum(len(names) for names in held) == len(set.union(*held))
    assert not {name for names in held for name in names if name.startswith(("members.", "roster.", "whereabouts."))}


@pytest.mark.parametrize("name", ["zhangsan", "13800000000", "a-b_c.d@e", "王伟", "0123", "a" * 64])
def test_names_that_may_be(name: str) -> None:
    assert rules.is_username(name)


@pytest.mark.parametrize(
    "name", ["", "a", "-ab", ".ab", "a b", "Ab", "a\x00b", "a\nb", "a/b", "a<b", "a" * 65, "=1+1", "ａｂ", "a\u202eb"]
)
def test_names_that_may_not_be(name: str) -> None:
    assert not rules.is_username(name)


def test_masked_name_shows_two_characters_at_most() -> None:
    assert rules.masked("Xinghuo-2026!") == "Xi…（13 个字符）"
    assert rules.masked("") == ""


def test_password_expires_on_the_day_the_setting_says() -> None:
    assert not rules.password_expired(NOW - timedelta(days=90) + timedelta(seconds=1), NOW, 90)
    assert rules.password_expired(NOW - timedelta(days=90), NOW, 90)
    assert not rules.password_expired(NOW - timedelta(days=9000), NOW, 0)


def test_idle_ends_exactly_at_the_limit() -> None:
    assert not rules.idle_too_long(1000, 1000 + 30 * 60 - 1, 30)
    assert rules.idle_too_long(1000, 1000 + 30 * 60, 30)
    assert not rules.idle_too_long(1000, 10, 30)  # a clock set back logs nobody out


def test_use_is_noted_once_a_minute_but_four_times_within_the_shortest_limit() -> None:
    assert rules.touch_after(30) == 60
    assert rules.touch_after(4) == 60
    assert rules.touch_after(1) == 15


def test_lock_ends_when_enough_failures_are_too_old() -> None:
    five = [(NOW - timedelta(minutes=2), 5)]
    assert rules.lockout_ends(five, NOW, limit=5, window=WINDOW) == NOW + timedelta(minutes=13)
    spread = [(NOW - timedelta(minutes=10), 3), (NOW - timedelta(minutes=1), 3)]
    assert rules.lockout_ends(spread, NOW, limit=5, window=WINDOW) == NOW + timedelta(minutes=5)


def test_four_failures_or_old_ones_lock_nobody() -> None:
    assert rules.lockout_ends([(NOW, 4)], NOW, limit=5, window=WINDOW) is None
    assert rules.lockout_ends([(NOW - WINDOW, 50)], NOW, limit=5, window=WINDOW) is None
    assert rules.lockout_ends([], NOW, limit=5, window=WINDOW) is None


@given(st.lists(st.tuples(st.integers(0, 3600), st.integers(1, 9)), max_size=12), st.integers(1, 20))
def test_after_the_announced_end_one_may_try(failures: list[tuple[int, int]], limit: int) -> None:
    rows = [(NOW - timedelta(seconds=ago), count) for ago, count in failures]
    until = rules.lockout_ends(rows, NOW, limit=limit, window=WINDOW)
    if until is not None:
        assert NOW < until <= NOW + WINDOW
        assert rules.lockout_ends(rows, until, limit=limit, window=WINDOW) is None
        before = until - timedelta(microseconds=1)
        assert rules.lockout_ends(rows, before, limit=limit, window=WINDOW) is not None


def test_minutes_are_rounded_up() -> None:
    assert rules.minutes_left(NOW + timedelta(seconds=1), NOW) == 1
    assert rules.minutes_left(NOW + timedelta(seconds=61), NOW) == 2
    assert rules.minutes_left(NOW + timedelta(minutes=15), NOW) == 15
    assert rules.minutes_left(NOW - timedelta(minutes=1), NOW) == 1


def test_capabilities_beyond_are_named() -> None:
    assert rules.capabilities_within(["a.x", "b.y"], ["a.x"]) == ("b.y",)
    assert rules.capabilities_within(["a.x"], ["a.x", "b.y"]) == ()
