"""Dates as regulations count them: months clamped to the month's end, working days by a given calendar.

Sources: 民法典 §201–202 as practice (WD-09); which day is the first of a posting is a setting (WD-08).
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, timedelta

from liaoyuan.foundation.regulations.rules import YEARS_AHEAD, Duration


def add_months(day: date, months: int) -> date:
    """Same day of the target month; where there is none, that month's last day. Always counted from the first date:
    31 August + 6 months is 28 February, + 12 months is 31 August again. Past the calendar's ends, its end."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        return date.min if months < 0 else date.max
    if day.day <= 28:  # every month has it: the common case, a hundred thousand times in an import
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def after(day: date, length: Duration, *, times: int = 1) -> date:
    """``day`` plus ``times`` × ``length``: the last day of a term that begins on ``day`` (which is not counted). Raises
    ValueError for what recurs after no time at all: whoever counts such terms up to a day would never get there."""
    if times > 1 and not length.months and not length.days:
        raise ValueError(f"每{length}一次没有尽头")
    return add_months(day, length.months * times) + timedelta(days=length.days * times)


def before(day: date, length: Duration) -> date:
    """``day`` minus ``length``."""
    return add_months(day, -length.months) - timedelta(days=length.days)


def horizon(today: date) -> date:
    """The last day that anything may be planned for. What lies further off is mistyped (9999-12-31 for "for good"), and
    nothing can be counted beyond the calendar's end."""
    return add_months(today, 12 * YEARS_AHEAD)


def working_period_end(start: date, days: int, is_workday: Callable[[date], bool], *, count_first: bool) -> date:
    """The last of ``days`` working days; the next step may be taken the day after. With ``count_first`` the starting
    day counts where it is a working day. Raises ValueError for fewer than one day."""
    if days < 1:
        raise ValueError("公示至少一个工作日")
    day, left = start, days
    if not (count_first and is_workday(day)):
        day = _next_workday(day, is_workday)
    while left > 1:
        day = _next_workday(day, is_workday)
        left -= 1
    return day


def next_workday_or_same(day: date, is_workday: Callable[[date], bool]) -> date:
    """``day`` or, where it is none, the next working day (for reminders only: WD-10)."""
    return day if is_workday(day) else _next_workday(day, is_workday)


def _next_workday(day: date, is_workday: Callable[[date], bool]) -> date:
    for _ in range(400):
        day += timedelta(days=1)
        if is_workday(day):
            return day
    raise ValueError("工作日历有误：一年内没有工作日")
