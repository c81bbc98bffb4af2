"""Reading one unit: its page, its past, and what a change would do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from liaoyuan.foundation.regulations.limits import limits_at
from liaoyuan.kernel import paths
from liaoyuan.kernel.clock import today
from liaoyuan.kernel.scoping import Actor, fetch
from liaoyuan.organisation.units import registry, rules
from liaoyuan.organisation.units.models import Grant, Unit, UnitChange, UnitKind
from liaoyuan.organisation.units.policies import Capability
from liaoyuan.organisation.units.registry import UnitCount
from liaoyuan.organisation.units.selectors.facts import facts_of


def _rows() -> Any:
    return Unit.objects.unscoped("fetch narrows them").select_related("parent", "site", "approved_by")


def unit_get(actor: Actor, unit_id: UUID, *, see: str = Capability.VIEW) -> Unit:
    """The unit in the actor's reach for ``see``. NotInScope: unknown and out of reach look the same."""
    found: Unit = fetch(_rows(), actor, see=see, pk=unit_id)
    return found


def unit_by_code(actor: Actor, code: str) -> Unit:
    """The unit with ``code`` in the actor's reach. NotInScope else."""
    found: Unit = fetch(_rows(), actor, see=Capability.VIEW, code=code)
    return found


def ancestors(unit: Unit, *, include_self: bool = False) -> list[Unit]:
    """The units above, root first. Their names are no secret: every member knows whom his branch is under."""
    above = paths.ancestors(unit.path, include_self=include_self)
    return list(Unit.objects.unscoped("names of the ancestors").filter(path__in=above).order_by("path"))


def holds_every_root(prefixes: Sequence[str]) -> bool:
    """Whether these subtrees are all there are: the reach of the topmost committee. Who lies anywhere in the tree then
    need not be compared with a path. One query, asked only where one of them is a root; by hand, for it stands before
    every key press in the search box."""
    if "" in prefixes:
        return True
    if not any(paths.depth(prefix) == 1 for prefix in prefixes):
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT path FROM units_unit WHERE parent_id IS NULL")
        return {path for (path,) in cursor.fetchall()} <= set(prefixes)


def siblings_like(actor: Actor, unit: Unit) -> Any:
    """Living units that ``unit`` could merge into (``rules.mergeable``), in the actor's reach to manage."""
    kinds = [kind for kind in UnitKind.values if rules.mergeable([kind, unit.kind])]
    rows = Unit.objects.visible_to(actor, Capability.MANAGE).filter(kind__in=kinds, dissolved_on__isnull=True)
    rows = rows.filter(parent=unit.parent) if unit.kind == UnitKind.GROUP else rows
    return rows.exclude(pk=unit.pk).order_by("path")


def parent_options(actor: Actor, unit: Unit) -> Any:
    """Living units under which ``unit`` may stand by its kind, in the actor's reach to manage, outside its subtree."""
    kinds = [kind for kind in UnitKind.values if rules.may_stand_under(unit.kind, kind)]
    rows = Unit.objects.visible_to(actor, Capability.MANAGE).filter(kind__in=kinds, dissolved_on__isnull=True)
    return (
        rows.exclude(path__gte=unit.path, path__lt=paths.upper(unit.path)).exclude(pk=unit.parent_id).order_by("path")
    )


def living_children(actor: Actor, unit: Unit) -> Any:
    """Children of ``unit`` that have not ended, in order."""
    rows = Unit.objects.visible_to(actor, Capability.VIEW).filter(parent=unit, dissolved_on__isnull=True)
    return rows.order_by("position")


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Everything the unit page shows. ``trail`` are the ancestors, root first; only those with ``linked`` open."""

    unit: Unit
    trail: tuple[tuple[Unit, bool], ...]
    children: tuple[Unit, ...]
    child_counts: dict[Any, UnitCount]
    changes: tuple[UnitChange, ...]
    count: UnitCount | None
    term_end: date | None
    term_state: str
    term_clause: str
    findings: tuple[rules.Finding, ...]


def unit_page(actor: Actor, unit: Unit) -> UnitPage:
    """The unit page: ancestors, children, changes and counts, four queries whatever the number of children."""
    trail = tuple((each, actor.covers(Capability.VIEW, each.path)) for each in ancestors(unit))
    children = tuple(Unit.objects.visible_to(actor, Capability.VIEW).filter(parent=unit).order_by("position"))
    counts = registry.counts_of(actor, [unit, *children])
    count = counts.get(unit.pk)
    limits = limits_at(unit.path)
    end, state, clause = rules.term_end(unit.kind, unit.elected_on, today=today(), limits=limits)
    findings = rules.unit_findings(facts_of(unit), today=today(), limits=limits)
    if count is not None and unit.dissolved_on is None:
        findings += rules.headcount(unit.kind, full=count.full, members=count.members, today=today(), limits=limits)
    return UnitPage(
        unit=unit,
        trail=trail,
        children=children,
        child_counts=dict(counts),
        changes=tuple(UnitChange.objects.filter(unit=unit).order_by("-on", "-recorded_at")[:100]),
        count=count,
        term_end=end,
        term_state=state,
        term_clause=clause,
        findings=tuple(findings) if unit.dissolved_on is None else (),
    )


@dataclass(frozen=True, slots=True)
class MovePreview:
    """What follows from a move: everything that comes along, and what the rules say."""

    unit: Unit
    to_parent: Unit
    units: int
    grants: int
    people: int | None
    old_trail: str
    new_trail: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    findings: tuple[rules.Finding, ...]


def move_preview(actor: Actor, unit: Unit, to_parent: Unit) -> MovePreview:
    """Count what a move of ``unit`` under ``to_parent`` would take along, and name who would gain and lose power over
    it: holders of grants over ancestors of one place that are not ancestors of the other. Constant queries."""
    inside = {"path__gte": unit.path, "path__lt": paths.upper(unit.path)}
    above_old = set(paths.ancestors(unit.path))
    above_new = set(paths.ancestors(to_parent.path, include_self=True))
    names = dict(
        Unit.objects.unscoped("names of both lines of ancestors")
        .filter(path__in=above_old | above_new)
        .values_list("path", "name")
    )
    counts = registry.counts_of(actor, [unit])
    return MovePreview(
        unit=unit,
        to_parent=to_parent,
        units=Unit.objects.unscoped("counts what comes along").filter(**inside).count(),
        grants=Grant.objects.unscoped("counts what comes along").current(today()).filter(**inside).count(),
        people=counts[unit.pk].people if unit.pk in counts else None,
        old_trail=" › ".join(names[path] for path in sorted(above_old)),
        new_trail=" › ".join(names[path] for path in sorted(above_new)),
        gains=_holders(above_new - above_old),
        loses=_holders(above_old - above_new),
        findings=_move_warnings(unit, above_new),
    )


def _holders(prefixes: set[str]) -> tuple[str, ...]:
    rows = Grant.objects.unscoped("who gains or loses power by a move").current(today()).filter(path__in=prefixes)
    rows = rows.select_related("user", "role", "unit").order_by("path", "role__order")[:20]
    return tuple(f"{row.user.display_name}（{row.unit.name} {row.role.name}）" for row in rows)


def _move_warnings(unit: Unit, above_new: set[str]) -> tuple[rules.Finding, ...]:
    """A temporary branch should stay under the organisation that approved it (TB-02): a warning."""
    approver = unit.approved_by
    if unit.kind != UnitKind.TEMPORARY_BRANCH or approver is None or approver.path in above_new:
        return ()
    return (rules.Finding("approver_left_behind", "to_parent", blocking=False, values={"approver": approver.name}),)
