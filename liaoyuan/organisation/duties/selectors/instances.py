"""What is owed on a day: rules over facts, set by set. Reads only; the same answer for a run and for a dry run.

Each shape of rule (``rules/declared.py``) has one function here: a query that leaves out in SQL what is closed, and
dates counted in ``rules/terms.py``. The number of queries depends on the rules, not on the people.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from liaoyuan.foundation.regulations.dates import add_months, after, before, next_workday_or_same, working_period_end
from liaoyuan.foundation.regulations.rules import Duration
from liaoyuan.foundation.regulations.selectors import documents
from liaoyuan.organisation.chronicle import milestones
from liaoyuan.organisation.duties.rules import terms
from liaoyuan.organisation.duties.rules.declared import DutyRule
from liaoyuan.organisation.duties.selectors.day import Day, Only, Term, UnitRow
from liaoyuan.organisation.duties.selectors.missed import days_left, made_up_amounts, noted
from liaoyuan.organisation.duties.selectors.openings import (
    Opening,
    amounts,
    closing_days,
    known_units,
    openings,
    prolonged,
    settled_days,
    silent,
    subjects,
    until_of,
    with_text,
)
from liaoyuan.organisation.duties.selectors.states import STATES


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


# —— one duty from one fact ——


def _once(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    longer = prolonged(day, rule)
    for opening, text_of in with_text(day, rule, openings(day, rule, only)):
        term = _term(day, rule, opening.unit.path, text_of)
        if rule.cites and term is None:
            continue  # that version of the text sets no term
        due = _due(day, rule, opening, term)
        if due is None:
            continue
        if rule.prolongs:
            named = longer.get(opening.person_id or opening.unit.id, due)
            due = max(due, min(named, latest_end(day, rule, opening, due)))
        if rule.shape == "passed" and day.on <= due:
            continue
        hard = None
        if rule.hard:
            most = day.term(rule.hard, opening.unit.path, text_of)
            if most is not None and isinstance(most.value, Duration):
                hard = after(opening.on, most.value)
        yield _instance(rule, opening, term, opening.source, opening.on, due, hard=hard)


def latest_end(day: Day, rule: DutyRule, opening: Opening, due: date) -> date:
    """The last day to which a term that ends on ``due`` may be made longer. Where a decision set that day within a
    longest term, the longer one stays within it as well."""
    most = day.term(rule.prolongs_most, opening.unit.path, day.on)
    if most is None:
        return due
    last = after(due, as_duration(most))
    whole = _term(day, rule, opening.unit.path, opening.on) if rule.shape == "until" else None
    return min(last, after(opening.on, as_duration(whole))) if whole is not None else last


def own_end(day: Day, rule: DutyRule, opening: Opening) -> date | None:
    """When a term ends that nobody has made longer; None where the text of its day sets none."""
    term = _term(day, rule, opening.unit.path, opening.on)
    return _due(day, rule, opening, term) if term is not None else None


def _due(day: Day, rule: DutyRule, opening: Opening, term: Term | None) -> date | None:
    if rule.shape == "planned_end":
        return opening.unit.planned_end_on
    if rule.shape == "until":
        return until_of(opening.payload)
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


def _instance(
    rule: DutyRule,
    opening: Opening,
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
    return _cited(rule.clause)


@cache
def _cited(clause: str) -> str:
    """``family.article`` of a rule without a number, in words: the newest text of the family."""
    family, _dot, number = clause.partition(".")
    document = next((one for one in reversed(documents()) if one.family == family), None)
    return f"《{document.title}》第{number}条" if document and number else clause


def _term(day: Day, rule: DutyRule, path: str, text_of: date) -> Term | None:
    return day.term(rule.cites, path, text_of) if rule.cites else None


# —— again and again ——


def _every(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    done = closing_days(day, rule, only)
    for opening, text_of in with_text(day, rule, openings(day, rule, only)):
        term = _term(day, rule, opening.unit.path, text_of)
        if term is None:
            continue
        subject, length = opening.person_id or opening.unit.id, as_duration(term)
        missed, source = noted(day, rule, subject), f"{opening.source}:"
        starts = [date.fromisoformat(key.removeprefix(source)) for key in missed if key.startswith(source)]
        days = days_left(day, rule, subject, done.get(subject, []))
        answers = terms.answered(opening.on, length, day.live, days, noted=starts)
        for window in terms.turns(opening.on, length, day.on, day.live):
            key = f"{source}{window.start}"
            if key in missed:
                day.answers[rule.id, subject, key] = missed[key]
            elif window.start in answers:
                day.answers[rule.id, subject, key] = (answers[window.start], None)
            else:
                yield _instance(rule, opening, term, key, window.start, window.due)


def _yearly(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    done = closing_days(day, rule, only)
    for opening in openings(day, rule, only, closing=(milestones.ENDED, milestones.SUSPENDED)):
        term = _term(day, rule, opening.unit.path, day.on)
        if term is None:
            continue
        subject, ahead = opening.person_id or opening.unit.id, term.value if isinstance(term.value, int) else 0
        missed = noted(day, rule, subject)
        days = sorted(days_left(day, rule, subject, done.get(subject, [])))
        for window in terms.anniversaries(opening.on, ahead, day.on, day.live):
            key = f"{opening.source}:{window.due.year}"
            until = add_months(opening.on, 12 * (window.due.year + 1 - opening.on.year)) - timedelta(days=ahead)
            answer = next((one for one in days if window.start <= one < until), None)
            if answer is not None:
                day.answers[rule.id, subject, key] = (answer, None)
            elif key in missed:
                day.answers[rule.id, subject, key] = missed[key]
            else:
                yield _instance(rule, opening, term, key, window.start, window.due)


def _reached(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    """Silence since the latest fact: the furthest step that has been reached."""
    steps = (rule.cites, *rule.steps)
    looked_into = settled_days(day, rule, only)
    shortest = min(
        (as_duration(term) for one in steps for term in day.every_value(one)), key=lambda one: (one.months, one.days)
    )
    for opening in silent(day, rule, only, before(day.on, shortest) + _MONTH_END):
        furthest = None
        for parameter_id in steps:
            term = day.term(parameter_id, opening.unit.path, day.on)
            if term is not None and after(opening.on, as_duration(term)) <= day.on:
                furthest = term
        if furthest is not None:
            due = after(opening.on, as_duration(furthest))
            if looked_into.get(opening.person_id or opening.unit.id, date.min) >= due:
                continue  # this step was seen to; the next one is raised again
            yield _instance(rule, opening, furthest, f"{opening.source}:{furthest.parameter.id}", due, due)


_MONTH_END = timedelta(days=3)  # the last of February plus three months is before the last of May


# —— periods ——


def _of_period(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    windows = list(terms.periods_between(day.live, day.on, rule.period))
    done = [(window, amounts(day, rule, only, window), made_up_amounts(day, rule, window)) for window in windows]
    known = known_units(day, rule)
    for subject in subjects(day, rule, only):
        if known is not None and subject.unit.id not in known:
            continue
        term = _term(day, rule, subject.unit.path, day.on)
        wanted = term.value if term and isinstance(term.value, int) else 1
        key = subject.person_id or subject.unit.id
        for window, have, elsewhere in done:
            if subject.on <= window.due and (have.get(key) or 0) - elsewhere.get(key, 0) < wanted:
                missed = noted(day, rule, key).get(str(window.start))
                if missed is not None:
                    day.answers[rule.id, key, str(window.start)] = missed
                    continue
                name = terms.period_words(window, rule.period)
                opened = max(window.start, subject.on)
                yield _instance(rule, subject, term, str(window.start), opened, window.due, period=name)


# —— states ——


def _of_state(day: Day, rule: DutyRule, only: Only | None) -> Iterator[Instance]:
    looked_into = settled_days(day, rule, only)
    for unit, since, limit in STATES[rule.state](day, rule):
        if looked_into.get(unit.id, date.min) >= since:
            continue  # until the state changes
        if (only is None or unit.id in only.units) and unit.path.startswith(day.below):
            term = limit
            opening = Opening(None, unit.code, unit.name, unit, since, "", {})
            yield _instance(rule, opening, term, "state", since, None)


def told_on(day: Day, rule: DutyRule, planned: date) -> date:
    """The day on which a reminder really goes out: a last day that is no working day moves the reminder alone to the
    next one (WD-10); the duty's own day stays."""
    return next_workday_or_same(planned, day.calendar.is_workday) if rule.moves else planned


def reached(day: Day, one: Instance, rungs: Collection[str]) -> tuple[date, str] | None:
    """The furthest point that a duty has reached on the day, with its own day; of the ladder only ``rungs``. Where it
    climbs and repeats on the same day, it climbs: the holder hears of it too."""
    every = terms.points(one.rule, one.opened_on, one.due)
    planned = [(on, name) for on, name in every if not name.startswith("l") or name in rungs]
    real = [(told_on(day, one.rule, on) if on == one.due else on, name) for on, name in planned]
    last = max((point for point in real if point[0] <= day.on), default=None)
    repeat = terms.again(one.rule, one.due, one.hard, day.on)
    return repeat if repeat and (last is None or repeat[0] > last[0]) else last
