"""The facts and subjects behind duties, read set by set: what opened, what closed, who owes in every period.

The number of queries depends on the rules, not on the people; what is closed is left out in SQL.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery, Sum

from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import ScopedQuerySet
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day, Only, UnitRow
from liaoyuan.organisation.members.models import Person, StandingKind
from liaoyuan.organisation.units.models import Unit

T = TypeVar("T")
_WHY = "duties are computed for everybody"
_MEMBERS = {StandingKind.PROBATIONARY, StandingKind.FULL}


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


# The first row of a fact, whatever was corrected since: keys sort by time, so facts of one day by when they were told.
_WRITTEN = Subquery(
    Fact.objects.unscoped("compared with each other")
    .filter(
        kind=OuterRef("kind"), source_app=OuterRef("source_app"), source_id=OuterRef("source_id"),
        supersedes__isnull=True,
    )
    .values("pk")[:1]
)  # fmt: skip


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
        if rule.ordered:
            rows, done = rows.annotate(written=_WRITTEN), done.annotate(written=_WRITTEN)
            before = Q(occurred_on=OuterRef("occurred_on"), written__lt=OuterRef("written"))
            done = done.exclude(before, kind__in=rule.ordered)
        rows = rows.filter(~Exists(done))
    if rule.subject == "unit":
        rows = rows.filter(person__isnull=True)
    rows = _narrow(day, rows, rule, only, of="person" if rule.subject == "person" else "unit")
    columns = [subject, "occurred_on", "source_id", "payload"]
    if rule.subject == "person":
        columns += ["person__number", "person__name", "person__unit_id"]
    latest: UUID | None = None
    for row in rows.order_by(subject, "-occurred_on", "-pk").values_list(*columns).iterator(chunk_size=5000):
        key, on, source, payload = row[:4]
        if key == latest:
            continue
        latest = key
        if rule.subject == "person":
            unit = day.units.get(day.moved.get(key, row[6]))
            if unit is not None:
                yield Opening(key, row[4], row[5], unit, on, source, payload)
        else:
            unit = day.units[key]
            yield Opening(None, unit.code, unit.name, unit, on, source, payload)


def _narrow(day: Day, rows: Any, rule: DutyRule, only: Only | None, *, of: str = "") -> Any:
    """Rows of subjects that can owe it; ``of`` is the relation that leads from a row to its subject ("" : the rows are
    the subjects)."""
    to = f"{of}__" if of else ""
    if rule.subject == "person":
        there = Q(**{f"{to}left_on__isnull": True}) | Q(**{f"{to}left_on__gt": day.on})
        rows = rows.filter(there, **{f"{to}unit__isnull": False})
        if rule.standings:
            rows = rows.filter(_standing(day, rule, to))
        path, wanted = "home_path", only.people if only else ()
    else:
        there = Q(**{f"{to}dissolved_on__isnull": True}) | Q(**{f"{to}dissolved_on__gt": day.on})
        rows = rows.filter(there, **{f"{to}kind__in": rule.kinds})
        path, wanted = "path", only.units if only else ()
    if day.below:
        rows = rows.filter(**{f"{to}{path}__gte": day.below, f"{to}{path}__lt": upper(day.below)})
    return rows if only is None else rows.filter(**{f"{of}_id__in" if of else "pk__in": wanted})


def _standing(day: Day, rule: DutyRule, prefix: str = "") -> Q:
    """Whose standing of today may owe it; of a rule for members, taken in by the day. A rule for those on their way
    names what comes after it too: when somebody went further is told by the milestone, on its day; that he is on his
    way no longer (masses, a league member) is told by his standing alone."""
    found = Q(**{f"{prefix}standing__in": rule.standings})
    if set(rule.standings) == _MEMBERS:
        found &= Q(**{f"{prefix}joined_on__lte": day.on}) | Q(**{f"{prefix}joined_on__isnull": True})
    return found


def with_text(day: Day, rule: DutyRule, found: Iterable[Opening]) -> Iterator[tuple[Opening, date]]:
    """Each opening with the day whose text binds it: when the person's case began, which follows the text of that day
    to its end. That is the day of the (latest) application; of whom none is known, for a roster left it out, the first
    day that tells of his way; else the opening's own."""
    if not rule.text_from:
        for one in found:
            yield one, one.on
        return
    for part in _parts(found):
        applied, *others = rule.text_from
        rows = held(day).filter(kind=applied, person_id__in=[one.person_id for one in part])
        begun = dict(rows.order_by("person_id", "occurred_on").values_list("person_id", "occurred_on"))
        unknown = [one.person_id for one in part if one.person_id not in begun]
        if unknown and others:
            rows = held(day).filter(kind__in=others, person_id__in=unknown)
            begun |= dict(rows.values_list("person_id").annotate(first=Min("occurred_on")).order_by())
        for one in part:
            yield one, begun.get(one.person_id, one.on)


def prolonged(day: Day, rule: DutyRule) -> dict[UUID, date]:
    """Terms that were made longer: person or unit → day that was named."""
    if not rule.prolongs:
        return {}
    found: dict[UUID, date] = {}
    subject = "person_id" if rule.subject == "person" else "unit_id"
    rows = held(day).filter(kind=rule.prolongs).order_by("occurred_on")
    for key, payload in rows.values_list(subject, "payload"):
        until = until_of(payload)
        if until is not None:
            found[key] = until
    return found


def until_of(payload: Mapping[str, Any]) -> date | None:
    """The day up to which something was granted or imposed; None where none can be read."""
    try:
        return date.fromisoformat(str(payload.get("until", "")))
    except ValueError:
        return None


def silent(day: Day, rule: DutyRule, only: Only | None, since: date) -> Iterator[Opening]:
    """The latest opening fact of subjects of whom there is one, and none later than ``since``."""
    person = rule.subject == "person"
    told = held(day).filter(**{"person_id" if person else "unit_id": OuterRef("pk")}, kind__in=rule.opens)
    if not person:
        told = told.filter(person__isnull=True)
    everybody: Any = (Person if person else Unit).objects.unscoped(_WHY)
    rows = _narrow(day, everybody, rule, only).filter(~Exists(told.filter(occurred_on__gt=since)), Exists(told))
    for part in _parts(rows.order_by().values_list("pk", flat=True)):
        some = frozenset(part)
        yield from openings(day, rule, Only(people=some, units=some))


def _parts(source: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(source)
    while part := list(islice(rest, 500)):
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
    rows = _narrow(day, Person.objects.unscoped(_WHY).order_by(), rule, only)
    columns = ("pk", "number", "name", "unit_id", "joined_on")
    for pk, number, name, unit_id, joined in rows.values_list(*columns).iterator(chunk_size=5000):
        if rule.leaders and pk not in day.leaders:
            continue
        home = day.units.get(day.moved.get(pk, unit_id))
        if home is not None:
            yield Opening(pk, number, name, home, joined or date.min, "", {})
