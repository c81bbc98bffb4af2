"""A unit sets a parameter differently, with reason and dates."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.audit.services import record
from liaoyuan.foundation.regulations.models import ParameterOverride
from liaoyuan.foundation.regulations.policies import can_override
from liaoyuan.foundation.regulations.rules import bound_problem, parse_value
from liaoyuan.foundation.regulations.selectors import parameter
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor


def override_set(
    *,
    actor: Actor,
    parameter_id: str,
    path: str,
    unit_id: UUID,
    unit_name: str,
    value: Any,
    since: date,
    until: date | None = None,
    reason: str,
) -> ParameterOverride:
    """Let ``value`` bind the unit with ``path`` and all below it from ``since``. An open override of the same unit and
    parameter ends the day before. Raises DomainError for a value of the wrong type or out of bounds, dates in
    disorder or no reason, Conflict where a later override of the unit exists already."""
    can_override(actor, path).require()
    if not reason.strip():
        raise DomainError(_("请写明调整的理由。"), field="reason")
    if until is not None and until < since:
        raise DomainError(_("止期不能早于起期。"), field="until")
    try:
        _document, found = parameter(parameter_id, on=since)
    except KeyError:
        raise DomainError(_("%(on)s 施行的文本没有这个参数。") % {"on": since}, field="parameter") from None
    try:
        problem = bound_problem(found.type, parse_value(found.type, value))
    except ValueError as error:
        raise DomainError(_("参数值不对：%(error)s。") % {"error": error}, field="value") from error
    if problem:
        raise DomainError(_("参数值不对：%(error)s。") % {"error": problem}, field="value")
    with unit_of_work():
        same = (
            ParameterOverride.objects.unscoped("authorised for the unit above")
            .select_for_update()
            .filter(parameter=parameter_id, path=path)
        )
        if same.filter(since__gte=since).exists():
            raise Conflict(
                _("该单位在 %(since)s 当日或之后已有调整，请先撤销那一条。") % {"since": since}, field="since"
            )
        same.filter(until__isnull=True).update(until=since - timedelta(days=1))
        override = ParameterOverride.objects.create(
            parameter=parameter_id,
            path=path,
            unit_id=unit_id,
            unit_name=unit_name,
            value=value,
            since=since,
            until=until,
            reason=reason.strip(),
            by_name=actor.name,
        )
        record(
            actor,
            "regulations.override_set",
            object_type="parameter",
            object_id=parameter_id,
            object_label=f"{unit_name} {parameter_id}",
            reason=reason,
            detail={"value": value, "since": since, "until": until},
        )
    return override


def override_end(*, actor: Actor, override: ParameterOverride, on: date, reason: str) -> None:
    """End an override: ``on`` is the last day it binds; before its first day it never binds at all and is removed."""
    can_override(actor, override.path).require()
    if not reason.strip():
        raise DomainError(_("请写明撤销的理由。"), field="reason")
    with unit_of_work():
        row = ParameterOverride.objects.unscoped("authorised above").select_for_update().get(pk=override.pk)
        if row.until is not None and row.until < on:
            raise Conflict(_("这条调整已在 %(until)s 结束。") % {"until": row.until})
        if on < row.since:
            row.delete()
        else:
            row.until = on
            row.save(update_fields=["until"])
        record(
            actor,
            "regulations.override_end",
            object_type="parameter",
            object_id=override.parameter,
            object_label=f"{override.unit_name} {override.parameter}",
            reason=reason,
            detail={"on": on},
        )
