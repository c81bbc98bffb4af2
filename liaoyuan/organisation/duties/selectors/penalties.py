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
_ENDED, _PROBATION, _DECIDED = "discipline.effect_ended", "discipline.probation", "discipline.probation_decided"


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
