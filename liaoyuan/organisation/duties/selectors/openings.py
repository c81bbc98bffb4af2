"""The facts and subjects behind duties, read set by set: what opened, what closed, who owes in every period.

The number of queries depends on the rules, not on the people; what is closed is left out in SQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import ScopedQuerySet
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day, Only, UnitRow
from liaoyuan.organisation.members.models import Person, StandingKind

_WHY = "duties are computed for everybody"


@dataclass(frozen=True, slots=True)
class Opening:
    """Who owes it and since which fact: the person (None: the unit itself), the unit, the day, the fact's source."""

    person_id: UUID | None
    code: str
    name: str
    unit: UnitRow
    on: date
    source: str
    payload: dict[str, Any]


def held(day: Day) -> ScopedQuerySet:
    """Facts that hold and had happened by the day."""
    later = Fact.objects.unscoped("only asks whether a correction exists").filter(supersedes=OuterRef("pk"))
    rows = Fact.objects.unscoped(_WHY).filter(void=False, occurred_on__lte=day.on)
    return rows.filter(~Exists(later)).order_by()


def openings(
    day: Day, rule: DutyRule, only: Only | None, *, closing: tuple[str, ...] | None = None
) -> Iterator[Opening]:
    """The latest opening fact of every subject that no closing fact (``closing``, else the rule's) has followed."""
    subject = "person_id" if rule.subject == "person" else "unit_id"
    rows = held(day).filter(kind__in=rule.opens)
    if closing is None:
        closing = rule.ended_by
    if closing:
        done = held(day).filter(
            **{subject: OuterRef(subject)}, kind__in=closing, occurred_on__gte=OuterRef("occurred_on")
        )
        if rule.subject == "unit":
            done = done.filter(person__isnull=True)
        rows = rows.filter(~Exists(done))
    rows = _narrow(day, rows, rule, only)
    latest: UUID | None = None
    columns = ["unit_id", "occurred_on", "source_id", "payload", "pk"]
    if rule.subject == "person":
        columns += ["person_id", "person__number", "person__name", "person__unit_id"]
    for row in rows.order_by(subject, "-occurred_on", "-pk").values_list(*columns).iterator(chunk_size=5000):
        key = row[5] if rule.subject == "person" else row[0]
        if key == latest:
            continue
        latest = key
        if rule.subject == "person":
            unit = day.units.get(day.moved.get(key, row[8]))
            if unit is not None:
                yield Opening(key, row[6], row[7], unit, row[1], row[2], row[3])
        else:
            unit = day.units[row[0]]
            yield Opening(None, unit.code, unit.name, unit, row[1], row[2], row[3])


def _narrow(day: Day, rows: ScopedQuerySet, rule: DutyRule, only: Only | None) -> ScopedQuerySet:
    if rule.subject == "person":
        rows = rows.filter(Q(person__left_on__isnull=True) | Q(person__left_on__gt=day.on), person__unit__isnull=False)
        if rule.standings:
            rows = rows.filter(_standing(day, rule, "person__"))
        if day.below:
            rows = rows.filter(person__home_path__gte=day.below, person__home_path__lt=upper(day.below))
        return rows if only is None else rows.filter(person_id__in=only.people)
    rows = rows.filter(person__isnull=True, unit__kind__in=rule.kinds)
    rows = rows.filter(Q(unit__dissolved_on__isnull=True) | Q(unit__dissolved_on__gt=day.on))
    if day.below:
        rows = rows.filter(unit__path__gte=day.below, unit__path__lt=upper(day.below))
    return rows if only is None else rows.filter(unit_id__in=only.units)


def _standing(day: Day, rule: DutyRule, prefix: str = "") -> Q:
    """Members on the day: taken in by then, and not gone since."""
    found = Q(**{f"{prefix}standing__in": rule.standings})
    if set(rule.standings) >= {StandingKind.PROBATIONARY, StandingKind.FULL}:
        found &= Q(**{f"{prefix}joined_on__lte": day.on}) | Q(**{f"{prefix}joined_on__isnull": True})
    return found


def first_days(day: Day, rule: DutyRule, only: Only | None) -> dict[UUID, date]:
    """When the person's case began: it follows the text of that day to its end."""
    if not rule.text_from:
        return {}
    rows = held(day).filter(kind=rule.text_from)
    openings = held(day).filter(kind__in=rule.opens, person=OuterRef("person"))
    rows = rows.filter(Exists(openings)).order_by("person_id", "occurred_on")
    if only is not None:
        rows = rows.filter(person_id__in=only.people)
    return dict(rows.values_list("person_id", "occurred_on").iterator())


def prolonged(day: Day, rule: DutyRule) -> dict[UUID, date]:
    """Terms that the unit above made longer: unit → day."""
    if not rule.prolongs:
        return {}
    found: dict[UUID, date] = {}
    for unit, payload in held(day).filter(kind=rule.prolongs).order_by("occurred_on").values_list("unit_id", "payload"):
        found[unit] = date.fromisoformat(payload["until"])
    return found


def silent(day: Day, rule: DutyRule, only: Only | None, since: date) -> Iterator[Opening]:
    """The latest opening fact of subjects of whom none is later than ``since``."""
    subject = "person_id" if rule.subject == "person" else "unit_id"
    rows = _narrow(day, held(day).filter(kind__in=rule.opens), rule, only)
    latest = rows.values(subject).annotate(latest=Max("occurred_on"))
    quiet = set(latest.filter(latest__lte=since).values_list(subject, flat=True))
    for part in _pieces(quiet):
        yield from openings(day, rule, Only(people=part, units=part))


def _pieces(ids: Iterable[UUID]) -> Iterator[frozenset[UUID]]:
    source = iter(ids)
    while part := frozenset(islice(source, 500)):
        yield part


def closing_days(day: Day, rule: DutyRule, only: Only | None) -> dict[UUID, list[date]]:
    """The days of closing facts, by subject."""
    subject = "person_id" if rule.subject == "person" else "unit_id"
    rows = held(day).filter(kind__in=rule.closes)
    if only is not None:
        rows = rows.filter(**{f"{subject}__in": only.people if rule.subject == "person" else only.units})
    found: dict[UUID, list[date]] = defaultdict(list)
    for key, on in rows.values_list(subject, "occurred_on").iterator(chunk_size=5000):
        found[key].append(on)
    return found


def settled_days(day: Day, rule: DutyRule, only: Only | None) -> dict[UUID, date]:
    """The latest day on which somebody noted that it was seen to elsewhere, by subject."""
    if rule.settled not in rule.record:
        return {}
    subject = "person_id" if rule.subject == "person" else "unit_id"
    rows = held(day).filter(kind=rule.settled)
    if only is not None:
        rows = rows.filter(**{f"{subject}__in": only.people if rule.subject == "person" else only.units})
    return dict(rows.values_list(subject).annotate(latest=Max("occurred_on")).order_by())


def amounts(day: Day, rule: DutyRule, only: Only | None, window: terms.Window) -> dict[UUID, Decimal | int]:
    """How many closing facts, or how much of them, each subject has in a period. Two rules that count the same facts
    share the query."""
    subject = "person_id" if rule.subject == "person" else "unit_id"
    key = (rule.closes, rule.sums, subject, window)
    if only is None and key in day.amounts:
        return day.amounts[key]
    rows = held(day).filter(kind__in=rule.closes, occurred_on__gte=window.start, occurred_on__lte=window.due)
    if only is not None:
        rows = rows.filter(**{f"{subject}__in": only.people if rule.subject == "person" else only.units})
    amount = Sum("quantity") if rule.sums else Count("pk")
    found = dict(rows.values(subject).annotate(amount=amount).values_list(subject, "amount").iterator(chunk_size=5000))
    if only is None:
        day.amounts[key] = found
    return found


def known_units(day: Day, rule: DutyRule) -> set[UUID] | None:
    """For a rule that waits for its first fact: the branches of which one is known."""
    if rule.starts != "first_fact":
        return None
    return set(held(day).filter(kind__in=rule.closes).values_list("unit_id", flat=True).distinct())


def subjects(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Opening]:
    """Whoever owes it in every period, with the first day on which he could."""
    if rule.subject == "unit":
        for unit in day.units.values():
            if unit.kind not in rule.kinds or not unit.exists_on(day.on) or not unit.path.startswith(day.below):
                continue
            if (only is not None and unit.id not in only.units) or (rule.committee and not day.has_committee(unit.id)):
                continue
            yield Opening(None, unit.code, unit.name, unit, unit.founded_on or date.min, "", {})
        return
    rows = Person.objects.unscoped(_WHY).filter(_standing(day, rule), unit__isnull=False).order_by()
    rows = rows.filter(Q(left_on__isnull=True) | Q(left_on__gt=day.on))
    if day.below:
        rows = rows.filter(home_path__gte=day.below, home_path__lt=upper(day.below))
    if only is not None:
        rows = rows.filter(pk__in=only.people)
    columns = ("pk", "number", "name", "unit_id", "joined_on")
    for pk, number, name, unit_id, joined in rows.values_list(*columns).iterator(chunk_size=5000):
        if rule.leaders and pk not in day.leaders:
            continue
        home = day.units.get(day.moved.get(pk, unit_id))
        if home is not None:
            yield Opening(pk, number, name, home, joined or date.min, "", {})
