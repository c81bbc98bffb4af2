"""Reading the tree: what the tree screen shows, and what the tree was on a past day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from liaoyuan.kernel import paths
from liaoyuan.kernel.errors import DomainError
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.units import registry, rules
from liaoyuan.organisation.units.models import Unit, UnitChange
from liaoyuan.organisation.units.policies import Capability
from liaoyuan.organisation.units.registry import UnitCount

MAX_ROWS = 1500
_WHY_ANCESTORS = "names of the ancestors of one's own reach, greyed, so that the tree hangs together"


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line of the tree screen. ``grey`` rows are ancestors outside the actor's reach: a name, nothing to open."""

    unit: Unit
    depth: int
    grey: bool
    open: bool
    has_children: bool
    hit: bool = False
    count: UnitCount | None = None


@dataclass(frozen=True, slots=True)
class Tree:
    """The lines in order; ``cut`` where more would match than is shown."""

    rows: tuple[TreeRow, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TreeQuery:
    """What is asked of the tree: search text, kind, the codes of opened units ("*" = all), whether with dissolved."""

    q: str = ""
    kind: str = ""
    open: frozenset[str] = frozenset()
    dissolved: bool = False

    @property
    def searching(self) -> bool:
        """Whether only hits and what leads to them are shown."""
        return bool(self.q or self.kind)


def visible_units(actor: Actor, capability: str = Capability.VIEW) -> Any:
    """Units in the actor's reach, in tree order, with their parents."""
    return Unit.objects.visible_to(actor, capability).select_related("parent")


def unit_options(actor: Actor, capability: str = Capability.VIEW, *, kinds: Collection[str] = ()) -> Any:
    """Living units in the actor's reach, for a choice in a form."""
    rows = visible_units(actor, capability).filter(dissolved_on__isnull=True).order_by("path")
    return rows.filter(kind__in=kinds) if kinds else rows


def search_condition(text: str) -> Q:
    """Units by name, code, pinyin or initials; every word must match."""
    condition = Q()
    for word in text.split():
        small = word.lower()
        code = rules.normalise_code(word)
        condition &= (
            Q(name__contains=word)
            | Q(code__contains=code)
            | Q(pinyin__contains=small)
            | Q(initials__contains=small)
            | Q(host_body__contains=word)
        )
    return condition


def tree(actor: Actor, query: TreeQuery, *, counts: bool = True) -> Tree:
    """The lines of the tree screen: one query for the units (two while searching), one more for the people counts.

    Without a search: the tops of the reach, their children, and the children of opened units. With one: the hits and
    everything that leads to them. Ancestors above the reach come greyed.
    """
    reach = actor.reach(Capability.VIEW)
    if not reach:
        return Tree(())
    above = {path for prefix in reach for path in paths.ancestors(prefix)}
    inside = Unit.scope.filter(actor, Capability.VIEW) or Q()
    living = Q() if query.dissolved else Q(dissolved_on__isnull=True)
    if query.searching:
        hits = _hits(inside & living, query)
        leading = {path for hit in hits for path in paths.ancestors(hit)}
        wanted = Q(path__in=set(hits) | leading)
    else:
        hits = []
        wanted = inside & living & _opened(reach, query)
    children = Unit.objects.unscoped("whether there is something to open").filter(living, parent=OuterRef("pk"))
    rows = Unit.objects.unscoped(_WHY_ANCESTORS).filter(wanted | Q(path__in=above))
    found = list(rows.select_related("parent").annotate(any_child=Exists(children)).order_by("path")[: MAX_ROWS + 1])
    return Tree(_lines(actor, found[:MAX_ROWS], set(hits), counts=counts), cut=len(found) > MAX_ROWS)


def _hits(condition: Q, query: TreeQuery) -> list[str]:
    rows = Unit.objects.unscoped("narrowed by the scope's own condition").filter(condition)
    if query.kind:
        rows = rows.filter(kind=query.kind)
    return list(rows.filter(search_condition(query.q)).order_by("path").values_list("path", flat=True)[:300])


def _opened(reach: Sequence[str], query: TreeQuery) -> Q:
    """Tops of the reach, children of the tops, and children of opened units whose own ancestors are all open (a closed
    one hides what lies under it: the caller drops those lines)."""
    if "*" in query.open:
        return Q()
    if "" in reach:
        tops = Q(parent__isnull=True)
        first = Q(parent__parent__isnull=True)
    else:
        tops = Q(path__in=list(reach))
        first = Q(parent__path__in=list(reach))
    return tops | first | Q(parent__code__in=query.open)


def _lines(actor: Actor, units: list[Unit], hits: set[str], *, counts: bool) -> tuple[TreeRow, ...]:
    shown = {unit.pk for unit in units}
    kept, parents = [], set()
    for unit in units:
        if unit.parent_id is not None and unit.parent_id not in shown:
            shown.discard(unit.pk)  # opened, but under something closed
            continue
        kept.append(unit)
        parents.add(unit.parent_id)
    mine = [unit for unit in kept if actor.covers(Capability.VIEW, unit.path)]
    numbers = registry.counts_of(actor, mine) if counts else {}
    inside = {unit.pk for unit in mine}
    return tuple(
        TreeRow(
            unit=unit,
            depth=paths.depth(unit.path),
            grey=unit.pk not in inside,
            open=unit.pk in parents,
            has_children=bool(vars(unit)["any_child"]),
            hit=unit.path in hits,
            count=numbers.get(unit.pk),
        )
        for unit in kept
    )


@dataclass(frozen=True, slots=True)
class UnitFilter:
    """What the API asks for. ``parent`` and ``after`` are codes."""

    kind: str = ""
    parent: str = ""
    q: str = ""
    dissolved: bool = False
    updated_since: datetime | None = None
    after: str = ""


def unit_list(actor: Actor, asked: UnitFilter) -> Any:
    """Units in the actor's reach, in tree order, after the unit with the code ``after``. An unknown cursor, or one out
    of reach, raises a DomainError: the unit moved or the cursor is not ours."""
    rows = Unit.objects.visible_to(actor, Capability.VIEW).select_related("parent", "site").order_by("path")
    if asked.after:
        last = Unit.objects.visible_to(actor, Capability.VIEW).filter(code=asked.after).first()
        if last is None:
            raise DomainError(_("翻页位置 after 无效，请从第一页重新读取。"), field="after")
        rows = rows.filter(path__gt=last.path)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.parent:
        rows = rows.filter(parent__code=rules.normalise_code(asked.parent))
    if not asked.dissolved:
        rows = rows.filter(dissolved_on__isnull=True)
    if asked.updated_since is not None:
        rows = rows.filter(updated_at__gte=asked.updated_since)
    return rows.filter(search_condition(asked.q)) if asked.q else rows


@dataclass(frozen=True, slots=True)
class PastUnit:
    """A unit as it stood at the end of a past day."""

    id: UUID
    code: str
    name: str
    kind: str
    parent_id: UUID | None
    position: int
    host_body: str
    depth: int = 1


def tree_as_of(actor: Actor, day: date) -> list[PastUnit]:
    """The tree at the end of ``day``, in order, told from the changes: units now in the actor's reach, each with the
    name, kind and parent of that day; those not yet founded or already dissolved are left out. A parent that is not
    shown is skipped over. Two queries."""
    units = {unit.pk: unit for unit in Unit.objects.visible_to(actor, Capability.VIEW)}
    later = UnitChange.objects.filter(on__gt=day).order_by("-recorded_at", "-id")
    if "" not in actor.reach(Capability.VIEW):
        later = later.filter(unit__in=Unit.objects.visible_to(actor, Capability.VIEW).values("pk"))
    states: dict[UUID, dict[str, Any]] = {pk: _state(unit) for pk, unit in units.items()}
    for change in later:
        state = states.get(change.unit_id)
        if state is None:
            continue
        if change.verb == "create":
            state["exists"] = False
        state.update({name: value for name, value in change.before.items() if name in state})
    living = {pk: state for pk, state in states.items() if _lives(state, day)}
    return _in_order(living)


def _state(unit: Unit) -> dict[str, Any]:
    return {
        "exists": True,
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "parent_id": str(unit.parent_id) if unit.parent_id else None,
        "position": unit.position,
        "host_body": unit.host_body,
        "founded_on": unit.founded_on.isoformat() if unit.founded_on else None,
        "dissolved_on": unit.dissolved_on.isoformat() if unit.dissolved_on else None,
    }


def _lives(state: dict[str, Any], day: date) -> bool:
    founded, dissolved = state["founded_on"], state["dissolved_on"]
    # The row of an import is recorded on the day of the import: the founding date, where there is one, decides.
    begun = date.fromisoformat(founded) <= day if founded else state["exists"]
    return begun and (dissolved is None or date.fromisoformat(dissolved) > day)


def _in_order(living: dict[UUID, dict[str, Any]]) -> list[PastUnit]:
    children: dict[UUID | None, list[PastUnit]] = {}
    for pk, state in living.items():
        parent_id = UUID(state["parent_id"]) if state["parent_id"] else None
        unit = PastUnit(
            id=pk,
            code=state["code"],
            name=state["name"],
            kind=state["kind"],
            parent_id=parent_id if parent_id in living else None,
            position=state["position"],
            host_body=state["host_body"],
        )
        children.setdefault(unit.parent_id, []).append(unit)
    found: list[PastUnit] = []
    waiting = [(unit, 1) for unit in sorted(children.get(None, ()), key=_place, reverse=True)]
    while waiting:
        unit, depth = waiting.pop()
        found.append(replace(unit, depth=depth))
        below = sorted(children.get(unit.id, ()), key=_place, reverse=True)
        waiting.extend((child, depth + 1) for child in below)
    return found


def _place(unit: PastUnit) -> tuple[int, str]:
    return unit.position, unit.code
