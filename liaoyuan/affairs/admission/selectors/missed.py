"""Half-year reviews of which somebody said, on the duty's page, that they were missed: the case does not ask again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from liaoyuan.organisation.chronicle.models import Fact
from liaoyuan.organisation.chronicle.selectors import current
from liaoyuan.organisation.duties.registry import rule
from liaoyuan.organisation.duties.rules.declared import MADE_UP

REVIEW = "DM-07"


@dataclass(frozen=True, slots=True)
class Missed:
    """Of one person: ``turns`` are the first days of the half-years, ``made_up`` the days of reviews held for them."""

    turns: frozenset[date] = frozenset()
    made_up: tuple[date, ...] = ()


def missed_kind() -> str:
    """The kind of fact that says so."""
    return rule(REVIEW).missed


def reviews_missed(people: Iterable[UUID]) -> Mapping[UUID, Missed]:
    """What was said about the reviews of these people; nobody is listed of whom nothing was. One query."""
    wanted = set(people)
    if not wanted:
        return {}
    rows = current(Fact.objects.unscoped("a case reads what was said of its person")).filter(kind=missed_kind())
    found: dict[UUID, Missed] = {}
    for person, on, said in rows.filter(person__in=wanted).values_list("person_id", "occurred_on", "payload"):
        known = found.get(person, Missed())
        turn = date.fromisoformat(said["turn"].rpartition(":")[2])  # as the duty's key ends
        again = (on,) if said["result"] == MADE_UP["person"] else ()
        found[person] = Missed(known.turns | {turn}, (*known.made_up, *again))
    return found
