"""Where somebody is now, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from liaoyuan.kernel import clock
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.whereabouts import rules
from liaoyuan.organisation.whereabouts.models import CheckIn, Presence, PresenceKind

LEVELS = {rules.Freshness.FRESH: "ok", rules.Freshness.RECENT: "info", rules.Freshness.STALE: "muted"}
WORDS = {rules.Freshness.FRESH: "新近", rules.Freshness.RECENT: "近期", rules.Freshness.STALE: "陈旧"}


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A present place for a page: its name, how we know, since when, how fresh. ``lon`` and ``lat`` are for those whose
    view is precise, and for oneself."""

    place: str
    kind: str
    kind_label: str
    seen_at: datetime
    age: str
    freshness: str
    level: str
    purpose: str
    lon: float
    lat: float


def own_place(actor: Actor) -> Whereabouts | None:
    """Where the platform takes the actor himself to be; None where it knows nothing."""
    return _of(actor.person_id) if actor.person_id else None


def place_of(person_id: UUID) -> Whereabouts | None:
    """Where a person is whose file the caller has shown the actor already."""
    return _of(person_id)


def _of(person_id: UUID) -> Whereabouts | None:
    rows = Presence.objects.unscoped("the caller has checked the person").filter(pk=person_id)
    row = rows.select_related("site", "purpose").first()
    return None if row is None else described(row)


def described(row: Presence) -> Whereabouts:
    """A presence in words. Needs ``site`` and ``purpose`` selected with the row."""
    options = settings.LIAOYUAN
    now = clock.now()
    fresh = rules.freshness(row.seen_at, now, fresh_hours=options.fresh_hours, stale_days=options.stale_days)
    known_home = row.kind == PresenceKind.HOME
    return Whereabouts(
        place=row.site.name if row.site else _("设备定位"),
        kind=row.kind,
        kind_label=str(PresenceKind(row.kind).label),
        seen_at=row.seen_at,
        age=age_words(row.seen_at, now),
        freshness="" if known_home else WORDS[fresh],
        level="muted" if known_home else LEVELS[fresh],
        purpose=row.purpose.name if row.purpose else "",
        lon=row.lon,
        lat=row.lat,
    )


def age_words(seen_at: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit: 3 分钟前, 5 小时前, 12 天前."""
    seconds = max(0, int((now - seen_at).total_seconds()))
    if seconds < 60:
        return _("刚刚")
    if seconds < 3600:
        return _("%d 分钟前") % (seconds // 60)
    if seconds < 86400:
        return _("%d 小时前") % (seconds // 3600)
    return _("%d 天前") % (seconds // 86400)


def own_checkins(actor: Actor, limit: int = 10) -> Sequence[CheckIn]:
    """One's own latest check-ins."""
    if actor.person_id is None:
        return []
    rows = CheckIn.objects.filter(person_id=actor.person_id).select_related("site").order_by("-at")
    return list(rows[:limit])
