"""Splitting, merging and dissolving units."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel import bus, paths
from liaoyuan.kernel.clock import now, today
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import policies, registry, rules
from liaoyuan.organisation.units.events import UnitCreated, UnitDissolved, UnitMerged, UnitSplit
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors.facts import facts_of, move_depth
from liaoyuan.organisation.units.services.changes import (
    change_write,
    check_alive,
    check_day,
    check_reason,
    snapshot,
)
from liaoyuan.organisation.units.services.lock import fresh, tree_lock
from liaoyuan.organisation.units.services.move import hang_under
from liaoyuan.organisation.units.services.recheck import delegations_recheck, grants_end_with_units
from liaoyuan.organisation.units.services.tree import unit_place
from liaoyuan.organisation.units.wording import refuse


def unit_split(
    *,
    actor: Actor,
    unit: Unit,
    code: str,
    name: str,
    reason: str,
    on: date | None = None,
    host_body: str = "",
    child_ids: Sequence[UUID] = (),
    person_ids: Sequence[UUID] = (),
) -> Unit:
    """Found a sibling of the same kind out of ``unit`` and hand it ``child_ids`` (groups, branches …) and, for a
    branch, ``person_ids``; the people of a group go with the group (``UnitSplit``). Returns the new unit.

    Raises DomainError where nothing is handed over, where everything is, or where a child is not the unit's own;
    NotPermitted without the power over the level above.
    """
    policies.can_restructure(actor, unit).require()
    reason = check_reason(reason)
    on = on or today()
    with unit_of_work():
        tree_lock()
        (found,) = fresh(unit)
        unit = found or unit
        policies.can_restructure(actor, unit).require()
        check_alive(unit)
        check_day(unit, on=on)
        if unit.parent is None:
            raise DomainError(_("最上级组织不能拆分。"))
        if person_ids and unit.kind not in rules.BRANCHES:
            raise DomainError(_("人员属于党支部，只有拆分党支部时才能选择人员。"), field="person_ids")
        if not child_ids and not person_ids:
            raise DomainError(_("请至少选择一个下级组织或一名人员划入新组织。"), field="child_ids")
        children = _children_chosen(unit, child_ids)
        new = _found_sibling(actor, unit, code=code, name=name, host_body=host_body, on=on, reason=reason)
        for child in children:
            _hand_over(actor, child, new, on=on, reason=reason)
        change_write(
            actor,
            unit,
            "split",
            on=on,
            reason=reason,
            before={},
            after={"into": new.code, "children": [child.code for child in children], "people": len(person_ids)},
        )
        group_ids = tuple(child.pk for child in children if child.kind == rules.GROUP)
        bus.publish(
            UnitSplit(
                source_id=unit.pk,
                new_id=new.pk,
                person_ids=tuple(person_ids),
                group_ids=group_ids,
                on=on,
                reason=reason,
            )
        )
        delegations_recheck(under=[new.path], actor=actor)
    return new


def _found_sibling(actor: Actor, unit: Unit, *, code: str, name: str, host_body: str, on: date, reason: str) -> Unit:
    code = rules.normalise_code(code)
    if Unit.objects.unscoped("codes are unique in the whole tree").filter(code=code).exists():
        raise DomainError(_("组织编码 %(code)s 已被使用。请换一个编码。") % {"code": code}, field="code")
    new = Unit(
        code=code,
        name=rules.normalise_name(name),
        kind=unit.kind,
        parent=unit.parent,
        host_body=rules.normalise_name(host_body) or unit.host_body,
        founded_on=on,
        site=unit.site,
        approved_by=unit.approved_by,
        mission=unit.mission,
        planned_end_on=unit.planned_end_on,
    )
    unit_place(new)
    refuse(rules.unit_findings(facts_of(new), today=today(), limits=limits_at(new.path)))
    new.save(force_insert=True)
    change_write(actor, new, "create", on=on, reason=reason, before={})
    bus.publish(UnitCreated(unit_id=new.pk, path=new.path))
    return new


def _children_chosen(unit: Unit, child_ids: Sequence[UUID]) -> list[Unit]:
    rows = Unit.objects.unscoped("the unit is authorised").select_related("parent")
    children = list(rows.filter(parent=unit, pk__in=child_ids, dissolved_on__isnull=True).order_by("position"))
    if len(children) != len(set(child_ids)):
        raise DomainError(
            _("所选下级组织有的不在“%(unit)s”下面。请刷新后重选。") % {"unit": unit.name}, field="child_ids"
        )
    return children


def _hand_over(actor: Actor, child: Unit, to_parent: Unit, *, on: date, reason: str) -> None:
    """Move ``child`` as part of a larger act: the same rules, its own change row."""
    check_day(child, on=on)
    refuse(rules.placement(child.kind, to_parent.kind, depth=move_depth(child, to_parent), field="child_ids"))
    before = snapshot(child)
    hang_under(child, to_parent)
    change_write(actor, child, "move", on=on, reason=reason, before=before)


def unit_merge(*, actor: Actor, sources: Sequence[Unit], target: Unit, reason: str, on: date | None = None) -> Unit:
    """Merge ``sources`` into ``target``: their living children move under it, their people are re-homed by
    ``UnitMerged``, and they end on ``on``.

    Raises DomainError where the kinds do not go together (``rules.mergeable``), where one lies within another, where
    groups are of different branches, or where people are left in a source; NotPermitted unless all are the actor's.
    """
    for unit in (*sources, target):
        policies.can_restructure(actor, unit).require()
    reason = check_reason(reason)
    on = on or today()
    with unit_of_work():
        tree_lock()
        found = [unit for unit in fresh(*sources, target) if unit is not None]
        sources, target = found[:-1], found[-1]
        for unit in found:
            policies.can_restructure(actor, unit).require()
        check_alive(*found)
        check_day(*found, on=on)
        refuse_merge(sources, target)
        for source in sources:
            for child in _living_children(source):
                _hand_over(actor, child, target, on=on, reason=reason)
        bus.publish(
            UnitMerged(source_ids=tuple(unit.pk for unit in sources), target_id=target.pk, on=on, reason=reason)
        )
        _refuse_occupied(sources)
        for source in sources:
            _end(actor, source, verb="merged", on=on, reason=reason, into=target)
        codes = [source.code for source in sources]
        change_write(actor, target, "merge", on=on, reason=reason, before={}, after={"from": codes})
        delegations_recheck(under=[target.path], actor=actor)
    return target


def refuse_merge(sources: Sequence[Unit], target: Unit) -> None:
    """Refuse what cannot become one unit."""
    if not sources:
        raise DomainError(_("请选择要并入的组织。"), field="sources")
    everyone = [*sources, target]
    if len({unit.pk for unit in everyone}) != len(everyone):
        raise DomainError(_("一个组织不能并入它自己。请另选组织。"), field="target")
    if not rules.mergeable(unit.kind for unit in everyone):
        raise DomainError(
            _(
                "类别不同的组织不能合并：党委与党委、党总支与党总支、党支部（含联合）与党支部、临时党支部与临时党支部、党小组与党小组才能合并。"
            ),
            field="target",
        )
    if any(paths.within(one.path, other.path) for one in everyone for other in everyone if one.pk != other.pk):
        raise DomainError(_("上下级组织之间不能合并。请先移动或撤销下级组织。"), field="target")
    if target.kind == rules.GROUP and len({unit.parent_id for unit in everyone}) > 1:
        raise DomainError(_("不同支部的党小组不能合并，因为人员属于支部。请先调整人员所在支部。"), field="target")


def unit_dissolve(*, actor: Actor, unit: Unit, reason: str, on: date | None = None) -> Unit:
    """End a unit on ``on`` (today). It stays in the tree as history.

    Raises DomainError while units stand under it or people belong to it (each app that knows people registered a check:
    ``registry.register_occupancy``), NotPermitted without the power over the level above (reg: BR-06, TB-06).
    """
    policies.can_restructure(actor, unit).require()
    reason = check_reason(reason)
    on = on or today()
    with unit_of_work():
        tree_lock()
        (found,) = fresh(unit)
        unit = found or unit
        policies.can_restructure(actor, unit).require()
        check_alive(unit)
        check_day(unit, on=on)
        children = _living_children(unit)
        if children:
            names = {"unit": unit.name, "count": len(children), "first": children[0].name}
            raise DomainError(
                _("“%(unit)s”下面还有 %(count)s 个组织（如“%(first)s”）。请先撤销或移走它们，或改用合并。") % names
            )
        _refuse_occupied([unit])
        _end(actor, unit, verb="dissolve", on=on, reason=reason)
    return unit


def _living_children(unit: Unit) -> list[Unit]:
    rows = Unit.objects.unscoped("the unit is authorised").select_related("parent")
    return list(rows.filter(parent=unit, dissolved_on__isnull=True).order_by("position"))


def _refuse_occupied(units: Iterable[Unit]) -> None:
    for unit in units:
        for answer in registry.occupancy([unit.pk]):
            sentence = (
                answer
                if isinstance(answer, str)
                else _("“%(unit)s”还有 %(count)s 人。请先转走人员，或改用合并。") % {"unit": unit.name, "count": answer}
            )
            raise Conflict(sentence)


def _end(actor: Actor, unit: Unit, *, verb: str, on: date, reason: str, into: Unit | None = None) -> None:
    before = snapshot(unit)
    unit.dissolved_on = on
    unit.updated_at = now()
    unit.save(update_fields=["dissolved_on", "updated_at"])
    after = snapshot(unit) | ({"into": into.code} if into is not None else {})
    change_write(actor, unit, verb, on=on, reason=reason, before=before, after=after)
    bus.publish(UnitDissolved(unit_id=unit.pk, on=on, reason=reason))
    grants_end_with_units([unit.pk], reason=reason)
