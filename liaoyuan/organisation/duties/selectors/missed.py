"""Turns of which somebody said that they were missed, and what made up for them: it counts for no other turn."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum

from liaoyuan.organisation.duties import registry
from liaoyuan.organisation.duties.rules.declared import MADE_UP, DutyRule
from liaoyuan.organisation.duties.rules.terms import Window
from liaoyuan.organisation.duties.selectors.day import Day
from liaoyuan.organisation.duties.selectors.openings import held


@dataclass(slots=True)
class Missed:
    """Of one rule: ``turns`` by subject and key of the duty, with the day and the fact; ``made_up`` the days on which a
    subject made up for one, once for each."""

    turns: dict[UUID, dict[str, tuple[date, UUID]]] = field(default_factory=lambda: defaultdict(dict))
    made_up: dict[UUID, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))


def missed_turns(day: Day, rule: DutyRule) -> Missed:
    """What was said about turns of ``rule``. One query for all rules of a day."""
    if not rule.missed:
        return Missed()
    if day.missed is None:
        recurring = {one.missed: one for one in registry.all_rules() if one.missed}
        rows = held(day).filter(kind__in=list(recurring))
        if day.only is not None:
            rows = rows.filter(Q(person_id__in=day.only.people) | Q(person__isnull=True, unit_id__in=day.only.units))
        day.missed = {}
        for kind, person, unit, on, pk, said in rows.values_list(
            "kind", "person_id", "unit_id", "occurred_on", "pk", "payload"
        ):
            found, subject = day.missed.setdefault(kind, Missed()), person or unit
            found.turns[subject][said["turn"]] = (on, pk)
            if said["result"] == MADE_UP[recurring[kind].subject]:
                found.made_up[subject][on] += 1
    return day.missed.get(rule.missed) or Missed()


def noted(day: Day, rule: DutyRule, subject: UUID) -> dict[str, tuple[date, UUID]]:
    """The turns of one subject that were missed: key of the duty → day and fact."""
    return missed_turns(day, rule).turns.get(subject, {})


def days_left(day: Day, rule: DutyRule, subject: UUID, done: list[date]) -> list[date]:
    """Days of closing facts without those that made up for a missed turn."""
    made_up = missed_turns(day, rule).made_up.get(subject)
    return [on for on in done if on not in made_up] if made_up else done


def made_up_amounts(day: Day, rule: DutyRule, window: Window) -> dict[UUID, Decimal | int]:
    """How much of what each subject did in a period made up for another one: of facts that are counted one for each
    turn, of hours all of the day. No query where nobody said so."""
    known = missed_turns(day, rule).made_up
    days = {subject: [on for on in found if window.start <= on <= window.due] for subject, found in known.items()}
    subjects = [subject for subject, found in days.items() if found]
    if not subjects:
        return {}
    name = "person_id" if rule.subject == "person" else "unit_id"
    rows = held(day).filter(**{f"{name}__in": subjects}, kind__in=rule.closes)
    rows = rows.filter(occurred_on__gte=window.start, occurred_on__lte=window.due)
    amount = Sum("quantity") if rule.sums else Count("pk")
    left: dict[UUID, Decimal | int] = defaultdict(int)
    sums = rows.values(name, "occurred_on").annotate(amount=amount).values_list(name, "occurred_on", "amount")
    for subject, on, much in sums:
        times = known[subject].get(on, 0)
        if times:
            left[subject] += (much or 0) if rule.sums else min(times, much)
    return left
