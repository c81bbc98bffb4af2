from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaoyuan.foundation.inbox import rules

NIGHT = (time(22), time(6, 30))


@pytest.mark.parametrize(
    ("moment", "quiet", "ends"),
    [
        (datetime(2026, 11, 23, 21, 59), NIGHT, None),
        (datetime(2026, 11, 23, 22, 0), NIGHT, datetime(2026, 11, 24, 6, 30)),
        (datetime(2026, 11, 23, 23, 59, 59), NIGHT, datetime(2026, 11, 24, 6, 30)),
        (datetime(2026, 11, 24, 0, 0), NIGHT, datetime(2026, 11, 24, 6, 30)),
        (datetime(2026, 11, 24, 6, 29, 59), NIGHT, datetime(2026, 11, 24, 6, 30)),
        (datetime(2026, 11, 24, 6, 30), NIGHT, None),
        (datetime(2026, 12, 31, 22, 5), NIGHT, datetime(2027, 1, 1, 6, 30)),
        (datetime(2026, 11, 24, 12, 30), (time(12), time(13)), datetime(2026, 11, 24, 13)),
        (datetime(2026, 11, 24, 13, 0), (time(12), time(13)), None),
        (datetime(2026, 11, 24, 3, 0), (time(0), time(0)), None),
    ],
)
def test_quiet_hours_pass_midnight_and_their_end_is_no_longer_quiet(moment, quiet, ends):
    assert rules.quiet_end(moment, *quiet) == ends


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.times(), st.times())
def test_the_end_of_the_quiet_hours_is_later_and_not_quiet_itself(moment, begins, ends):
    begins, ends = (value.replace(second=0, microsecond=0) for value in (begins, ends))
    end = rules.quiet_end(moment, begins, ends)
    if end is not None:
        assert moment < end <= moment + timedelta(days=1)
        assert rules.quiet_end(end, begins, ends) is None


def test_waits_double_from_a_minute_up_to_four_hours():
    minutes = [rules.wait_after(attempts).total_seconds() / 60 for attempts in range(1, 12)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240]
    assert rules.wait_after(10_000) == timedelta(hours=4)
    assert rules.wait_after(0) == timedelta(minutes=1)


@pytest.mark.parametrize("url", ["", "/", "/members/1/?tab=x#y"])
def test_addresses_of_this_site(url):
    assert rules.is_local(url)


@pytest.mark.parametrize(
    "url", ["//evil.example", "/\\evil.example", "http://evil.example", "javascript:x", "a", "/a\nb"]
)
def test_addresses_that_lead_elsewhere(url):
    assert not rules.is_local(url)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""}, {"key": "k" * 161}, {"title": "  "}, {"url": "//x"}, {"url": "/" + "x" * 500},
        {"level": "urgent"}, {"kind": "mail"},
    ],
)  # fmt: skip
def test_what_no_item_can_be(wrong):
    usual = {"key": "k", "title": "t", "url": "/", "level": "info", "kind": "todo"}
    rules.check_item(**usual)
    with pytest.raises(ValueError, match=r"item|level|kind|address"):
        rules.check_item(**{**usual, **wrong})


def test_a_snooze_lies_ahead_and_within_thirty_days():
    today = date(2026, 11, 23)
    assert [rules.snooze_problem(today + timedelta(days=days), today) for days in (-1, 0, 1, 30, 31)] == [
        "past", "past", "", "", "far",
    ]  # fmt: skip


def test_text_loses_what_databases_and_headers_refuse():
    assert rules.plain("a\x00b\ud800c", 3) == "ab?"
    assert rules.one_line(" a\r\nBcc: x\t b\u2028c\x07 ") == "a Bcc: x b c"


def test_mail_goes_only_to_named_domains():
    assert rules.domain_allowed("a@x.example", [])
    assert rules.domain_allowed("a@X.example", ["@x.EXAMPLE"])
    assert not rules.domain_allowed("a@y.example", ["x.example"])
    assert not rules.domain_allowed("a@sub.x.example", ["x.example"])
    assert not rules.domain_allowed("", [])
    assert not rules.domain_allowed("a@", [])


def test_levels_and_reminders():
    assert [rules.level_of(severity) for severity in (1, 2, 3, 9)] == ["info", "soon", "late", "info"]
    assert list(rules.pieces(range(5), 2)) == [[0, 1], [2, 3], [4]]
