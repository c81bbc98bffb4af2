"""Who is in a cell, as far as the viewer may know names."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from liaoyuan.desk.insights import rules
from liaoyuan.desk.insights.policies import Capability
from liaoyuan.desk.insights.selectors import past
from liaoyuan.desk.insights.selectors.cells import label_of, site_names
from liaoyuan.desk.insights.selectors.reach import Filters, Reach, inside, presences, reach_of
from liaoyuan.kernel import clock
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Site
from liaoyuan.organisation.whereabouts import rules as where
from liaoyuan.organisation.whereabouts.models import Presence, PresenceKind, Purpose
from liaoyuan.organisation.whereabouts.selectors.bases import home_bases
from liaoyuan.organisation.whereabouts.selectors.places import LEVELS, WORDS, age_words

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """One person of a cell."""

    person: Person
    place: str
    kind: str
    kind_label: str
    age: str
    freshness: str
    level: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Crowd:
    """A cell opened: ``count`` people in all, ``named`` of them with names for this viewer, one page of those."""

    key: str
    label: str
    count: int
    named: int
    people: list[Seen]
    page: int
    pages: int
    why: str

    @property
    def hidden(self) -> int:
        """People whose names the viewer may not see."""
        return self.count - self.named


@dataclass(frozen=True, slots=True)
class _Where:
    """A person's place before he is read."""

    person: UUID
    kind: str
    seen_at: datetime
    site: Any
    purpose: Any


def crowd(actor: Actor, filters: Filters, *, key: str, page: int = 1) -> Crowd:
    """The people in the cell ``key`` now or on a past day, named as far as insights.names reaches, 50 a page.

    Raises NotPermitted without the map, DomainError for what is no cell of this viewer's map."""
    reach = reach_of(actor, filters)
    cell = rules.read_key(key, precise=reach.precise)
    if cell is None:
        raise DomainError(_("地图上没有这个点，或者它比您可看的精度更细。请回到地图重新选择。"))
    is_past = filters.on is not None and filters.on < clock.today()
    finder = _then if is_past else _now
    count, places, rows, now = finder(actor, reach, filters, cell)
    named, slice_ = rows
    pages = max(1, -(-named // PER_PAGE))
    page = min(max(1, page), pages)
    found = slice_((page - 1) * PER_PAGE, page * PER_PAGE)
    return Crowd(
        key=key,
        label=_label(places),
        count=count,
        named=named,
        people=_seen(found, now),
        page=page,
        pages=pages,
        why="" if named == count else _("姓名只对有权看姓名的支部成员和上级显示，其余只计人数。"),
    )


def _now(actor: Actor, reach: Reach, filters: Filters, cell: rules.Cell) -> tuple[int, dict[Any, int], Any, datetime]:
    rows = in_cell(presences(actor, reach, filters), cell)
    count = rows.count()
    names, named = rows, count
    if not reach.names:
        names = rows.filter(pk__in=Presence.objects.visible_to(actor, Capability.NAMES).values("pk"))
        named = names.count()
    places = dict(rows.order_by().values_list("site_id").annotate(number=Count("*")))
    ordered = names.order_by("home_path", "pk")  # by rank as well would cost a join of everybody for one page

    def part(start: int, end: int) -> list[_Where]:
        columns = ("person_id", "kind", "seen_at", "site_id", "purpose_id")
        return [_Where(*row) for row in ordered.values_list(*columns)[start:end]]

    return count, places, (named, part), clock.now()


def in_cell(rows: QuerySet[Presence], cell: rules.Cell) -> QuerySet[Presence]:
    """The presences inside a cell, by exactly the arithmetic that counted them."""
    first_x, last_x, first_y, last_y = cell.tenths
    rows = rows.filter(gx__gte=first_x, gx__lte=last_x, gy__gte=first_y, gy__lte=last_y)
    if cell.step >= rules.TENTH:
        return rows
    west, south, east, north = ((value - 0.5) / 10_000 for value in cell.bounds)
    return rows.filter(lon__gte=west - 180, lon__lt=east - 180, lat__gte=south - 90, lat__lt=north - 90)


def _then(actor: Actor, reach: Reach, filters: Filters, cell: rules.Cell) -> tuple[int, dict[Any, int], Any, datetime]:
    now = past.end_of(filters.on)  # type: ignore[arg-type]  # asked for a past day
    others = past.placed(actor, reach, filters)
    moved = [item for item in others if item.place is not None]
    here = [item for item in moved if item.place and _holds(cell, item.place.spot)]
    bases = {key: spot for key, spot in home_bases().items() if _holds(cell, spot)}
    found = [
        _Where(item.person, item.place.kind, item.place.seen_at, item.place.spot.site, item.place.purpose)
        for item in here
        if item.place is not None
    ]
    if bases and not filters.purpose:
        home = past.belonging(actor, reach, filters).filter(
            Q(group_id__in=bases) | Q(group_id__isnull=True, unit_id__in=bases)
        )
        elsewhere = {item.person for item in moved}
        found += [
            _Where(person, where.HOME, past.midnight(since), bases[group or unit].site, None)
            for person, since, unit, group in home.values_list("person_id", "since", "unit_id", "group_id")
            if person not in elsewhere
        ]
    places = dict(Counter(item.site for item in found))
    count = len(found)
    if not reach.names:
        allowed = _named_then(actor, reach, filters)
        found = [item for item in found if item.person in allowed]
    order = _order([item.person for item in found])
    found.sort(key=lambda item: order.get(item.person, ("~", 0)))
    return count, places, (len(found), lambda start, end: found[start:end]), now


def _named_then(actor: Actor, reach: Reach, filters: Filters) -> set[UUID]:
    """Whose names the viewer may see by where they belonged on the day."""
    rows = past.belonging(actor, reach, filters)
    mine = inside(actor.reach(Capability.NAMES), "unit__path", "group__path")
    return set(rows.filter(mine).values_list("person_id", flat=True))


def _holds(cell: rules.Cell, spot: where.Spot) -> bool:
    if cell.step < rules.TENTH:
        return rules.cell_of(spot.lon, spot.lat, cell.step) == cell
    return rules.cell_of_tenths(*where.cell_index(spot.lon, spot.lat), cell.step) == cell


def _order(keys: list[UUID]) -> dict[UUID, tuple[str, int]]:
    found: dict[UUID, tuple[str, int]] = {}
    people = Person.objects.unscoped("the order of people who have been found in reach")
    for start in range(0, len(keys), 5000):
        rows = people.filter(pk__in=keys[start : start + 5000]).values_list("pk", "home_path", "rank_order")
        found |= {key: (path, rank) for key, path, rank in rows}
    return found


def _seen(found: Sequence[_Where], now: datetime) -> list[Seen]:
    """One page of people in words: three queries."""
    options = settings.LIAOYUAN
    rows = Person.objects.unscoped("found within the viewer's reach for names")
    people = rows.select_related("unit").in_bulk([item.person for item in found])
    sites = dict(Site.objects.filter(pk__in={item.site for item in found if item.site}).values_list("pk", "name"))
    purposes = dict(
        Purpose.objects.filter(pk__in={item.purpose for item in found if item.purpose}).values_list("pk", "name")
    )
    seen = []
    for item in found:
        person = people.get(item.person)
        if person is None:
            continue
        fresh = where.freshness(item.seen_at, now, fresh_hours=options.fresh_hours, stale_days=options.stale_days)
        home = item.kind == PresenceKind.HOME
        seen.append(
            Seen(
                person=person,
                place=sites.get(item.site, "") if item.site else _("设备定位"),
                kind=item.kind,
                kind_label=str(PresenceKind(item.kind).label),
                age="" if home else age_words(item.seen_at, now),
                freshness="" if home else WORDS[fresh],
                level="muted" if home else LEVELS[fresh],
                purpose=purposes.get(item.purpose, ""),
            )
        )
    return seen


def _label(places: dict[Any, int]) -> str:
    """A cell's name as the map has it. ``places``: people by site; None is the device's position."""
    named = [(number, key) for key, number in places.items() if key is not None]
    if not named:
        return _("设备定位") if places else _("没有人")
    first = max(named)[1]
    return label_of(site_names([first]).get(first, ""), len(named))
