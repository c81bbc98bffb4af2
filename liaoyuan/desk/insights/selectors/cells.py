"""The map's answer: people counted by cell, now or on a past day."""

import hashlib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from liaoyuan.desk.insights import rules
from liaoyuan.desk.insights.selectors import past
from liaoyuan.desk.insights.selectors.live import LivePlaces, Place, Tenth
from liaoyuan.desk.insights.selectors.reach import Filters, Reach, presences, reach_of
from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Site
from liaoyuan.organisation.whereabouts.models import Presence, PresenceKind
from liaoyuan.organisation.whereabouts.rules import cell_index
from liaoyuan.organisation.whereabouts.selectors.epoch import presence_epoch

KEEP = 120  # seconds: a minute's ages, and the bound on anything the epoch could miss


@dataclass(frozen=True, slots=True)
class MapAnswer:
    """Who is where, counted. ``cells`` as ``rules.as_rows`` gives them."""

    as_of: datetime
    live: bool
    total: int
    away: int
    precise: bool
    names: bool
    cells: list[list[Any]]

    def as_json(self) -> dict[str, Any]:
        """The form that the page's element and the API read."""
        moment = clock.local(self.as_of)
        return {
            "as_of": moment.isoformat(timespec="seconds"),
            "live": self.live,
            "total": self.total,
            "away": self.away,
            "precise": self.precise,
            "names": self.names,
            "cells": self.cells,
        }


def map_answer(actor: Actor, filters: Filters, *, zoom: int, box: str = "") -> MapAnswer:
    """Everybody in the actor's reach by cell of ``zoom``, inside ``box`` ("w,s,e,n" in degrees) if one is given.

    Raises NotPermitted without the map, NotInScope for another's unit, ValueError for what is no box."""
    reach = reach_of(actor, filters)
    step = rules.step_for(zoom, precise=reach.precise)
    part = rules.read_box(box, step)
    if filters.on is not None and filters.on < clock.today():
        as_of = past.end_of(filters.on)
        sums, away = past.sums(actor, reach, filters, step, part)
    else:
        as_of = clock.now()
        sums, away = _now(actor, reach, filters, step, part, as_of)
    live = filters.on is None or filters.on >= clock.today()
    cells = rules.as_rows(sums, precise=reach.precise, label=labeller(sums))
    return MapAnswer(as_of, live, sum(found.number for found in sums.values()), away, reach.precise, reach.names, cells)


def _now(
    actor: Actor, reach: Reach, filters: Filters, step: int, part: rules.Box | None, now: datetime
) -> tuple[dict[rules.Cell, rules.Sum], int]:
    """Presences grouped by place and kind. The whole tree is kept counted (``live``); under filters it is read from the
    index ``presence_places`` in its order. A smaller reach is found by its paths."""
    if reach.whole and filters == Filters():
        if step >= rules.TENTH:
            return _in_tenths(_live.tenths(now), step, part)
        return _in_places(_live.places(now), step, part)
    rows = presences(actor, reach, filters).order_by()
    if reach.whole:
        return _in_places(_remembered(filters, now, lambda: _counted(rows, now)), step, part)
    if part is not None:
        rows = rows.filter(gx__gte=part.west, gx__lte=part.east, gy__gte=part.south, gy__lte=part.north)
    return _in_places(_by_place(rows, now), step, part)


Sums = tuple[dict[rules.Cell, rules.Sum], int]


def _in_places(places: Iterable[Place], step: int, part: rules.Box | None) -> Sums:
    """Places added up by cell, and how many people are away."""
    sums: dict[rules.Cell, rules.Sum] = {}
    away = 0
    for kind, site, lon, lat, number, fresh, stale, out in places:
        gx, gy = cell_index(lon, lat)
        if part is not None and not (part.west <= gx <= part.east and part.south <= gy <= part.north):
            continue
        cell = rules.cell_of(lon, lat, step) if step < rules.TENTH else rules.cell_of_tenths(gx, gy, step)
        into = sums.get(cell) or sums.setdefault(cell, rules.Sum())
        into.add(kind, fresh, stale, number, lon * number, lat * number, site or (gx, gy, "device"))
        away += out
    return sums, away


def _in_tenths(tenths: Iterable[Tenth], step: int, part: rules.Box | None) -> Sums:
    """The same from tenths of a degree, for cells that are whole tenths."""
    sums: dict[rules.Cell, rules.Sum] = {}
    away = 0
    for kind, site, gx, gy, number, fresh, stale, out, lon, lat in tenths:
        if part is not None and not (part.west <= gx <= part.east and part.south <= gy <= part.north):
            continue
        cell = rules.cell_of_tenths(gx, gy, step)
        into = sums.get(cell) or sums.setdefault(cell, rules.Sum())
        into.add(kind, fresh, stale, number, lon, lat, site or (gx, gy, "device"))
        away += out
    return sums, away


def _remembered(filters: Filters, now: datetime, compute: Callable[[], list[Place]]) -> list[Place]:
    """The whole tree's places under filters, computed once for each change, minute (ages) and set of filters: every
    zoom, box and viewer of the whole tree shares them. Without filters ``LivePlaces`` answers."""
    key = hashlib.sha256(repr((presence_epoch(), filters, int(now.timestamp()) // 60)).encode()).hexdigest()
    found: list[Place] | None = cache.get(f"insights.places:{key}")
    if found is None:
        found = compute()
        cache.set(f"insights.places:{key}", found, KEEP)
    return found


def _counted(rows: Any, now: datetime) -> list[Place]:
    return [*_at_bases(rows), *_elsewhere(rows, now)]


def _by_place(rows: Any, now: datetime) -> Iterable[Place]:
    options = settings.LIAOYUAN
    fresh_from, stale_from = now - timedelta(hours=options.fresh_hours), now - timedelta(days=options.stale_days)
    return rows.values_list("kind", "site_id", "lon", "lat").annotate(
        number=Count("*"),
        fresh=Count("seen_at", filter=Q(seen_at__gte=fresh_from)),
        stale=Count("seen_at", filter=Q(seen_at__lte=stale_from)),
        out=Count("purpose_id"),
    )


def _elsewhere(rows: Any, now: datetime) -> Iterable[Place]:
    return _by_place(rows.filter(kind__in=[PresenceKind.CHECKIN, PresenceKind.POSTING]), now)


def _at_bases(rows: Any) -> Iterable[Place]:
    """Those at their home base, which is always a site: counted by its key alone, the cheapest grouping there is."""
    counts = dict(rows.filter(kind=PresenceKind.HOME).values_list("site_id").annotate(number=Count("*")))
    for key, lon, lat in Site.objects.filter(pk__in=counts).values_list("pk", "lon", "lat"):
        yield str(PresenceKind.HOME), key, lon, lat, counts[key], 0, 0, 0


_live = LivePlaces(lambda now: _counted(Presence.objects.unscoped("the whole tree, counted by place"), now))


def labeller(sums: dict[rules.Cell, rules.Sum]) -> Callable[[dict[Hashable, int]], str]:
    """A function that names a cell after its place with most people, with the number of places where there are more;
    device positions are no places, unless there is nothing else. One query."""
    names = site_names({key for found in sums.values() if (key := _first(found.places)) is not None})

    def label(places: dict[Hashable, int]) -> str:
        first = _first(places)
        if first is None:
            return _("设备定位")
        return label_of(names.get(first, ""), sum(1 for place in places if isinstance(place, UUID)))

    return label


def label_of(first: str, number: int) -> str:
    """The name of a cell with ``number`` places."""
    return first if number == 1 else _("%(first)s 等 %(number)d 处") % {"first": first, "number": number}


def _first(places: dict[Hashable, int]) -> UUID | None:
    """The named place with most people."""
    found = [(number, key) for key, number in places.items() if isinstance(key, UUID)]
    return max(found)[1] if found else None


def site_names(keys: Iterable[UUID]) -> dict[UUID, str]:
    """Names of places. A place's name is no position: the check-in page lists them to everybody."""
    return dict(Site.objects.filter(pk__in=list(keys)).values_list("pk", "name"))
