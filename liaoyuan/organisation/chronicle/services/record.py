"""Writing facts down, once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.dates import horizon
from liaoyuan.kernel import clock
from liaoyuan.kernel.bus import publish
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle import kinds
from liaoyuan.organisation.chronicle.events import FactsRecorded
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.members.models import Person
from liaoyuan.organisation.units.models import Unit

BATCH = 2000


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to be written. ``source`` is (app, id of the row it comes from): the pair makes it unique per kind."""

    kind: str
    unit: Unit
    occurred_on: date
    source: tuple[str, str]
    person: Person | None = None
    quantity: Decimal | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)


def fact_record(*, actor: Actor, fact: NewFact) -> Fact:
    """Write one fact. The caller, the app that owns the event, has authorised it.

    The same source again with the same content returns the first row; with other content raises Conflict (use
    ``fact_correct``). Raises DomainError for an unknown kind, a payload outside its schema, or a day to come.
    """
    check(fact)
    with unit_of_work():
        row = new_row(actor, fact)
        if not _insert(row):
            before = _existing(fact)
            if same(before, fact):
                return before
            raise Conflict(_("这件事已经记过，内容不同；请用更正。"))
        record(
            actor,
            "chronicle.record",
            object_type="fact",
            object_id=row.pk,
            object_label=kinds.kind(fact.kind).label,
            subject_id=row.person_id,
        )
        publish(event_of([row]))
    return row


def facts_record(*, actor: Actor, facts: Iterable[NewFact]) -> int:
    """Write many facts at once (an import); those whose source is known already are passed over. One audit row.
    Returns how many were new."""
    wanted = list(facts)
    for fact in wanted:
        check(fact)
    with unit_of_work():
        rows = [new_row(actor, fact) for fact in wanted]
        every = Fact.objects.unscoped("the caller has authorised")
        every.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
        written: set[UUID] = set()  # asked by key: the ledger may hold millions of rows
        for start in range(0, len(rows), BATCH):
            keys = [row.pk for row in rows[start : start + BATCH]]
            written.update(every.filter(pk__in=keys).values_list("pk", flat=True))
        if written:
            record(actor, "chronicle.record_many", detail={"added": len(written)})
            publish(event_of(row for row in rows if row.pk in written))
    return len(written)


def check(fact: NewFact) -> None:
    """Raise DomainError where a fact cannot be true or is not of a registered form."""
    try:
        declared = kinds.kind(fact.kind)
    except KeyError:
        raise DomainError(_("没有登记过“%(kind)s”这种事项。") % {"kind": fact.kind}, field="kind") from None
    if declared.about == "person" and fact.person is None:
        raise DomainError(_("“%(label)s”须写明是谁。") % {"label": declared.label}, field="person")
    if fact.occurred_on > clock.today():
        raise DomainError(_("发生日期 %(day)s 还没有到。") % {"day": fact.occurred_on}, field="occurred_on")
    problem = kinds.payload_problem(fact.kind, fact.payload)
    if problem:
        raise DomainError(f"{problem}。", field="payload")
    _check_until(fact.payload.get("until"))


def _check_until(told: object) -> None:
    if told in {None, ""}:
        return
    try:
        until = date.fromisoformat(str(told))
    except ValueError:
        raise DomainError(_("截止日期应写作 2026-11-23 这样的形式。"), field="until") from None
    last = horizon(clock.today())
    if until > last:
        raise DomainError(
            _("截止日期 %(day)s 太远，最迟到 %(last)s，请核对年份。") % {"day": until, "last": last}, field="until"
        )


def new_row(actor: Actor, fact: NewFact) -> Fact:
    """A fact as a row that is not written yet."""
    return Fact(
        kind=fact.kind,
        person=fact.person,
        unit=fact.unit,
        path=fact.unit.path,
        occurred_on=fact.occurred_on,
        recorded_at=clock.now(),
        recorded_by=actor.name[:80],
        quantity=fact.quantity,
        payload=dict(fact.payload),
        source_app=fact.source[0],
        source_id=fact.source[1],
    )


_FIELDS = Fact._meta.concrete_fields
_INSERT = (
    f"INSERT INTO chronicle_fact ({', '.join(str(field.column) for field in _FIELDS)}) "  # noqa: S608  the names are ours
    f"VALUES ({', '.join(['%s'] * len(_FIELDS))}) "
    "ON CONFLICT (source_app, source_id, kind) WHERE supersedes_id IS NULL DO NOTHING"
)


def _insert(row: Fact) -> bool:
    """Whether the row is new. One statement by hand, for it writes every single fact: a savepoint around the ORM's
    insert, to see it refused, costs three times as much."""
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [field.get_db_prep_save(getattr(row, field.attname), connection) for field in _FIELDS])
        row._state.adding = cursor.rowcount != 1
    return not row._state.adding


def _existing(fact: NewFact) -> Fact:
    app, source = fact.source
    rows = Fact.objects.unscoped("looked up by its source").filter(supersedes__isnull=True)
    return rows.get(kind=fact.kind, source_app=app, source_id=source)


def same(row: Fact, fact: NewFact) -> bool:
    """Whether a row says what ``fact`` says."""
    return (
        row.person_id == (fact.person.pk if fact.person else None)
        and row.unit_id == fact.unit.pk
        and row.occurred_on == fact.occurred_on
        and row.quantity == fact.quantity
        and row.payload == dict(fact.payload)
    )


def event_of(rows: Iterable[Fact], *, corrected: bool = False) -> FactsRecorded:
    """What is told of rows just written."""
    told = list(rows)
    return FactsRecorded(
        kinds=frozenset(row.kind for row in told),
        person_ids=frozenset(row.person_id for row in told if row.person_id),
        unit_ids=frozenset(row.unit_id for row in told),
        corrected=corrected,
    )
