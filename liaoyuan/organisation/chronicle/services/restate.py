"""A source that was corrected by the app that owns it: what it told is brought in line, the old rows stay."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel.bus import publish
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.services.record import NewFact, check, event_of, new_row, same


def facts_restate(*, actor: Actor, source: tuple[str, str], facts: Iterable[NewFact], reason: str) -> int:
    """``facts`` is all that ``source`` says from now on: what it no longer says is withdrawn, what differs superseded,
    what is new written. Returns how many rows were written; none where nothing differs.

    The caller, the app that owns the source, has authorised it and holds its lock. Raises DomainError without a reason,
    for a fact of another source, or one that ``check`` refuses.
    """
    wanted = {fact.kind: fact for fact in facts}
    if not reason.strip():
        raise DomainError(_("请写明更正的理由。"), field="reason")
    for fact in wanted.values():
        check(fact)
        if fact.source != source:
            raise DomainError(_("更正的纪实须出自同一来源。"), field="source")
    with unit_of_work():
        rows = []
        for kind, old in _now_told(source).items():
            want = wanted.pop(kind, None)
            if want is None and not old.void:
                rows.append(_successor(old, new_row(actor, _unchanged(old)), reason, void=True))
            elif want is not None and (old.void or not same(old, want)):
                rows.append(_successor(old, new_row(actor, want), reason, void=False))
        rows += [new_row(actor, want) for want in wanted.values()]
        for row in rows:
            row.save(force_insert=True)
        if rows:
            people = {row.person_id for row in rows}
            detail: dict[str, Any] = {"source": ":".join(source), "rows": len(rows)}
            subject = people.pop() if len(people) == 1 else None
            record(actor, "chronicle.restate", subject_id=subject, reason=reason, detail=detail)
            publish(event_of(rows, corrected=True))
    return len(rows)


def _now_told(source: tuple[str, str]) -> dict[str, Fact]:
    """The newest row of each kind that the source has told, withdrawn ones too. From the first row, which the index of
    sources finds, along the chain of corrections."""
    every = Fact.objects.unscoped("the caller has authorised").select_related("unit", "person")
    found = {}
    for row in every.filter(source_app=source[0], source_id=source[1], supersedes__isnull=True):
        newest: Fact | None = row
        while newest is not None:
            found[row.kind], newest = newest, every.filter(supersedes=newest).first()
    return found


def _unchanged(row: Fact) -> NewFact:
    source = (row.source_app, row.source_id)
    return NewFact(row.kind, row.unit, row.occurred_on, source, row.person, row.quantity, row.payload)


def _successor(old: Fact, row: Fact, reason: str, *, void: bool) -> Fact:
    row.supersedes, row.void, row.reason = old, void, reason.strip()[:200]
    return row
