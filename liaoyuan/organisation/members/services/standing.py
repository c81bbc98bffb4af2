"""Political standing: one step at a time, in lawful order."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel import bus, clock
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.events import PersonChanged
from liaoyuan.organisation.members.models import Person, Standing, StandingKind
from liaoyuan.organisation.members.policies import can_decide
from liaoyuan.organisation.members.rules import admission
from liaoyuan.organisation.members.rules.spans import Span
from liaoyuan.organisation.members.services.locking import check_active, check_conceivable, check_reason, locked_person
from liaoyuan.organisation.members.services.membership import do_leave_group
from liaoyuan.organisation.members.services.tenure import check_may_end, end_tenures, running_tenures


def standing_change(*, actor: Actor, person: Person, kind: str, on: date, basis: str) -> Person:
    """``person`` has the standing ``kind`` from ``on``, on the strength of ``basis`` (a resolution, an approval). From
    that day who is no full member holds no post that asks for one, and who is no member is in no Party group.

    Raises DomainError with the clause where the step or its date is not lawful: a step left out, under 18 at the
    application (DM-01), less than a year an activist (DM-11) or a probationer (DM-39), a day to come; NotPermitted
    while he holds such a post in a unit that is not the actor's to manage.
    """
    with unit_of_work():
        person = locked_person(actor, person.pk, can_decide)
        check_active(person)
        basis = check_reason(basis, field="basis")[:120]
        if kind not in StandingKind.values:
            raise DomainError(_("没有这种政治面貌，请从列表中选择。"), field="kind")
        check_conceivable(on, birth=person.birth_date)
        rows = list(person.standings.all())
        history = [Span(row.since, row.until, row.kind, row) for row in rows]
        finding = admission.standing_change_finding(
            history, kind, on, birth=person.birth_date, today=clock.today(), limits=limits_at(person.home_path or "")
        )
        if finding is not None:
            raise DomainError(finding.message, field=finding.field, clause=finding.clause)
        before = person.standing
        for span in history:
            if span.until is None:
                _close(span.key, on)
        Standing.objects.create(person=person, kind=kind, since=on, basis=basis)
        show_standing(person)
        if before == StandingKind.FULL:
            check_may_end(actor, running_tenures(person).filter(post__needs_full_member=True))
            end_tenures(actor, person, last_day=on - timedelta(days=1), reason=basis, of_members=True)
        if kind not in admission.IN_GROUPS:
            do_leave_group(person, on=on, reason=basis)
        record(
            actor,
            "members.standing",
            object_type="members.person",
            object_id=person.pk,
            object_label=person.name,
            subject_id=person.pk,
            reason=basis,
            detail={"from": before, "to": kind, "on": on},
        )
        bus.publish(PersonChanged(person.pk))
        return person


def _close(row: Standing, on: date) -> None:
    """End a row; one that would have held on no day goes."""
    if row.since is not None and row.since >= on:
        row.delete()
        return
    row.until = on
    row.save(update_fields=["until"])


def show_standing(person: Person) -> None:
    """Bring the person's own columns in line with the rows: the open one, and the days of admission."""
    rows = list(person.standings.all())
    present = next((row for row in rows if row.until is None), None)
    person.standing = present.kind if present else StandingKind.MASSES
    person.joined_on = _latest(rows, StandingKind.PROBATIONARY) or (
        person.joined_on if person.standing in _ONCE_MEMBER else None
    )
    # A suspension interrupts, it does not begin a new membership: the first day of being a full member counts.
    person.full_since = _earliest(rows, StandingKind.FULL) or (
        person.full_since if person.standing in _ONCE_MEMBER else None
    )
    person.updated_at = clock.now()
    person.save(update_fields=["standing", "joined_on", "full_since", "updated_at"])


_ONCE_MEMBER = frozenset({StandingKind.PROBATIONARY, StandingKind.FULL, StandingKind.SUSPENDED, StandingKind.ENDED})


def _earliest(rows: list[Standing], kind: str) -> date | None:
    return min((row.since for row in rows if row.kind == kind and row.since is not None), default=None)


def _latest(rows: list[Standing], kind: str) -> date | None:
    return max((row.since for row in rows if row.kind == kind and row.since is not None), default=None)
