"""Who would be reminded of a rule on any day, and why. Reads only."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from liaoyuan.kernel import paths
from liaoyuan.kernel.scoping import Actor
from liaoyuan.organisation.duties.policies import Capability
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day, Holder
from liaoyuan.organisation.duties.selectors.instances import Instance, instances
from liaoyuan.organisation.duties.selectors.ladder import furthest, rungs
from liaoyuan.organisation.duties.selectors.near import live_on
from liaoyuan.organisation.duties.selectors.rows import guarded_rules
from liaoyuan.organisation.duties.selectors.told import sentence, why

MOST = 200


@dataclass(frozen=True, slots=True)
class DryRow:
    """One duty as it would stand: ``told`` is the day of the reminder it has reached (None: not yet), ``now`` whether
    that is the day asked about, ``who`` hears of it."""

    one: Instance
    sentence: str
    why: str
    told: date | None
    now: bool
    climbs: bool
    who: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """The rows, at most MOST, those told on the day first; ``total`` are all duties, ``now`` those told on the day."""

    on: date
    rows: tuple[DryRow, ...]
    total: int
    now: int


def dry_run(actor: Actor, rule: DutyRule, on: date) -> DryRun:
    """What ``rule`` would say on ``on`` in the actor's reach. The number of queries does not depend on the people."""
    day = Day(on, live_on())
    total = now = 0

    def found() -> Iterator[tuple[Instance, tuple[date, str] | None]]:
        nonlocal total, now
        for prefix in _reach(actor, rule):
            day.below = prefix
            for one in instances(day, rule):
                point = furthest(day, one, rungs(day, one))
                total += 1
                now += point is not None and point[0] == on
                yield one, point

    best = heapq.nsmallest(
        MOST, found(), key=lambda row: (row[1] is None or row[1][0] != on, row[0].due or date.max, row[0].code)
    )
    return DryRun(on, tuple(_row(day, one, point) for one, point in best), total, now)


def _reach(actor: Actor, rule: DutyRule) -> tuple[str, ...]:
    """Subtrees that the actor sees, for a guarded rule those where he may read the facts too."""
    reach = actor.reach(Capability.VIEW)
    for see, ids in guarded_rules().items():
        if rule.id in ids:
            both = {one for one in reach if actor.covers(see, one)}
            both |= {one for one in actor.reach(see) if actor.covers(Capability.VIEW, one)}
            reach = paths.minimal(both)
    return tuple(reach)


def _row(day: Day, one: Instance, point: tuple[date, str] | None) -> DryRow:
    name = point[1] if point else ""
    return DryRow(
        one=one,
        sentence=sentence(one, day.on),
        why=why(day, one),
        told=point[0] if point else None,
        now=point is not None and point[0] == day.on,
        climbs=name.startswith("l"),
        who=_who(day, one, name),
    )


def _who(day: Day, one: Instance, point: str) -> str:
    holders = day.responsible(one.rule, one.unit.path)[1]
    if point.startswith("l"):
        return _names([holder for rung in rungs(day, one) if rung.point == point for holder in rung.holders])
    if one.rule.at == "self":
        return one.name
    names = _names(holders)
    return f"{names}、{one.name}" if one.rule.self else names


def _names(holders: list[Holder]) -> str:
    return "、".join(f"{one.name}（{one.post_name}）" for one in holders) or _("职务空缺")
