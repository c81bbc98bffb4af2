"""Where everybody of the whole tree is, kept in this process and brought up to date by what moved since.

Counting a hundred thousand presences takes longer than everything else a map's answer needs, and during a morning's
check-ins something moves between any two answers. So each process counts once, notes the ticks it has seen
(``whereabouts.selectors.epoch``), and from then on applies the few rows that later ticks tell; ages move on by
themselves. It counts again after an import, after an hour, and whenever it cannot be sure.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from liaoyuan.organisation.whereabouts.models import Presence, PresenceKind
from liaoyuan.organisation.whereabouts.rules import cell_index
from liaoyuan.organisation.whereabouts.selectors.epoch import Moved, Ticks, ticks_now, ticks_since

Place = tuple[Any, ...]  # kind, site, lon, lat, number, fresh, stale, away
Tenth = tuple[Any, ...]  # kind, site, gx, gy, number, fresh, stale, away, lon and lat summed over the people
Count = Callable[[datetime], Iterable[Place]]
_Key = tuple[str, UUID | None, float, float]
HORIZON = timedelta(hours=1)
TRIES = 3
_WHY = "the whole tree, counted by place: no row leaves"


class LivePlaces:
    """The whole tree's places. ``count`` counts them all at a moment; ``places`` and ``tenths`` answer for the
    present one, with ages to the minute."""

    def __init__(self, count: Count) -> None:
        self._count = count
        self._lock = Lock()
        self._seen: Ticks | None = None
        self._rule: tuple[timedelta, timedelta] = (timedelta(0), timedelta(0))
        self._moment = self._until = datetime.min
        self._sums: dict[_Key, list[int]] = {}
        self._tenths: dict[tuple[Any, ...], list[float]] = {}
        self._ageing: Counter[tuple[_Key, datetime]] = Counter()
        self._places: list[Place] | None = None
        self._tenth_rows: list[Tenth] | None = None

    def places(self, now: datetime) -> list[Place]:
        """Every place with somebody in it."""
        with self._lock:
            self._look(now)
            if self._places is None:
                self._places = [(*key, *sums) for key, sums in self._sums.items() if sums[0]]
            return self._places

    def tenths(self, now: datetime) -> list[Tenth]:
        """The same by site, or for positions of devices by tenth of a degree: there are far fewer."""
        with self._lock:
            self._look(now)
            if self._tenth_rows is None:
                self._tenth_rows = [(*key, *sums) for key, sums in self._tenths.items() if sums[0]]
            return self._tenth_rows

    def _look(self, now: datetime) -> None:
        minute = now.replace(second=0, microsecond=0)
        moved = self._news(minute)
        if moved is None or any(self._apply(one) < 0 for one in moved):
            self._afresh(minute)  # below nought: somebody left a place that the count had elsewhere
        elif minute != self._moment:
            self._grow_older(minute)

    def _news(self, minute: datetime) -> list[Moved] | None:
        """What moved since; None where all must be counted."""
        seen, self._seen = self._seen, None  # whatever goes wrong from here on: count afresh the next time
        if seen is None or self._rule != _rule() or not self._moment <= minute < self._until:
            return None
        found = ticks_since(seen)
        if found is None or found[1] is None:
            return None
        self._seen = found[0]
        return found[1]

    def _afresh(self, minute: datetime) -> None:
        """Count all. Built upon only where nothing was committed meanwhile: otherwise it would be unknown which of the
        ticks the sums hold already."""
        self._seen = None
        self._rule, self._moment, self._until = _rule(), minute, minute + HORIZON
        for _try in range(TRIES):
            before = ticks_now()
            counted, self._ageing = list(self._count(minute)), self._soon()
            if before is None or ticks_since(before) == (before, []):
                self._seen = before
                break
        self._sums, self._tenths = {}, {}
        self._places = self._tenth_rows = None
        for place in counted:
            self._add(place[:4], *place[4:])

    def _soon(self) -> Counter[tuple[_Key, datetime]]:
        """Whoever's knowledge becomes older than a bound within the horizon."""
        rows = Presence.objects.unscoped(_WHY).filter(kind__in=[PresenceKind.CHECKIN, PresenceKind.POSTING])
        condition = Q()
        for age in self._rule:
            condition |= Q(seen_at__gte=self._moment - age, seen_at__lte=self._until - age)
        found = rows.filter(condition).values_list("kind", "site_id", "lon", "lat", "seen_at")
        return Counter(((kind, site, lon, lat), seen_at) for kind, site, lon, lat, seen_at in found)

    def _apply(self, moved: Moved) -> int:
        """Add or take away one; returns how many are there now."""
        key: _Key = (moved.kind, moved.site, moved.lon, moved.lat)
        number = moved.number
        if moved.kind == PresenceKind.HOME:
            return self._add(key, number, 0, 0, 0)
        soon = any(self._moment - age <= moved.seen_at <= self._until - age for age in self._rule)
        if soon or (key, moved.seen_at) in self._ageing:
            self._ageing[key, moved.seen_at] += number
        fresh, stale = self._age(moved.seen_at, self._moment)
        return self._add(key, number, number * fresh, number * stale, number * moved.away)

    def _add(self, key: _Key, number: int, fresh: int, stale: int, away: int) -> int:
        self._places = self._tenth_rows = None
        kind, site, lon, lat = key
        sums = self._sums.get(key)
        if sums is None:
            sums = self._sums[key] = [0, 0, 0, 0]
        tenth = (kind, site, *cell_index(lon, lat))
        into = self._tenths.get(tenth)
        if into is None:
            into = self._tenths[tenth] = [0, 0, 0, 0, 0.0, 0.0]
        for at, value in enumerate((number, fresh, stale, away)):
            sums[at] += value
            into[at] += value
        into[4] += lon * number
        into[5] += lat * number
        return sums[0]

    def _grow_older(self, minute: datetime) -> None:
        for (key, seen_at), number in self._ageing.items():
            was, now = self._age(seen_at, self._moment), self._age(seen_at, minute)
            if number and was != now:
                self._add(key, 0, number * (now[0] - was[0]), number * (now[1] - was[1]), 0)
        self._moment = minute

    def _age(self, seen_at: datetime, moment: datetime) -> tuple[bool, bool]:
        """Fresh, stale: as the count's conditions have it."""
        fresh, stale = self._rule
        return seen_at >= moment - fresh, seen_at <= moment - stale


def _rule() -> tuple[timedelta, timedelta]:
    """How long knowledge is fresh, and from when on it is stale."""
    options = settings.LIAOYUAN
    return timedelta(hours=options.fresh_hours), timedelta(days=options.stale_days)
