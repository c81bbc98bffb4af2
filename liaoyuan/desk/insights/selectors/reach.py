"""How far and how exactly an actor sees on the map, with the filters he chose."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from liaoyuan.desk.insights.policies import Capability, can_see_map
from liaoyuan.kernel import paths
from liaoyuan.kernel.errors import NotInScope
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.members.models import StandingKind
from liaoyuan.organisation.units.models import Unit
from liaoyuan.organisation.units.selectors import holds_every_root
from liaoyuan.organisation.whereabouts.models import Presence

MEMBERS = "member"  # Party members: full and probationary


@dataclass(frozen=True, slots=True)
class Filters:
    """What the viewer asked to see. ``standing`` is a kind, or MEMBERS; ``on`` is a past day, or None for now."""

    unit: UUID | None = None
    standing: str = ""
    rank: str = ""
    purpose: str = ""
    on: date | None = None

    @property
    def narrowed(self) -> bool:
        """Whether people are picked out of the reach, by whatever they have in common. The day picks out nobody."""
        return bool(self.unit or self.standing or self.rank or self.purpose)

    @property
    def kinds(self) -> list[str]:
        """The standings asked for; none where all are."""
        if self.standing == MEMBERS:
            return [kind.value for kind in StandingKind if kind.is_member]
        return [self.standing] if self.standing else []


@dataclass(frozen=True, slots=True)
class Reach:
    """``prefixes``: the subtrees shown. ``whole``: they hold every root, so that a condition would only cost.
    ``precise`` and ``names``: whether the capability covers all that is shown. ``unit`` is the unit filtered by."""

    prefixes: tuple[str, ...]
    whole: bool
    precise: bool
    names: bool
    unit: Unit | None = None


def reach_of(actor: Actor, filters: Filters) -> Reach:
    """The actor's reach. Raises NotPermitted without the map, NotInScope for a unit that is not his."""
    can_see_map(actor).require()
    unit = None
    prefixes = actor.reach(Capability.MAP)
    if filters.unit is not None:
        unit = Unit.objects.visible_to(actor, Capability.MAP).filter(pk=filters.unit).first()
        if unit is None:
            raise NotInScope()
        prefixes = (unit.path,)
    return Reach(
        prefixes=prefixes,
        whole=holds_every_root(prefixes),
        precise=_covers(actor, Capability.PRECISE, prefixes),
        names=_covers(actor, Capability.NAMES, prefixes),
        unit=unit,
    )


def _covers(actor: Actor, capability: str, prefixes: tuple[str, ...]) -> bool:
    return all(any(paths.within(prefix, held) for held in actor.reach(capability)) for prefix in prefixes)


def inside(prefixes: tuple[str, ...], *columns: str) -> Q:
    """Rows with any of ``columns`` in any of the subtrees."""
    condition = Q(pk__in=[])
    for prefix in prefixes:
        for column in columns:
            condition |= Q(**{f"{column}__gte": prefix, f"{column}__lt": paths.upper(prefix)})
    return condition


def presences(actor: Actor, reach: Reach, filters: Filters) -> QuerySet[Presence]:
    """The presences shown: within reach, by the filters. Without a unit the actor himself is always among them."""
    rows: QuerySet[Any]
    if reach.whole:
        rows = Presence.objects.unscoped("the reach holds every root: a range over all rows would only cost the index")
    elif reach.unit is not None:
        rows = Presence.objects.visible_to(actor, Capability.MAP).filter(
            inside(reach.prefixes, "home_path", "attached_path")
        )
    else:
        rows = Presence.objects.visible_to(actor, Capability.MAP)
    if filters.standing:
        rows = rows.filter(standing__in=filters.kinds)
    if filters.rank:
        rows = rows.filter(rank=filters.rank)
    if filters.purpose == "any":
        rows = rows.filter(purpose__isnull=False)
    elif filters.purpose:
        rows = rows.filter(purpose_id=filters.purpose)
    return rows
