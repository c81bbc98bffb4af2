"""The chronicle on screen: lists as known now or on a past day, and one fact with all its versions."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from liaoyuan.foundation.files.models import StoredFile
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.results import Allowed, Decision
from liaoyuan.kernel.scoping import Actor, ScopedQuerySet
from liaoyuan.organisation.chronicle import hands, kinds
from liaoyuan.organisation.chronicle.kinds import FactKind
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.policies import Capability
from liaoyuan.organisation.chronicle.selectors.stories import Told, current
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.members.policies import can_view_file
from liaoyuan.organisation.units.models import Unit

HAND = "chronicle"  # the source of what is written down on these pages
BY_HAND = frozenset({HAND, "duties"})  # sources whose facts somebody typed, and may type anew
GATE = "chronicle.evidence"  # who may fetch a file of evidence; its key is the fact's source


def end_of(day: date) -> datetime:
    """The last moment of a day in the instance's time zone."""
    midnight = datetime.combine(day + timedelta(days=1), time.min)
    return timezone.make_aware(midnight, timezone.get_default_timezone()) - timedelta(microseconds=1)


def facts_readable(actor: Actor) -> ScopedQuerySet:
    """Every version of every fact in the actor's reach and about himself, but for kinds that ask for a capability that
    he lacks there."""
    return _guarded(actor, Fact.objects.visible_to(actor, Capability.VIEW)).select_related("person__unit", "unit")


def facts_of_person(actor: Actor, person: Person) -> ScopedQuerySet:
    """Every version of every fact about a person whose file the actor has opened (``members.person_file``). What
    happened in an earlier branch belongs to the file: it follows the person, not the branch."""
    rows = Fact.objects.unscoped("the person's file has been opened").filter(person=person)
    if actor.person_id != person.pk:
        hidden = [
            kind.key for kind in kinds.all_kinds()
            if not actor.covers(kind.see, person.home_path) and not actor.covers(kind.see, person.attached_path or "-")
        ]  # fmt: skip
        rows = rows.exclude(kind__in=hidden)
    return rows.select_related("person__unit", "unit")


def facts_of_unit(actor: Actor, unit: Unit) -> ScopedQuerySet:
    """Those of a unit and all below it."""
    return facts_readable(actor).filter(path__gte=unit.path, path__lt=upper(unit.path))


def _guarded(actor: Actor, rows: ScopedQuerySet) -> ScopedQuerySet:
    by_capability: dict[str, list[str]] = {}
    for kind in kinds.all_kinds():
        if kind.see != Capability.VIEW:
            by_capability.setdefault(kind.see, []).append(kind.key)
    own = Q(person_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    for see, keys in by_capability.items():
        reach = actor.reach(see)
        if "" in reach:
            continue
        seen = own
        for prefix in reach:
            seen |= Q(path__gte=prefix, path__lt=upper(prefix))
        rows = rows.filter(~Q(kind__in=keys) | seen)
    return rows


def holding(rows: ScopedQuerySet, *, known_on: date | None = None) -> ScopedQuerySet:
    """Of ``rows`` those that hold, as known now, or as known at the end of a past day."""
    return current(rows, known_at=end_of(known_on) if known_on else None)


def with_mended(rows: ScopedQuerySet, *, only: bool = False) -> ScopedQuerySet:
    """``rows`` with those that no longer hold, or ``only`` those: withdrawn, or ``replaced`` by a correction."""
    later = Fact.objects.unscoped("only asks whether a correction exists").filter(supersedes=OuterRef("pk"))
    rows = rows.annotate(replaced=Exists(later))
    return rows.filter(Q(replaced=True) | Q(void=True)) if only else rows


@dataclass(frozen=True, slots=True)
class FactPage:
    """A fact with every version of it, the newest first; ``latest`` is the one that counts."""

    latest: Fact
    versions: tuple[Fact, ...]
    kind: FactKind | None
    proofs: tuple[StoredFile, ...] = ()

    @property
    def by_hand(self) -> bool:
        """Whether somebody typed it, so that somebody may type it anew; not where a case file has taken it since."""
        return self.latest.source_app in BY_HAND and not hands.mended_elsewhere(self.latest)

    @property
    def takes_files(self) -> bool:
        """Whether files of evidence lie beside it."""
        return self.latest.source_app in BY_HAND


def fact_page(actor: Actor, fact_id: UUID) -> FactPage:
    """One fact with its versions, whichever of them is asked for. Raises NotInScope."""
    return _page(actor, pk=fact_id)


def fact_of_hand(actor: Actor, source_id: str) -> FactPage:
    """The fact written down by hand under a source. Raises NotInScope."""
    return _page(actor, source_app__in=BY_HAND, source_id=source_id)


def _page(actor: Actor, **lookup: Any) -> FactPage:
    rows = facts_readable(actor)
    row = rows.filter(**lookup).first()
    if row is None:  # an earlier branch's: whoever keeps the person's file reads it there
        other = Fact.objects.unscoped("narrowed to the person's file").filter(**lookup, person__isnull=False).first()
        if other is None or other.person is None or not can_view_file(actor, other.person):
            raise NotInScope()
        rows = facts_of_person(actor, other.person)
        row = rows.filter(pk=other.pk).first()
        if row is None:
            raise NotInScope()
    same = rows.filter(kind=row.kind, source_app=row.source_app, source_id=row.source_id)
    chain = _in_order(list(same))
    return FactPage(chain[0], tuple(chain), kind_or_none(row.kind), _proofs(row))


def evidence_gate(actor: Actor, source_id: str) -> Decision:
    """Whoever may read the fact may fetch its evidence. Raises NotInScope for everybody else."""
    fact_of_hand(actor, source_id)
    return Allowed()


def _proofs(row: Fact) -> tuple[StoredFile, ...]:
    if row.source_app not in BY_HAND:
        return ()
    return tuple(StoredFile.objects.filter(gate=GATE, gate_key=row.source_id).order_by("created_at"))


def _in_order(rows: list[Fact]) -> list[Fact]:
    """Versions of one fact, the newest first: each supersedes the one after it."""
    replaced = {row.supersedes_id: row for row in rows if row.supersedes_id is not None}
    first = next((row for row in rows if row.supersedes_id is None), rows[0])
    chain = [first]
    while (newer := replaced.get(chain[-1].pk)) is not None:
        chain.append(newer)
    return chain[::-1]


def kind_or_none(key: str) -> FactKind | None:
    """A kind; None where its app is gone."""
    try:
        return kinds.kind(key)
    except KeyError:
        return None


def tell(row: Fact) -> str:
    """A row in a sentence; its bare kind where nobody can tell it any more. Needs ``person`` and ``unit`` selected."""
    if kind_or_none(row.kind) is None:
        return row.kind
    return kinds.sentence(
        row.kind,
        name=row.person.name if row.person else "",
        unit=row.unit.name,
        quantity=_plain(row),
        payload=row.payload,
    )


def person_story(actor: Actor, person: Person) -> list[Told]:
    """What holds of a person, newest first: earlier branches included for whoever may open his file, who says himself
    that he has looked; else what lies in the actor's reach."""
    rows = (
        facts_of_person(actor, person) if can_view_file(actor, person) else facts_readable(actor).filter(person=person)
    )
    found = []
    for row in holding(rows).order_by("-occurred_on", "-pk"):
        kind = kind_or_none(row.kind)
        found.append(
            Told(
                id=row.pk,
                kind=row.kind,
                label=kind.label if kind else row.kind,
                icon=kind.icon if kind else "point",
                occurred_on=row.occurred_on,
                recorded_at=row.recorded_at,
                sentence=tell(row),
                corrected=row.supersedes_id is not None,
                reason=row.reason,
            )
        )
    return found


def _plain(row: Fact) -> object:
    return None if row.quantity is None else f"{row.quantity.normalize():f}"


def kinds_by_hand(actor: Actor) -> list[FactKind]:
    """Kinds that the actor may write down by hand somewhere: those that name their evidence and that he may read, and
    of which no part is for their own app to fill in."""
    found = [kind for kind in kinds.all_kinds() if "evidence" in kind.schema and not kind.filled]
    return [kind for kind in found if actor.holds(kind.see)]
