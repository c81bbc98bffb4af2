"""Where everybody was on a past day: memberships, postings and check-ins as of the end of that day.

Who belonged to a branch on the day counts for those who answer for the branch today, under the tree as it is today.
Ranks have no history: that filter uses today's. Home bases are today's as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liaoyuan.desk.insights import rules
from liaoyuan.desk.insights.selectors.reach import Filters, Reach, inside
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Membership, MembershipKind, Standing
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.whereabouts import rules as where
from liaoyuan.organisation.whereabouts.models import CheckIn
from liaoyuan.organisation.whereabouts.selectors.bases import home_bases
from liaoyuan.organisation.whereabouts.selectors.when import active_on, midnight


def end_of(day: date) -> datetime:
    """The last moment of ``day``."""
    return midnight(day + timedelta(days=1)) - timedelta(microseconds=1)


def belonging(actor: Actor, reach: Reach, filters: Filters) -> QuerySet[Membership]:
    """One home membership for everybody shown on the day, by the filters (the purpose is not one of them)."""
    day = filters.on
    assert day is not None  # noqa: S101  the caller asks for a past day
    on_day = Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))
    rows = Membership.objects.filter(on_day, kind=MembershipKind.HOME)
    if not reach.whole:
        # By keys of units, so that both databases start from an index instead of reading every membership.
        every = Unit.objects.unscoped("narrowed to the viewer's reach right here")
        units = every.filter(inside(reach.prefixes, "path")).values("pk")
        attached = Membership.objects.filter(on_day, kind=MembershipKind.ATTACHED, unit__in=units)
        mine = Q(unit__in=units) | Q(group__in=units) | Q(person__in=attached.values("person"))
        if reach.unit is None and actor.person_id:
            mine |= Q(person=actor.person_id)
        rows = rows.filter(mine)
    if filters.standing:
        then = Standing.objects.filter(
            Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gt=day), kind__in=filters.kinds
        )
        rows = rows.filter(Exists(then.filter(person=OuterRef("person"))))
    if filters.rank:
        rows = rows.filter(person__rank=filters.rank)
    return rows


@dataclass(frozen=True, slots=True)
class Placed:
    """Somebody who was not simply at his home base, or was but is told apart by a posting or check-in."""

    person: UUID
    base: UUID | None
    place: where.Place | None


def placed(actor: Actor, reach: Reach, filters: Filters) -> list[Placed]:
    """Everybody shown who had a posting or a check-in that could count: computed by the one rule, in two queries."""
    day = filters.on
    assert day is not None  # noqa: S101  the caller asks for a past day
    now, valid = end_of(day), settings.LIAOYUAN.checkin_valid_days
    rows = belonging(actor, reach, filters)
    stays: dict[UUID, where.Stay] = {}
    units: dict[UUID, UUID | None] = {}
    away = rows.filter(active_on(day, "person__postings__")).order_by("person__postings__since")
    for person, unit, group, since, confirmed, purpose, site, lon, lat in away.values_list(
        "person_id", "unit_id", "group_id", *(f"person__postings__{name}" for name in (
            "since", "confirmed_at", "purpose_id", "site_id", "site__lon", "site__lat"
        ))
    ):  # fmt: skip
        stays[person] = where.Stay(midnight(since), where.Spot(lon, lat, site), purpose, confirmed)
        units[person] = group or unit
    said = _said(rows, now, valid, units)
    wanted = _wanted_purpose(filters)
    found = []
    for person, base in units.items():
        stay = stays.get(person)
        place = where.present_place(said.get(person), stay, None, now, valid)
        if wanted is None or (stay is not None and wanted in {"any", str(stay.purpose)}):
            found.append(Placed(person, base, place))
    return found


def _wanted_purpose(filters: Filters) -> str | None:
    return filters.purpose or None


def _said(
    rows: QuerySet[Membership], now: datetime, valid: int, units: dict[UUID, UUID | None]
) -> dict[UUID, where.Said]:
    """The latest check-in of each before ``now``; notes the home unit of those who have one."""
    later = CheckIn.objects.filter(person=OuterRef("person"), at__gt=OuterRef("at"), at__lte=now)
    mine = rows.filter(person=OuterRef("person"))
    checkins = (
        CheckIn.objects.filter(~Exists(later), at__gt=now - timedelta(days=valid), at__lte=now)
        .annotate(unit=Subquery(mine.values("unit_id")[:1]), group=Subquery(mine.values("group_id")[:1]))
        .filter(unit__isnull=False)
    )
    said = {}
    for person, at, lon, lat, site, unit, group in checkins.values_list(
        "person_id", "at", Coalesce("site__lon", "lon"), Coalesce("site__lat", "lat"), "site_id", "unit", "group"
    ):
        said[person] = where.Said(at, where.Spot(lon, lat, site))
        units.setdefault(person, group or unit)
    return said


def at_home(
    actor: Actor, reach: Reach, filters: Filters, others: list[Placed]
) -> Iterator[tuple[UUID, where.Spot, int]]:
    """How many were at each unit's home base: everybody who belonged there but those placed elsewhere."""
    if filters.purpose:
        return
    bases = home_bases()
    elsewhere: dict[UUID | None, int] = {}
    for item in others:
        if item.place is not None:
            elsewhere[item.base] = elsewhere.get(item.base, 0) + 1
    counts: dict[UUID, int] = {}
    grouped = belonging(actor, reach, filters).order_by().values_list("unit_id", "group_id")
    for unit, group, number in grouped.annotate(number=Count("person_id")):
        counts[group or unit] = counts.get(group or unit, 0) + number
    for unit, number in counts.items():
        left = number - elsewhere.get(unit, 0)
        if left > 0 and unit in bases:
            yield unit, bases[unit], left


def sums(
    actor: Actor, reach: Reach, filters: Filters, step: int, part: rules.Box | None
) -> tuple[dict[rules.Cell, rules.Sum], int]:
    """Everybody by cell on the day, and how many of them were away."""
    options = settings.LIAOYUAN
    now = end_of(filters.on)  # type: ignore[arg-type]  # the caller asks for a past day
    others = placed(actor, reach, filters)
    found: dict[rules.Cell, rules.Sum] = {}
    away = 0

    def add(spot: where.Spot, kind: str, fresh: int, stale: int, number: int) -> bool:
        gx, gy = where.cell_index(spot.lon, spot.lat)
        if part is not None and not (part.west <= gx <= part.east and part.south <= gy <= part.north):
            return False
        cell = rules.cell_of(spot.lon, spot.lat, step) if step < rules.TENTH else rules.cell_of_tenths(gx, gy, step)
        into = found.setdefault(cell, rules.Sum())
        into.add(kind, fresh, stale, number, spot.lon * number, spot.lat * number, spot.site or (gx, gy, "device"))
        return True

    for item in others:
        place = item.place
        if place is None:
            continue
        age = where.freshness(place.seen_at, now, fresh_hours=options.fresh_hours, stale_days=options.stale_days)
        fresh, stale = int(age == where.Freshness.FRESH), int(age == where.Freshness.STALE)
        if add(place.spot, place.kind, fresh, stale, 1):
            away += place.purpose is not None
    for _unit, spot, number in at_home(actor, reach, filters, others):
        add(spot, where.HOME, 0, 0, number)
    return found, away
