"""Who looked at my file, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from liaoyuan.foundation.audit.labels import label_of
from liaoyuan.foundation.audit.models import AuditEntry
from liaoyuan.kernel import clock
from liaoyuan.organisation.members.models import Person


@dataclass(frozen=True, slots=True)
class Look:
    """One look-up or change, as the person it was about reads it."""

    at: datetime
    who: str
    unit: str
    what: str
    why: str
    allowed: bool


def by_day(entries: Sequence[AuditEntry]) -> list[tuple[date, list[Look]]]:
    """``entries`` (newest first) in words, grouped by local day. One query for all names' units."""
    units = _units(entry.actor_id for entry in entries if entry.actor_id)
    looks = [
        Look(
            at=clock.local(entry.at),
            who=entry.actor_name,
            unit=units.get(entry.actor_id, "") if entry.actor_id else "",
            what=label_of(entry.action),
            why=entry.reason,
            allowed=entry.allowed,
        )
        for entry in entries
    ]
    return [(day, list(found)) for day, found in groupby(looks, key=lambda look: look.at.date())]


def _units(user_ids: Iterable[UUID]) -> dict[UUID, str]:
    rows = Person.objects.unscoped("the person looked at may know from which branch who looked at him is")
    return dict(rows.filter(user_id__in=set(user_ids), unit__isnull=False).values_list("user_id", "unit__name"))
