"""Who is at a place, when the place itself changes."""

from uuid import UUID

from django.db.models import QuerySet

from liaoyuan.kernel.db import unit_of_work
from liaoyuan.organisation.whereabouts.models import Presence
from liaoyuan.organisation.whereabouts.services.presence import presence_refresh, presence_tell

_WHY = "a derived table: computed for everybody, whoever looks later"


def count_at(site_id: UUID) -> int:
    """How many people are at a place now, however we know."""
    return _at(site_id).count()


def presence_refresh_at(site_id: UUID) -> int:
    """``presence_refresh`` for everybody at the place: it has other coordinates."""
    return presence_refresh(_at(site_id).values_list("pk", flat=True))


def presence_tell_at(site_id: UUID) -> None:
    """Tell listeners that the place of those there is called otherwise; nobody moved."""
    rows = _at(site_id).order_by()
    found = {path for pair in rows.values_list("home_path", "attached_path").distinct() for path in pair if path}
    if found:
        with unit_of_work():
            presence_tell(found, same_places=True)


def _at(site_id: UUID) -> "QuerySet[Presence]":
    rows: QuerySet[Presence] = Presence.objects.unscoped(_WHY).filter(site=site_id)
    return rows
