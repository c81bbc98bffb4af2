"""Who is under a penalty, by the chronicle: a bar for those who are named to something, a vote that is lost."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from liaoyuan.foundation.regulations.dates import after
from liaoyuan.foundation.regulations.rules import Duration
from liaoyuan.foundation.regulations.selectors import parameter
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current

_EFFECTS = {
    "discipline.warning": "discipline.warning_effect",
    "discipline.serious_warning": "discipline.serious_warning_effect",
    "discipline.removal": "discipline.removal_effect",
}
_PROBATION, _DECIDED = "discipline.probation", "discipline.probation_decided"
RESTORED = "恢复党员权利"  # as the kind of fact offers it


def penalties(people: Collection[UUID], on: date) -> dict[UUID, str]:
    """Who is under a penalty on a day, by the chronicle: "effect" while the longest of them lasts (a note that one has
    run out says nothing of another), "probation" until a decision has restored the rights, never by time alone (DP-06),
    nor by a decision that prolongs it."""
    kinds = [*_EFFECTS, _PROBATION, _DECIDED]
    rows = Fact.objects.unscoped("a bar binds whether or not the reader may see the penalty").filter(
        person__in=list(people), kind__in=kinds, occurred_on__lte=on
    )
    found: dict[UUID, str] = {}
    until: dict[UUID, date] = {}
    for row in current(rows).order_by("occurred_on", "recorded_at"):
        person = row.person_id
        if row.kind in _EFFECTS:
            last = after(row.occurred_on, _length(_EFFECTS[row.kind], row.occurred_on))
            until[person] = max(until.get(person, last), last)
        elif row.kind == _PROBATION:
            found[person] = "probation"
        elif row.payload.get("result") == RESTORED:
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
