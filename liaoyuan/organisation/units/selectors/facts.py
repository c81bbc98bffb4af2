"""A unit as the rules see it."""

from django.db.models import Max
from django.db.models.functions import Length

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


def depth_after(subtree: str, new_prefix: str) -> int:
    """Levels of the deepest node of the subtree at ``subtree`` if its root stood at ``new_prefix``."""
    rows = Unit.objects.unscoped("measures a subtree").filter(path__gte=subtree, path__lt=paths.upper(subtree))
    longest = rows.aggregate(longest=Max(Length("path")))["longest"] or len(subtree)
    return (longest - len(subtree) + len(new_prefix)) // paths.WIDTH


def move_depth(unit: Unit, to_parent: Unit) -> int:
    """Levels of the deepest node once ``unit`` stands under ``to_parent``."""
    return depth_after(unit.path, to_parent.path) + 1
