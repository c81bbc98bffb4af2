"""Where somebody is, how we know and how old the knowledge is: pure functions over dates, places and ages.

Sources: issue 2 §3 (whereabouts) and architecture §4: the present place is derived, carries its kind and age, and is
never tracked by a device in the background.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from liaoyuan.foundation.regulations.dates import add_months
from liaoyuan.kernel import paths

CHECKIN, POSTING, HOME = "checkin", "posting", "home"
MAX_GROUP = 2000
MAX_DAYS = 366 * 5


@dataclass(frozen=True, slots=True)
class Spot:
    """A position in degrees, and the Site it belongs to, if any."""

    lon: float
    lat: float
    site: Any = None


@dataclass(frozen=True, slots=True)
class Said:
    """A person said at ``at`` that he was at ``spot``."""

    at: datetime
    spot: Spot


@dataclass(frozen=True, slots=True)
class Stay:
    """A posting that is active now: where, since which moment, and when its arrival was confirmed, if it was."""

    since: datetime
    spot: Spot
    purpose: Any = None
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Base:
    """The home base, and since when the person belongs there (or came back there)."""

    since: datetime
    spot: Spot


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is: ``kind`` says how we know, ``seen_at`` since when. ``purpose`` is set while he is posted away,
    also where a later check-in tells the place more exactly."""

    kind: str
    spot: Spot
    seen_at: datetime
    purpose: Any = None


def present_place(
    checkin: Said | None, posting: Stay | None, home: Base | None, now: datetime, valid_days: int
) -> Place | None:
    """Where somebody is at ``now``; None where nothing is known.

    The latest check-in wins while it is younger than ``valid_days`` and not older than the start of the active posting
    (one made before he left says nothing about now); else the active posting; else the home base.
    """
    purpose = posting.purpose if posting else None
    if (
        checkin
        and checkin.at <= now
        and now - checkin.at < timedelta(days=valid_days)
        and (posting is None or checkin.at >= posting.since)
    ):
        return Place(CHECKIN, checkin.spot, checkin.at, purpose)
    if posting and posting.since <= now:
        known = posting.confirmed_at if posting.confirmed_at and posting.since < posting.confirmed_at <= now else None
        return Place(POSTING, posting.spot, known or posting.since, purpose)
    if home:
        return Place(HOME, home.spot, home.since)
    return None


class Freshness(StrEnum):
    """How old the knowledge of a place is."""

    FRESH = "fresh"
    RECENT = "recent"
    STALE = "stale"


def freshness(seen_at: datetime, now: datetime, *, fresh_hours: int, stale_days: int) -> Freshness:
    """Fresh up to ``fresh_hours``, stale from ``stale_days`` on, recent between."""
    age = now - seen_at
    if age <= timedelta(hours=fresh_hours):
        return Freshness.FRESH
    return Freshness.STALE if age >= timedelta(days=stale_days) else Freshness.RECENT


def round_position(lon: float, lat: float, step: float) -> tuple[float, float]:
    """A device's position on the grid of ``step`` degrees, so that the exact one is never stored.

    Raises ValueError for what is no position (out of range, not a number)."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"({lon}, {lat}) is no position")
    places = len(f"{step:.6f}".rstrip("0").partition(".")[2])
    return _on_grid(lon, step, places), _on_grid(lat, step, places)


def _on_grid(value: float, step: float, places: int) -> float:
    return round(round(value / step) * step, places)


class State(StrEnum):
    """A posting's state on a day."""

    PLANNED = "planned"
    AWAY = "away"
    OVERDUE = "overdue"
    BACK = "back"


STATE_LABELS = {State.PLANNED: "未出发", State.AWAY: "在外", State.OVERDUE: "逾期未归", State.BACK: "已归队"}


def state(since: date, planned_end: date | None, ended_on: date | None, today: date) -> State:
    """Planned before its first day; back from the day of return on; overdue from the day after the planned end."""
    if ended_on is not None and ended_on <= today:
        return State.BACK
    if since > today:
        return State.PLANNED
    return State.OVERDUE if planned_end is not None and planned_end < today else State.AWAY


def active_on(since: date, ended_on: date | None, day: date) -> bool:
    """Whether the person is away at the end of ``day``: on the day of return he is back."""
    return since <= day and (ended_on is None or ended_on > day)


def days_away(since: date, ended_on: date | None, today: date) -> int:
    """Days away so far, the first and the last included; 0 before it begins."""
    return max(0, ((min(ended_on, today) if ended_on else today) - since).days + 1)


def overdue_days(planned_end: date | None, ended_on: date | None, today: date) -> int:
    """Days past the planned end; 0 where it is not overdue."""
    return 0 if planned_end is None or ended_on is not None else max(0, (today - planned_end).days)


def away_more_than(since: date, months: int, day: date) -> bool:
    """Whether somebody away since ``since`` has been away for more than ``months`` calendar months on ``day`` (the
    same day of a later month, clamped to its end, is not yet more)."""
    return day > add_months(since, months)


@dataclass(frozen=True, slots=True)
class Span:
    """The days of one posting. ``label`` names it in a refusal."""

    since: date
    planned_end: date | None
    ended_on: date | None
    label: str = ""

    def last_day(self, today: date) -> date:
        """The last day it takes: the real end, else the planned one (an overdue one lasts until today at least)."""
        if self.ended_on is not None:
            return self.ended_on
        return date.max if self.planned_end is None else max(self.planned_end, today)


def overlapping(new: Span, others: Iterable[Span], today: date) -> Span | None:
    """The first of ``others`` that shares days with ``new``; a return and a departure on one day do not overlap."""
    for other in sorted(others, key=lambda span: span.since):
        same_start = other.since == new.since
        shared = new.since < other.last_day(today) and other.since < new.last_day(today)
        not_back = other.ended_on is None and other.since <= new.since <= today
        if same_start or shared or not_back:
            return other
    return None


def date_problem(since: date, planned_end: date | None, today: date) -> str:
    """Why these dates cannot be a posting's; "" where they can."""
    if abs((since - today).days) > MAX_DAYS:
        return "开始日期离今天超过五年，请核对年份。"
    if planned_end is not None and planned_end < since:
        return "预计结束日期早于开始日期，请改正其中一个。"
    if planned_end is not None and (planned_end - since).days > MAX_DAYS:
        return "预计结束日期离开始日期超过五年，请核对年份。"
    return ""


def cell_index(lon: float, lat: float) -> tuple[int, int]:
    """The cell of 0.1 degrees that holds a position, counted from -180 and -90."""
    return min(3599, int((lon + 180) * 10 + 1e-9)), min(1799, int((lat + 90) * 10 + 1e-9))


def collapse_paths(found: Iterable[str], limit: int) -> tuple[str, ...]:
    """At most ``limit`` prefixes that together hold every path of ``found``: the deepest are shortened first."""
    kept = paths.minimal({path for path in found if path})
    while len(kept) > limit:
        deepest = max(len(path) for path in kept)
        if deepest <= paths.WIDTH:
            return ("",)
        kept = paths.minimal({path[: deepest - paths.WIDTH] if len(path) == deepest else path for path in kept})
    return kept
