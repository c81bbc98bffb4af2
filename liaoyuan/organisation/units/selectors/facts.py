"""A unit as the rules see it."""

from liaoyuan.kernel import paths
from liaoyuan.organisation.units import rules
from liaoyuan.organisation.units.models import Unit


def facts_of(unit: Unit) -> rules.UnitFacts:
    """The unit as the rules see it."""
    approver = unit.approved_by
    return rules.UnitFacts(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        parent_kind=unit.parent.kind if unit.parent is not None else None,
        depth=paths.depth(unit.path),
        host_body=unit.host_body,
        founded_on=unit.founded_on,
        elected_on=unit.elected_on,
        planned_end_on=unit.planned_end_on,
        dissolved_on=unit.dissolved_on,
        mission=unit.mission,
        approver_kind=approver.kind if approver is not None else None,
        approver_is_above=approver is not None and approver.pk != unit.pk and paths.within(unit.path, approver.path),
        can_approve_members=unit.can_approve_members,
    )
