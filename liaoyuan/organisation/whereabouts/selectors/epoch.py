"""Has anything in Presence changed since I last looked, and what?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self
from uuid import UUID

from django.db.models import Count, Max, Q

from liaoyuan.kernel import clock
from liaoyuan.organisation.whereabouts.models import PresenceTick

LATE = timedelta(minutes=15)  # how long a transaction may take to commit a lower key after a higher one was seen


def presence_epoch() -> str:
    """A text that differs after every committed change of Presence. The count stands beside the highest key because
    PostgreSQL may commit a lower key later than a higher one."""
    found = PresenceTick.objects.aggregate(last=Max("pk"), number=Count("pk"))
    return f"{found['last'] or 0}.{found['number']}"


@dataclass(frozen=True, slots=True)
class Moved:
    """One row of Presence that came (``number`` 1) or went (-1)."""

    number: int
    kind: str
    site: UUID | None
    lon: float
    lat: float
    seen_at: datetime
    away: bool

    @classmethod
    def read(cls, row: list[Any]) -> Self:
        """From a tick's JSON."""
        number, kind, site, lon, lat, seen_at, away = row
        return cls(number, kind, UUID(site) if site else None, lon, lat, datetime.fromisoformat(seen_at), away)


@dataclass(frozen=True, slots=True)
class Ticks:
    """What has been seen of the ticks: the last one and its token, and keys below it that may still be committed."""

    last: int
    token: int
    late: frozenset[int]


def ticks_now() -> Ticks | None:
    """All that is committed by now; None where nothing ever changed."""
    last = PresenceTick.objects.order_by("-pk").first()
    if last is None:
        return None
    recent = PresenceTick.objects.filter(at__gte=clock.now() - LATE, pk__lte=last.pk)
    return Ticks(last.pk, last.token, _gaps([last.pk, *recent.values_list("pk", flat=True)]))


def ticks_since(seen: Ticks) -> tuple[Ticks, list[Moved] | None] | None:
    """What was committed after ``seen``, as the new state and the rows that moved (None: too many were, look at all of
    them). None where ``seen`` is not this database's: it was put back to an older state. One query."""
    rows = (
        PresenceTick.objects.filter(Q(pk__gte=seen.last) | Q(pk__in=seen.late))
        if seen.late
        else (PresenceTick.objects.filter(pk__gte=seen.last))
    )
    found = list(rows.order_by("pk").values_list("pk", "token", "moves"))
    if not any(key == seen.last and token == seen.token for key, token, _moves in found):
        return None
    fresh = [row for row in found if row[0] != seen.last]
    if not fresh:
        return seen, []
    last, token, _moves = found[-1]
    late = (seen.late | _gaps(row[0] for row in found if row[0] >= seen.last)) - {row[0] for row in found}
    state = Ticks(last, token, frozenset(late))
    moved: list[Moved] = []
    for _key, _token, moves in fresh:
        if moves is None:
            return state, None
        moved += map(Moved.read, moves)
    return state, moved


def _gaps(keys: Iterable[int]) -> frozenset[int]:
    """Keys between the lowest and the highest that are not there."""
    present: Collection[int] = set(keys)
    return frozenset(range(min(present), max(present))) - frozenset(present)
