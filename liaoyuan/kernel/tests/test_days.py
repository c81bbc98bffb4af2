"""Which days can be meant at all."""

from datetime import date

import pytest

from liaoyuan.kernel.days import conceivable, read_day


@pytest.mark.parametrize(
    ("day", "can_be"),
    [
        (date.min, False),
        (date(26, 11, 24), False),
        (date(1899, 12, 31), False),
        (date(1900, 1, 1), True),
        (date(2100, 12, 31), True),
        (date(2101, 1, 1), False),
        (date.max, False),
    ],
)
def test_a_day_lies_between_1900_and_2100(day: date, can_be: bool) -> None:
    assert conceivable(day) is can_be
    assert read_day(day.isoformat()) == (day if can_be else None)


@pytest.mark.parametrize("text", ["", "昨天", "2026-02-30", "2026-11", "\0"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None
