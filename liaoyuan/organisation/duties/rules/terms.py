"""When a duty is due, when it reminds, when it climbs. Pure; a term that is overridden comes in as a value."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from liaoyuan.foundation.regulations.dates import add_months, after
from liaoyuan.foundation.regulations.rules import Duration
from liaoyuan.organisation.duties.rules.declared import DutyRule, Step

_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_WORDS = {Duration(1): "30天", Duration(6): "半年", Duration(12): "一年"}


@dataclass(frozen=True, slots=True)
class Window:
    """One turn of a recurring duty: opens on ``start``, due on ``due``."""

    start: date
    due: date


def spoken(term: Duration | int | None) -> str:
    """A term as people say it."""
    if term is None:
        return ""
    return str(term) if isinstance(term, int) else _WORDS.get(term, str(term))


def period_of(day: date, period: str) -> Window:
    """The calendar month, quarter, half-year or year that holds ``day``."""
    months = _MONTHS[period]
    first = (day.month - 1) // months * months + 1
    start = date(day.year, first, 1)
    return Window(start, add_months(start, months) - timedelta(days=1))


def periods_between(first: date, last: date, period: str) -> Iterator[Window]:
    """Periods that begin on or after ``first`` and not after ``last``, and always the one that holds ``last``."""
    current = period_of(last, period)
    window = period_of(first, period)
    while window.start < current.start:
        if window.start >= first:
            yield window
        window = period_of(window.due + timedelta(days=1), period)
    yield current


def period_words(window: Window, period: str) -> str:
    """The period as a title says it: 2026年11月, 2026年第四季度, 2026年上半年, 2026年."""
    year = f"{window.start.year}年"
    if period == "month":
        return f"{year}{window.start.month}月"
    if period == "quarter":
        return f"{year}第{'一二三四'[window.start.month // 3]}季度"
    if period == "half_year":
        return f"{year}{'上' if window.start.month == 1 else '下'}半年"
    return year


def turns(opened: date, term: Duration, on: date, live: date) -> Iterator[Window]:
    """Turns of a duty that recurs every ``term`` from ``opened``: those begun since the platform went live, and the one
    whose day is the first on or after ``on``. Always counted from the first date (clamped to the month's end)."""
    start, times = opened, 1
    while True:
        due = after(opened, term, times=times)
        if due >= on:
            yield Window(start, due)
            return
        if start >= live:
            yield Window(start, due)
        start, times = due, times + 1


def answered(
    opened: date, term: Duration, live: date, done: Iterable[date], *, noted: Container[date] = ()
) -> dict[date, date]:
    """Which turns of a recurring duty have been seen to, and on which day: the first day of the turn → the day. Each
    day in ``done`` answers the earliest turn that still asks, even late, and no second one; one that comes while none
    asks (twice in one turn, or on the first day of all) answers none. Turns that were over when the platform went
    live do not ask, nor do those in ``noted``: somebody said of them that they were missed."""
    found: dict[date, date] = {}
    start, times = opened, 1
    for on in sorted(done):
        while start < on:
            due = after(opened, term, times=times)
            asked, first = (due >= live or on <= due) and start not in noted, start
            start, times = due, times + 1
            if asked:
                found[first] = on
                break
    return found


def anniversaries(day: date, before: int, on: date, live: date) -> Iterator[Window]:
    """Anniversaries of ``day`` that have opened (``before`` days ahead) by ``on``: those opened since the platform went
    live, and the first on or after ``on``. 29 February is kept on 28 February in a common year."""
    year = max(1, min(live, on).year - day.year - 1)
    while True:
        due = add_months(day, 12 * year)
        start = due - timedelta(days=before)
        if start > on:
            return
        if due >= on or start >= live:
            yield Window(start, due)
        year += 1


def reminders(rule: DutyRule, opened: date, due: date | None) -> tuple[date, ...]:
    """The days on which the holder is told, first to last: each lead before the day, not before the duty opened. A
    duty without leads is told of when it opens, one of too long an absence on the day after."""
    if due is not None and rule.shape == "passed" and not rule.lead:
        return (_moved(due, 1),)
    if due is None or not rule.lead:
        return (opened,)
    days = {max(opened, _moved(due, -lead)) for lead in rule.lead}
    return tuple(sorted(days))


def ladder(rule: DutyRule, due: date | None, *, until: date | None = None) -> tuple[tuple[date, Step], ...]:
    """The days on which an overdue duty climbs, with the rung."""
    if due is None or rule.never_late:
        return ()
    return tuple((_moved(due, step.after), step) for step in rule.ladder)


def _moved(day: date, days: int) -> date:
    """``day`` and so many days, within the calendar: no day that somebody once wrote down (9999-12-31) may end a run
    over everybody's duties."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def points(rule: DutyRule, opened: date, due: date | None) -> list[tuple[date, str]]:
    """Every day on which somebody is told, in order: ``r0``, ``r1`` … for the holder, ``l0`` … for the ladder."""
    found = [(day, f"r{number}") for number, day in enumerate(reminders(rule, opened, due))]
    found += [(day, f"l{number}") for number, (day, _step) in enumerate(ladder(rule, due))]
    return sorted(found)


def last_point(rule: DutyRule, opened: date, due: date | None, on: date) -> tuple[date, str] | None:
    """The latest point reached by ``on``, or None: after an outage only this one is told, the missed ones are not."""
    return max((point for point in points(rule, opened, due) if point[0] <= on), default=None)


def again(rule: DutyRule, due: date | None, hard: date | None, on: date) -> tuple[date, str] | None:
    """For a rule that repeats every ``again`` days once overdue, up to its hard limit: the latest repeat reached by
    ``on``, its day and name."""
    if due is None or not rule.again or on <= due:
        return None
    last = min(on, hard) if hard else on
    number = (last - due).days // rule.again
    return (due + timedelta(days=number * rule.again), f"w{number}") if number > 0 else None
