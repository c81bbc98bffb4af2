"""Moving a subtree under another parent."""

from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.kernel import bus, paths
from liaoyuan.kernel.clock import now, today
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import policies, rules
from liaoyuan.organisation.units.events import UnitUpdated
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors.facts import move_depth
from liaoyuan.organisation.units.services.changes import (
    change_write,
    check_alive,
    check_day,
    check_reason,
    snapshot,
)
from liaoyuan.organisation.units.services.lock import fresh, tree_lock
from liaoyuan.organisation.units.services.paths import next_position, path_under, subtrees_move
from liaoyuan.organisation.units.services.recheck import delegations_recheck
from liaoyuan.organisation.units.services.tree import order_children
from liaoyuan.organisation.units.wording import refuse


def unit_move(
    *,
    actor: Actor,
    unit: Unit,
    to_parent: Unit,
    reason: str,
    on: date | None = None,
    before: UUID | None = None,
    expected_path: str = "",
) -> Unit:
    """Hang ``unit`` with everything below it under ``to_parent``: last, or before the sibling with the id ``before``.

    People, posts, grants and postings come along; their denormalised paths change in the same transaction
    (``UnitPathsChanged``). Delegations whose giver no longer reaches the unit end. ``expected_path`` is the path the
    preview showed; another one raises Conflict. Raises DomainError for a ring, a forbidden kind or too deep a tree,
    NotPermitted unless both the old and the new parent are the actor's to manage.
    """
    policies.can_move(actor, unit, to_parent).require()
    reason = check_reason(reason)
    on = on or today()
    with unit_of_work():
        tree_lock()
        unit, to_parent = fresh(unit, to_parent)  # type: ignore[assignment]  # neither is None
        policies.can_move(actor, unit, to_parent).require()
        if expected_path and unit.path != expected_path:
            raise Conflict(_("“%(unit)s”的位置刚被他人改变，没有移动。请刷新后重新选择。") % {"unit": unit.name})
        check_alive(unit, to_parent)
        check_day(unit, on=on)
        refuse_place(unit, to_parent)
        same_parent = unit.parent_id == to_parent.pk
        if same_parent and before is None:
            raise DomainError(_("它本来就在“%(unit)s”下面。") % {"unit": to_parent.name}, field="to_parent")
        old = snapshot(unit)
        if not same_parent:
            hang_under(unit, to_parent)
        if before is not None:
            _put_before(unit, to_parent, before)
        change_write(actor, unit, "move", on=on, reason=reason, before=old)
        delegations_recheck(under=[unit.path], actor=actor)
        bus.publish(UnitUpdated(unit_id=unit.pk, path=unit.path))
    return unit


def refuse_place(unit: Unit, to_parent: Unit) -> None:
    """Raise a DomainError (field ``to_parent``) where ``unit`` cannot stand under ``to_parent``: a ring, a forbidden
    kind, too deep a tree."""
    if paths.within(to_parent.path, unit.path):
        names = {"unit": unit.name, "parent": to_parent.name}
        sentence = _("“%(parent)s”是“%(unit)s”本身或其下级，移过去会成环。请另选上级。") % names
        raise DomainError(sentence, field="to_parent")
    refuse(rules.placement(unit.kind, to_parent.kind, depth=move_depth(unit, to_parent), field="to_parent"))


def hang_under(unit: Unit, to_parent: Unit) -> None:
    """Make ``unit`` the last child of ``to_parent`` and move its subtree; under the tree lock, after the rules."""
    old = unit.path
    unit.parent = to_parent
    unit.position = next_position(to_parent)
    unit.updated_at = now()
    new = path_under(to_parent, unit.position)
    unit.save(update_fields=["parent", "position", "updated_at"])
    subtrees_move(((old, new),))
    unit.path = new


def _put_before(unit: Unit, parent: Unit, before: UUID) -> None:
    rows = list(Unit.objects.unscoped("the parent is authorised").filter(parent=parent).order_by("position"))
    others = [row for row in rows if row.pk != unit.pk]
    place = next((index for index, row in enumerate(others) if row.pk == before), None)
    if place is None:
        raise Conflict(_("要排在它前面的那个组织已不在这里，没有移动。请刷新后重试。"))
    me = next(row for row in rows if row.pk == unit.pk)
    order_children(parent, [*others[:place], me, *others[place:]])
    unit.refresh_from_db(fields=["position", "path"])
