"""Who stands above a branch, and where the people of a case belong."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from liaoyuan.kernel import paths
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, StandingKind
from liaoyuan.organisation.units.models import Unit, UnitKind


@dataclass(frozen=True, slots=True)
class Above:
    """The committee directly above a branch (general branches between them only deliberate), and the nearest one with
    the power to approve members (DM-32)."""

    superior: Unit | None
    approver: Unit | None


def above(unit: Unit) -> Above:
    """Who stands above a branch. One query."""
    rows = Unit.objects.unscoped("whose act a step is, is no secret").filter(
        path__in=paths.ancestors(unit.path), kind=UnitKind.COMMITTEE, dissolved_on__isnull=True
    )
    nearest = sorted(rows, key=lambda row: -len(row.path))
    return Above(
        superior=nearest[0] if nearest else None,
        approver=next((row for row in nearest if row.can_approve_members), None),
    )


def full_members_on(people: Collection[UUID], on: date) -> set[UUID]:
    """Who of ``people`` is a full member on a day. One query."""
    rows = Person.objects.unscoped("asked by the rule on mentors and introducers").filter(pk__in=list(people))
    held = rows.filter(standings__kind=StandingKind.FULL).values_list("pk", "standings__since", "standings__until")
    return {person for person, since, until in held if (since is None or since <= on) and (until is None or on < until)}


def attached_between(person: UUID, first: date, last: date) -> tuple[str, ...]:
    """The branches to which somebody was attached on any day from ``first`` to ``last``. One query."""
    rows = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gt=first), person=person, kind=MembershipKind.ATTACHED, since__lte=last
    )
    return tuple(dict.fromkeys(rows.order_by("since").values_list("unit__name", flat=True)))
