"""Who stands above a branch, and what binds the people named for a case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from liaoyuan.foundation.regulations.dates import after
from liaoyuan.foundation.regulations.rules import Duration
from liaoyuan.foundation.regulations.selectors import parameter
from liaoyuan.kernel import paths
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.members.models import Membership, MembershipKind, Person, StandingKind
from liaoyuan.organisation.units.models import Unit, UnitKind

_EFFECTS = {
    "discipline.warning": "discipline.warning_effect",
    "discipline.serious_warning": "discipline.serious_warning_effect",
    "discipline.removal": "discipline.removal_effect",
}
_ENDED, _PROBATION, _DECIDED = "discipline.effect_ended", "discipline.probation", "discipline.probation_decided"


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


def penalties(people: Collection[UUID], on: date) -> dict[UUID, str]:
    """Who is under a penalty on a day, by the chronicle: "effect" while its effect lasts, "probation" until the rights
    are restored by a decision, never by time alone (DP-06)."""
    kinds = [*_EFFECTS, _ENDED, _PROBATION, _DECIDED]
    rows = Fact.objects.unscoped("a bar binds whether or not the reader may see the penalty").filter(
        person__in=list(people), kind__in=kinds, occurred_on__lte=on
    )
    found: dict[UUID, str] = {}
    until: dict[UUID, date] = {}
    for row in current(rows).order_by("occurred_on", "recorded_at"):
        person = row.person_id
        if row.kind in _EFFECTS:
            until[person] = after(row.occurred_on, _length(_EFFECTS[row.kind], row.occurred_on))
        elif row.kind == _ENDED:
            until.pop(person, None)
        elif row.kind == _PROBATION:
            found[person] = "probation"
        else:
            found.pop(person, None)
    for person, last in until.items():
        if on <= last:
            found.setdefault(person, "effect")
    return found


def _length(parameter_id: str, on: date) -> Duration:
    _document, found = parameter(parameter_id, on=on)
    if not isinstance(found.value, Duration):
        raise TypeError(f"{parameter_id} is no duration")
    return found.value


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
