"""Leaving the organisation and coming back."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from liaoyuan.foundation.accounts.services import account_disable, account_enable
from liaoyuan.foundation.audit.services import record
from liaoyuan.kernel import bus
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.events import PersonChanged, PersonLeft, PersonMoved, PersonReturned
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person
from liaoyuan.organisation.members.policies import Capability, can_decide, can_place_in
from liaoyuan.organisation.members.services.locking import (
    check_active,
    check_day,
    check_reason,
    locked_person,
)
from liaoyuan.organisation.members.services.membership import (
    check_grouped,
    check_home,
    checked_group,
    show_memberships,
)
from liaoyuan.organisation.members.services.tenure import check_may_end, end_tenures, running_tenures
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.services.lock import unit_for_path


def person_leave(*, actor: Actor, person: Person, on: date, reason: str) -> Person:
    """``person`` is gone from ``on`` (discharged, transferred away, deceased …): memberships and posts end, the account
    is switched off, the file stays in the branch's scope.

    Raises DomainError for a day to come or before the present membership began, NotPermitted while he holds a post in a
    unit that is not the actor's to manage: leaving would end it.
    """
    with unit_of_work():
        person = locked_person(actor, person.pk, can_decide)
        check_active(person)
        check_may_end(actor, running_tenures(person))
        check_day(on)
        reason = check_reason(reason)[:80]
        for row in person.memberships.filter(until__isnull=True):
            if on < row.since:
                raise DomainError(
                    _("离队日期不能早于现有组织关系（或挂靠）的起始日期 %(since)s，请核对。")
                    % {"since": row.since.isoformat()},
                    field="on",
                )
            row.until = on
            row.save(update_fields=["until"])
        end_tenures(actor, person, last_day=on - timedelta(days=1))
        person.active, person.left_on, person.left_reason = False, on, reason
        person.save(update_fields=["active", "left_on", "left_reason"])
        show_memberships(person)
        if person.user is not None:
            account_disable(actor=actor, user=person.user, reason=_("已离队"), by=Capability.MANAGE)
        _written(actor, "members.leave", person, reason, on)
        bus.publish(PersonChanged(person.pk))
        bus.publish(PersonLeft(person.pk, on))
        return person


def person_return(
    *, actor: Actor, person: Person, to_unit: Unit, on: date, reason: str, group: Unit | None = None
) -> Person:
    """``person`` is back, in ``to_unit`` from ``on``; the account works again. Posts are given anew."""
    with unit_of_work():
        unit = unit_for_path(to_unit.pk)
        person = locked_person(actor, person.pk, can_decide)
        can_place_in(actor, unit).require()
        if person.active:
            raise Conflict(_("%(name)s 在队，不用办理归队。") % {"name": person.name})
        check_day(on)
        if person.left_on is not None and on < person.left_on:
            raise DomainError(_("归队日期不能早于离队日期 %(day)s。") % {"day": person.left_on.isoformat()}, field="on")
        check_home(unit, on=on)
        check_grouped(person.standing, group)
        group = checked_group(unit, group)
        reason = check_reason(reason)
        Membership.objects.create(
            person=person, kind=MembershipKind.HOME, unit=unit, group=group, since=on, reason=reason
        )
        person.active, person.left_on, person.left_reason = True, None, ""
        person.save(update_fields=["active", "left_on", "left_reason"])
        show_memberships(person)
        if person.user is not None:
            account_enable(actor=actor, user=person.user, reason=_("已归队"), by=Capability.MANAGE)
        _written(actor, "members.return", person, reason, on)
        bus.publish(PersonChanged(person.pk))
        bus.publish(PersonReturned(person.pk, on))
        bus.publish(PersonMoved(person.pk, MembershipKind.HOME, None, unit.pk))
        return person


def _written(actor: Actor, action: str, person: Person, reason: str, on: date) -> None:
    record(
        actor,
        action,
        object_type="members.person",
        object_id=person.pk,
        object_label=person.name,
        subject_id=person.pk,
        reason=reason,
        detail={"on": on},
    )
