"""Postings and present places by the hundred thousand, for the roster. The roster has authorised and checked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings

from liaoyuan.kernel import clock
from liaoyuan.kernel.bulk import Step, insert_rows, moment, new_ids
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.services.bulk import NewMembership, attachments_create, iso
from liaoyuan.organisation.units.models import Site, Unit
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.models import Posting, PostingChange, Presence, Purpose
from liaoyuan.organisation.whereabouts.services import attachment
from liaoyuan.organisation.whereabouts.services.presence import home_bases, lock_people, midnight

_PRESENCE = (
    "person", "kind", "site", "lon", "lat", "gx", "gy", "seen_at", "purpose", "home_path", "attached_path", "standing",
    "rank",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A posting to be written; ids are hex."""

    person: str
    purpose: str
    site: str
    attached: str | None
    since: date
    planned_end: date | None
    ended_on: date | None

    def attached_now(self, today: date) -> bool:
        """Whether it attaches the person today."""
        return self.attached is not None and rules.active_on(self.since, self.ended_on, today)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What the present place of somebody just taken in follows from; ``base`` is his group or branch, ``stay`` the
    posting that is active today as (site id, lon, lat, since, purpose id), ``back`` his last day of return."""

    person: str
    base: str
    home_path: str
    attached_path: str | None
    standing: str
    rank: str
    since: date
    stay: tuple[str, float, float, date, str] | None = None
    back: date | None = None


def postings_create(*, actor: Actor, wanted: Sequence[NewPosting], reason: str, step: Step | None = None) -> list[str]:
    """Write postings, their first PostingChange, and the attachments of those that have begun. Returns the ids (hex).

    The persons' attached columns and present places are the caller's: he knows whether the person is new."""
    ids, today, stamp = new_ids(len(wanted)), clock.today(), moment(clock.now())
    fields = (
        "id", "person", "purpose", "site", "attached_unit", "since", "planned_end", "ended_on", "confirmed_at", "note",
        "recorded_by", "recorded_at",
    )  # fmt: skip
    by = actor.name[:80]
    rows = (
        (
            key, one.person, one.purpose, one.site, one.attached, one.since.isoformat(), iso(one.planned_end),
            iso(one.ended_on), None, "", by, stamp,
        )
        for key, one in zip(ids, wanted, strict=True)
    )  # fmt: skip
    insert_rows(Posting, fields, rows, step=step)
    changes = (
        (change, key, one.person, "recorded", stamp, by, reason, "{}")
        for change, key, one in zip(new_ids(len(ids)), ids, wanted, strict=True)
    )
    insert_rows(PostingChange, ("id", "posting", "person", "verb", "at", "by_name", "reason", "detail"), changes)
    attachments_create(
        NewMembership(one.person, one.attached, one.since, one.ended_on, reason, attachment.SOURCE, key)
        for key, one in zip(ids, wanted, strict=True)
        if one.attached is not None and one.since <= today and one.ended_on != one.since
    )
    return ids


def presence_insert(newcomers: Iterable[Newcomer], *, step: Step | None = None) -> int:
    """The present place of people just taken in, who cannot have checked in yet: what ``presence_refresh`` would
    derive, without reading back what was just written."""
    bases = {key.hex: spot for key, spot in home_bases().items()}
    return insert_rows(Presence, _PRESENCE, _presence_rows(newcomers, bases), step=step)


def _presence_rows(newcomers: Iterable[Newcomer], bases: Mapping[str, rules.Spot]) -> Iterator[tuple[object, ...]]:
    now, valid = clock.now(), settings.LIAOYUAN.checkin_valid_days
    moments: dict[date, str] = {}
    for one in newcomers:
        spot = bases.get(one.base)
        since = max(one.since, one.back) if one.back else one.since
        stay = one.stay
        if stay is None and spot is not None:  # the common case, spelled out: a hundred thousand times
            seen = moments.get(since) or moments.setdefault(since, moment(midnight(since)))
            site = spot.site.hex if isinstance(spot.site, UUID) else spot.site
            cell = rules.cell_index(spot.lon, spot.lat)
            yield (
                one.person, rules.HOME, site, spot.lon, spot.lat, *cell, seen, None, one.home_path,
                one.attached_path, one.standing, one.rank,
            )  # fmt: skip
            continue
        away = None
        if stay is not None:
            away = rules.Stay(midnight(stay[3]), rules.Spot(stay[1], stay[2], stay[0]), stay[4])
        place = rules.present_place(None, away, rules.Base(midnight(since), spot) if spot else None, now, valid)
        if place is None:
            continue
        site = place.spot.site.hex if isinstance(place.spot.site, UUID) else place.spot.site
        yield (
            one.person, place.kind, site, place.spot.lon, place.spot.lat,
            *rules.cell_index(place.spot.lon, place.spot.lat), moment(place.seen_at), place.purpose, one.home_path,
            one.attached_path, one.standing, one.rank,
        )  # fmt: skip


def posting_set(
    *,
    actor: Actor,
    posting_id: str,
    purpose: Purpose,
    site: Site,
    attached: Unit | None,
    planned_end: date | None,
    ended_on: date | None,
    reason: str,
) -> None:
    """Make an existing posting what a roster says, its attachment with it. The caller has authorised, checked the
    overlaps, and brings the presences up to date. Raises DomainError where members refuses the attachment."""
    attachment.lock_branch(attached)
    rows = Posting.objects.unscoped("the roster has authorised").select_related("person", "purpose", "site")
    row = rows.select_for_update(of=("self",)).get(pk=UUID(posting_id))
    lock_people([row.person_id])
    before = {
        "purpose": row.purpose.name, "site": row.site.name, "attached": str(row.attached_unit_id or ""),
        "planned_end": iso(row.planned_end), "ended_on": iso(row.ended_on),
    }  # fmt: skip
    rearrange = row.attached_unit_id != (attached.pk if attached else None) or (
        row.ended_on and row.ended_on != ended_on
    )
    if rearrange:
        attachment.undo(row)
    row.purpose, row.site, row.attached_unit = purpose, site, attached
    row.planned_end, row.ended_on = planned_end, ended_on
    row.save(update_fields=["purpose", "site", "attached_unit", "planned_end", "ended_on"])
    if rearrange:
        attachment.begin(actor, row)
    else:
        attachment.end(actor, row)
    PostingChange.objects.create(
        posting=row, person_id=row.person_id, verb="ended" if ended_on and not before["ended_on"] else "corrected",
        by_name=actor.name[:80], reason=reason, detail=before,
    )  # fmt: skip
