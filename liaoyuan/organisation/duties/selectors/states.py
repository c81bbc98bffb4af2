"""States of a unit that call for something without naming a day: too many members, no committee."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q

from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day, Term, UnitRow
from liaoyuan.organisation.members.models import Person, StandingKind

Found = Iterator[tuple[UnitRow, date, Term]]


def _first_days(day: Day, field: str) -> dict[UUID, list[date]]:
    """By branch: since when each of its people has been a member (``joined_on``) or a full one (``full_since``)."""
    kinds = [StandingKind.FULL] if field == "full_since" else [StandingKind.FULL, StandingKind.PROBATIONARY]
    rows = Person.objects.unscoped("counted for everybody").filter(
        Q(left_on__isnull=True) | Q(left_on__gt=day.on),
        Q(**{f"{field}__lte": day.on}),
        unit__isnull=False,
        standing__in=kinds,
    )
    if day.only is not None:
        came = [pk for pk, unit in day.moved.items() if unit in day.only.units]
        rows = rows.filter(Q(unit_id__in=day.only.units) | Q(pk__in=came))
    found: dict[UUID, list[date]] = defaultdict(list)
    for pk, unit, since in rows.order_by().values_list("pk", "unit_id", field).iterator(chunk_size=5000):
        found[day.moved.get(pk, unit)].append(since)
    return found


def _branches(day: Day, rule: DutyRule) -> Iterator[UnitRow]:
    return (unit for unit in day.units.values() if unit.kind in rule.kinds and unit.exists_on(day.on))


def members_more_than(day: Day, rule: DutyRule) -> Found:
    """More members (full and probationary) than the parameter, since the day on which the one too many came."""
    days = _first_days(day, "joined_on")
    for unit in _branches(day, rule):
        term = day.term(rule.cites, unit.path, day.on)
        if term is None or not isinstance(term.value, int):
            continue
        here = sorted(days.get(unit.id, ()))
        if len(here) > term.value:
            yield unit, here[term.value], term


def committee_missing(day: Day, rule: DutyRule) -> Found:
    """As many full members as ask for a committee, and none, since the day on which the last of them came."""
    days = _first_days(day, "full_since")
    for unit in _branches(day, rule):
        term = day.term(rule.cites, unit.path, day.on)
        if term is None or not isinstance(term.value, int) or day.has_committee(unit.id):
            continue
        here = sorted(days.get(unit.id, ()))
        if len(here) >= term.value:
            yield unit, here[term.value - 1], term


STATES: dict[str, Callable[[Day, DutyRule], Found]] = {
    "members_more_than": members_more_than,
    "committee_missing": committee_missing,
}
