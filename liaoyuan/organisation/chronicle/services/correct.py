"""Correcting and withdrawing: the old row stays, the new one supersedes it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import clock
from liaoyuan.kernel.bus import publish
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.ids import new_id
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.chronicle.events import FactsRecorded
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.policies import can_correct
from liaoyuan.organisation.chronicle.services.record import NewFact, check


def fact_correct(
    *,
    actor: Actor,
    fact: Fact,
    reason: str,
    occurred_on: date | None = None,
    quantity: Decimal | None = None,
    payload: Mapping[str, Any] | None = None,
) -> Fact:
    """Replace what is wrong about a fact; what is left out stays. Raises DomainError without a reason or for a change
    that ``check`` refuses, Conflict where somebody corrected it meanwhile."""
    changed = NewFact(
        kind=fact.kind,
        unit=fact.unit,
        occurred_on=occurred_on or fact.occurred_on,
        source=(fact.source_app, fact.source_id),
        person=fact.person,
        quantity=fact.quantity if quantity is None else quantity,
        payload=fact.payload if payload is None else payload,
    )
    check(changed)
    return _supersede(actor, fact, changed, reason, void=False)


def fact_withdraw(*, actor: Actor, fact: Fact, reason: str) -> Fact:
    """Say that a fact did not happen. It stays readable as withdrawn, with the reason."""
    unchanged = NewFact(
        fact.kind,
        fact.unit,
        fact.occurred_on,
        (fact.source_app, fact.source_id),
        fact.person,
        fact.quantity,
        fact.payload,
    )
    return _supersede(actor, fact, unchanged, reason, void=True)


def _supersede(actor: Actor, fact: Fact, changed: NewFact, reason: str, *, void: bool) -> Fact:
    can_correct(actor, fact.path, fact.kind).require()
    if not reason.strip():
        raise DomainError(_("请写明更正的理由。"), field="reason")
    with unit_of_work():
        every = Fact.objects.unscoped("authorised above")
        row = every.select_for_update().get(pk=fact.pk)
        if every.filter(supersedes=row).exists():
            raise Conflict(_("这条纪实刚被别人更正过，请刷新后再看。"))
        if row.void:
            raise Conflict(_("这条纪实已经撤销。"))
        new = Fact.objects.create(
            id=new_id(),
            kind=row.kind,
            person=row.person,
            unit=row.unit,
            path=row.path,
            occurred_on=changed.occurred_on,
            recorded_at=clock.now(),
            recorded_by=actor.name[:80],
            quantity=changed.quantity,
            payload=dict(changed.payload),
            source_app=row.source_app,
            source_id=row.source_id,
            supersedes=row,
            void=void,
            reason=reason.strip()[:200],
        )
        record(
            actor,
            "chronicle.withdraw" if void else "chronicle.correct",
            object_type="fact",
            object_id=new.pk,
            object_label=row.kind,
            subject_id=row.person_id,
            reason=reason,
            detail={"supersedes": row.pk, "before": row.occurred_on, "after": new.occurred_on},
        )
        people = frozenset({row.person_id} if row.person_id else ())
        publish(FactsRecorded(frozenset({row.kind}), people, frozenset({row.unit_id}), corrected=True))
    return new
