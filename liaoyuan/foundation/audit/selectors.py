"""Reading the trail: the audit administrator's search, a person's own look-ups, the last proof."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from liaoyuan.foundation.audit.models import AuditEntry, AuditHead
from liaoyuan.foundation.audit.policies import can_view
from liaoyuan.foundation.audit.rules import VERIFY
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor

TEXT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for. ``text`` is part of the object or the reason; ``actor_ids`` the accounts a name stands for
    (None: anybody); ``since`` and ``until`` are days in the instance's time zone, both included."""

    text: str = ""
    actor_name: str = ""
    actor_ids: tuple[UUID, ...] | None = None
    subject_ids: tuple[UUID, ...] | None = None
    action: str = ""
    allowed: bool | None = None
    since: date | None = None
    until: date | None = None


def trail(actor: Actor) -> QuerySet[AuditEntry]:
    """Every row, newest first. Raises NotPermitted for who is not the audit administrator."""
    can_view(actor).require()
    return AuditEntry.objects.order_by("-seq")


def narrow(rows: QuerySet[AuditEntry], search: Search) -> QuerySet[AuditEntry]:
    """Those of ``rows`` (a ``trail``) that ``search`` asks for. Text without a first day looks back ``TEXT_DAYS`` days
    only: no index helps a part of a word, and the trail may have millions of rows."""
    if (search.text or (search.actor_name and search.actor_ids is None)) and search.since is None:
        rows = rows.filter(at__gte=_start(today() - timedelta(days=TEXT_DAYS)))
    if search.since is not None:
        rows = rows.filter(at__gte=_start(search.since))
    if search.until is not None:
        rows = rows.filter(at__lt=_start(search.until + timedelta(days=1)))
    if search.action:
        rows = rows.filter(action=search.action)
    if search.allowed is not None:
        rows = rows.filter(allowed=search.allowed)
    if search.subject_ids is not None:
        rows = rows.filter(subject_id__in=search.subject_ids)
    if search.actor_ids is not None:
        rows = rows.filter(actor_id__in=search.actor_ids)
    elif search.actor_name:
        rows = rows.filter(actor_name__icontains=search.actor_name)
    if search.text:
        rows = rows.filter(Q(object_label__icontains=search.text) | Q(reason__icontains=search.text))
    return rows


def trail_size(actor: Actor) -> int:
    """How many rows the trail has: its head knows, nothing is counted."""
    can_view(actor).require()
    return AuditHead.objects.filter(id=1).values_list("seq", flat=True).first() or 0


def last_proof(actor: Actor) -> AuditEntry | None:
    """The newest recorded proof of the chain."""
    can_view(actor).require()
    return AuditEntry.objects.filter(action=VERIFY).order_by("-seq").first()


def proofs(actor: Actor, limit: int = 10) -> list[AuditEntry]:
    """The newest recorded proofs of the chain, newest first."""
    can_view(actor).require()
    return list(AuditEntry.objects.filter(action=VERIFY).order_by("-seq")[:limit])


def lookups_of(actor: Actor, person_id: UUID) -> QuerySet[AuditEntry]:
    """Who read, changed or was refused the file of ``person_id``, newest first, without what he did himself: for the
    person himself and nobody else (NotInScope)."""
    if person_id is None or actor.person_id != person_id:
        raise NotInScope()
    rows = AuditEntry.objects.filter(subject_id=person_id).order_by("-seq")
    return rows if actor.user_id is None else rows.exclude(actor_id=actor.user_id)


def told_lately(
    actor: Actor, action: str, subject_ids: list[UUID], *, since: datetime
) -> list[tuple[UUID, dict[str, Any]]]:
    """Subject and detail of the actor's own rows of ``action`` about ``subject_ids`` from ``since`` on, so that one
    look that lasts does not fill the trail."""
    rows = AuditEntry.objects.filter(actor_id=actor.user_id, action=action, subject_id__in=subject_ids, at__gte=since)
    return [(key, detail) for key, detail in rows.values_list("subject_id", "detail") if key is not None]


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def looks_a_day(actor: Actor, *, days: int) -> tuple[int, ...]:
    """How many rows ``lookups_of`` the actor himself has on each of the last ``days`` days, oldest first. One query."""
    first = today() - timedelta(days=days - 1)
    if actor.person_id is None:
        return (0,) * days
    rows = lookups_of(actor, actor.person_id).filter(at__gte=_start(first)).order_by()
    counts = dict(rows.annotate(day=TruncDate("at")).values_list("day").annotate(n=Count("seq")))
    return tuple(counts.get(first + timedelta(days=number), 0) for number in range(days))


def last_time(action: str, *, by: str = "") -> datetime | None:
    """When ``action`` happened last (done ``by`` whoever bears this name): only the time, for pages that show how the
    system runs."""
    rows = AuditEntry.objects.filter(action=action, allowed=True).order_by("-seq")
    if by:
        rows = rows.filter(actor_name=by)
    return rows.values_list("at", flat=True).first()


def last_number(action: str) -> int:
    """The number of the newest row of ``action``, 0 without one: whether it happened again since one looked."""
    return AuditEntry.objects.filter(action=action).order_by("-seq").values_list("seq", flat=True).first() or 0


def last_detail(action: str) -> tuple[datetime, dict[str, Any]] | None:
    """When ``action`` happened last and what it found: for results that live in the trail alone (proofs)."""
    rows = AuditEntry.objects.filter(action=action, allowed=True).order_by("-seq")
    return rows.values_list("at", "detail").first()
