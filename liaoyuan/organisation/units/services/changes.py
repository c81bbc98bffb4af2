"""Writing down one structural change: the row that tells the past, and the audit entry."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from liaoyuan.foundation.audit import services as audit
from liaoyuan.kernel.clock import now, today
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import rules
from liaoyuan.organisation.units.models import Unit, UnitChange
from liaoyuan.organisation.units.wording import refuse

# What a snapshot holds: enough to draw the tree of a past day and to say what changed.
SNAPSHOT = (
    "name",
    "kind",
    "parent_id",
    "position",
    "host_body",
    "can_approve_members",
    "founded_on",
    "elected_on",
    "site_id",
    "approved_by_id",
    "mission",
    "planned_end_on",
    "dissolved_on",
)


def snapshot(unit: Unit) -> dict[str, Any]:
    """The unit's columns as JSON values."""
    values = {}
    for name in SNAPSHOT:
        value = getattr(unit, name)
        if isinstance(value, date):
            value = value.isoformat()
        values[name] = str(value) if isinstance(value, UUID) else value
    return values


def change_write(
    actor: Actor,
    unit: Unit,
    verb: str,
    *,
    on: date,
    reason: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any] | None = None,
) -> None:
    """Append the UnitChange and the audit entry ``units.<verb>``; only what differs is kept of the two snapshots."""
    after = snapshot(unit) if after is None else after
    changed = {name for name in after if before.get(name) != after[name]}
    UnitChange.objects.create(
        unit=unit,
        verb=verb,
        on=on,
        reason=reason,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
        by_name=actor.name[:80],
        recorded_at=now(),
    )
    audit.record(
        actor,
        f"units.{verb}",
        object_type="units.unit",
        object_id=unit.pk,
        object_label=f"{unit.name}（{unit.code}）",
        reason=reason,
        detail={"on": on, "changed": sorted(changed)},
    )


def check_day(*units: Unit, on: date) -> None:
    """Refuse a day on which the change cannot have taken effect in any of ``units`` (``rules.change_day``)."""
    rows = UnitChange.objects.filter(unit__in=units).exclude(verb="create")
    last = dict(rows.order_by().values_list("unit_id").annotate(last=Max("on")))
    for unit in units:
        refuse(rules.change_day(on, today=today(), founded_on=unit.founded_on, last_change=last.get(unit.pk)))


def check_alive(*units: Unit) -> None:
    """Refuse to change what has been dissolved."""
    for unit in units:
        if unit.dissolved_on is not None:
            names = {"unit": unit.name, "day": unit.dissolved_on}
            raise DomainError(_("“%(unit)s”已于 %(day)s 撤销，不能再变动。") % names)


def check_reason(reason: str) -> str:
    """The reason, trimmed; a structural change needs one of 2 to 300 characters."""
    reason = reason.strip()
    if not 2 <= len(reason) <= 300:
        raise DomainError(_("请写明理由（2 至 300 个字），例如批复文号。"), field="reason")
    return reason
