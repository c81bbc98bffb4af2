"""How an overdue duty climbs: each rung tells somebody who has not been told, further up where it must, else nobody.

What ``duties run`` prints, what the pages say and what is sent all come from here.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from liaoyuan.kernel import paths
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.selectors.day import Day, Holder, UnitRow
from liaoyuan.organisation.duties.selectors.instances import Instance, reached


@dataclass(frozen=True, slots=True)
class Rung:
    """On ``on`` (named ``point``) these holders at this unit hear that it is late."""

    on: date
    point: str
    unit: UnitRow
    holders: tuple[Holder, ...]


def rungs(day: Day, one: Instance, *, also: Collection[UUID] = ()) -> tuple[Rung, ...]:
    """The rungs on which anybody is told, lowest first. Nobody hears of a duty twice under another name: not whoever is
    responsible, nor the person himself, nor people ``also`` told (to whom it was handed). A rung all of whose holders
    were told goes on to the unit above; where nobody else is above, it is none."""
    planned = terms.ladder(one.rule, one.due)
    if not planned:
        return ()
    unit, responsible = day.responsible(one.rule, one.unit.path)
    told = {holder.person_id for holder in responsible} | set(also)
    if one.person_id is not None and (one.rule.self or one.rule.at == "self"):
        told.add(one.person_id)
    found = []
    for number, (on, step) in enumerate(planned):
        where, holders = _new(day, day.above((unit or one.unit).path, step.up), step.posts, told)
        if where is not None:
            told |= {holder.person_id for holder in holders}
            found.append(Rung(on, f"l{number}", where, holders))
    return tuple(found)


def _new(
    day: Day, unit: UnitRow | None, posts: tuple[str, ...], told: Collection[UUID]
) -> tuple[UnitRow | None, tuple[Holder, ...]]:
    """The first unit from ``unit`` upwards where one of the posts is held by somebody who has not been told."""
    while unit is not None:
        unit, holders = day.filled(unit, posts)
        fresh = tuple(holder for holder in holders if holder.person_id not in told)
        if unit is None or fresh or len(unit.path) <= paths.WIDTH:
            return (unit if fresh else None), fresh
        unit = day.above(unit.path, 1)
    return None, ()


def topmost(day: Day, climbed: tuple[Rung, ...]) -> tuple[date, str] | None:
    """The highest rung that has been reached by the day, its day and name: all that is told of a duty that whoever is
    responsible has put off."""
    return max(((rung.on, rung.point) for rung in climbed if rung.on <= day.on), default=None)


def furthest(day: Day, one: Instance, climbed: tuple[Rung, ...]) -> tuple[date, str] | None:
    """The furthest point that a duty has reached on the day; a rung on which nobody is told is none."""
    names = frozenset(rung.point for rung in climbed)
    return reached(day, one, names)
