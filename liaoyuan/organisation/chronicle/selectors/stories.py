"""What happened, as known now or on a past day."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from liaoyuan.kernel.scoping import Actor, ScopedQuerySet
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.policies import Capability


@dataclass(frozen=True, slots=True)
class Told:
    """A fact told in a sentence. ``corrected`` says that an earlier version exists."""

    id: UUID
    kind: str
    label: str
    icon: str
    occurred_on: date
    recorded_at: datetime
    sentence: str
    corrected: bool
    reason: str


def current(rows: ScopedQuerySet, *, known_at: datetime | None = None) -> ScopedQuerySet:
    """Rows that hold: neither superseded nor void; with ``known_at``, as they were known at that moment."""
    later = Fact.objects.unscoped("only asks whether a correction exists").filter(supersedes=OuterRef("pk"))
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
        later = later.filter(recorded_at__lte=known_at)
    return rows.filter(~Exists(later), void=False)


def facts_visible(actor: Actor, *, known_at: datetime | None = None) -> ScopedQuerySet:
    """Facts that hold, in the actor's reach (and those about himself)."""
    return current(Fact.objects.visible_to(actor, Capability.VIEW), known_at=known_at)


def unit_story(actor: Actor, path: str, *, known_at: datetime | None = None, most: int = 200) -> list[Told]:
    """The latest facts of a unit and all below it, newest first."""
    rows = facts_visible(actor, known_at=known_at).filter(path__gte=path, path__lt=f"{path}~")
    return _tell(actor, rows.select_related("person", "unit").order_by("-occurred_on", "-id")[:most])


def _tell(actor: Actor, rows: ScopedQuerySet) -> list[Told]:
    told = []
    for row in rows:
        declared = kinds.kind(row.kind)
        own = row.person_id is not None and row.person_id == actor.person_id
        if not own and not actor.covers(declared.see, row.path):
            continue
        told.append(
            Told(
                id=row.pk,
                kind=row.kind,
                label=declared.label,
                icon=declared.icon,
                occurred_on=row.occurred_on,
                recorded_at=row.recorded_at,
                sentence=kinds.sentence(
                    row.kind,
                    name=row.person.name if row.person else "",
                    unit=row.unit.name,
                    quantity=row.quantity,
                    payload=row.payload,
                ),
                corrected=row.supersedes_id is not None,
                reason=row.reason,
            )
        )
    return told
