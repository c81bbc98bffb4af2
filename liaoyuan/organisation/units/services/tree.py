"""Founding units, keeping their data, and ordering them among their siblings."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel import bus, paths
from liaoyuan.kernel.clock import now, today
from liaoyuan.kernel.db import unit_of_work
from liaoyuan.kernel.errors import Conflict, DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import policies, registry, rules
from liaoyuan.organisation.units.events import UnitCreated, UnitUpdated
from liaoyuan.organisation.units.models import Site, Unit
from liaoyuan.organisation.units.selectors.facts import facts_of
from liaoyuan.organisation.units.services.changes import (
    change_write,
    check_alive,
    check_day,
    check_reason,
    snapshot,
)
from liaoyuan.organisation.units.services.lock import fresh, tree_lock
from liaoyuan.organisation.units.services.paths import next_position, path_under, subtrees_move
from liaoyuan.organisation.units.services.totp import totp_recompute_under
from liaoyuan.organisation.units.spelling import spell
from liaoyuan.organisation.units.wording import refuse

# What unit_update may change. The place in the tree, the code and the end have verbs of their own.
UPDATABLE = frozenset(
    {
        "name",
        "kind",
        "host_body",
        "can_approve_members",
        "founded_on",
        "elected_on",
        "site",
        "approved_by",
        "mission",
        "planned_end_on",
    }
)


def unit_create(
    *,
    actor: Actor,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None,
    reason: str,
    host_body: str = "",
    can_approve_members: bool = False,
    founded_on: date | None = None,
    elected_on: date | None = None,
    site: Site | None = None,
    approved_by: Unit | None = None,
    mission: str = "",
    planned_end_on: date | None = None,
) -> Unit:
    """Found a unit as the last child of ``parent`` (None: a root, by the platform itself only).

    Effective on ``founded_on``, or today. Raises DomainError with the field for whatever ``rules.unit_findings``
    blocks (reg: BR-05, TB-01, TB-02, DM-32) and where the code is taken, NotPermitted without the power above.
    """
    policies.can_create_under(actor, parent).require()
    reason = check_reason(reason)
    with unit_of_work():
        tree_lock()
        parent, approved_by = fresh(parent, approved_by)
        policies.can_create_under(actor, parent).require()
        if parent is not None:
            check_alive(parent)
        code = rules.normalise_code(code)
        if Unit.objects.unscoped("codes are unique in the whole tree").filter(code=code).exists():
            raise DomainError(_("组织编码 %(code)s 已被使用。请换一个编码。") % {"code": code}, field="code")
        unit = Unit(
            code=code,
            name=rules.normalise_name(name),
            kind=kind,
            parent=parent,
            host_body=rules.normalise_name(host_body),
            can_approve_members=can_approve_members,
            founded_on=founded_on,
            elected_on=elected_on,
            site=site,
            approved_by=approved_by,
            mission=rules.normalise_name(mission),
            planned_end_on=planned_end_on,
        )
        unit_place(unit)
        refuse(rules.unit_findings(facts_of(unit), today=today(), limits=limits_at(unit.path)))
        unit.save(force_insert=True)
        change_write(actor, unit, "create", on=founded_on or today(), reason=reason, before={})
        bus.publish(UnitCreated(unit_id=unit.pk, path=unit.path))
    return unit


def unit_place(unit: Unit) -> None:
    """Give a unit that is not saved yet its position, path and spelling, as the last child of its parent."""
    unit.position = next_position(unit.parent)
    try:
        unit.path = path_under(unit.parent, unit.position)
    except ValueError:
        depth = paths.depth(unit.parent.path) + 1 if unit.parent else 1
        refuse(rules.placement(unit.kind, unit.parent.kind if unit.parent else None, depth=depth))
        raise
    unit.pinyin, unit.initials = spell(unit.name)
    unit.updated_at = now()


def unit_update(
    *,
    actor: Actor,
    unit: Unit,
    reason: str,
    on: date | None = None,
    expected: datetime | None = None,
    **changes: Any,
) -> Unit:
    """Change a unit's own data (``UPDATABLE``), effective ``on`` (today). Nothing different: nothing is written.

    ``expected`` is the ``updated_at`` the form was built on; another value raises Conflict. Changing the kind or the
    approving power needs the level above (DM-32). Raises DomainError with the field where a rule blocks (a branch with
    people becomes no temporary one, TB-01), NotPermitted.
    """
    unknown = set(changes) - UPDATABLE
    if unknown:
        raise TypeError(f"unit_update cannot change {sorted(unknown)}")
    policies.can_update(actor, unit).require()
    on = on or today()
    with unit_of_work():
        tree_lock()
        (found,) = fresh(unit)
        unit = _checked(actor, found, expected)
        before = snapshot(unit)
        for name, value in changes.items():
            setattr(unit, name, rules.normalise_name(value) if isinstance(value, str) and name != "kind" else value)
        after = snapshot(unit)
        if before == after:
            return unit
        reason = check_reason(reason)
        check_alive(unit)
        check_day(unit, on=on)
        if before["kind"] != unit.kind or before["can_approve_members"] != unit.can_approve_members:
            policies.can_restructure(actor, unit).require()
        _check_children(unit)
        if unit.kind == rules.TEMPORARY_BRANCH and before["kind"] != unit.kind:
            _check_empty(unit)
        refuse(rules.unit_findings(facts_of(unit), today=today(), limits=limits_at(unit.path)))
        unit.pinyin, unit.initials = spell(unit.name)
        unit.updated_at = now()
        unit.save()
        verb = "rename" if {key for key in after if before[key] != after[key]} == {"name"} else "update"
        change_write(actor, unit, verb, on=on, reason=reason, before=before)
        if before["can_approve_members"] != unit.can_approve_members:
            totp_recompute_under([unit.path])
        bus.publish(UnitUpdated(unit_id=unit.pk, path=unit.path))
    return unit


def _checked(actor: Actor, unit: Unit | None, expected: datetime | None) -> Unit:
    assert unit is not None  # noqa: S101  fresh() answers None only for None
    policies.can_update(actor, unit).require()
    if expected is not None and expected != unit.updated_at:
        raise Conflict(_("“%(unit)s”刚被他人修改过，您的改动没有保存。请刷新页面后重新填写。") % {"unit": unit.name})
    return unit


def _check_children(unit: Unit) -> None:
    """A new kind must still be one that the living children may stand under."""
    kinds = Unit.objects.unscoped("rules of the children").filter(parent=unit, dissolved_on__isnull=True)
    for kind in kinds.order_by().values_list("kind", flat=True).distinct():
        refuse(rules.placement(kind, unit.kind, depth=1, field="kind"))


def _check_empty(unit: Unit) -> None:
    """Nobody belongs to a temporary branch: its people are attached (TB-01)."""
    count = sum(answer for answer in registry.occupancy([unit.pk]) if isinstance(answer, int))
    if count:
        raise DomainError(
            _(
                "“%(unit)s”有 %(count)s 人的组织关系，不能改为临时党支部：临时党支部不转接组织关系。"
                "请另设临时党支部，人员挂靠过去。"
            )
            % {"unit": unit.name, "count": count},
            field="kind",
            clause=rules.TEMPORARY_CLAUSE,
        )


def unit_reorder(*, actor: Actor, parent: Unit, children: Sequence[UUID], reason: str = "") -> None:
    """Put the living children of ``parent`` into the order of ``children`` (their ids, all of them); dissolved ones
    come after. Raises Conflict where the list is not exactly the present children: the tree changed meanwhile."""
    policies.can_update(actor, parent).require()
    with unit_of_work():
        tree_lock()
        (found,) = fresh(parent)
        parent = _checked(actor, found, None)
        rows = list(Unit.objects.unscoped("the parent is authorised").filter(parent=parent).order_by("position"))
        living = {row.pk: row for row in rows if row.dissolved_on is None}
        if len(children) != len(living) or set(children) != set(living):
            raise Conflict(_("下级组织刚有变动，次序没有保存。请刷新页面后再排。"))
        ordered = [living[pk] for pk in children] + [row for row in rows if row.dissolved_on is not None]
        before = snapshot(parent)
        old_order = [row.code for row in rows]
        order_children(parent, ordered)
        after = {**before, "children": [row.code for row in ordered]}
        change_write(
            actor,
            parent,
            "reorder",
            on=today(),
            reason=reason.strip() or _("调整下级组织次序"),
            before={**before, "children": old_order},
            after=after,
        )


def order_children(parent: Unit | None, ordered: Sequence[Unit]) -> None:
    """Number ``ordered`` from 0 under ``parent`` and move their subtrees accordingly; call it under the tree lock."""
    moves, changed = [], []
    for position, row in enumerate(ordered):
        new = path_under(parent, position)
        if new != row.path:
            moves.append((row.path, new))
        if row.position != position:
            row.position = position
            changed.append(row)
    Unit.objects.unscoped("numbers the children").bulk_update(changed, ["position"], batch_size=200)
    subtrees_move(tuple(moves))
