"""Dates as conditions: the database's side of ``whereabouts.rules``."""

from datetime import date, datetime, time
from functools import lru_cache

from django.db.models import Q
from django.utils import timezone

from liaoyuan.kernel.days import FIRST_DAY, LAST_DAY
from liaoyuan.organisation.whereabouts.rules import State


@lru_cache(maxsize=20_000)
def midnight(day: date) -> datetime:
    """The start of ``day`` in the instance's time zone (the same for everybody, so that days can be remembered). A day
    that cannot be meant counts as the nearest that can: no zone reaches the calendar's ends, and one person's mistyped
    day must not stop the map of all."""
    day = min(max(day, FIRST_DAY), LAST_DAY)
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def active_on(day: date, prefix: str = "") -> Q:
    """The condition that says what ``rules.active_on`` says; ``prefix`` leads to the posting ("person__postings__")."""
    began = Q(**{f"{prefix}since__lte": day})
    return began & (Q(**{f"{prefix}ended_on__isnull": True}) | Q(**{f"{prefix}ended_on__gt": day}))


def in_state(state: str, today: date) -> Q:
    """The condition that says what ``rules.state`` says."""
    not_back = Q(ended_on__isnull=True) | Q(ended_on__gt=today)
    late = Q(planned_end__lt=today)
    return {
        State.BACK: Q(ended_on__lte=today),
        State.PLANNED: Q(since__gt=today) & not_back,
        State.AWAY: Q(since__lte=today) & not_back & ~(Q(planned_end__isnull=False) & late),
        State.OVERDUE: Q(since__lte=today) & not_back & Q(planned_end__isnull=False) & late,
    }[State(state)]
