"""A unit's own terms: set or ended in the rule book, and everything that is due counted anew."""

from datetime import date
from typing import Any

from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.services.overrides import override_end, override_set
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.jobs import enqueue
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units.models import Unit


def parameter_set(
    *, actor: Actor, parameter_id: str, unit: Unit, value: Any, since: date, until: date | None, reason: str
) -> ParameterOverride:
    """As ``override_set``, for a unit; the worker then counts all duties anew."""
    with unit_of_work():
        row = override_set(
            actor=actor,
            parameter_id=parameter_id,
            path=unit.path,
            unit_id=unit.pk,
            unit_name=unit.name,
            value=value,
            since=since,
            until=until,
            reason=reason,
        )
        enqueue("duties.evaluate")
    return row


def parameter_end(*, actor: Actor, override: ParameterOverride, on: date, reason: str) -> None:
    """As ``override_end``; the worker then counts all duties anew."""
    with unit_of_work():
        override_end(actor=actor, override=override, on=on, reason=reason)
        enqueue("duties.evaluate")
