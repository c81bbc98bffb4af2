"""What is owed on a day: rules over facts, set by set. Reads only; the same answer for a run and for a dry run.

Each shape of rule (``rules/declared.py``) has one function here: a query that leaves out in SQL what is closed, and
dates counted in ``rules/terms.py``. The number of queries depends on the rules, not on the people.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from liaoyuan.foundation.regulations.dates import after, before, next_workday_or_same, working_period_end
from liaoyuan.foundation.regulations.rules import Duration
from liaoyuan.kernel.paths import upper
from liaoyuan.kernel.scoping import ScopedQuerySet
from liaoyuan.organisation.chronicle import milestones
from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day, Only, Term, UnitRow
from liaoyuan.organisation.duties.selectors.states import STATES
from liaoyuan.organisation.members.models import Person, StandingKind

_WHY = "duties are computed for everybody"


@dataclass(frozen=True, slots=True)
class Instance:
    """One duty as it should stand. ``term`` is the number in words for the sentence, ``period`` the period's name."""

    rule: DutyRule
    version: str
    article: str
    person_id: UUID | None
    code: str
    name: str
    unit: UnitRow
    key: str
    opened_on: date
    due: date | None
    term: str = ""
    period: str = ""
    hard: date | None = None
    overridden: str = ""

    @property
    def subject_id(self) -> UUID:
        """The person or the unit."""
        return self.person_id or self.unit.id

    def overdue(self, on: date) -> bool:
        """Whether its day has passed."""
        return self.due is not None and not self.rule.never_late and self.due < on


@dataclass(frozen=True, slots=True)
class _Opening:
    person_id: UUID | None
    code: str
    name: str
    unit: UnitRow
    on: date
    source: str
    payload: dict[str, Any]


def instances(day: Day, rule: DutyRule, only: Only | None = None) -> Iterator[Instance]:
    """Every duty of ``rule`` that is open at the end of ``day.on``, those not yet due included."""
    if rule.shape == "state":
        yield from _of_state(day, rule, only)
    elif rule.shape == "period":
        yield from _of_period(day, rule, only)
    elif rule.shape == "yearly":
        yield from _yearly(day, rule, only)
    elif rule.shape == "every":
        yield from _every(day, rule, only)
    elif rule.shape == "reached":
        yield from _reached(day, rule, only)
    else:
        yield from _once(day, rule, only)


# —— facts ——


def held(day: Day) -> ScopedQuerySet:
    """Facts that hold and had happened by the day."""
    later = Fact.objects.unscoped("only asks whether a correction exists").filter(supersedes=OuterRef("pk"))
    rows = Fact.objects.unscoped(_WHY).filter(void=False, occurred_on__lte=day.on)
    return rows.filter(~Exists(later)).order_by()


def _openings(day: Day, rule: DutyRule, only: Only | None) -> Iterator[_Opening]:
    """The latest opening fact of every subject that no closing fact has followed."""
    subject = "person_id" if rule.subject == "person" else "unit_id"
    rows = held(day).filter(kind__in=rule.opens)
    closing = rule.ends if rule.shape == "every" else rule.closes
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
                yield _Opening(key, row[6], row[7], unit, row[1], row[2], row[3])
        else:
            unit = day.units[row[0]]
            yield _Opening(None, unit.code, unit.name, unit, row[1], row[2], row[3])


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


# —— one duty from one fact ——


def _once(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    begun = _first_days(day, rule, only)
    prolonged = _prolonged(day, rule)
    for opening in _openings(day, rule, only):
        text_of = begun.get(opening.person_id, opening.on) if opening.person_id else opening.on
        term = _term(day, rule, opening.unit.path, text_of)
        if rule.cites and term is None:
            continue  # that version of the text sets no term
        due = _due(day, rule, opening, term)
        if due is None:
            continue
        if rule.prolongs:
            due = max(due, prolonged.get(opening.unit.id, due))
        if rule.shape == "passed" and day.on <= due:
            continue
        hard = None
        if rule.hard:
            most = day.term(rule.hard, opening.unit.path, text_of)
            if most is not None and isinstance(most.value, Duration):
                hard = after(opening.on, most.value)
        yield _instance(rule, opening, term, opening.source, opening.on, due, hard=hard)


def _due(day: Day, rule: DutyRule, opening: _Opening, term: Term | None) -> date | None:
    if rule.shape == "planned_end":
        return opening.unit.planned_end_on
    if rule.shape == "until":
        try:
            return date.fromisoformat(str(opening.payload.get("until", "")))
        except ValueError:
            return None
    assert term is not None  # noqa: S101  the other shapes cite one
    if rule.shape == "working_days":
        days = term.value if isinstance(term.value, int) else 1
        return working_period_end(opening.on, days, day.calendar.is_workday, count_first=False)
    length = as_duration(term)
    if rule.shape == "before_end":
        whole = day.term(rule.term_of, opening.unit.path, opening.on)
        return before(after(opening.on, as_duration(whole)), length) if whole else None
    return after(opening.on, length)


def as_duration(term: Term) -> Duration:
    """A term's length; a bare number of days is days."""
    if isinstance(term.value, Duration):
        return term.value
    return Duration(days=term.value) if isinstance(term.value, int) else Duration()


def _first_days(day: Day, rule: DutyRule, only: Only | None) -> dict[UUID, date]:
    """When the person's case began: it follows the text of that day to its end."""
    if not rule.text_from:
        return {}
    rows = held(day).filter(kind=rule.text_from)
    openings = held(day).filter(kind__in=rule.opens, person=OuterRef("person"))
    rows = rows.filter(Exists(openings)).order_by("person_id", "occurred_on")
    if only is not None:
        rows = rows.filter(person_id__in=only.people)
    return dict(rows.values_list("person_id", "occurred_on").iterator())


def _prolonged(day: Day, rule: DutyRule) -> dict[UUID, date]:
    if not rule.prolongs:
        return {}
    found: dict[UUID, date] = {}
    for unit, payload in held(day).filter(kind=rule.prolongs).order_by("occurred_on").values_list("unit_id", "payload"):
        found[unit] = date.fromisoformat(payload["until"])
    return found


def _instance(
    rule: DutyRule,
    opening: _Opening,
    term: Term | None,
    key: str,
    opened: date,
    due: date | None,
    *,
    hard: date | None = None,
    period: str = "",
) -> Instance:
    return Instance(
        rule=rule,
        version=term.document.id if term else rule.clause.partition(".")[0],
        article=article(rule, term),
        person_id=opening.person_id,
        code=opening.code,
        name=opening.name,
        unit=opening.unit,
        key=key,
        opened_on=opened,
        due=due,
        term=terms.spoken(term.value if term and isinstance(term.value, Duration | int) else None),
        period=period,
        hard=hard,
        overridden=term.override.reason if term and term.override else "",
    )


def article(rule: DutyRule, term: Term | None) -> str:
    """The clause as one cites it."""
    if term is not None:
        return f"《{term.document.title}》第{term.parameter.clause}条"
    return rule.clause


def _term(day: Day, rule: DutyRule, path: str, text_of: date) -> Term | None:
    return day.term(rule.cites, path, text_of) if rule.cites else None


# —— again and again ——


def _every(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    done = _days(day, rule, only)
    for opening in _openings(day, rule, only):
        term = _term(day, rule, opening.unit.path, opening.on)
        if term is None:
            continue
        latest = max(done.get(opening.person_id or opening.unit.id, ()), default=date.min)
        for window in terms.turns(opening.on, as_duration(term), day.on, day.live):
            if latest <= window.start:
                key = f"{opening.source}:{window.start}"
                yield _instance(rule, opening, term, key, window.start, window.due)


def _yearly(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    done = _days(day, rule, only)
    for opening in _openings(
        day, DutyRule(**{**_plain(rule), "closes": (milestones.ENDED, milestones.SUSPENDED)}), only
    ):
        term = _term(day, rule, opening.unit.path, day.on)
        if term is None:
            continue
        days = done.get(opening.person_id or opening.unit.id, ())
        ahead = term.value if isinstance(term.value, int) else 0
        for window in terms.anniversaries(opening.on, ahead, day.on, day.live):
            if not any(window.start <= one for one in days):
                yield _instance(rule, opening, term, f"{opening.source}:{window.due.year}", window.start, window.due)


def _plain(rule: DutyRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in rule.__slots__}


def _reached(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    """Silence since the latest fact: the furthest step that has been reached."""
    steps = (rule.cites, *rule.steps)
    shortest = min(
        (as_duration(term) for one in steps for term in day.every_value(one)), key=lambda one: (one.months, one.days)
    )
    for opening in _silent(day, rule, only, before(day.on, shortest) + _MONTH_END):
        furthest = None
        for parameter_id in steps:
            term = day.term(parameter_id, opening.unit.path, day.on)
            if term is not None and after(opening.on, as_duration(term)) <= day.on:
                furthest = term
        if furthest is not None:
            due = after(opening.on, as_duration(furthest))
            yield _instance(rule, opening, furthest, f"{opening.source}:{furthest.parameter.id}", due, due)


_MONTH_END = timedelta(days=3)  # the last of February plus three months is before the last of May


def _silent(day: Day, rule: DutyRule, only: Only | None, since: date) -> Iterator[_Opening]:
    """The latest opening fact of subjects of whom none is later than ``since``."""
    subject = "person_id" if rule.subject == "person" else "unit_id"
    rows = _narrow(day, held(day).filter(kind__in=rule.opens), rule, only)
    latest = rows.values(subject).annotate(latest=Max("occurred_on"))
    quiet = set(latest.filter(latest__lte=since).values_list(subject, flat=True))
    for part in _pieces(quiet):
        yield from _openings(day, rule, Only(people=part, units=part))


def _pieces(ids: Iterable[UUID]) -> Iterator[frozenset[UUID]]:
    source = iter(ids)
    while part := frozenset(islice(source, 500)):
        yield part


def _days(day: Day, rule: DutyRule, only: Only | None) -> dict[UUID, list[date]]:
    """The days of closing facts, by subject."""
    subject = "person_id" if rule.subject == "person" else "unit_id"
    rows = held(day).filter(kind__in=rule.closes)
    if only is not None:
        rows = rows.filter(**{f"{subject}__in": only.people if rule.subject == "person" else only.units})
    found: dict[UUID, list[date]] = defaultdict(list)
    for key, on in rows.values_list(subject, "occurred_on").iterator(chunk_size=5000):
        found[key].append(on)
    return found


# —— periods ——


def _of_period(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    windows = list(terms.periods_between(day.live, day.on, rule.period))
    done = [(window, _amounts(day, rule, only, window)) for window in windows]
    known = _known_units(day, rule)
    for subject in _subjects(day, rule, only):
        if known is not None and subject.unit.id not in known:
            continue
        term = _term(day, rule, subject.unit.path, day.on)
        wanted = term.value if term and isinstance(term.value, int) else 1
        key = subject.person_id or subject.unit.id
        for window, amounts in done:
            if subject.on <= window.due and (amounts.get(key) or 0) < wanted:
                name = terms.period_words(window, rule.period)
                opened = max(window.start, subject.on)
                yield _instance(rule, subject, term, str(window.start), opened, window.due, period=name)


def _amounts(day: Day, rule: DutyRule, only: Only | None, window: terms.Window) -> dict[UUID, Decimal | int]:
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


def _known_units(day: Day, rule: DutyRule) -> set[UUID] | None:
    """For a rule that waits for its first fact: the branches of which one is known."""
    if rule.starts != "first_fact":
        return None
    return set(held(day).filter(kind__in=rule.closes).values_list("unit_id", flat=True).distinct())


def _subjects(day: Day, rule: DutyRule, only: Only | None) -> Iterator[_Opening]:
    """Whoever owes it in every period, with the first day on which he could."""
    if rule.subject == "unit":
        for unit in day.units.values():
            if unit.kind not in rule.kinds or not unit.exists_on(day.on) or not unit.path.startswith(day.below):
                continue
            if (only is not None and unit.id not in only.units) or (rule.committee and not day.has_committee(unit.id)):
                continue
            yield _Opening(None, unit.code, unit.name, unit, unit.founded_on or date.min, "", {})
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
            yield _Opening(pk, number, name, home, joined or date.min, "", {})


# —— states ——


def _of_state(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    for unit, since, limit in STATES[rule.state](day, rule):
        if (only is None or unit.id in only.units) and unit.path.startswith(day.below):
            term = limit
            opening = _Opening(None, unit.code, unit.name, unit, since, "", {})
            yield _instance(rule, opening, term, "state", since, None)


def told_on(day: Day, rule: DutyRule, planned: date) -> date:
    """The day on which a reminder really goes out: a last day that is no working day moves the reminder alone to the
    next one (WD-10); the duty's own day stays."""
    return next_workday_or_same(planned, day.calendar.is_workday) if rule.moves else planned


def window_of(rule: DutyRule) -> timedelta:
    """The longest lead of a rule."""
    return timedelta(days=max(rule.lead, default=0))
