"""Deriving the present place of people, one or a hundred thousand, from the same pure rule."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.paths import upper
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.events import PresenceChanged
from liaoyuan.organisation.whereabouts.models import CheckIn, Posting, Presence, PresenceTick
from liaoyuan.organisation.whereabouts.selectors.bases import home_bases, home_bases_at
from liaoyuan.organisation.whereabouts.selectors.when import active_on, midnight

CHUNK = 5000
AT_ONCE = 2000
FEW = 200  # people whose units are looked up by themselves, without reading the whole tree
MAX_NAMED = 500
MAX_PATHS = 200
MAX_MOVES = 200  # people whose moves a tick tells one by one
KEEP_TICKS = timedelta(hours=1)
_WHY = "a derived table: computed for everybody, whoever looks later"
_COLUMNS = (
    "kind", "site_id", "lon", "lat", "gx", "gy", "seen_at", "purpose_id", "home_path", "attached_path", "standing",
    "rank",
)  # fmt: skip
_FIELDS = [name.removesuffix("_id") for name in _COLUMNS]
Row = tuple[object, ...]
Bases = Mapping[UUID, rules.Spot | None]


def presence_refresh(person_ids: Iterable[UUID] | None = None) -> int:
    """Bring the present place of ``person_ids`` (None = everybody) up to date and return how many changed.

    Reads in chunks by key range, computes each by ``rules.present_place``, writes only what differs; running it again
    changes nothing. Publishes one ``PresenceChanged``. Safe beside check-ins: what differs is computed again under the
    people's row locks, in key order, before it is written.
    """
    changed: list[UUID] = []
    touched: set[str] = set()
    moves: list[list[object]] = []
    with unit_of_work():
        bases: Bases | None = None
        for chunk in _chunks(person_ids):
            if bases is None and len(chunk.ids) > FEW:
                bases = home_bases()
            differing = _differing(chunk, bases)
            if differing:
                ids = sorted(differing)
                _lock(ids)
                written, paths, moved = _write(ids, bases)
                changed.extend(written)
                touched |= paths
                if len(changed) <= MAX_MOVES:
                    moves += moved
                if len(touched) > 4 * MAX_PATHS:
                    touched = set(rules.collapse_paths(touched, MAX_PATHS))
        if changed:
            PresenceTick.objects.create(at=clock.now(), moves=moves if len(changed) <= MAX_MOVES else None)
            named = tuple(changed) if len(changed) <= MAX_NAMED else ()
            bus.publish(PresenceChanged(named, rules.collapse_paths(touched, MAX_PATHS)))
    return len(changed)


def presence_refresh_under(path: str) -> int:
    """``presence_refresh`` for everybody whose home lies in the subtree at ``path``."""
    return presence_refresh(_under(path).values_list("pk", flat=True))


def count_under(path: str) -> int:
    """How many people ``presence_refresh_under`` would look at."""
    return _under(path).count()


def _under(path: str) -> QuerySet[Person]:
    return Person.objects.unscoped(_WHY).filter(home_path__gte=path, home_path__lt=upper(path), active=True)


def presence_tell(paths: Iterable[str], *, same_places: bool = False) -> None:
    """Tell listeners that presences at ``paths`` changed without recomputing them: they were imported, or rewritten in
    the ``same_places``."""
    PresenceTick.objects.create(at=clock.now(), moves=[] if same_places else None)
    bus.publish(PresenceChanged((), rules.collapse_paths(paths, MAX_PATHS)))


def ticks_prune() -> int:
    """Forget changes older than an hour; the latest always stays. Returns how many were deleted."""
    last = PresenceTick.objects.aggregate(last=Max("pk"))["last"] or 0
    old = PresenceTick.objects.filter(at__lt=clock.now() - KEEP_TICKS, pk__lt=last)
    return old.delete()[0]


def presence_differences() -> tuple[int, int]:
    """How many people were compared, and of how many the stored place is not what the rule derives. Only reads."""
    bases = home_bases()
    checked = wrong = 0
    for chunk in _chunks(None):
        checked += len(chunk.ids)
        wrong += len(_differing(chunk, bases))
    return checked, wrong


def lock_people(person_ids: Iterable[UUID]) -> None:
    """Lock these people's rows in key order until the end of the transaction (SQLite has one writer anyway)."""
    _lock(sorted(person_ids))


def _lock(ids: Sequence[UUID]) -> None:
    people = Person.objects.unscoped(_WHY)
    for start in range(0, len(ids), CHUNK):
        part = people.filter(pk__in=ids[start : start + CHUNK]).order_by("pk")
        list(part.select_for_update(no_key=True).values_list("pk"))


def _chunks(person_ids: Iterable[UUID] | None) -> "Iterator[_Keys]":
    """Everybody concerned, in chunks in key order."""
    if person_ids is not None:
        ids = sorted(set(person_ids))
        for start in range(0, len(ids), CHUNK):
            yield _Keys(ids[start : start + CHUNK])
        return
    keys = list(Person.objects.unscoped(_WHY).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        yield _Keys(part, whole_range=True)


@dataclass(frozen=True, slots=True)
class _Keys:
    """Some people: by list, or (a whole run of the table) by its first and last key, which costs two parameters."""

    ids: Sequence[UUID]
    whole_range: bool = False

    def on(self, column: str) -> Q:
        if self.whole_range:
            return Q(**{f"{column}__gte": self.ids[0], f"{column}__lte": self.ids[-1]})
        return Q(**{f"{column}__in": self.ids})


def _differing(keys: _Keys, bases: Bases | None) -> set[UUID]:
    """Whose row is missing, wrong or superfluous."""
    wanted = _wanted(keys, bases)
    present = _present(keys)
    return {key for key, row in wanted.items() if present.get(key) != row} | (present.keys() - wanted.keys())


def _present(keys: _Keys) -> dict[UUID, Row]:
    rows = Presence.objects.unscoped(_WHY).filter(keys.on("person_id"))
    return {row[0]: row[1:] for row in rows.values_list("person_id", *_COLUMNS)}


def _write(ids: Sequence[UUID], bases: Bases | None) -> tuple[list[UUID], set[str], list[list[object]]]:
    """Compute ``ids`` once more, now under their locks, and write what differs. Returns whose rows those are, the paths
    concerned, and how they moved (of so many as a tick can tell)."""
    keys = _Keys(ids)
    wanted, present = _wanted(keys, bases), _present(keys)
    rows = [
        Presence(person_id=key, **dict(zip(_COLUMNS, row, strict=True)))
        for key, row in wanted.items()
        if present.get(key) != row
    ]
    gone = present.keys() - wanted.keys()
    table = Presence.objects.unscoped(_WHY)
    table.bulk_create(rows, batch_size=1000, update_conflicts=True, unique_fields=["person_id"], update_fields=_FIELDS)
    if gone:
        table.filter(person_id__in=gone).delete()
    changed = [row.person_id for row in rows] + list(gone)
    home, attached = _COLUMNS.index("home_path"), _COLUMNS.index("attached_path")
    paths = {str(row[at]) for key in changed for source in (wanted, present) if (row := source.get(key, ()))
             for at in (home, attached) if row[at]}  # fmt: skip
    moved = [
        _told(number, source[key])
        for key in changed[:MAX_MOVES]
        for number, source in ((-1, present), (1, wanted))
        if key in source
    ]
    return changed, paths, moved


def _told(number: int, row: Row) -> list[object]:
    """A row that came or went, as ``PresenceTick.moves`` has it."""
    kind, site, lon, lat, _gx, _gy, seen_at, purpose, *_rest = row
    return [number, str(kind), str(site) if site else None, lon, lat, seen_at.isoformat(), purpose is not None]  # type: ignore[attr-defined]  # a datetime


def _wanted(keys: _Keys, bases: Bases | None) -> dict[UUID, Row]:
    """The rows that ought to be, by person; with None for ``bases`` those of these people are looked up."""
    now, today = clock.now(), clock.today()
    valid_days = settings.LIAOYUAN.checkin_valid_days
    said, stays, returns = _checkins(keys, now, valid_days), _stays(keys, today), _returns(keys, today)
    belongs = _belongs_since(keys)
    people = Person.objects.unscoped(_WHY).filter(keys.on("pk"), active=True, unit__isnull=False).exclude(home_path="")
    rows = list(people.values_list("pk", "unit_id", "group_id", "home_path", "attached_path", "standing", "rank"))
    if bases is None:
        bases = home_bases_at(row[3] for row in rows)
        if any((group or unit) not in bases for _key, unit, group, *_rest in rows):
            bases = home_bases()  # the tree moved in between
    found: dict[UUID, Row] = {}
    for key, unit, group, home_path, attached_path, standing, rank in rows:
        spot = bases.get(group or unit)
        since = max(filter(None, (belongs.get(key), returns.get(key))), default=today)
        place = rules.present_place(
            said.get(key), stays.get(key), rules.Base(midnight(since), spot) if spot else None, now, valid_days
        )
        if place is None:
            continue
        gx, gy = rules.cell_index(place.spot.lon, place.spot.lat)
        found[key] = (
            place.kind, place.spot.site, place.spot.lon, place.spot.lat, gx, gy, place.seen_at, place.purpose,
            home_path, attached_path, standing, rank,
        )  # fmt: skip
    return found


def _checkins(keys: _Keys, now: datetime, valid_days: int) -> dict[UUID, rules.Said]:
    """The latest check-in of each that can still count. A named place is where it is now, should it have been set right
    since; a device's position is what was kept of it."""
    later = CheckIn.objects.filter(person=OuterRef("person"), at__gt=OuterRef("at"), at__lte=now)
    rows = CheckIn.objects.filter(
        keys.on("person_id"), ~Exists(later), at__gt=now - timedelta(days=valid_days), at__lte=now
    )
    return {
        person: rules.Said(at, rules.Spot(lon, lat, site))
        for person, at, lon, lat, site in rows.values_list(
            "person_id", "at", Coalesce("site__lon", "lon"), Coalesce("site__lat", "lat"), "site_id"
        )
    }


def _stays(keys: _Keys, today: date) -> dict[UUID, rules.Stay]:
    """The active posting of each; where two overlap (an old import), the one that began last."""
    rows = (
        Posting.objects.unscoped(_WHY).filter(keys.on("person_id"), active_on(today)).order_by("since", "recorded_at")
    )
    return {
        person: rules.Stay(midnight(since), rules.Spot(lon, lat, site), purpose, confirmed)
        for person, since, lon, lat, site, purpose, confirmed in rows.values_list(
            "person_id", "since", "site__lon", "site__lat", "site_id", "purpose_id", "confirmed_at"
        )
    }


def _returns(keys: _Keys, today: date) -> dict[UUID, date]:
    """When each came back last."""
    rows = Posting.objects.unscoped(_WHY).filter(keys.on("person_id"), ended_on__lte=today)
    return dict(rows.values_list("person_id").annotate(last=Max("ended_on")))


def _belongs_since(keys: _Keys) -> dict[UUID, date]:
    rows = Membership.objects.filter(keys.on("person_id"), kind=MembershipKind.HOME, until__isnull=True)
    return dict(rows.values_list("person_id", "since"))
